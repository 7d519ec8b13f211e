"""Two desks do at the same instant what only one of them can: one effect, a sentence for the other, sound books.

The race is no matter of luck. The first desk is stopped when it has read everything and written nothing for good, or
when it has sealed and not committed; the second runs until it is done or waits for the first, which then goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from billing.errors import BillingError
from billing.order_errors import CancelledTooManyError, NothingToHandOverError
from billing.refund_errors import RefundedTooManyError
from billing.refunds import RefundLine
from billing.shift_errors import ShiftOpenError
from billing.stock import Pieces
from billing.visit_errors import (
    AlreadySettledError,
    OutageRunningError,
    SeatInUseError,
    SeatOutOfUseError,
    SeatTakenError,
    StatementNeededError,
    UnknownVisitError,
    VisitPausedError,
)
from compliance import doctor
from compliance.verification import verify_journal
from pos.bootstrap import Venue, open_venue
from pos.counter.check_in import Admission
from pos.counter.counter import Counter
from pos.counter.errors import CounterError, IdRefusedError
from pos.counter.refunds import PaidFor
from pos.languages import Language, words_of
from pos.wording import sentence_of
from records.clock import SimulatedClock
from records.errors import RecordsError
from records.folder import VenueFolder
from records.ids import new_id
from records.schema import journal, metadata
from records.unit_of_work import UnitOfWork
from staff import accounts, repository
from staff.errors import PinRefusedError, StaffError
from tests.conftest import MONDAY_EVENING, SHANGHAI
from tests.pos.counter.venues import PASSPHRASE, card, cash, counter_of, goods, member, seat_someone
from tests.servers import Server
from tests.soak.soaking import found_desks

Operation = Callable[[Counter], Any]

_PATIENCE_SECONDS = 60
STOPS = pytest.mark.parametrize("stop", ["_hold_head", "_seal"], ids=["writing", "sealed"])
"""Where the first desk is stopped: before it takes the journal's head, or with everything written but the commit."""


@dataclass(frozen=True, kw_only=True)
class Street:
    """Two desks of one venue, in one process; each has its own books, clock and connections."""

    server: Server
    database_name: str
    path: Path
    venues: tuple[Venue, Venue]
    clocks: tuple[SimulatedClock, SimulatedClock]
    seats: Iterator[str]
    people: Iterator[str]

    @property
    def counters(self) -> tuple[Counter, Counter]:
        here, there = (counter_of(venue, "wang") for venue in self.venues)
        return here, there

    def later(self, minutes: int) -> None:
        for clock in self.clocks:
            clock.advance(timedelta(minutes=minutes))

    def admission(self, counter: Counter, who: str) -> Admission:
        return counter.check_in.card(card(who))

    def waits(self) -> bool:
        """Whether a connection of this venue's desks waits for another one."""
        query = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        with self.server.admin.connect() as connection:
            return bool(connection.execute(query, {"name": self.database_name}).scalar_one())

    def entries(self, type_: str) -> int:
        with self.venues[0].records.reading() as connection:
            return int(
                connection.execute(
                    sa.select(sa.func.count()).select_from(journal).where(journal.c.type == type_)
                ).scalar_one()
            )

    def failures(self, name: str) -> int:
        """How many wrong PINs in a row the books have of somebody."""
        with self.venues[0].records.reading() as connection:
            return repository.attempts_of(connection, member(self.venues[0], name).staff).failures

    def assert_sound(self) -> None:
        checks = doctor.examine(VenueFolder(path=self.path, reserve_bytes=65536), metadata)
        assert [check for check in checks if not check.is_ok] == []
        assert verify_journal(self.venues[0].records)["findings"] == []


@pytest.fixture(scope="module")
def street(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    name = server.create()
    folders = found_desks(server, name, tmp_path_factory.mktemp("street"), 2)
    clocks = SimulatedClock(MONDAY_EVENING, boot="here"), SimulatedClock(MONDAY_EVENING, boot="there")
    with ExitStack() as open_books:
        here, there = (
            open_books.enter_context(open_venue(VenueFolder(path=path), passphrase=lambda: PASSPHRASE, clock=clock))
            for path, clock in zip(folders, clocks, strict=True)
        )
        made = Street(
            server=server,
            database_name=name,
            path=folders[0],
            venues=(here, there),
            clocks=clocks,
            seats=cycle([f"A{number:02}" for number in range(1, 31)]),
            people=(f"born-{date(1970, 1, 1) + timedelta(days=day):%Y%m%d}" for day in count()),
        )
        for counter in made.counters:
            counter.shifts.open(float_fen=100_000)
        yield made
        made.assert_sound()
    server.drop(name)


@pytest.fixture
def desks(street: Street) -> Iterator[tuple[Counter, Counter]]:
    """The desk that is stopped, and the other; whoever still sits there afterwards pays and goes."""
    yield street.counters
    counter = street.counters[0]
    for bill in counter.seats.running():
        due = counter.settlements.show(bill.visit.visit_id).due_fen
        counter.settlements.settle(bill.visit.visit_id, [cash(due)] if due else [], request=new_id())


@dataclass(kw_only=True)
class Race:
    """What came of either desk's operation: its answer, or the error that it ended in."""

    first: Any
    second: Any

    def won_by_one(self, error: type[Exception]) -> Any:
        """The answer of the one that did it; the other was refused for this reason, in a sentence."""
        answers = [one for one in (self.first, self.second) if not isinstance(one, Exception)]
        refusals = [one for one in (self.first, self.second) if isinstance(one, Exception)]
        assert [type(refusal) for refusal in refusals] == [error], (self.first, self.second)
        for language in Language:
            assert sentence_of(refusals[0], words_of(language), timezone=SHANGHAI)
        return answers[0]


def race(street: Street, desks: tuple[Counter, Counter], first: Operation, second: Operation, stop: str) -> Race:
    """Stop the first desk's unit once, in front of `stop` or behind it; the second begins then."""
    stopped, goes_on = threading.Event(), threading.Event()
    original: Any = getattr(UnitOfWork, stop)

    def halting(work: UnitOfWork) -> Any:
        if work.records is not desks[0].till.records or stopped.is_set():
            return original(work)
        sealed = original(work) if stop == "_seal" else None
        stopped.set()
        assert goes_on.wait(_PATIENCE_SECONDS)
        return original(work) if stop == "_hold_head" else sealed

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(3) as threads:
        patch.setattr(UnitOfWork, stop, halting)
        one = threads.submit(outcome, first, desks[0])
        halted: Future[bool] = threads.submit(stopped.wait, _PATIENCE_SECONDS)
        wait([one, halted], timeout=_PATIENCE_SECONDS, return_when=FIRST_COMPLETED)
        assert stopped.is_set(), one.result()
        two = threads.submit(outcome, second, desks[1])
        while not two.done() and not street.waits():
            wait([two], timeout=0.02)
        goes_on.set()
        return Race(first=one.result(_PATIENCE_SECONDS), second=two.result(_PATIENCE_SECONDS))


def both(street: Street, desks: tuple[Counter, Counter], operation: Operation, stop: str) -> Race:
    """Let both desks do the same."""
    return race(street, desks, operation, operation, stop)


def outcome(operation: Operation, counter: Counter) -> Any:
    try:
        return operation(counter)
    except (BillingError, CounterError, RecordsError, StaffError) as error:
        return error


@STOPS
def test_two_desks_open_their_shifts_and_number_them_without_a_gap(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    for counter in desks:
        counter.shifts.close(counted_fen=100_000, reason="unknown", request=new_id())
    found = both(street, desks, lambda counter: counter.shifts.open(float_fen=100_000), stop)
    numbers = sorted([found.first.number, found.second.number])
    assert numbers == [numbers[0], numbers[0] + 1]


@STOPS
def test_two_programs_of_one_desk_open_one_shift(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    counter = desks[0]
    counter.shifts.close(counted_fen=100_000, reason="unknown", request=new_id())
    clock = counter.till.records.clock
    with open_venue(counter.till.reserve.folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        beside = counter_of(venue, "wang")
        found = both(street, (counter, beside), lambda one: one.shifts.open(float_fen=100_000), stop)
    assert found.won_by_one(ShiftOpenError) == counter.shifts.current()


@STOPS
def test_one_seat_is_opened_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    seat, people = next(street.seats), (next(street.people), next(street.people))

    def opens(who: str) -> Operation:
        return lambda counter: seat_someone(counter, who, seat, deposit=cash(2000))

    before = street.entries("visit.opened"), street.entries("deposit.taken")
    won = race(street, desks, opens(people[0]), opens(people[1]), stop).won_by_one(SeatTakenError)
    assert (street.entries("visit.opened"), street.entries("deposit.taken")) == (before[0] + 1, before[1] + 1)
    assert [bill.visit.visit_id for bill in desks[0].seats.running() if bill.visit.seat == seat] == [won]


@STOPS
def test_one_customer_sits_on_one_seat(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    who, seats = next(street.people), (next(street.seats), next(street.seats))

    def opens(seat: str) -> Operation:
        return lambda counter: seat_someone(counter, who, seat)

    won = race(street, desks, opens(seats[0]), opens(seats[1]), stop).won_by_one(IdRefusedError)
    assert [bill.visit.visit_id for bill in desks[1].seats.running() if bill.visit.seat in seats] == [won]


def seated(street: Street, counter: Counter, **how: Any) -> str:
    return seat_someone(counter, next(street.people), next(street.seats), **how)


def settles(visit: str, fen: int) -> Operation:
    return lambda counter: counter.settlements.settle(visit, [cash(fen)], request=new_id())


@STOPS
def test_one_visit_is_paid_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[1])
    street.later(60)
    due = desks[0].settlements.show(visit).due_fen
    assert due > 0
    settled = race(street, desks, settles(visit, due), settles(visit, due + 1000), stop).won_by_one(AlreadySettledError)
    assert settled == desks[1].settlements.find(visit)


@STOPS
def test_an_order_comes_before_the_settlement_or_not_at_all(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    visit = seated(street, desks[0])
    street.later(60)
    due = desks[0].settlements.show(visit).due_fen

    def orders(counter: Counter) -> Any:
        return counter.sales.order(visit, [goods("cola-330")], request=new_id())

    found = race(street, desks, settles(visit, due), orders, stop)
    if isinstance(found.second, Exception):
        assert found.first.total_fen == due
        assert isinstance(found.second, AlreadySettledError | UnknownVisitError)
    else:
        # What was shown is not what is due any more: the clerk looks at a new statement.
        assert isinstance(found.first, StatementNeededError)


@STOPS
def test_an_outage_begins_before_a_settlement_or_after_it(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    visit = seated(street, desks[0])
    street.later(60)
    due = desks[0].settlements.show(visit).due_fen
    found = race(street, desks, settles(visit, due), lambda counter: counter.seats.begin_outage("power"), stop)
    paused = {one.visit_id for one in found.second}
    if isinstance(found.first, Exception):
        assert visit in paused
    else:
        assert visit not in paused
        assert found.first.total_fen == due
    desks[1].seats.end_outage()
    street.assert_sound()


@STOPS
def test_nobody_is_seated_into_an_outage(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    seat, who = next(street.seats), next(street.people)
    found = race(
        street, desks, lambda counter: counter.seats.begin_outage("power"), lambda c: seat_someone(c, who, seat), stop
    )
    paused = [one.visit_id for one in found.first]
    desks[0].seats.end_outage()
    if isinstance(found.second, Exception):
        assert isinstance(found.second, OutageRunningError)
    else:
        assert found.second in paused


@STOPS
def test_a_seat_is_taken_out_of_use_or_opened(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    seat, who = next(street.seats), next(street.people)
    found = race(
        street, desks, lambda c: seat_someone(c, who, seat), lambda c: c.seats.close_seat(seat, "faulty"), stop
    )
    assert sum(isinstance(one, Exception) for one in (found.first, found.second)) == 1
    assert isinstance(found.first, SeatOutOfUseError) or isinstance(found.second, SeatTakenError)
    is_closed = seat in desks[0].seats.out_of_use()
    assert is_closed is not (seat in {bill.visit.seat for bill in desks[1].seats.running()})


@STOPS
def test_a_seat_is_put_back_in_use_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    seat = next(street.seats)
    desks[0].seats.close_seat(seat, "faulty")
    both(street, desks, lambda counter: counter.seats.reopen_seat(seat), stop).won_by_one(SeatInUseError)


@STOPS
def test_two_customers_move_to_one_free_seat_and_one_of_them_sits_there(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    visits, seat = [seated(street, counter) for counter in desks], next(street.seats)

    def moves(visit: str) -> Operation:
        return lambda counter: counter.seats.move(visit, seat)

    won = race(street, desks, moves(visits[0]), moves(visits[1]), stop).won_by_one(SeatTakenError)
    assert [bill.visit.visit_id for bill in desks[0].seats.running() if bill.visit.seat == seat] == [won.visit.visit_id]


@STOPS
def test_a_visit_is_paused_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[0])
    both(street, desks, lambda counter: counter.seats.pause(visit), stop).won_by_one(VisitPausedError)


@STOPS
def test_deposits_of_two_desks_both_count(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[0], deposit=cash(2000))
    taken = both(street, desks, lambda counter: counter.deposits.top_up(visit, cash(1000), request=new_id()), stop)
    assert taken.second.receipt - taken.first.receipt in {1, -1}
    assert desks[1].seats.bill(visit).deposits_fen == 4000


@STOPS
def test_one_line_is_given_back_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    sale = desks[0].sales.sell([goods("cola-330")], [cash(1000)], request=new_id())
    paid_for = PaidFor(sale_id=sale.sale_id)
    line = RefundLine(line=1, quantity=1)

    def gives(counter: Counter) -> Any:
        return counter.refunds.give(paid_for, [line], reason="faulty", request=new_id())

    given = race(street, desks, gives, gives, stop).won_by_one(RefundedTooManyError)
    assert given.amount_fen == sale.total_fen
    assert desks[1].refunds.refundable(paid_for).settled.left_fen == 0


@STOPS
def test_the_last_piece_may_be_sold_twice_and_the_books_say_that_one_is_missing(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    """A sale is never held up by what the books think lies on the shelf: whoever has it in the hand sells it."""
    desks[0].stock.count([Pieces(code="cola-330", quantity=1)])

    def sells(counter: Counter) -> Any:
        return counter.sales.sell([goods("cola-330")], [cash(1000)], request=new_id())

    found = race(street, desks, sells, sells, stop)
    assert found.second.receipt - found.first.receipt in {1, -1}
    assert {level.code: level.pieces for level in desks[1].stock.levels()}["cola-330"] == -1


@STOPS
def test_one_piece_is_cancelled_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[0])
    request = new_id()
    desks[0].sales.order(visit, [goods("cola-330")], request=request)
    order = desks[0].sales.order_ids(request)[0]

    def cancels(counter: Counter) -> Any:
        return counter.sales.cancel(order, 1, quantity=1, reason="keyed-wrong")

    both(street, desks, cancels, stop).won_by_one(CancelledTooManyError)
    assert desks[1].seats.bill(visit).orders == ()


@STOPS
def test_an_order_is_handed_over_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[0])
    request = new_id()
    desks[0].sales.order(visit, [goods("cola-330")], request=request)
    order = desks[0].sales.order_ids(request)[0]
    handed = both(street, desks, lambda counter: counter.sales.hand_over(order), stop)
    assert handed.won_by_one(NothingToHandOverError) == (1,)


@STOPS
def test_copies_of_a_slip_are_numbered_one_after_the_other(
    street: Street, desks: tuple[Counter, Counter], stop: str
) -> None:
    sale = desks[0].sales.sell([goods("cola-330")], [cash(1000)], request=new_id())
    slip = desks[0].slips.about(sale.sale_id)[0].job_id
    found = both(street, desks, lambda counter: counter.slips.reprint(slip, request=new_id()), stop)
    assert sorted([found.first.copy_no, found.second.copy_no]) == [2, 3]
    assert {found.first.desk, found.second.desk} == {"desk-1", "desk-2"}


@STOPS
def test_what_ends_by_itself_ends_once(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    visit = seated(street, desks[0], package="3h")
    street.later(4 * 60)
    found = both(street, desks, lambda counter: counter.seats.end_due(), stop)
    assert [one.visit_id for one in (*found.first, *found.second)] == [visit]


@STOPS
def test_wrong_pins_at_two_desks_both_count(street: Street, desks: tuple[Counter, Counter], stop: str) -> None:
    """Who guesses at several desks at once has no more guesses than at one."""

    def guesses(counter: Counter) -> Any:
        venue = street.venues[0 if counter.till.records is street.venues[0].records else 1]
        return accounts.log_in(venue.records, name="zhou", pin="000000", pad=venue.pin_pad)

    before = street.failures("zhou")
    found = both(street, desks, guesses, stop)
    assert [type(one) for one in (found.first, found.second)] == [PinRefusedError, PinRefusedError]
    assert street.failures("zhou") == before + 2
    accounts.log_in(street.venues[0].records, name="zhou", pin="951628", pad=street.venues[0].pin_pad)
