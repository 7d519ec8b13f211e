"""Opening, moving, pausing, packages, outages, and what ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing import outages, publication, settlement, shifts, statements, visits
from billing.errors import BooksError, UnknownReasonError
from billing.list_errors import NoPriceListError
from billing.shift_errors import NoShiftError
from billing.usage_errors import (
    NotOnSaleError,
    OutsideHoursError,
    UnknownPackageError,
    UnknownTierError,
    UnknownZoneError,
)
from billing.visit_errors import (
    AlreadySettledError,
    CheckUsedError,
    NoOutageError,
    OutageRunningError,
    PausesUsedUpError,
    PersonSeatedError,
    SeatTakenError,
    StatementStaleError,
    UnknownVisitError,
    VisitEndedError,
    VisitNotPausedError,
    VisitPausedError,
    VisitRepeatedError,
)
from billing.visit_record import Ends
from records.ids import new_id
from tests.billing.counter import WINTER, Counter, list_with, tenders

CLOSES_AT_MIDNIGHT = list_with(('open = "00:00"', 'open = "08:00"'), ('end = "08:00"', 'end = "24:00"'))
STOPS_WITH_PACKAGE = list_with(('package_end = "hourly"', 'package_end = "stop"'))


def test_a_visit_is_opened_under_the_list_in_force(counter: Counter) -> None:
    visit_id = counter.open("A07", zone="hall", tier="gold")
    body = counter.last("visit.opened")
    assert body.pop("check")
    assert body == {
        "visit": visit_id,
        "seat": "A07",
        "zone": "hall",
        "tier": "gold",
        "list": 1,
        "list_sha256": WINTER.sha256,
        "at": "2026-11-23T19:00:00",
    }
    assert counter.ask(visits.find, "A07").visit_id == visit_id


def test_a_visit_names_its_reader_and_its_computer_where_they_are_known(counter: Counter) -> None:
    with counter.records.begin() as work:
        visits.open_visit(
            work,
            visit_id=new_id(),
            check_id=counter.checked(work),
            person_id="p",
            seat="A01",
            zone="hall",
            tier="guest",
            port="com3",
            terminal_ip="192.168.1.11",
        )
        work.commit()
    assert counter.last("visit.opened").items() >= {"port": "com3", "terminal_ip": "192.168.1.11"}.items()


def test_nobody_sits_twice_and_no_seat_has_two(counter: Counter) -> None:
    first = counter.open("A01", person="p")
    with pytest.raises(PersonSeatedError) as seated:
        counter.open("A02", person="p")
    assert (seated.value.visit_id, seated.value.seat, seated.value.code) == (first, "A01", "same-person")
    with pytest.raises(SeatTakenError):
        counter.open("A01", person="q")
    with pytest.raises(PersonSeatedError):
        counter.open("A01", person="p")
    assert counter.ask(visits.seated, "p") == first
    assert counter.ask(visits.seated, "q") is None


def test_a_repeated_opening_is_told_of_the_first(counter: Counter) -> None:
    visit_id = counter.open("A01")
    first = counter.ask(visits.find, visit_id)

    def again(visit_id: str, check_id: str) -> None:
        counter.do(
            visits.open_visit,
            visit_id=visit_id,
            check_id=check_id,
            person_id="other",
            seat="A09",
            zone="hall",
            tier="guest",
        )

    with pytest.raises(VisitRepeatedError) as repeated:
        again(visit_id, new_id())
    assert (repeated.value.seat, repeated.value.opened_at) == ("A01", first.opened_at)
    with pytest.raises(CheckUsedError) as used:
        again(new_id(), first.check_id)
    assert used.value.visit_id == visit_id


@pytest.mark.parametrize(
    ("place", "error"), [({"zone": "moon"}, UnknownZoneError), ({"tier": "platinum"}, UnknownTierError)]
)
def test_a_visit_needs_a_zone_and_a_tier_of_the_list(
    counter: Counter, place: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        counter.open(**place)


def test_no_visit_opens_without_a_shift_or_a_list(bare_counter: Counter) -> None:
    with pytest.raises(NoShiftError):
        bare_counter.open()
    bare_counter.open_shift()
    with pytest.raises(NoPriceListError):
        bare_counter.open()


def test_no_visit_opens_while_the_venue_is_closed(bare_counter: Counter) -> None:
    bare_counter.publish(CLOSES_AT_MIDNIGHT)
    bare_counter.open_shift()
    bare_counter.wait(hours=6)
    with pytest.raises(OutsideHoursError):
        bare_counter.open()


def test_an_unknown_visit_is_no_visit(counter: Counter) -> None:
    for operation in (visits.pause, visits.resume):
        with pytest.raises(UnknownVisitError):
            counter.do(operation, "nobody")
    with pytest.raises(UnknownVisitError):
        counter.ask(visits.find, "A01")


def test_a_moved_visit_is_charged_by_the_zone_of_each_instant(counter: Counter) -> None:
    visit_id = counter.open("A01")
    counter.open("A02")
    counter.wait(hours=1)
    with pytest.raises(SeatTakenError):
        counter.do(visits.move, visit_id, seat="A02", zone="hall")
    with pytest.raises(UnknownZoneError):
        counter.do(visits.move, visit_id, seat="C01", zone="moon")
    counter.do(visits.move, visit_id, seat="B01", zone="esports")
    assert counter.last("visit.moved") == {
        "visit": visit_id,
        "from_seat": "A01",
        "seat": "B01",
        "zone": "esports",
        "at": "2026-11-23T20:00:00",
    }
    counter.wait(hours=1)
    draft = counter.settle(visit_id, "cash=1200")
    assert (draft.visit_bill.total_fen, draft.entry.body["seat"], draft.entry.body["zone"]) == (1200, "B01", "esports")
    assert counter.open("A01")


def test_of_moves_within_one_second_the_last_counts(counter: Counter) -> None:
    visit_id = counter.open("A01")
    counter.do(visits.move, visit_id, seat="B01", zone="esports")
    counter.do(visits.move, visit_id, seat="A02", zone="hall")
    counter.do(visits.move, visit_id, seat="B02", zone="esports")
    counter.wait(hours=1)
    counter.do(visits.move, visit_id, seat="A02", zone="hall")
    draft = counter.settle(visit_id, "cash=800")
    assert draft.entry.body["usage"]["stays"] == [{"from": "2026-11-23T19:00:00", "zone": "esports"}]


def test_a_paused_visit_costs_nothing_meanwhile(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.do(visits.pause, visit_id)
    with pytest.raises(VisitPausedError):
        counter.do(visits.pause, visit_id)
    counter.wait(minutes=20)
    counter.do(visits.resume, visit_id)
    with pytest.raises(VisitNotPausedError):
        counter.do(visits.resume, visit_id)
    counter.wait(hours=1)
    draft = counter.settle(visit_id, "cash=800")
    assert draft.visit_bill.total_fen == 800
    assert draft.entry.body["used_seconds"] == 7200
    assert draft.entry.body["usage"]["pauses"] == [{"from": "2026-11-23T20:00:00", "to": "2026-11-23T20:20:00"}]


def test_a_pause_ends_by_itself_at_its_limit_and_time_is_charged_from_there(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.do(visits.pause, visit_id)
    counter.wait(hours=2)
    assert counter.do(visits.resume_due) == [visit_id]
    with pytest.raises(VisitNotPausedError):
        counter.do(visits.resume, visit_id)
    draft = counter.settle(visit_id, "cash=1000")
    assert draft.entry.body["usage"]["pauses"] == [{"from": "2026-11-23T20:00:00", "to": "2026-11-23T20:30:00"}]
    assert draft.entry.body["used_seconds"] == 9000
    assert counter.last("visit.resumed") == {"visit": visit_id, "at": "2026-11-23T20:30:00"}


def test_a_pause_forgotten_by_every_program_is_still_bounded_at_the_settlement(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(visits.pause, visit_id)
    counter.wait(hours=3)
    assert counter.ask(visits.bill_so_far, visit_id, counter.clock.read().second).usage.pauses[0].end == (
        counter.clock.read().second - timedelta(hours=2, minutes=30)
    )
    counter.settle(visit_id, "cash=2000")
    assert counter.last("visit.resumed")["at"] == "2026-11-23T19:30:00"


def test_a_customer_pauses_as_often_as_the_list_says(counter: Counter) -> None:
    visit_id = counter.open()
    for _ in range(2):
        counter.do(visits.pause, visit_id)
        counter.wait(minutes=1)
        counter.do(visits.resume, visit_id)
    counter.do(outages.begin_outage, reason="power")
    counter.wait(minutes=1)
    counter.do(outages.end_outage)
    with pytest.raises(PausesUsedUpError) as used_up:
        counter.do(visits.pause, visit_id)
    assert used_up.value.pauses_max == 2


def test_a_list_without_pauses_allows_none(bare_counter: Counter) -> None:
    bare_counter.publish(list_with(("pause_minutes_max = 30", "pause_minutes_max = 0")))
    bare_counter.open_shift()
    visit_id = bare_counter.open()
    with pytest.raises(PausesUsedUpError):
        bare_counter.do(visits.pause, visit_id)


def test_an_outage_pauses_everybody_and_nobody_pays_for_it(counter: Counter) -> None:
    first, second = counter.open("A01"), counter.open("A02")
    counter.wait(hours=1)
    counter.do(visits.pause, second)
    counter.wait(minutes=10)
    counter.do(outages.begin_outage, reason="power")
    began = counter.last("outage.began")
    assert (sorted(began["visits"]), began["at"], began["reason"]) == (
        sorted([first, second]),
        "2026-11-23T20:10:00",
        "power",
    )
    for operation in (visits.pause, visits.resume):
        with pytest.raises(OutageRunningError):
            counter.do(operation, first)
    with pytest.raises(OutageRunningError):
        counter.open("A03")
    with pytest.raises(OutageRunningError):
        counter.do(outages.begin_outage, reason="network")
    counter.wait(hours=2)
    counter.do(outages.end_outage)
    with pytest.raises(NoOutageError):
        counter.do(outages.end_outage)
    counter.wait(minutes=50)
    paid = counter.settle(first, "cash=1000")
    assert paid.entry.body["usage"]["pauses"] == [
        {"from": "2026-11-23T20:10:00", "to": "2026-11-23T22:10:00", "venue": True}
    ]
    paid = counter.settle(second, "cash=1000")
    assert paid.entry.body["usage"]["pauses"] == [
        {"from": "2026-11-23T20:00:00", "to": "2026-11-23T20:10:00"},
        {"from": "2026-11-23T20:10:00", "to": "2026-11-23T22:10:00", "venue": True},
    ]


def test_who_leaves_during_an_outage_pays_until_it_began(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.do(outages.begin_outage, reason="network")
    counter.wait(hours=1)
    assert counter.settle(visit_id, "cash=400").entry.body["used_seconds"] == 3600
    assert counter.do(outages.end_outage) == []


def test_an_outage_has_a_reason_of_the_list(counter: Counter) -> None:
    with pytest.raises(UnknownReasonError) as unknown:
        counter.do(outages.begin_outage, reason="aliens")
    assert "power" in unknown.value.known


def test_a_package_is_bought_while_it_is_on_sale(counter: Counter) -> None:
    visit_id = counter.open()
    with pytest.raises(UnknownPackageError):
        counter.do(visits.buy_package, visit_id, "weekend")
    with pytest.raises(NotOnSaleError):
        counter.do(visits.buy_package, visit_id, "night")
    counter.do(visits.buy_package, visit_id, "3h")
    assert counter.last("package.bought") == {"visit": visit_id, "code": "3h", "at": "2026-11-23T19:00:00"}
    counter.wait(hours=3)
    draft = counter.settle(visit_id, "cash=1000")
    assert draft.entry.body["bill"]["lines"] == [{"kind": "package", "code": "3h", "amount_fen": 1000}]


def test_a_package_bought_in_the_second_of_the_end_is_not_charged(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    draft = counter.settle(visit_id)
    assert draft.visit_bill.total_fen == 0
    assert "packages" not in draft.entry.body["usage"]


def test_closing_time_ends_a_visit_even_if_no_program_ran(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(CLOSES_AT_MIDNIGHT)
    counter.open_shift()
    visit_id = counter.open()
    counter.wait(hours=9)
    statement = counter.show(visit_id)
    assert statement.to_json()["at"] == "2026-11-24T00:00:00"
    assert counter.last("visit.ended") == {"visit": visit_id, "at": "2026-11-24T00:00:00", "reason": "closing-time"}
    body = counter.pay(visit_id, "cash=1800").entry.body
    assert (body["ends"], body["usage"]["end"], body["used_seconds"]) == ("closing-time", "2026-11-24T00:00:00", 18000)


def test_the_end_of_the_last_package_closes_the_seat_where_the_list_says_so(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(STOPS_WITH_PACKAGE)
    counter.open_shift()
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    counter.wait(hours=2)
    counter.do(visits.buy_package, visit_id, "3h")
    counter.wait(hours=8)
    [ended] = counter.do(visits.end_due)
    assert (ended.visit_id, ended.seat, ended.reason) == (visit_id, "A01", Ends.PACKAGE_END)
    assert counter.last("visit.ended")["at"] == "2026-11-24T01:00:00"
    for operation in (visits.pause, visits.resume):
        with pytest.raises(VisitEndedError) as refused:
            counter.do(operation, visit_id)
        assert refused.value.reason == "package-end"
    with pytest.raises(VisitEndedError):
        counter.do(visits.move, visit_id, seat="A02", zone="hall")
    body = counter.settle(visit_id, "cash=2000").entry.body
    assert (body["ends"], body["total_fen"]) == ("package-end", 2000)


def test_a_pause_that_closing_time_cuts_off_ends_there(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(CLOSES_AT_MIDNIGHT)
    counter.open_shift()
    visit_id = counter.open()
    counter.wait(hours=4, minutes=50)
    counter.do(visits.pause, visit_id)
    counter.wait(hours=1)
    body = counter.settle(visit_id, "cash=2000").entry.body
    assert body["usage"]["pauses"] == [{"from": "2026-11-23T23:50:00", "to": "2026-11-24T00:00:00"}]


def test_nothing_due_writes_nothing(counter: Counter) -> None:
    counter.open()
    before = len(counter.entries())
    with counter.records.begin() as work:
        assert visits.end_due(work) == []
        assert visits.resume_due(work) == []
    assert len(counter.entries()) == before


def test_whoever_is_paying_at_closing_time_pays_what_was_shown(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(CLOSES_AT_MIDNIGHT)
    counter.open_shift()
    visit_id = counter.open()
    counter.wait(hours=4, minutes=58)
    counter.show(visit_id)
    counter.wait(minutes=4)
    with counter.records.begin() as work:
        assert visits.end_due(work) == []
    body = counter.pay(visit_id, "cash=2000").entry.body
    assert (body["ends"], body["usage"]["end"]) == ("customer", "2026-11-23T23:58:00")


def test_whoever_does_not_pay_then_is_charged_until_closing_time(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(CLOSES_AT_MIDNIGHT)
    counter.open_shift()
    visit_id = counter.open()
    counter.wait(hours=4, minutes=58)
    counter.show(visit_id)
    counter.wait(minutes=6)
    assert [ended.visit_id for ended in counter.do(visits.end_due)] == [visit_id]
    with pytest.raises(StatementStaleError):
        counter.pay(visit_id, "cash=2000")
    assert counter.settle(visit_id, "cash=2000").entry.body["ends"] == "closing-time"


def test_a_clock_set_back_never_makes_a_usage_that_cannot_be_rated(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.do(visits.move, visit_id, seat="B01", zone="esports")
    counter.clock._start_ms -= 30 * 60_000
    counter.do(visits.pause, visit_id)
    counter.do(visits.move, visit_id, seat="B02", zone="esports")
    counter.clock._start_ms -= 30 * 60_000
    counter.do(visits.resume, visit_id)
    draft = counter.settle(visit_id, "cash=400")
    assert draft.entry.body["usage"]["end"] == "2026-11-23T20:00:00"


def test_a_settled_visit_is_over_for_every_operation(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    receipt = counter.settle(visit_id, "cash=400").receipt
    for operation in (visits.pause, visits.resume):
        with pytest.raises(AlreadySettledError) as settled:
            counter.do(operation, visit_id)
        assert settled.value.receipt == receipt


def test_the_bill_so_far_is_what_a_statement_would_say(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1, minutes=1)
    so_far = counter.ask(visits.bill_so_far, visit_id, counter.clock.read().second)
    assert so_far.statement_json() == counter.show(visit_id).to_json()


def test_a_new_list_does_not_change_a_running_visit(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(minutes=30)
    counter.publish(list_with(("fen_per_hour = 400", "fen_per_hour = 900")))
    counter.wait(minutes=30)
    assert counter.ask(publication.in_force, counter.clock.read().second).number == 2
    body = counter.settle(visit_id, "cash=400").entry.body
    assert (body["list"], body["total_fen"]) == (1, 400)


def test_the_desk_warns_ten_and_five_minutes_before(bare_counter: Counter) -> None:
    counter = bare_counter
    counter.publish(CLOSES_AT_MIDNIGHT)
    counter.open_shift()
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    start = counter.clock.read().second

    def said(hours: int, minutes: int) -> list[tuple[str, int]]:
        at = start + timedelta(hours=hours, minutes=minutes)
        return [(warning.of.value, warning.minutes) for warning in counter.ask(visits.warnings, at)]

    assert said(2, 49) == []
    assert said(2, 50) == [("package-end", 10)]
    assert said(2, 55) == [("package-end", 5)]
    assert said(3, 1) == []
    assert said(4, 51) == [("closing-time", 10)]
    assert said(4, 56) == [("closing-time", 5)]
    assert said(5, 1) == []


def test_the_desk_warns_before_a_deposit_is_used_up(counter: Counter) -> None:
    from billing import deposits

    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("cash=800")[0], job_id=new_id())
    start = counter.clock.read().second
    [warning] = counter.ask(visits.warnings, start + timedelta(hours=1, minutes=52))
    assert (warning.of.value, warning.minutes, warning.ends_at) == ("funds-end", 10, start + timedelta(hours=2))
    [late] = counter.ask(visits.warnings, start + timedelta(hours=3))
    assert late.ends_at == start + timedelta(hours=3)


def test_every_refusal_of_the_books_has_a_code_of_its_own() -> None:
    codes = [error.code for error in BooksError.__subclasses__()]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)


def test_a_refused_operation_leaves_no_trace(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    before = counter.entries()
    with pytest.raises(BooksError):
        counter.do(settlement.settle, visit_id, [], job_id=new_id())
    with pytest.raises(BooksError):
        counter.do(visits.resume, visit_id)
    with pytest.raises(BooksError):
        counter.do(shifts.open_shift, float_fen=0)
    assert counter.entries() == before
    assert counter.do(statements.show, visit_id, how="printed").total_fen == 400
