"""Any life at the counter, with the clock set back now and then: the books stay right.

Whatever happens: postings sum to zero, balances follow them, deposits owed are those of open visits, the drawer holds
what the shift expects, every settlement's usage is what the journal's entries say and rates to its bill, and state
rebuilt from facts is the state there was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from billing import deposits, ledger, orders, outages, rebuild, sales, shifts, visits
from billing.errors import BillingError, BooksError
from billing.price_list import PriceList
from billing.rating import rate
from billing.tables import account_balances, postings
from billing.tenders import Tender, TenderKind
from billing.usage import Usage
from records.clock import BusinessDays, SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.notes import HeadSigner
from records.unit_of_work import Records
from tests.billing.counter import FLOAT_FEN, WINTER, Counter, goods, list_with, service
from tests.conftest import MONDAY_EVENING, SHANGHAI

LISTS = {
    "winter": WINTER,
    "closes at midnight": list_with(('open = "00:00"', 'open = "08:00"'), ('end = "08:00"', 'end = "24:00"')),
    "package ends the visit": list_with(('package_end = "hourly"', 'package_end = "stop"')),
    "short pauses": list_with(
        ("pause_minutes_max = 30", "pause_minutes_max = 5"), ("pauses_max = 2", "pauses_max = 9")
    ),
}
SEATS = {"A01": "hall", "A02": "hall", "B01": "esports", "B02": "esports"}
MONEY = ("cash/desk-1", "wechat", "alipay", "bank")

seats = st.sampled_from(sorted(SEATS))
fens = st.integers(1, 3000)
kinds = st.sampled_from(TenderKind)


def tender(kind: TenderKind, fen: int) -> Tender:
    return Tender(kind=kind, fen=fen, reference=None if kind is TenderKind.CASH else f"ref-{fen}")


class CounterLife(RuleBasedStateMachine):
    """One life; `where` founds the books."""

    def __init__(self, where: Callable[[], Records]) -> None:
        super().__init__()
        records = where()
        assert isinstance(records.clock, SimulatedClock)
        self.counter = Counter(records=records, clock=records.clock)
        self.prices: PriceList = WINTER
        self.drawer_fen = 0
        self.bills = 0

    @initialize(name=st.sampled_from(sorted(LISTS)))
    def begin(self, name: str) -> None:
        self.prices = LISTS[name]
        self.counter.publish(self.prices)
        self.open_shift()

    def attempt(self, operation: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Do it, or be refused without a trace."""
        try:
            return self.counter.do(operation, *arguments, **options)
        except BillingError:
            return None

    def on_seat(self, seat: str) -> str:
        """The visit on a seat: whoever sits there, or comes now if the venue lets anybody in."""
        try:
            return self.counter.ask(visits.find, seat).visit_id
        except BooksError:
            return self.come(seat, "guest")

    def come(self, seat: str, tier: str) -> str:
        try:
            return self.counter.open(seat, zone=SEATS[seat], tier=tier)
        except BillingError:
            return "nobody"

    @rule(minutes=st.integers(0, 150), seconds=st.sampled_from([0, 0, 1, 59]))
    def time_passes(self, minutes: int, seconds: int) -> None:
        self.counter.wait(minutes=minutes, seconds=seconds)

    @rule(minutes=st.integers(1, 90))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.counter.clock._start_ms -= minutes * 60_000

    @rule(seat=seats, tier=st.sampled_from(["guest", "gold"]))
    def somebody_comes(self, seat: str, tier: str) -> None:
        self.come(seat, tier)

    @rule(seat=seats, to=seats)
    def moves(self, seat: str, to: str) -> None:
        self.attempt(visits.move, self.on_seat(seat), seat=to, zone=SEATS[to])

    @rule(seat=seats)
    def pauses(self, seat: str) -> None:
        self.attempt(visits.pause, self.on_seat(seat))

    @rule(seat=seats)
    def comes_back(self, seat: str) -> None:
        self.attempt(visits.resume, self.on_seat(seat))

    @rule(seat=seats, code=st.sampled_from(["3h", "night"]))
    def buys_a_package(self, seat: str, code: str) -> None:
        self.attempt(visits.buy_package, self.on_seat(seat), code)

    @rule(seat=seats, cola=st.integers(0, 3), pages=st.integers(0, 2))
    def orders_something(self, seat: str, cola: int, pages: int) -> None:
        self.attempt(orders.add, self.on_seat(seat), [goods("cola-330", cola), service("print-a4", pages)])

    @rule(seat=seats, quantity=st.integers(1, 3), line=st.integers(1, 2))
    def sends_something_back(self, seat: str, quantity: int, line: int) -> None:
        added = [entry["body"] for entry in self.counter.entries("order.added")]
        mine = [body["order"] for body in added if body["visit"] == self.on_seat(seat)]
        self.attempt(orders.cancel, mine[-1] if mine else "none", line, quantity, "customer")

    @rule(seat=seats, kind=kinds, fen=fens)
    def leaves_a_deposit(self, seat: str, kind: TenderKind, fen: int) -> None:
        given = tender(kind, fen)
        if self.attempt(deposits.take, self.on_seat(seat), given, job_id=new_id()) is not None:
            self.drawer_fen += fen if kind is TenderKind.CASH else 0

    @rule(seat=seats)
    def looks_at_the_bill(self, seat: str) -> None:
        visit_id = self.on_seat(seat)
        if visit_id != "nobody":
            self.counter.show(visit_id)

    @rule(seat=seats, kind=kinds, share=st.integers(0, 100), over_fen=st.integers(0, 500))
    def leaves_and_pays(self, seat: str, kind: TenderKind, share: int, over_fen: int) -> None:
        """Whoever leaves can always pay: some by card, the rest and a little more in cash."""
        visit_id = self.on_seat(seat)
        if visit_id == "nobody" or self.counter.ask(shifts.current) is None:
            return
        due_fen = self.counter.show(visit_id).due_fen
        by_kind = due_fen * share // 100
        given = [tender(kind, by_kind)] if by_kind else []
        cash_fen = due_fen - by_kind + over_fen
        given += [tender(TenderKind.CASH, cash_fen)] if cash_fen else []
        texts = [f"{part.kind}={part.fen}" + (f":{part.reference}" if part.reference else "") for part in given]
        draft = self.counter.pay(visit_id, *texts)
        cash = TenderKind.CASH
        self.drawer_fen += sum(part.fen for part in given if part.kind is cash) - draft.payment.change_fen
        self.drawer_fen -= sum(part.fen for part in draft.payment.returned if part.kind is cash)
        self.bills += 1

    @rule(seat=seats, given_fen=st.integers(1, 4000))
    def tries_to_pay_less(self, seat: str, given_fen: int) -> None:
        visit_id = self.on_seat(seat)
        if visit_id == "nobody":
            return
        if self.counter.show(visit_id).due_fen > given_fen:
            with pytest.raises(BooksError):
                self.counter.pay(visit_id, f"cash={given_fen}")

    @rule(cola=st.integers(1, 3), over_fen=st.integers(0, 500))
    def somebody_buys_in_passing(self, cola: int, over_fen: int) -> None:
        given = tender(TenderKind.CASH, 400 * cola + over_fen)
        sold = self.attempt(
            sales.sell, sale_id=new_id(), lines=[goods("cola-330", cola)], tenders=[given], job_id=new_id()
        )
        self.drawer_fen += 0 if sold is None else 400 * cola

    @rule()
    def the_power_fails(self) -> None:
        self.attempt(outages.begin_outage, reason="power")

    @rule()
    def the_power_comes_back(self) -> None:
        self.attempt(outages.end_outage)

    @rule()
    def the_desk_writes_what_is_due(self) -> None:
        for write in (visits.end_due, visits.resume_due):
            with self.counter.records.begin() as work:
                write(work)
                if work.entries:
                    work.commit()

    @rule(difference_fen=st.sampled_from([0, 0, 0, -100, 50]))
    def the_shift_changes(self, difference_fen: int) -> None:
        counted_fen = max(self.drawer_fen + difference_fen, 0)
        closed = self.counter.do(shifts.close, counted_fen=counted_fen, reason="unknown", job_id=new_id())
        assert closed.expected_fen == self.drawer_fen
        self.open_shift()

    def open_shift(self) -> None:
        self.counter.open_shift()
        self.drawer_fen = FLOAT_FEN

    @invariant()
    def money_is_conserved(self) -> None:
        by_account = sa.select(postings.c.account, sa.func.sum(postings.c.amount_fen).label("fen")).group_by(
            postings.c.account
        )
        with self.counter.records.reading() as connection:
            posted = {row.account: row.fen for row in connection.execute(by_account)}
            balances = {row.account: row.balance_fen for row in connection.execute(sa.select(account_balances))}
            owed_fen = sum(visit.deposit_fen for visit in visits.open_visits(connection))
            assert ledger.balance(connection, "cash/desk-1") == self.drawer_fen
        assert posted == balances
        assert sum(posted.values()) == 0
        assert posted.get("deposits", 0) == -owed_fen

    @invariant()
    def state_is_what_the_facts_say(self) -> None:
        assert self.counter.ask(rebuild.differing) == []

    @invariant()
    def the_desk_can_always_be_asked(self) -> None:
        now = self.counter.clock.read().second
        self.counter.ask(visits.warnings, now)
        for visit in self.counter.ask(visits.open_visits):
            for at in (now, now + timedelta(hours=9)):
                assert self.counter.ask(visits.bill_so_far, visit.visit_id, at).total_fen >= 0

    def teardown(self) -> None:
        entries = self.counter.entries()
        settled = [entry["body"] for entry in entries if entry["type"] == "visit.settled"]
        assert len(settled) == self.bills
        for body in settled:
            assert body["usage"] == usage_told_by(entries, body)
            assert rate(Usage.from_json(body["usage"], self.prices.clock), self.prices).to_json() == body["bill"]
        self.counter.records.engine.dispose()


def usage_told_by(entries: Sequence[Mapping[str, Any]], settled: Mapping[str, Any]) -> dict[str, Any]:
    """The usage that journal-format.md §6 reads from a visit's own entries; local times of one zone compare as text."""
    visit, end = settled["visit"], settled["usage"]["end"]
    stays: list[dict[str, str]] = []
    pauses: list[dict[str, Any]] = []
    packages: list[dict[str, str]] = []
    running: dict[str, Any] | None = None
    for entry in entries:
        body = entry["body"]
        if body.get("visit") != visit and visit not in body.get("visits", ()):
            continue
        match entry["type"]:
            case "visit.opened" | "visit.moved" if body["at"] < end or not stays:
                stays = [stay for stay in stays if stay["from"] != body["at"]]
                stays.append({"from": body["at"], "zone": body["zone"]})
            case "visit.paused":
                running = {"from": body["at"]}
            case "outage.began":
                running = {"from": body["at"], "venue": True}
            case "visit.resumed" | "outage.ended":
                assert running is not None
                pauses.append({**running, "to": body["at"]})
                running = None
            case "package.bought" if body["at"] < end:
                packages.append({"code": body["code"], "bought_at": body["at"]})
    if running is not None:
        pauses.append({**running, "to": end})
    told = {"tier": settled["tier"], "start": stays[0]["from"], "end": end, "stays": stays}
    clipped = [{**pause, "to": min(pause["to"], end)} for pause in pauses]
    clipped = [pause for pause in clipped if pause["from"] < pause["to"]]
    return told | ({"pauses": clipped} if clipped else {}) | ({"packages": packages} if packages else {})


@pytest.fixture
def founding(founded_template: Path, tmp_path: Path, signer: HeadSigner) -> Callable[[], Records]:
    """What founds one venue after the other."""
    lives = iter(range(10_000))

    def found() -> Records:
        path = tmp_path / f"life-{next(lives)}"
        shutil.copytree(founded_template, path)
        return Records(
            engine=VenueFolder(path=path, reserve_bytes=65536).open(),
            clock=SimulatedClock(MONDAY_EVENING, boot="test-boot"),
            signer=signer,
            till="desk-1",
            venue_code="",
            days=BusinessDays(timezone=SHANGHAI, starts_minute=360),
        )

    return found


def test_whatever_happens_at_the_counter_the_books_are_right(founding: Callable[[], Records]) -> None:
    class Life(CounterLife):
        def __init__(self) -> None:
            super().__init__(founding)

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
