from __future__ import annotations

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from privacy.blind_index import TOKEN_BYTES, IndexKey, member_token, registration_token
from privacy.commitments import commitment, is_committed, new_salt

KEY = IndexKey(version=1, secret=bytes(range(32)))
NUMBER = "110101199003070011"


def token(*, key: IndexKey = KEY, site: str = "site", series: str = "CN-RIC", number: str = NUMBER) -> bytes:
    return registration_token(key, site=site, series=series, number=number)


def test_the_bytes_of_a_token_are_those_of_the_document() -> None:
    listed = bytes.fromhex("0004") + b"".join(
        len(item).to_bytes(4, "big") + item for item in (b"bidx-v1", b"site", b"CN-RIC", NUMBER.encode())
    )
    assert token() == b"\0\0\0\1" + hmac.digest(bytes(range(32)), listed, sha256)[:16]
    assert len(token()) == TOKEN_BYTES


def test_a_token_depends_on_venue_series_number_key_and_version() -> None:
    tokens = {
        token(),
        token(site="other"),
        token(series="passport"),
        token(number="810000199408230021"),
        token(key=IndexKey(version=1, secret=bytes(32))),
        token(key=IndexKey(version=2, secret=bytes(range(32)))),
    }
    assert len(tokens) == 6


def test_registrations_and_members_have_tokens_that_do_not_meet() -> None:
    """Under one and the same key even, which the counter never uses."""
    assert member_token(KEY, site="site", series="CN-RIC", number=NUMBER) != token()


def test_without_the_key_no_list_of_candidates_finds_anybody() -> None:
    """Who copies the database alone tries numbers in vain; who has the key too finds them: keep them apart."""
    stored = {registration_token(KEY, site="site", series="CN-RIC", number=NUMBER)}
    guess = IndexKey(version=1, secret=bytes(32))
    candidates = [f"11010119900307{count:04d}" for count in range(2000)]
    assert not any(token(key=guess, number=number) in stored for number in candidates)
    assert [number for number in candidates if token(number=number) in stored] == [NUMBER]


@given(st.text())
def test_a_commitment_is_opened_by_its_value_and_salt_alone(value: str) -> None:
    salt = new_salt()
    committed = commitment(value, salt=salt)
    assert len(committed) == 43
    assert is_committed(value, salt=salt, to=committed)
    assert not is_committed(value + "x", salt=salt, to=committed)
    assert not is_committed(value, salt=new_salt(), to=committed)


def test_the_bytes_of_a_commitment_are_those_of_the_journal() -> None:
    import base64

    expected = base64.urlsafe_b64encode(sha256(bytes(16) + '"测试甲"'.encode()).digest()).decode().rstrip("=")
    assert commitment("测试甲", salt=bytes(16)) == expected
