from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff.errors import PinTooWeakError
from staff.pins import (
    DEFAULT_COST,
    Attempts,
    Pepper,
    PinCost,
    check_new_pin,
    delay_after,
    is_pin,
    lock_at,
    verifier_of,
)

CHEAP = PinCost(memory_kib=64, iterations=1, lanes=1)
PEPPER = Pepper(secret=bytes(range(32)))
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("pin", ["2580", "1379", "582047", "918273645546", "电池 correct horse", "Tr0ub4dor&3"])
def test_a_pin_that_is_not_obvious_is_taken(pin: str) -> None:
    check_new_pin(pin)


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("", "too-short"),
        ("258", "too-short"),
        ("abc1234", "too-short"),
        ("1379582604715", "too-long"),
        ("x1y2z" * 26, "too-long"),
        ("0000", "obvious"),
        ("000000", "obvious"),
        ("123456", "obvious"),
        ("1234567890", "obvious"),
        ("7890", "obvious"),
        ("654321", "obvious"),
        ("9876", "obvious"),
        ("1212", "obvious"),
        ("123123", "obvious"),
        ("1990", "obvious"),
        ("19900307", "obvious"),
        ("１２３４５６", "obvious"),
        ("password1", "obvious"),
        ("aaaaaaaab", "obvious"),
    ],
)
def test_an_obvious_pin_is_not_taken(pin: str, problem: str) -> None:
    with pytest.raises(PinTooWeakError) as refused:
        check_new_pin(pin)
    assert refused.value.problem == problem


def test_a_pin_fits_its_own_account_under_its_own_pepper_alone() -> None:
    verifier = verifier_of("582047", staff="s1", pepper=PEPPER, cost=CHEAP)
    assert is_pin("582047", verifier, staff="s1", pepper=PEPPER)
    assert is_pin("５８２０４７", verifier, staff="s1", pepper=PEPPER)
    assert not is_pin("582048", verifier, staff="s1", pepper=PEPPER)
    assert not is_pin("582047", verifier, staff="s2", pepper=PEPPER)
    assert not is_pin("582047", verifier, staff="s1", pepper=Pepper(secret=bytes(32)))


def test_two_accounts_with_one_pin_do_not_look_alike() -> None:
    first = verifier_of("582047", staff="s1", pepper=PEPPER, cost=CHEAP)
    second = verifier_of("582047", staff="s1", pepper=PEPPER, cost=CHEAP)
    assert first != second
    assert "582047" not in first


def test_a_new_pin_costs_what_owasp_asks_for() -> None:
    verifier = verifier_of("582047", staff="s1", pepper=PEPPER)
    assert verifier.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_pin("582047", verifier, staff="s1", pepper=PEPPER)
    assert PinCost(memory_kib=19456, iterations=2, lanes=1) == DEFAULT_COST


@pytest.mark.parametrize("verifier", ["", "x", "$argon2id$", "$argon2i$v=19$m=64,t=1,p=1$YWFhYWFhYWE$YWFhYQ"])
def test_a_damaged_verifier_fits_nothing(verifier: str) -> None:
    assert not is_pin("582047", verifier, staff="s1", pepper=PEPPER)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480)],
)
def test_the_wait_grows_with_each_wrong_pin_from_the_fifth_on(failures: int, seconds: int) -> None:
    wait = timedelta(seconds=seconds)
    assert delay_after(failures) == wait
    attempts = Attempts(failures=failures, last_failed_at=NOON)
    assert lock_at(attempts, NOON + wait) is None
    lock = lock_at(attempts, NOON + wait - timedelta(milliseconds=1))
    assert (lock is not None and lock.until == NOON + wait) == (seconds > 0)


@pytest.mark.parametrize("failures", [10, 11, 1000])
def test_the_tenth_wrong_pin_locks_until_a_reset(failures: int) -> None:
    lock = lock_at(Attempts(failures=failures, last_failed_at=NOON), NOON + timedelta(days=365))
    assert lock is not None
    assert lock.until is None


def test_setting_the_clock_back_does_not_open_a_lock() -> None:
    lock = lock_at(Attempts(failures=5, last_failed_at=NOON), NOON - timedelta(hours=1))
    assert lock is not None
    assert lock.until == NOON + timedelta(seconds=30)


@given(st.integers(0, 30), st.integers(-10_000, 10_000))
def test_one_more_wrong_pin_never_opens_a_lock(failures: int, seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)
    if lock_at(Attempts(failures=failures, last_failed_at=NOON), now) is not None:
        assert lock_at(Attempts(failures=failures + 1, last_failed_at=NOON), now) is not None


def test_the_pepper_shows_nothing_of_itself() -> None:
    assert repr(PEPPER) == "Pepper()"
