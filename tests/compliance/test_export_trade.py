"""Random days at the real counter are found honest by the verifier, whatever happens in them: in parts, and whole."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from billing import publication
from billing.errors import BillingError
from billing.price_checks import check
from billing.refunds import RefundLine
from billing.stock import Pieces
from billing.tenders import Tender
from compliance.bundle import export
from compliance.verification import verify
from members.errors import MembersError
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter
from pos.counter.errors import CounterError
from pos.counter.refunds import PaidFor
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import DEMO, PASSPHRASE, cash, counter_of, found_venue, seat_someone

PRICES = (DEMO / "prices.toml").read_text(encoding="utf-8")
GENEROUS = PRICES.replace("price_fen = 1200\n", 'price_fen = 1200\nrefund = "pro_rata"\n', 1)
BEST = GENEROUS.replace("best_price = false", "best_price = true").replace('"stop"', '"hourly"')
MONDAY = date(2026, 11, 23)
THINGS = ("cola-330", "noodles", "sausage", "print-a4", "supper", "supper", "3h-cola", "night-noodles", "gift-water")
REFUSED = (BillingError, CounterError, MembersError)


class Walk:
    """What customers and an owner at the counter happen to do; what is refused is left."""

    def __init__(self, venue: Venue, clock: SimulatedClock, seed: int) -> None:
        self.counter: Counter = counter_of(venue, "li")
        self.venue, self.clock = venue, clock
        self.chance = random.Random(seed)  # noqa: S311  # A repeatable choice of examples.
        self.visits: list[str] = []
        self.orders: list[str] = []
        self.reductions: list[str] = []
        self.paid: list[PaidFor] = []
        self.people = 0

    def step(self) -> None:
        acts = [self.come, self.come, self.order, self.order, self.order, self.hand_over, self.cancel, self.cancel]
        acts += [self.reduce, self.settle, self.sell, self.refund, self.stock, self.seat_out_of_use, self.package]
        self.clock.advance(timedelta(seconds=self.chance.randrange(1, 1500)))
        with suppress(*REFUSED):
            self.chance.choice(acts)()

    def come(self) -> None:
        self.people += 1
        name = "adult-" + "abcdefghijklmnopqrstuvwxyz"[self.people % 26]
        seat = self.chance.choice(["A01", "A02", "A03", "B01", "B02", "B03"])
        deposit = self.chance.choice([None, cash(2000), Tender.parse(f"wechat=3000:{new_id()}")])
        package = self.chance.choice([None, None, "3h"])
        tier = self.chance.choice(["guest", "gold"])
        self.visits.append(seat_someone(self.counter, name, seat, tier=tier, package=package, deposit=deposit))

    def visit(self) -> str:
        return self.chance.choice(self.visits or ["nobody"])

    def order(self) -> None:
        sales, visit = self.counter.sales, self.visit()
        codes = self.chance.sample(THINGS, self.chance.choice([1, 1, 2]))
        lines = [sales.line(code, self.chance.randrange(1, 4), visit=visit) for code in codes]
        request = new_id()
        sales.order(visit, lines, request=request)
        self.orders += sales.order_ids(request)

    def package(self) -> None:
        self.counter.seats.buy_package(self.visit(), self.chance.choice(["3h", "5h", "night"]))

    def hand_over(self) -> None:
        self.counter.sales.hand_over(self.chance.choice(self.orders or ["none"]))

    def cancel(self) -> None:
        line, quantity = self.chance.randrange(1, 6), self.chance.randrange(1, 3)
        order = self.chance.choice(self.orders[-6:] or ["none"])
        self.counter.sales.cancel(order, line, quantity=quantity, reason="customer")

    def reduce(self) -> None:
        if self.reductions and self.chance.random() < 0.3:
            self.counter.reductions.withdraw(self.reductions.pop())
            return
        request, fen = new_id(), self.chance.choice([50, 200, 900])
        self.counter.reductions.give(self.visit(), fen, reason="goodwill", request=request)
        self.reductions.append(request)

    def settle(self) -> None:
        visit = self.visit()
        self.counter.settlements.show(visit)
        with suppress(*REFUSED):
            self.counter.settlements.settle(visit, [], request=new_id())
            self.settled(visit)
            return
        self.counter.settlements.settle(visit, [cash(40_000)], request=new_id())
        self.settled(visit)

    def settled(self, visit: str) -> None:
        self.visits.remove(visit)
        self.paid.append(PaidFor(visit_id=visit))

    def sell(self) -> None:
        sales, request = self.counter.sales, new_id()
        lines = [sales.line(code, self.chance.randrange(1, 4)) for code in self.chance.sample(THINGS, 2)]
        total = sales.total_fen(lines)
        tender = self.chance.choice([cash(total + 100), Tender.parse(f"bank={total}:{new_id()}")])
        sales.sell(lines, [tender], request=request)
        self.paid.append(PaidFor(sale_id=request))

    def refund(self) -> None:
        if not self.paid:
            return
        paid = self.chance.choice(self.paid)
        lines = [line for line in self.counter.refunds.refundable(paid).lines if line.amount_fen > 0]
        line = self.chance.choice(lines) if lines else None
        if line is not None:
            pieces = self.chance.randrange(1, line.quantity + 1)
            is_package = line.kind == "package"
            asked = RefundLine(line=line.line, quantity=pieces, order_id=line.order_id, is_package=is_package)
            self.counter.refunds.give(paid, [asked], reason="faulty", request=new_id())

    def refund_overcharges(self) -> None:
        for paid in self.paid:
            if paid.visit_id is not None:
                with suppress(*REFUSED):
                    self.counter.overcharges.refund(paid.visit_id, 2, request=new_id())

    def stock(self) -> None:
        code = self.chance.choice(["cola-330", "noodles"])
        stock, pieces = self.counter.stock, self.chance.randrange(1, 30)
        lines = [Pieces(code=code, quantity=pieces)]
        match self.chance.randrange(3):
            case 0:
                stock.receive(lines)
            case 1:
                stock.count(lines)
            case _:
                stock.write_off(lines, reason="lost")

    def seat_out_of_use(self) -> None:
        seats, seat = self.counter.seats, self.chance.choice(["A01", "B03"])
        if seat in seats.out_of_use():
            seats.reopen_seat(seat)
        else:
            seats.close_seat(seat, "cleaning")

    def publish(self, prices: str) -> None:
        checked = check(prices)
        assert checked.prices is not None
        with self.venue.records.begin(actor="s1") as work:
            publication.publish(work, checked.prices, effective=None)
            work.commit()


@pytest.fixture(scope="module", params=[GENEROUS, BEST], ids=["as posted", "best price"])
def founded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trading") / "venue"
    prices: str = request.param
    found_venue(path, SimulatedClock(MONDAY_EVENING, boot="test-boot"), prices=prices)
    (path.parent / "cheaper.toml").write_text(prices.replace("fen_per_hour = 500", "fen_per_hour = 450"))
    return path


@contextmanager
def opened(founded: Path, folder: Path, clock: SimulatedClock) -> Iterator[Venue]:
    shutil.copytree(founded, folder / "shop")
    place = VenueFolder(path=folder / "shop", reserve_bytes=65536)
    with open_venue(place, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        yield venue


@pytest.mark.parametrize("seed", range(2))
def test_random_days_at_the_counter_are_found_honest(
    founded: Path, clock: SimulatedClock, seed: int, tmp_path: Path
) -> None:
    with opened(founded, tmp_path, clock) as venue:
        walk = Walk(venue, clock, seed)
        walk.counter.shifts.open(float_fen=100_000)
        for _ in range(70):
            walk.step()
        walk.publish((founded.parent / "cheaper.toml").read_text())
        walk.refund_overcharges()
        for _ in range(50):
            walk.step()
        tuesday = export(venue.records, MONDAY + timedelta(days=1), MONDAY + timedelta(days=9), tmp_path / "later.zip")
        whole = export(venue.records, MONDAY, MONDAY + timedelta(days=9), tmp_path / "whole.zip")
    with zipfile.ZipFile(whole.path) as archive:
        types = {json.loads(line)["type"] for line in archive.read("log/entries.jsonl").splitlines()}
    assert verify(whole.path)["findings"] == []
    assert verify(tuesday.path)["findings"] == []
    assert tuesday.first > 0
    assert {"refund.given", "order.cancelled", "sale.settled", "visit.settled", "reduction.given"} <= types
