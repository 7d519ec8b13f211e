from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from members import repository
from members.card_text import parse
from members.documents import AdultFrom, Document, NumberWarning, Verdict, mod_11_2
from members.errors import ApprovalMissingError, RegistrationUnknownError
from members.registration import IdCheck, IdRefusal, Method, Refusal, Registrar, person_of, refuse, register
from members.tables import id_checks, registration_boxes, registrations
from privacy.blind_index import IndexKey
from privacy.errors import SealedDataError
from privacy.opening import Opener
from privacy.owner_key import OwnerKey
from privacy.sealing import Field, SealedRegistration, Sealer
from records.clock import SimulatedClock
from records.errors import RefusedByGuardError
from records.folder import VenueFolder
from records.schema import erasures, journal
from records.unit_of_work import Records
from staff.approvals import Approval, Reason, Signatory
from staff.errors import ApprovalRefusedError
from staff.roles import Operation, Role
from tests.attacks import REFUSED, Shell, shell_at
from tests.servers import ON_A_FILE, Home

Build = Callable[..., bytes]
SITE = "abcdefghijklmnop"


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A counter that registers, and the owner who can open what it sealed."""

    records: Records
    registrar: Registrar
    opener: Opener
    shell: Shell

    def check(
        self,
        document: Document,
        *,
        method: Method = Method.MACHINE,
        approval: Approval | None = None,
        actor: str = "s2",
    ) -> IdCheck | IdRefusal:
        with self.records.begin(actor=actor) as work:
            result = register(work, self.registrar, document, method=method, approval=approval)
            work.commit()
        return result

    def admit(self, document: Document) -> IdCheck:
        result = self.check(document)
        assert isinstance(result, IdCheck)
        return result

    def stored(self, check: IdCheck) -> SealedRegistration:
        with self.records.reading() as connection:
            return repository.sealed_registration(connection, check.check_id)

    def entries(self) -> list[dict[str, Any]]:
        with self.records.reading() as connection:
            query = sa.select(journal.c.entry).order_by(journal.c.seq)
            return [json.loads(entry) for entry in connection.execute(query).scalars()]

    def run(self, sql: str, own: IdCheck, other: IdCheck) -> None:
        """Run SQL as somebody does who owns the file; `:own` and `:other` are the two records."""
        named = {"own": own.check_id, "other": other.check_id}
        values = [named[name] for name in re.findall(r":(own|other)", sql)]
        self.shell.execute(re.sub(r":(own|other)", "?", sql), values)

    def count(self, table: sa.Table) -> int:
        with self.records.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.fixture
def counter(home: Home, folder: VenueFolder, records: Records) -> Iterator[Counter]:
    device = Ed25519PrivateKey.generate()
    owner = OwnerKey.create(site=SITE, first_month=date(2026, 11, 1), months=2)
    with shell_at(home, folder.path) as shell:
        yield Counter(
            records=records,
            registrar=Registrar(
                sealer=Sealer(site=SITE, signing_key=device),
                recipients=owner.recipients(),
                index=IndexKey(version=1, secret=bytes(range(32))),
            ),
            opener=Opener(site=SITE, owner=owner, desks=(device.public_key(),)),
            shell=shell,
        )


@pytest.fixture
def adult(resident_block: Build) -> Document:
    return parse(resident_block()).document()


def approval(*, requester: str = "s2", approver: str = "s1") -> Approval:
    return Approval(
        operation=Operation.DOCUMENT_TYPE,
        requester=requester,
        approver=Signatory(staff=approver, role=Role.MANAGER),
        reason=Reason.CARD_UNREADABLE,
    )


def test_a_card_is_checked_registered_and_entered(counter: Counter, adult: Document) -> None:
    check = counter.admit(adult)
    (entry,) = counter.entries()
    assert entry["type"] == "id.checked"
    assert entry["actor"] == "s2"
    assert entry["body"] == {
        "check": check.check_id,
        "kind": "resident",
        "method": "machine",
        "verdict": "adult",
    }
    assert set(entry["commit"]) == {"name", "number", "birth", "valid_to", "address", "issuer"}


def test_the_owner_opens_what_the_card_said_and_it_is_what_was_committed_to(counter: Counter, adult: Document) -> None:
    check = counter.admit(adult)
    opened = counter.opener.open(counter.stored(check))
    assert {name.value: value.value.reveal() for name, value in opened.items() if value.value.reveal()} == {
        "name": "测试甲",
        "number": "110101199003070011",
        "birth": "1990-03-07",
        "valid_to": "长期",
        "address": "北京市东城区测试路1号",
        "issuer": "测试公安局",
    }
    (entry,) = counter.entries()
    assert {name: opened[Field(name)].commitment() for name in entry["commit"]} == entry["commit"]


def test_sex_and_ethnic_group_are_kept_where_the_local_profile_asks_for_them(counter: Counter, adult: Document) -> None:
    asked = replace(counter, registrar=replace(counter.registrar, fields=frozenset(Field)))
    opened = counter.opener.open(asked.stored(asked.admit(adult)))
    assert (opened[Field.SEX].value.reveal(), opened[Field.ETHNIC].value.reveal()) == ("male", "汉")


def test_a_foreigners_card_keeps_nationality_and_warns_of_a_wrong_check_digit(
    counter: Counter, vector_i: bytes, foreigner_2023_block: Build
) -> None:
    other = vector_i[:122] + "CAN110081080319".encode("utf-16-le") + vector_i[152:]
    check = counter.admit(parse(other).document())
    assert check.warnings == (NumberWarning.CHECK_DIGIT,)
    opened = counter.opener.open(counter.stored(counter.admit(parse(foreigner_2023_block()).document())))
    assert opened[Field.NATIONALITY].value.reveal() == "PAK"


def test_one_person_is_found_again_whatever_the_card_says_besides_the_number(
    counter: Counter, resident_block: Build, vector_i: bytes
) -> None:
    first = counter.admit(parse(resident_block()).document())
    moved = parse(resident_block(valid_from="20240101"), "北京市西城区测试街2号".encode("utf-16-le")).document()
    again, other = counter.admit(moved), counter.admit(parse(vector_i).document())
    assert first.check_id != again.check_id
    assert first.person_id == again.person_id
    assert other.person_id != first.person_id


def test_a_foreigner_is_the_same_person_with_the_card_that_replaced_the_old_one(
    counter: Counter, vector_i: bytes, foreigner_2023_block: Build
) -> None:
    old = (
        vector_i[:122]
        + "PAK310080010103".encode("utf-16-le")
        + "PAK".encode("utf-16-le")
        + vector_i[158:220]
        + "19800101".encode("utf-16-le")
        + vector_i[236:]
    )
    assert (
        counter.admit(parse(old).document()).person_id
        == counter.admit(parse(foreigner_2023_block()).document()).person_id
    )


def test_a_person_is_known_before_anything_is_written(counter: Counter, adult: Document) -> None:
    with counter.records.begin() as work:
        assert person_of(work, counter.registrar, adult) is None
    check = counter.admit(adult)
    with counter.records.begin() as work:
        assert person_of(work, counter.registrar, adult) == check.person_id


@pytest.mark.parametrize(
    ("changed", "verdict", "reason"),
    [
        ({"birth": "20081124", "number": "110101200811240016"}, "minor", "minor"),
        ({"valid_to": "20200102"}, "expired", "expired"),
        ({"valid_from": "20261124"}, "not-yet-valid", "not-yet-valid"),
        ({"birth": ""}, "no-birth-date", "no-birth-date"),
        ({"number": "110101199003070012"}, "number-invalid", "number-invalid"),
        ({"birth": "19900308"}, "birth-mismatch", "number-invalid"),
        ({"name": ""}, "name-missing", "unreadable"),
        ({"valid_to": ""}, "validity-unknown", "unreadable"),
    ],
)
def test_a_refusal_leaves_a_reason_and_nothing_else(
    counter: Counter, resident_block: Build, changed: dict[str, str], verdict: str, reason: str
) -> None:
    if verdict == "minor":
        changed = {**changed, "number": changed["number"][:17] + mod_11_2(changed["number"][:17])}
    result = counter.check(parse(resident_block(**changed)).document())
    assert result == IdRefusal(verdict=Verdict(verdict), reason=Refusal(reason))
    (entry,) = counter.entries()
    assert (entry["type"], entry["body"]) == ("id.refused", {"reason": reason, "method": "machine"})
    assert entry["commit"] == {}
    assert [counter.count(table) for table in (id_checks, registrations, registration_boxes)] == [0, 0, 0]


def test_the_day_that_counts_is_the_venues_and_not_utc(
    counter: Counter, resident_block: Build, clock: SimulatedClock
) -> None:
    """Born on 23 November 2008, adult from the 24th: in Shanghai that is 16:00 UTC of the 23rd."""
    stem = "11010120081123001"
    document = parse(resident_block(birth="20081123", number=stem + mod_11_2(stem))).document()
    assert isinstance(counter.check(document), IdRefusal)
    clock.advance(timedelta(hours=5))  # from 19:00 to midnight
    assert isinstance(counter.check(document), IdCheck)


def test_the_venues_setting_admits_on_the_birthday_itself(counter: Counter, resident_block: Build) -> None:
    stem = "11010120081123001"
    document = parse(resident_block(birth="20081123", number=stem + mod_11_2(stem))).document()
    lenient = replace(counter, registrar=replace(counter.registrar, adult_from=AdultFrom.BIRTHDAY))
    assert isinstance(lenient.check(document), IdCheck)


def test_a_typed_document_needs_a_second_person(counter: Counter, adult: Document) -> None:
    with pytest.raises(ApprovalMissingError):
        counter.check(adult, method=Method.TYPED)
    with pytest.raises(ApprovalRefusedError):
        counter.check(adult, method=Method.TYPED, approval=approval(requester="s3"))
    assert counter.entries() == []
    assert isinstance(counter.check(adult, method=Method.TYPED, approval=approval()), IdCheck)
    (entry,) = counter.entries()
    assert entry["body"]["reason"] == "card-unreadable"
    assert entry["body"]["approval"] == {"operation": "document.type", "by": "s1", "reason": "card-unreadable"}


def test_an_approval_admits_no_minor(counter: Counter, resident_block: Build) -> None:
    stem = "11010120100101001"
    minor = parse(resident_block(birth="20100101", number=stem + mod_11_2(stem))).document()
    result = counter.check(minor, method=Method.TYPED, approval=approval())
    assert isinstance(result, IdRefusal)
    assert result.verdict is Verdict.MINOR


def test_a_person_who_sits_already_is_refused_with_that_reason(counter: Counter) -> None:
    with counter.records.begin(actor="s2") as work:
        refuse(work, Refusal.SAME_PERSON, method=Method.MACHINE)
        work.commit()
    assert counter.entries()[0]["body"] == {"reason": "same-person", "method": "machine"}


@ON_A_FILE
def test_nothing_a_card_says_lies_readable_in_the_folder(
    counter: Counter, folder: VenueFolder, resident_block: Build
) -> None:
    """Database, write-ahead log and all: in UTF-8, UTF-16, GBK, base64, hex and backwards."""
    import base64

    fields = parse(resident_block())
    counter.admit(fields.document())
    words = ["测试甲", "110101199003070011", "19900307", "1990-03-07", "北京市东城区测试路1号", "测试公安局"]
    forms: set[bytes] = set()
    for word in words:
        for text in (word, word[::-1]):
            for encoded in (text.encode(), text.encode("utf-16-le"), text.encode("gbk")):
                forms |= {encoded, base64.b64encode(encoded).rstrip(b"="), encoded.hex().encode()}
    content = b"".join(path.read_bytes() for path in folder.path.iterdir() if path.is_file())
    assert len(content) > 100_000
    assert not [form for form in forms if form in content]


def test_the_entry_holds_neither_person_nor_token(counter: Counter, adult: Document) -> None:
    check = counter.admit(adult)
    sealed = counter.stored(check)
    with counter.records.reading() as connection:
        written = b"".join(connection.execute(sa.select(journal.c.entry)).scalars())
    assert check.person_id.encode() not in written
    for secret in (sealed.token, sealed.token[4:], sealed.key_hash):
        assert secret not in written
        assert secret.hex().encode() not in written


OTHERS_BOX = "(SELECT b.box FROM registration_boxes b WHERE b.record_id = :other AND b.field = 'name')"
OTHERS_TOKEN = "(SELECT r.token FROM registrations r WHERE r.record_id = :other)"
OTHERS_KEY = "(SELECT r.wrapped_key FROM registrations r WHERE r.record_id = :other)"


@pytest.mark.parametrize(
    "attack",
    [
        f"UPDATE registration_boxes SET box = {OTHERS_BOX} WHERE record_id = :own AND field = 'name'",
        f"UPDATE registrations SET token = {OTHERS_TOKEN} WHERE record_id = :own",
        "UPDATE registrations SET signature = token WHERE record_id = :own",
        "UPDATE registrations SET erasable_from = '2026-01-01' WHERE record_id = :own",
        "UPDATE registrations SET person_id = 'x' WHERE record_id = :own",
        "DELETE FROM registrations WHERE record_id = :own",
        "DELETE FROM registration_boxes WHERE record_id = :own",
        "UPDATE id_checks SET method = 'typed' WHERE check_id = :own",
        "DELETE FROM id_checks WHERE check_id = :own",
    ],
)
def test_the_database_refuses_to_alter_a_registration(
    counter: Counter, resident_block: Build, vector_i: bytes, attack: str
) -> None:
    own, other = counter.admit(parse(resident_block()).document()), counter.admit(parse(vector_i).document())
    with pytest.raises(REFUSED, match="guard_"):
        counter.run(attack, own, other)
    assert counter.opener.open(counter.stored(own))[Field.NAME].value.reveal() == "测试甲"


@pytest.mark.parametrize(
    ("table", "attack"),
    [
        (
            "registration_boxes",
            f"UPDATE registration_boxes SET box = {OTHERS_BOX} WHERE record_id = :own AND field = 'name'",
        ),
        (
            "registration_boxes",
            "UPDATE registration_boxes SET field = 'nothing' WHERE record_id = :own AND field = 'sex'",
        ),
        ("registrations", f"UPDATE registrations SET token = {OTHERS_TOKEN} WHERE record_id = :own"),
        ("registrations", f"UPDATE registrations SET wrapped_key = {OTHERS_KEY} WHERE record_id = :own"),
    ],
)
def test_what_got_past_a_dropped_guard_does_not_open(
    counter: Counter, resident_block: Build, vector_i: bytes, table: str, attack: str
) -> None:
    own, other = counter.admit(parse(resident_block()).document()), counter.admit(parse(vector_i).document())
    counter.shell.drop_guard(table, "no_update", "UPDATE")
    counter.run(attack, own, other)
    with pytest.raises(SealedDataError):
        counter.opener.open(counter.stored(own))


def test_the_wrapping_alone_may_be_replaced_and_once(counter: Counter, adult: Document) -> None:
    check = counter.admit(adult)
    sealed = counter.stored(check)
    moved = counter.opener.rewrap(sealed, month="2026-12")
    with counter.records.engine.begin() as connection:
        assert repository.replace_wrapping(connection, check.check_id, old=sealed.wrapped, new=moved)
        assert not repository.replace_wrapping(connection, check.check_id, old=sealed.wrapped, new=moved)
    after = counter.stored(check)
    assert after == replace(sealed, wrapped=moved)
    assert counter.opener.open(after)[Field.NAME].value.reveal() == "测试甲"


def erase(counter: Counter, check: IdCheck, day: date) -> None:
    with counter.records.begin() as work:
        entry = work.entry("test.erased", {"record": check.check_id})
        work.insert(erasures, {"record_id": check.check_id, "erased_on": day.isoformat()}, entry=entry)
        for table in (registration_boxes, registrations):
            work.execute(table.delete().where(table.c.record_id == check.check_id))
        work.commit()


def test_a_registration_of_day_d_is_erased_from_day_61_on_and_leaves_the_check(
    counter: Counter, adult: Document
) -> None:
    short = replace(counter, registrar=replace(counter.registrar, identity_days=60))
    check = short.admit(adult)
    day = date(2026, 11, 23)
    with pytest.raises(RefusedByGuardError):
        erase(counter, check, day + timedelta(days=60))
    assert counter.count(registrations) == 1
    erase(counter, check, day + timedelta(days=61))
    assert [counter.count(table) for table in (id_checks, registrations, registration_boxes)] == [1, 0, 0]
    with pytest.raises(RegistrationUnknownError):
        counter.stored(check)
    assert counter.admit(adult).person_id != check.person_id


def test_no_venue_keeps_identities_for_less_than_60_days(counter: Counter) -> None:
    with pytest.raises(ValueError, match="60 days"):
        replace(counter.registrar, identity_days=59)


def test_ids_are_kept_for_184_days_by_default(counter: Counter, adult: Document) -> None:
    check = counter.admit(adult)
    with counter.records.reading() as connection:
        query = sa.select(registrations.c.erasable_from).where(registrations.c.record_id == check.check_id)
        assert connection.execute(query).scalar_one() == (date(2026, 11, 23) + timedelta(days=185)).isoformat()
