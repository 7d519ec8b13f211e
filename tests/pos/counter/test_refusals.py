"""What the counter refuses, and what a refusal leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billing.errors import BillingError
from billing.order_errors import UnknownItemError
from billing.payment_errors import NonCashAboveDueError, TendersTooLowError
from billing.shift_errors import DifferenceUnexplainedError, NoShiftError
from billing.stock import Pieces
from billing.usage_errors import NotOnSaleError
from billing.visit_errors import AlreadySettledError, SeatTakenError, StatementNeededError, StatementStaleError
from hardware.id_readers.reader import DocumentRead
from members.documents import Document, DocumentKind
from members.typed_documents import TypedDocument
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from pos.counter.errors import CounterError, IdRefusedError, SeatUnknownError
from pos.counter.print_jobs import Resolution
from pos.counter.seats import Opening
from privacy.personal import Personal
from records.clock import SimulatedClock
from records.ids import new_id
from records.schema import journal
from staff.approvals import Approval, Reason, Signatory
from staff.errors import ApprovalNeededError, ApprovalRefusedError, RoleRefusedError
from staff.roles import Operation, Role
from tests.pos.counter.venues import card, cash, counter_of, goods, member, seat_someone, wechat


def bodies(venue: Venue, type_: str) -> list[dict[str, Any]]:
    with venue.records.reading() as connection:
        rows = connection.execute(sa.select(journal.c.entry).where(journal.c.type == type_).order_by(journal.c.seq))
        return [json.loads(row.entry)["body"] for row in rows]


def rows_of(venue: Venue, table: str) -> int:
    with venue.records.reading() as connection:
        count: int = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # A name of this file.
        return count


@pytest.mark.parametrize(
    ("name", "reason"),
    [("minor", "minor"), ("expired", "expired"), ("born-20081123", "minor"), ("born-20260101", "minor")],
)
def test_nobody_is_admitted_on_such_a_card_and_only_the_reason_stays(
    venue: Venue, counter: Counter, name: str, reason: str
) -> None:
    with pytest.raises(IdRefusedError) as refused:
        counter.check_in.card(card(name))
    assert refused.value.reason == reason
    assert bodies(venue, "id.refused") == [{"reason": reason, "method": "machine"}]
    assert rows_of(venue, "registrations") == 0


def test_the_day_after_the_eighteenth_birthday_admits(counter: Counter) -> None:
    counter.check_in.card(card("born-20081122"))


def test_a_block_that_is_no_card_is_refused_as_unreadable(venue: Venue, counter: Counter) -> None:
    with pytest.raises(IdRefusedError):
        counter.check_in.card(DocumentRead(text_block=b"\x00" * 12))
    assert bodies(venue, "id.refused") == [{"reason": "unreadable", "method": "machine"}]


def test_one_person_has_one_seat(venue: Venue, counter: Counter) -> None:
    admitted_twice = counter.check_in.card(card("adult-a"))
    seat_someone(counter, "adult-a", "A01")
    with pytest.raises(IdRefusedError) as at_the_reader:
        counter.check_in.card(card("adult-a"))
    with pytest.raises(IdRefusedError) as at_the_seat:
        counter.seats.open(admitted_twice, Opening.new(seat="A02", tier="guest"))
    assert at_the_reader.value.reason == at_the_seat.value.reason == "same-person"
    assert at_the_reader.value.seat == at_the_seat.value.seat == "A01"
    assert [body["reason"] for body in bodies(venue, "id.refused")] == ["same-person", "same-person"]
    assert rows_of(venue, "registrations") == 1


def test_after_the_settlement_the_same_person_may_come_again(counter: Counter) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    counter.settlements.show(visit_id)
    counter.settlements.settle(visit_id, (), request=new_id())
    seat_someone(counter, "adult-a", "A02")


def passport(reason: Reason = Reason.NO_CHIP) -> TypedDocument:
    document = Document(
        kind=DocumentKind.PASSPORT,
        name=Personal("TEST SAMPLE"),
        number=Personal("E00000000"),
        birth=Personal(date(1990, 3, 7)),
        valid_from=None,
        valid_to=date(2030, 1, 1),
    )
    return TypedDocument(document=document, reason=reason)


def approval_of(venue: Venue, approver: str, *, requester: str = "chen") -> Approval:
    who = member(venue, approver)
    return Approval(
        operation=Operation.DOCUMENT_TYPE,
        requester=member(venue, requester).staff,
        approver=Signatory(staff=who.staff, role=who.role),
        reason=Reason.NO_CHIP,
    )


def test_a_typed_document_needs_a_second_person(venue: Venue, counter: Counter) -> None:
    admission = counter.check_in.typed(passport(), approval_of(venue, "zhou"))
    counter.seats.open(admission, Opening.new(seat="A01", tier="guest"))
    checked = bodies(venue, "id.checked")[0]
    assert (checked["method"], checked["reason"], checked["approval"]["by"]) == ("typed", "no-chip", "s4")
    with pytest.raises(ApprovalRefusedError):
        approval_of(venue, "chen")
    with pytest.raises(ApprovalRefusedError):
        counter.check_in.typed(passport(), approval_of(venue, "wang", requester="zhou"))


def test_a_seat_is_taken_once_and_then_nothing_was_written(venue: Venue, counter: Counter) -> None:
    seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
    size = rows_of(venue, "journal")
    with pytest.raises(SeatTakenError):
        seat_someone(counter, "adult-b", "A01", deposit=cash(2000))
    with pytest.raises(SeatUnknownError):
        seat_someone(counter, "adult-b", "Z99")
    with pytest.raises(NotOnSaleError):
        seat_someone(counter, "adult-b", "A02", package="night")
    assert rows_of(venue, "journal") == size
    assert rows_of(venue, "registrations") == 1


def test_without_a_shift_no_visit_opens_and_no_money_moves(venue: Venue) -> None:
    counter = counter_of(venue, "chen")
    with pytest.raises(NoShiftError):
        seat_someone(counter, "adult-a", "A01")
    with pytest.raises(NoShiftError):
        counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())


def test_a_settlement_needs_a_fresh_statement(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    clock.advance(timedelta(hours=1))
    with pytest.raises(StatementNeededError):
        counter.settlements.settle(visit_id, [cash(500)], request=new_id())
    counter.settlements.show(visit_id)
    counter.sales.order(visit_id, [goods("cola-330")], request=new_id())
    with pytest.raises(StatementStaleError):
        counter.settlements.settle(visit_id, [cash(900)], request=new_id())
    counter.settlements.show(visit_id)
    clock.advance(timedelta(minutes=6))
    with pytest.raises(StatementStaleError):
        counter.settlements.settle(visit_id, [cash(900)], request=new_id())


def test_tenders_must_cover_the_bill_and_change_comes_from_cash(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    clock.advance(timedelta(hours=2))
    counter.settlements.show(visit_id)
    with pytest.raises(TendersTooLowError) as low:
        counter.settlements.settle(visit_id, [cash(999)], request=new_id())
    assert low.value.due_fen == 1000
    with pytest.raises(NonCashAboveDueError):
        counter.settlements.settle(visit_id, [wechat(1100)], request=new_id())
    assert counter.settlements.settle(visit_id, [wechat(1000)], request=new_id()).total_fen == 1000
    with pytest.raises(AlreadySettledError):
        counter.settlements.settle(visit_id, [wechat(1000)], request=new_id())


def test_nothing_is_sold_that_is_not_posted(venue: Venue, counter: Counter) -> None:
    with pytest.raises(UnknownItemError):
        counter.sales.sell([goods("caviar")], [cash(100_000)], request=new_id())
    assert rows_of(venue, "sales") == 0


def test_a_difference_needs_a_reason_and_is_not_told_before(counter: Counter) -> None:
    with pytest.raises(DifferenceUnexplainedError) as unexplained:
        counter.shifts.close(counted_fen=19_999, reason=None, request=new_id())
    assert not [name for name in vars(unexplained.value) if name.endswith("_fen")]
    assert counter.shifts.current() is not None


def test_what_was_handed_over_is_cancelled_above_the_limit_by_a_manager(venue: Venue, counter: Counter) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    counter.sales.order(visit_id, [goods("noodles", 10)], request="order-aaaaaaaaaa")
    counter.sales.hand_over("order-aaaaaaaaaa")
    with pytest.raises(ApprovalNeededError):
        counter.sales.cancel("order-aaaaaaaaaa", 1, quantity=9, reason="customer")
    assert counter.sales.cancel("order-aaaaaaaaaa", 1, quantity=2, reason="customer").orders_fen == 4800
    assert counter_of(venue, "wang").sales.cancel("order-aaaaaaaaaa", 1, quantity=8, reason="customer").orders_fen == 0
    assert len(bodies(venue, "order.cancelled")) == 2


def test_what_was_not_handed_over_is_cancelled_without_limit(venue: Venue, counter: Counter) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    counter.sales.order(visit_id, [goods("noodles", 10)], request="order-aaaaaaaaaa")
    assert counter.sales.cancel("order-aaaaaaaaaa", 1, quantity=10, reason="customer").orders_fen == 0
    assert "handed_over" not in bodies(venue, "order.cancelled")[0]


_AUDITOR_MAY_NOT: list[Callable[[Counter], object]] = [
    lambda counter: counter.check_in.card(card("adult-a")),
    lambda counter: counter.seats.move("A01", "A02"),
    lambda counter: counter.seats.pause("A01"),
    lambda counter: counter.seats.buy_package("A01", "3h"),
    lambda counter: counter.seats.begin_outage("power"),
    lambda counter: counter.deposits.top_up("A01", cash(100), request=new_id()),
    lambda counter: counter.sales.order("A01", [goods("noodles")], request=new_id()),
    lambda counter: counter.sales.hand_over("order"),
    lambda counter: counter.reductions.give("A01", 1, reason="goodwill", request=new_id()),
    lambda counter: counter.reductions.withdraw("none"),
    lambda counter: counter.stock.receive([Pieces(code="noodles", quantity=1)]),
    lambda counter: counter.stock.count([Pieces(code="noodles", quantity=1)]),
    lambda counter: counter.stock.write_off([Pieces(code="noodles", quantity=1)], reason="lost"),
    lambda counter: counter.sales.sell([goods("noodles")], [cash(600)], request=new_id()),
    lambda counter: counter.settlements.show("A01"),
    lambda counter: counter.settlements.settle("A01", [cash(500)], request=new_id()),
    lambda counter: counter.shifts.open(float_fen=0),
    lambda counter: counter.shifts.close(counted_fen=0, reason=None, request=new_id()),
    lambda counter: counter.slips.reprint("a", request=new_id()),
    lambda counter: counter.slips.resolve("a", Resolution.ON_PAPER),
]


@pytest.mark.parametrize("number", range(len(_AUDITOR_MAY_NOT)))
def test_an_auditor_reads_and_changes_nothing(venue: Venue, counter: Counter, number: int) -> None:
    seat_someone(counter, "adult-b", "A01")
    auditor, size = counter_of(venue, "sun"), rows_of(venue, "journal")
    assert auditor.till.cashier.role is Role.AUDITOR
    with pytest.raises(RoleRefusedError):
        _AUDITOR_MAY_NOT[number](auditor)
    assert rows_of(venue, "journal") == size
    assert len(auditor.seats.running()) == 1


def test_refusals_have_codes() -> None:
    for root in (CounterError, BillingError):
        for error in root.__subclasses__():
            assert error.code
