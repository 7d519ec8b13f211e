from __future__ import annotations

import base64
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from privacy.counter_secrets import CounterSecrets
from privacy.errors import (
    NoRecipientError,
    OwnerKeyFileError,
    PassphraseEmptyError,
    PassphraseWrongError,
    RecipientsRefusedError,
    SecretStoreError,
)
from privacy.owner_key import OwnerKey
from privacy.passphrases import Argon2Cost
from privacy.recipients import Recipients, fingerprint
from privacy.secret_stores import PassphraseStore, SystemStore
from records.key_store import system_backend
from tests.keyrings import MemoryKeyring

if TYPE_CHECKING:
    from tests.privacy.conftest import House

SITE = "abcdefghijklmnop"


def test_an_owners_key_file_gives_back_what_was_saved(tmp_path: Path, house: House, cheap: Argon2Cost) -> None:
    path = tmp_path / "owner-key.pem"
    house.owner.save(path, "correct horse 电池", cost=cheap)
    loaded = OwnerKey.load(path, "correct horse 电池")
    assert loaded.recipients() == house.owner.recipients()
    opener = replace(house.opener, owner=loaded)
    assert opener.open(house.seal().registration)


def test_the_months_of_a_new_owner_follow_each_other_over_the_new_year() -> None:
    owner = OwnerKey.create(site=SITE, first_month=date(2026, 11, 30), months=4)
    assert [key.month for key in owner.recipients().keys] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert len({key.point for key in owner.recipients().keys}) == 4


def test_a_wrong_passphrase_does_not_open_the_owners_key(tmp_path: Path, house: House, cheap: Argon2Cost) -> None:
    path = tmp_path / "owner-key.pem"
    house.owner.save(path, "right", cost=cheap)
    with pytest.raises(PassphraseWrongError):
        OwnerKey.load(path, "wrong")
    with pytest.raises(PassphraseEmptyError):
        OwnerKey.load(path, "")


def test_the_owners_key_file_is_private_and_never_replaced(tmp_path: Path, house: House, cheap: Argon2Cost) -> None:
    path = tmp_path / "owner-key.pem"
    house.owner.save(path, "right", cost=cheap)
    before = path.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OwnerKeyFileError) as refused:
        house.owner.save(path, "other", cost=cheap)
    assert refused.value.problem == "exists"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_file_that_an_editor_saved_with_other_line_ends_still_opens(
    tmp_path: Path, house: House, cheap: Argon2Cost
) -> None:
    path = tmp_path / "owner-key.pem"
    house.owner.save(path, "right", cost=cheap)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert OwnerKey.load(path, "right").site == SITE


def test_a_block_opens_with_the_stretched_passphrase_and_nothing_of_ours(
    tmp_path: Path, house: House, cheap: Argon2Cost
) -> None:
    """Whoever must get at the keys in twenty years needs Argon2id and PKCS#8, not this program."""
    path = tmp_path / "owner-key.pem"
    house.owner.save(path, "right", cost=cheap)
    text = path.read_text(encoding="ascii")
    salt = text[text.index("salt=") + 5 :][:24]
    password = Argon2id(salt=base64.b64decode(salt), length=32, iterations=1, lanes=1, memory_cost=64).derive(b"right")
    block = text[text.index("registration-seal 2026-12") :]
    key = load_pem_private_key(block[block.index("-----BEGIN") :].encode(), password.hex().encode())
    assert key.public_key() == house.owner.months["2026-12"].public_key()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "missing"),
        (b"", "not-a-key-file"),
        (b"\xff\xfe", "not-a-key-file"),
        (b"-----BEGIN PRIVATE KEY-----\n", "not-a-key-file"),
        (
            (
                b"Mingjia owner key, format 1\nsite: s\n"
                b"argon2id: salt=AAAAAAAAAAAAAAAAAAAAAA== memory=9999999 time=3 lanes=4\n"
            ),
            "not-a-key-file",
        ),
        (
            b"Mingjia owner key, format 1\nsite: s\nargon2id: salt=AAAAAAAAAAAAAAAAAAAAAA== memory=64 time=1 lanes=1\n",
            "not-a-key-file",
        ),
    ],
)
def test_a_file_that_is_no_owners_key_is_told_apart(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "owner-key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OwnerKeyFileError) as refused:
        OwnerKey.load(path, "right")
    assert refused.value.problem == problem


def test_a_recipients_list_is_read_back(house: House) -> None:
    recipients = house.owner.recipients()
    owner = house.owner.signing_key.public_key()
    assert Recipients.from_json(recipients.to_json(), site=SITE, owner=owner) == recipients


def test_a_swapped_recipient_is_refused(house: House) -> None:
    owner = house.owner.signing_key.public_key()
    thief = OwnerKey.create(site=SITE, first_month=date(2026, 11, 1), months=3)
    swapped = replace(house.owner.recipients(), keys=thief.recipients().keys)
    for text in (swapped.to_json(), thief.recipients().to_json()):
        with pytest.raises(RecipientsRefusedError) as refused:
            Recipients.from_json(text, site=SITE, owner=owner)
        assert refused.value.problem == "signature"


def test_a_recipients_list_of_another_venue_is_refused(house: House) -> None:
    with pytest.raises(RecipientsRefusedError) as refused:
        Recipients.from_json(
            house.owner.recipients().to_json(), site="other", owner=house.owner.signing_key.public_key()
        )
    assert refused.value.problem == "other-site"


def test_a_recipients_list_with_any_byte_changed_or_cut_is_refused(house: House) -> None:
    text, owner = house.owner.recipients().to_json(), house.owner.signing_key.public_key()
    for place in range(0, len(text) - 1, 7):
        for changed in (text[:place], text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]):
            with pytest.raises(RecipientsRefusedError):
                Recipients.from_json(changed, site=SITE, owner=owner)


def test_a_recipients_list_has_one_form(house: House) -> None:
    """64 bytes end in base64 with four bits that decode to nothing; another letter there is another file."""
    text = house.owner.recipients().to_json()
    last = text.index('=="', text.index('"signature"')) - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    altered = text[:last] + letters[letters.index(text[last]) ^ 1] + text[last + 1 :]
    with pytest.raises(RecipientsRefusedError) as refused:
        Recipients.from_json(altered, site=SITE, owner=house.owner.signing_key.public_key())
    assert refused.value.problem == "not-a-list"


@pytest.mark.parametrize("text", ["[]", "null", "1", "{}", '{"v":1}', "[" * 100_000, '{"v":1,"keys":[1]}'])
def test_what_is_no_recipients_list_is_refused(house: House, text: str) -> None:
    with pytest.raises(RecipientsRefusedError) as refused:
        Recipients.from_json(text, site=SITE, owner=house.owner.signing_key.public_key())
    assert refused.value.problem == "not-a-list"


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 11, 1), "2026-11"),
        (date(2026, 12, 31), "2026-12"),
        (date(2027, 1, 31), "2027-01"),
        (date(2029, 6, 1), "2027-01"),
    ],
)
def test_the_newest_key_that_has_begun_serves_also_past_the_end_of_the_list(
    house: House, day: date, month: str
) -> None:
    assert house.owner.recipients().on(day).month == month


def test_before_the_first_month_nothing_is_sealed(house: House) -> None:
    with pytest.raises(NoRecipientError):
        house.owner.recipients().on(date(2026, 10, 31))


def test_a_fingerprint_is_eight_groups_of_four(house: House) -> None:
    text = fingerprint(house.owner.signing_key.public_key())
    assert [len(group) for group in text.split()] == [4] * 8
    assert text != fingerprint(Ed25519PrivateKey.generate().public_key())


def test_counter_secrets_come_back_from_the_passphrase_file(tmp_path: Path, cheap: Argon2Cost) -> None:
    secrets = CounterSecrets.create(site=SITE)
    PassphraseStore(folder=tmp_path, passphrase="right", cost=cheap).save(secrets)
    assert PassphraseStore(folder=tmp_path, passphrase="right").load() == secrets
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "counter-secrets").stat().st_mode) == 0o600


def test_the_full_cost_of_a_passphrase_is_what_new_files_get(tmp_path: Path) -> None:
    store = PassphraseStore(folder=tmp_path, passphrase="right")
    store.save(CounterSecrets.create(site=SITE))
    head = store.path.read_bytes()[len(b"mingjia counter-secrets 1\n") + 16 :][:12]
    assert head == (65536).to_bytes(4, "big") + (3).to_bytes(4, "big") + (4).to_bytes(4, "big")
    assert store.load().site == SITE


def test_counter_secrets_do_not_open_with_another_passphrase(tmp_path: Path, cheap: Argon2Cost) -> None:
    PassphraseStore(folder=tmp_path, passphrase="right", cost=cheap).save(CounterSecrets.create(site=SITE))
    with pytest.raises(PassphraseWrongError):
        PassphraseStore(folder=tmp_path, passphrase="wrong").load()


def test_a_changed_or_cut_secrets_file_is_refused(tmp_path: Path, cheap: Argon2Cost) -> None:
    store = PassphraseStore(folder=tmp_path, passphrase="right", cost=cheap)
    store.save(CounterSecrets.create(site=SITE))
    content = store.path.read_bytes()
    numbers_begin = len(b"mingjia counter-secrets 1\n") + 16
    for place in range(len(content)):
        if numbers_begin <= place < numbers_begin + 4:
            continue  # A changed memory size may ask for a gigabyte before it is refused.
        for changed in (content[:place], content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]):
            store.path.write_bytes(changed)
            with pytest.raises((PassphraseWrongError, SecretStoreError)):
                store.load()


def test_no_file_makes_the_program_reserve_more_than_a_gigabyte(tmp_path: Path, cheap: Argon2Cost) -> None:
    store = PassphraseStore(folder=tmp_path, passphrase="right", cost=cheap)
    store.save(CounterSecrets.create(site=SITE))
    content = bytearray(store.path.read_bytes())
    content[len(b"mingjia counter-secrets 1\n") + 16] = 0xFF
    store.path.write_bytes(bytes(content))
    with pytest.raises(SecretStoreError) as refused:
        store.load()
    assert refused.value.problem == "damaged"


def test_secrets_are_never_replaced_by_new_ones(tmp_path: Path, cheap: Argon2Cost) -> None:
    store = PassphraseStore(folder=tmp_path, passphrase="right", cost=cheap)
    store.save(CounterSecrets.create(site=SITE))
    with pytest.raises(SecretStoreError) as refused:
        store.save(CounterSecrets.create(site=SITE))
    assert refused.value.problem == "exists"
    with pytest.raises(SecretStoreError) as missing:
        PassphraseStore(folder=tmp_path / "nowhere", passphrase="right").load()
    assert missing.value.problem == "missing"


def test_the_systems_key_store_keeps_one_item_a_venue() -> None:
    backend, secrets = MemoryKeyring(), CounterSecrets.create(site=SITE)
    store = SystemStore(site=SITE, backend=backend)
    store.save(secrets)
    assert store.load() == secrets
    assert list(backend.items) == [("mingjia", SITE)]
    # The Windows Credential Manager takes 2560 bytes of UTF-16.
    assert all(len(item.encode("utf-16-le")) <= 2560 for item in backend.items.values())
    with pytest.raises(SecretStoreError) as refused:
        store.save(secrets)
    assert refused.value.problem == "exists"


def test_a_locked_or_emptied_or_altered_key_store_says_so() -> None:
    backend = MemoryKeyring()
    store = SystemStore(site=SITE, backend=backend)
    with pytest.raises(SecretStoreError) as missing:
        store.load()
    backend.items["mingjia", SITE] = "no base64!"
    with pytest.raises(SecretStoreError) as damaged:
        store.load()
    backend.is_locked = True
    with pytest.raises(SecretStoreError) as locked:
        store.load()
    assert [error.value.problem for error in (missing, damaged, locked)] == ["missing", "damaged", "locked"]


def test_only_three_kinds_of_key_store_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A null or plaintext store that the environment names is not even looked at."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backend = system_backend()
    assert backend is None or type(backend).__module__ in {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
    }


def test_each_secret_is_its_own() -> None:
    first, second = CounterSecrets.create(site=SITE), CounterSecrets.create(site=SITE)

    def parts(secrets: CounterSecrets) -> set[bytes]:
        return {
            secrets.registration_index.secret,
            secrets.member_index.secret,
            secrets.checkpoint_ed25519,
            secrets.checkpoint_p256,
            secrets.registration_ed25519,
            secrets.pin_pepper,
        }

    assert len(parts(first) | parts(second)) == 12
    assert first.checkpoint_p256_key().curve.name == "secp256r1"
    assert first.registration_key().private_bytes_raw() == first.registration_ed25519
    assert first.checkpoint_ed25519_key().private_bytes_raw() == first.checkpoint_ed25519


def test_secrets_show_nothing_of_themselves() -> None:
    secrets = CounterSecrets.create(site=SITE)
    shown = repr(secrets) + repr(PassphraseStore(folder=Path(), passphrase="right horse"))
    assert "right horse" not in shown
    assert repr(secrets.pin_pepper) not in shown
    assert repr(secrets.registration_index.secret) not in shown
