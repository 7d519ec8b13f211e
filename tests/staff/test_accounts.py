from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from records.clock import SimulatedClock
from records.errors import RefusedByGuardError
from records.schema import journal
from records.unit_of_work import Records
from staff import accounts, repository
from staff.accounts import PinPad
from staff.errors import (
    LastOwnerError,
    PinRefusedError,
    PinTooWeakError,
    RoleRefusedError,
    StaffLockedError,
    StaffNameError,
    StaffUnknownError,
)
from staff.pins import Pepper, PinCost
from staff.repository import StaffMember
from staff.roles import Role
from staff.tables import staff_attempts, staff_members, staff_pins

PAD = PinPad(pepper=Pepper(secret=bytes(range(32))), cost=PinCost(memory_kib=64, iterations=1, lanes=1))
PIN, NEW_PIN, WRONG = "582047", "703915", "111112"


def add(records: Records, name: str, role: Role, *, pin: str = PIN) -> StaffMember:
    with records.begin() as work:
        member = accounts.add(work, name=name, role=role, pin=pin, pad=PAD)
        work.commit()
    return member


def reset(records: Records, name: str, *, by: Role = Role.OWNER, pin: str = NEW_PIN) -> None:
    with records.begin() as work:
        accounts.reset_pin(work, name=name, pin=pin, pad=PAD, by=by)
        work.commit()


def disable(records: Records, name: str) -> None:
    with records.begin() as work:
        accounts.disable(work, name=name)
        work.commit()


def log_in(records: Records, name: str = "li", pin: str = PIN) -> StaffMember:
    return accounts.log_in(records, name=name, pin=pin, pad=PAD)


def fail(records: Records, times: int, clock: SimulatedClock, name: str = "li") -> None:
    """Type a wrong PIN so many times, waiting out each lock."""
    for _ in range(times):
        with pytest.raises(PinRefusedError):
            log_in(records, name, WRONG)
        clock.advance(timedelta(minutes=10))


def bodies(records: Records, type_: str) -> list[dict[str, Any]]:
    with records.reading() as connection:
        query = sa.select(journal.c.entry).where(journal.c.type == type_).order_by(journal.c.seq)
        return [json.loads(entry)["body"] for entry in connection.execute(query).scalars()]


def test_staff_are_numbered_in_the_order_they_came(records: Records) -> None:
    members = [add(records, name, role) for name, role in (("li", Role.OWNER), ("王", Role.CASHIER))]
    assert [member.staff for member in members] == ["s1", "s2"]
    assert bodies(records, "staff.added") == [
        {"staff": "s1", "role": "owner"},
        {"staff": "s2", "role": "cashier"},
    ]
    with records.reading() as connection:
        assert repository.all_members(connection) == members


def test_a_name_is_no_part_of_any_entry(records: Records) -> None:
    add(records, "测试店员", Role.CASHIER)
    log_in(records, "测试店员")
    with records.reading() as connection:
        written = b"".join(connection.execute(sa.select(journal.c.entry)).scalars())
    assert "测试店员".encode() not in written
    assert "测试店员" not in repr(log_in(records, "测试店员"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "empty"), ("  ", "empty"), ("x" * 33, "too-long"), ("a\nb", "characters"), ("li", "taken")],
)
def test_a_name_that_cannot_be_given(records: Records, name: str, problem: str) -> None:
    add(records, "li", Role.OWNER)
    with pytest.raises(StaffNameError) as refused:
        add(records, name, Role.CASHIER)
    assert refused.value.problem == problem


def test_a_weak_pin_adds_nobody(records: Records) -> None:
    with pytest.raises(PinTooWeakError):
        add(records, "li", Role.OWNER, pin="123456")
    assert bodies(records, "staff.added") == []


def test_a_right_pin_lets_in_and_says_so(records: Records) -> None:
    added = add(records, "li", Role.MANAGER)
    assert log_in(records, " ｌｉ ") == added
    assert bodies(records, "staff.logged_in") == [{"staff": "s1", "role": "manager"}]


def test_each_wrong_pin_is_an_entry(records: Records) -> None:
    add(records, "li", Role.CASHIER)
    for _ in range(2):
        with pytest.raises(PinRefusedError):
            log_in(records, pin=WRONG)
    with pytest.raises(PinRefusedError):
        log_in(records, "nobody", WRONG)
    assert bodies(records, "pin.refused") == [
        {"staff": "s1", "failures": 1},
        {"staff": "s1", "failures": 2},
        {"staff": None, "failures": 1},
    ]


def test_five_wrong_pins_lock_for_a_while_and_the_right_one_does_not_help(
    records: Records, clock: SimulatedClock
) -> None:
    add(records, "li", Role.CASHIER)
    for _ in range(5):
        with pytest.raises(PinRefusedError):
            log_in(records, pin=WRONG)
    assert bodies(records, "pin.refused")[-1] == {
        "staff": "s1",
        "failures": 5,
        "locked_until": "2026-11-23T19:00:30",
    }
    for pin in (PIN, WRONG):
        with pytest.raises(StaffLockedError) as locked:
            log_in(records, pin=pin)
        assert locked.value.until == clock.read().at + timedelta(seconds=30)
    assert len(bodies(records, "pin.refused")) == 5
    clock.advance(timedelta(seconds=30))
    assert log_in(records).staff == "s1"


def test_a_right_pin_starts_the_count_anew(records: Records, clock: SimulatedClock) -> None:
    add(records, "li", Role.CASHIER)
    fail(records, 4, clock)
    log_in(records)
    fail(records, 1, clock)
    assert [body["failures"] for body in bodies(records, "pin.refused")] == [1, 2, 3, 4, 1]


def test_ten_wrong_pins_lock_until_a_reset(records: Records, clock: SimulatedClock) -> None:
    add(records, "li", Role.CASHIER)
    fail(records, 10, clock)
    clock.advance(timedelta(days=30))
    with pytest.raises(StaffLockedError) as locked:
        log_in(records)
    assert locked.value.until is None
    assert "locked_until" not in bodies(records, "pin.refused")[-1]
    reset(records, "li", by=Role.MANAGER)
    with pytest.raises(PinRefusedError):
        log_in(records, pin=PIN)
    assert log_in(records, pin=NEW_PIN).staff == "s1"


def test_a_lock_outlives_the_program(records: Records, clock: SimulatedClock) -> None:
    add(records, "li", Role.CASHIER)
    fail(records, 10, clock)
    restarted = replace(records)
    with pytest.raises(StaffLockedError):
        log_in(restarted)


def test_a_lock_that_comes_while_a_right_pin_is_being_checked_holds(records: Records, clock: SimulatedClock) -> None:
    """Two terminals try at once: the slow check runs beside the other one's tenth wrong PIN."""
    member = add(records, "li", Role.CASHIER)
    fail(records, 10, clock)
    with pytest.raises(StaffLockedError):
        accounts._let_in(records, member)
    with pytest.raises(StaffLockedError):
        accounts._count_failure(records, member)
    assert bodies(records, "staff.logged_in") == []
    assert len(bodies(records, "pin.refused")) == 10


def test_a_lock_that_was_deleted_by_hand_is_rebuilt_from_the_journal(records: Records, clock: SimulatedClock) -> None:
    add(records, "li", Role.OWNER)
    add(records, "wang", Role.CASHIER)
    fail(records, 6, clock)
    fail(records, 3, clock, "wang")
    log_in(records, "wang")
    with records.reading() as connection:
        before = connection.execute(sa.select(staff_attempts)).all()
    with records.begin() as work:
        work.execute(staff_attempts.delete())
        repository.rebuild_attempts(work.connection)
        assert work.execute(sa.select(staff_attempts)).all() == before
    assert len(before) == 1


def test_a_manager_does_not_reset_an_owners_pin(records: Records) -> None:
    add(records, "li", Role.OWNER)
    with pytest.raises(RoleRefusedError):
        reset(records, "li", by=Role.MANAGER)
    assert log_in(records).role is Role.OWNER


def test_a_disabled_account_stays_out_and_looks_like_an_unknown_one(records: Records) -> None:
    add(records, "li", Role.OWNER)
    add(records, "wang", Role.CASHIER)
    disable(records, "wang")
    with pytest.raises(PinRefusedError):
        log_in(records, "wang")
    assert bodies(records, "pin.refused") == [{"staff": None, "failures": 1}]
    assert bodies(records, "staff.disabled") == [{"staff": "s2"}]


def test_the_last_owner_stays(records: Records) -> None:
    add(records, "li", Role.OWNER)
    add(records, "zhao", Role.OWNER)
    disable(records, "li")
    with pytest.raises(LastOwnerError):
        disable(records, "zhao")


def test_an_unknown_name_is_not_disabled_or_reset(records: Records) -> None:
    with pytest.raises(StaffUnknownError):
        disable(records, "nobody")
    with pytest.raises(StaffUnknownError):
        reset(records, "nobody")


def test_the_database_alone_gives_no_pin_to_try_against(records: Records) -> None:
    """Without the counter's pepper the verifier fits nothing, the right PIN included."""
    from staff.pins import is_pin

    add(records, "li", Role.CASHIER)
    with records.reading() as connection:
        verifier = connection.execute(sa.select(staff_pins.c.verifier)).scalar_one()
    assert not is_pin(PIN, verifier, staff="s1", pepper=Pepper(secret=bytes(32)))
    assert is_pin(PIN, verifier, staff="s1", pepper=PAD.pepper)


def test_a_verifier_moved_to_another_account_does_not_fit(records: Records) -> None:
    add(records, "li", Role.OWNER)
    add(records, "wang", Role.CASHIER, pin=NEW_PIN)
    with records.begin() as work:
        stolen = repository.verifier_of(work.connection, "s2")
        assert stolen is not None
        repository.set_verifier(work, "s1", stolen)
        work.entry("staff.pin_reset", {"staff": "s1"})
        work.commit()
    with pytest.raises(PinRefusedError):
        log_in(records, pin=NEW_PIN)


def test_an_account_is_a_fact(records: Records) -> None:
    add(records, "li", Role.CASHIER)

    def promote() -> None:
        with records.begin() as work:
            work.execute(staff_members.update().values(role="owner"))

    with pytest.raises(RefusedByGuardError):
        promote()
