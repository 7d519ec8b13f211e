from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy import tlv
from privacy.errors import SealedDataError
from privacy.opening import Opener, open_box
from privacy.owner_key import OwnerKey
from privacy.sealing import (
    PADDING_BYTES,
    Field,
    SealedRegistration,
    Sealer,
    box_context,
    seal_box,
)

if TYPE_CHECKING:
    from tests.privacy.conftest import House

KEY = bytes(range(32))
SALT = bytes(16)


def with_box(sealed: SealedRegistration, name: Field, box: bytes) -> SealedRegistration:
    return replace(sealed, boxes={**sealed.boxes, name: box})


def resigned(sealed: SealedRegistration, house: House, key: Ed25519PrivateKey) -> SealedRegistration:
    """Sign a registration with some key: what an attacker with that key could write into the database."""
    from privacy.sealing import registration_statement

    statement = registration_statement(
        house.sealer.site,
        sealed.record_id,
        token=sealed.token,
        boxes=sealed.boxes,
        key_hash=sealed.key_hash,
        sealed_ms=sealed.sealed_ms,
        actor=sealed.actor,
    )
    return replace(sealed, signature=key.sign(statement))


def test_what_the_counter_seals_the_owner_reads(house: House) -> None:
    opened = house.opener.open(house.seal().registration)
    assert {name.value: value.value.reveal() for name, value in opened.items()} == {
        "name": "测试甲",
        "number": "110101199003070011",
        "birth": "1990-03-07",
        "valid_to": "",
        "nationality": "",
        "address": "北京市东城区测试路1号",
        "issuer": "测试公安局",
        "sex": "",
        "ethnic": "",
    }


def test_opened_values_prove_the_commitments_of_the_entry(house: House) -> None:
    sealing = house.seal()
    opened = house.opener.open(sealing.registration)
    assert set(sealing.commitments) == {"name", "number", "birth", "address", "issuer"}
    assert all(opened[Field(name)].commitment() == text for name, text in sealing.commitments.items())


def test_the_same_document_sealed_twice_has_nothing_in_common(house: House) -> None:
    first, second = house.seal(), house.seal()
    assert first.registration.token == second.registration.token
    assert first.registration.wrapped.blob != second.registration.wrapped.blob
    for name in Field:
        assert first.registration.boxes[name] != second.registration.boxes[name]
    assert not set(first.commitments.values()) & set(second.commitments.values())


@pytest.mark.parametrize("value", ["", "x", "测" * 100, "\U00020000\U0002a6df", "a\0b", "y" * 65536])
@pytest.mark.parametrize("name", list(Field))
def test_every_field_holds_every_text(house: House, name: Field, value: str) -> None:
    opened = house.opener.open(house.seal({name: value}).registration)
    assert opened[name].value.reveal() == value


def test_usual_values_of_a_field_are_equally_long_when_sealed(house: House) -> None:
    short = house.seal({Field.NAME: "测", Field.ADDRESS: "", Field.NUMBER: "E00000000"}).registration
    long = house.seal({Field.NAME: "测" * 20, Field.ADDRESS: "测" * 35, Field.NUMBER: "1" * 18}).registration
    assert {name: len(box) for name, box in short.boxes.items()} == {name: len(box) for name, box in long.boxes.items()}


def test_the_bytes_of_a_box_are_those_of_the_document() -> None:
    box = seal_box(KEY, "测试甲", salt=SALT, context=b"context", padding_bytes=64)
    assert box[:5] == b"\x01\x00\x00\x00\x01"
    assert len(box) == 5 + 12 + (2 + 4 + 16 + 4 + 64) + 16
    assert box_context("site", "check-1", Field.NAME) == tlv.encode(
        b"pii-v1", b"site", b"registration", b"check-1", b"name", b"1", b"1", b"1"
    )


def test_the_bytes_of_a_registration_are_those_of_the_document(house: House) -> None:
    sealed = house.seal().registration
    statement = tlv.encode(
        "reg-v1",
        house.sealer.site,
        "check-1",
        sealed.token,
        *(
            sha256(sealed.boxes[Field(name)]).digest()
            for name in ["name", "number", "birth", "valid_to", "nationality", "address", "issuer", "sex", "ethnic"]
        ),
        sealed.key_hash,
        "1795000000000",
        "s1",
    )
    house.opener.desks[0].verify(sealed.signature, statement)
    assert sealed.wrapped.info == tlv.encode(
        "dek-v1", house.sealer.site, "registration", "check-1", "2026-11", sealed.token
    )
    assert len(sealed.wrapped.blob) == 65 + 32 + 16


def other_registration(house: House) -> SealedRegistration:
    return house.seal({Field.NAME: "测试乙", Field.NUMBER: "810000199408230021"}, record_id="check-2").registration


ATTACKS: dict[str, Callable[[SealedRegistration, SealedRegistration], SealedRegistration]] = {
    "a box of another person": lambda own, other: with_box(own, Field.NAME, other.boxes[Field.NAME]),
    "two boxes of one person exchanged": lambda own, _: replace(
        own, boxes={**own.boxes, Field.NAME: own.boxes[Field.ISSUER], Field.ISSUER: own.boxes[Field.NAME]}
    ),
    "a box taken away": lambda own, _: replace(
        own, boxes={name: box for name, box in own.boxes.items() if name is not Field.NAME}
    ),
    "another person's data key": lambda own, other: replace(own, wrapped=other.wrapped),
    "another person's data key under the own info": lambda own, other: replace(
        own, wrapped=replace(own.wrapped, blob=other.wrapped.blob)
    ),
    "the index repointed": lambda own, other: replace(own, token=other.token),
    "another record's id": lambda own, other: replace(own, record_id=other.record_id),
    "another time": lambda own, _: replace(own, sealed_ms=own.sealed_ms + 1),
    "another member of staff": lambda own, _: replace(own, actor="s2"),
    "another signature": lambda own, other: replace(own, signature=other.signature),
    "another month": lambda own, _: replace(own, wrapped=replace(own.wrapped, month="2026-12")),
    "a month nobody has": lambda own, _: replace(own, wrapped=replace(own.wrapped, month="2031-01")),
    "another info beside the own key": lambda own, other: replace(
        own, wrapped=replace(own.wrapped, info=other.wrapped.info)
    ),
    "another key's hash": lambda own, other: replace(own, key_hash=other.key_hash),
    "no wrapped key": lambda own, _: replace(own, wrapped=replace(own.wrapped, blob=b"")),
    "a cut wrapped key": lambda own, _: replace(own, wrapped=replace(own.wrapped, blob=own.wrapped.blob[:64])),
}


# What nothing but the signature binds: whoever has the device's key at the time can claim these anyway.
ONLY_SIGNED = {"another time", "another member of staff", "another signature"}


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_a_record_put_together_anew_does_not_open(house: House, attack: str) -> None:
    own = house.seal().registration
    with pytest.raises(SealedDataError) as refused:
        house.opener.open(ATTACKS[attack](own, other_registration(house)))
    assert refused.value.args == ()


@pytest.mark.parametrize("attack", sorted(set(ATTACKS) - ONLY_SIGNED))
def test_the_devices_own_key_does_not_help_to_put_a_record_together(house: House, attack: str) -> None:
    own = house.seal().registration
    changed = ATTACKS[attack](own, other_registration(house))
    if set(changed.boxes) == set(Field):
        changed = resigned(changed, house, house.sealer.signing_key)
    with pytest.raises(SealedDataError):
        house.opener.open(changed)


def test_an_older_registration_of_the_same_record_is_no_replacement(house: House) -> None:
    """Each box and the key belong together: of two versions nothing can be mixed."""
    old, new = house.seal().registration, house.seal().registration
    for mixed in (
        with_box(new, Field.NAME, old.boxes[Field.NAME]),
        replace(new, wrapped=old.wrapped),
        replace(new, signature=old.signature),
    ):
        with pytest.raises(SealedDataError):
            house.opener.open(mixed)


def test_a_person_injected_with_the_public_key_alone_is_refused(house: House) -> None:
    forger = Sealer(site=house.sealer.site, signing_key=Ed25519PrivateKey.generate())
    forged = forger.seal(
        {Field.NAME: "测试丙"},
        record_id="check-3",
        token=bytes(20),
        recipient=house.owner.recipient("2026-11"),
        sealed_ms=1,
        actor="s1",
    ).registration
    with pytest.raises(SealedDataError):
        house.opener.open(forged)


def test_a_registration_of_another_venue_does_not_open(house: House) -> None:
    abroad = Opener(site="ponmlkjihgfedcba", owner=house.owner, desks=house.opener.desks)
    with pytest.raises(SealedDataError):
        abroad.open(house.seal().registration)


def test_another_owner_reads_nothing(house: House) -> None:
    from datetime import date

    stranger = OwnerKey.create(site=house.sealer.site, first_month=date(2026, 11, 1), months=1)
    with pytest.raises(SealedDataError):
        Opener(site=house.sealer.site, owner=stranger, desks=house.opener.desks).open(house.seal().registration)


def test_a_flipped_bit_anywhere_in_a_box_is_found() -> None:
    box = seal_box(KEY, "x", salt=SALT, context=b"c", padding_bytes=16)
    for place in range(len(box)):
        for bit in range(8):
            changed = bytearray(box)
            changed[place] ^= 1 << bit
            with pytest.raises(SealedDataError):
                open_box(KEY, bytes(changed), context=b"c")


def test_a_box_cut_at_any_length_is_refused_in_the_same_way() -> None:
    box = seal_box(KEY, "x", salt=SALT, context=b"c", padding_bytes=16)
    for length in range(len(box)):
        with pytest.raises(SealedDataError) as refused:
            open_box(KEY, box[:length], context=b"c")
        assert refused.value.args == ()
    with pytest.raises(SealedDataError):
        open_box(KEY, box + b"\0", context=b"c")


@pytest.mark.parametrize("place", range(65 + 48))
def test_a_flipped_byte_anywhere_in_a_wrapped_key_is_found(house: House, place: int) -> None:
    sealed = house.seal().registration
    blob = bytearray(sealed.wrapped.blob)
    blob[place] ^= 0xFF
    with pytest.raises(SealedDataError):
        house.opener.open(replace(sealed, wrapped=replace(sealed.wrapped, blob=bytes(blob))))


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\0",
        tlv.encode(SALT),
        tlv.encode(SALT, b"x", b"y"),
        tlv.encode(SALT[:15], b"x"),
        tlv.encode(SALT, b"\xff"),
        tlv.encode(SALT, b"x") + b"\0\x01",
        b"\0\x02\xff\xff\xff\xff",
    ],
)
def test_a_box_of_another_form_inside_is_refused_too(plaintext: bytes) -> None:
    from privacy.sealing import box_header
    from privacy.suites import DEFAULT_SUITE

    box = box_header() + DEFAULT_SUITE.seal(KEY, plaintext, context=b"c")
    with pytest.raises(SealedDataError):
        open_box(KEY, box, context=b"c")


def test_rewrapping_to_another_month_leaves_signature_and_boxes_true(house: House) -> None:
    sealed = house.seal().registration
    moved = replace(sealed, wrapped=house.opener.rewrap(sealed, month="2026-12"))
    assert moved.wrapped.month == "2026-12"
    assert house.opener.open(moved)[Field.NAME].value.reveal() == "测试甲"


def test_without_the_months_private_key_its_registrations_are_gone(house: House) -> None:
    """Destroying one month's key leaves the others: that is what the keys are drawn one by one for."""
    november, december = house.seal().registration, house.seal(month="2026-12").registration
    shredded = replace(
        house.owner, months={month: key for month, key in house.owner.months.items() if month != "2026-11"}
    )
    opener = replace(house.opener, owner=shredded)
    with pytest.raises(SealedDataError):
        opener.open(november)
    assert opener.open(december)[Field.NAME].value.reveal() == "测试甲"


@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
@settings(max_examples=300)
def test_no_two_lists_have_one_encoding(first: list[bytes], second: list[bytes]) -> None:
    assert (tlv.encode(*first) == tlv.encode(*second)) == (first == second)
    assert tlv.decode_prefix(tlv.encode(*first) + b"rest") == (first, len(tlv.encode(*first)))


def test_lists_that_concatenate_to_the_same_bytes_differ() -> None:
    assert len({tlv.encode("ab", "c"), tlv.encode("a", "bc"), tlv.encode("abc"), tlv.encode("abc", "")}) == 4
    assert tlv.encode("a", 1) == b"\0\x02\0\0\0\x01a\0\0\0\x011"


@given(st.dictionaries(st.sampled_from(list(Field)), st.text(max_size=80)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_document_says_comes_back(house: House, values: dict[Field, str]) -> None:
    opened = house.opener.open(house.seal(values).registration)
    assert {name: value.value.reveal() for name, value in opened.items()} == {
        name: values.get(name, "") for name in Field
    }


def test_every_field_has_a_padding() -> None:
    assert set(PADDING_BYTES) == set(Field)


def test_nothing_sealed_or_opened_shows_the_person(house: House) -> None:
    sealing = house.seal()
    shown = f"{sealing!r} {house.opener.open(sealing.registration)!r} {house.sealer!r} {house.owner!r} {house.index!r}"
    for word in ("测试甲", "110101199003070011", "1990", "东城", "Private", house.index.secret.hex()[:8]):
        assert word not in shown
