"""One desk of the soak: a process that works at random, and says outside the books what it was told.

    python -m tests.soak.desk FOLDER LOG SEED SECONDS

Each line of LOG is `asked|told KIND REQUEST …`; a line that was told stands there before the desk goes on.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from billing import visits
from billing.errors import BillingError
from billing.price_list import ItemKind
from billing.sold_lines import OrderLine
from billing.tenders import Tender, TenderKind
from members.tables import id_checks
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter
from records.clock import monotonic_seconds
from records.errors import RecordsError
from records.folder import VenueFolder
from records.ids import new_id
from records.repeating import repeated
from tests.pos.counter.venues import PASSPHRASE, counter_of

SEATS_A_DESK = 4
GOODS = ("cola-330", "noodles")


@dataclass(kw_only=True)
class Desk:
    """A clerk who never tires."""

    venue: Venue
    counter: Counter
    log: int
    chance: random.Random
    seats: list[str]

    def say(self, *words: object) -> None:
        os.write(self.log, (" ".join(map(str, words)) + "\n").encode())

    def work(self, until: float) -> None:
        """Do one thing after the other; what is refused or lost is only that."""
        moves: list[Callable[[], None]] = [self.seat, self.order, self.settle, self.settle, self.sell, self.move]
        while monotonic_seconds() < until:
            try:
                self.chance.choice(moves)()
            except (BillingError, RecordsError):
                continue

    def mine(self) -> list[str]:
        """The visits on this desk's seats, also those that an earlier life of it opened."""
        running = self.counter.seats.running()
        return [bill.visit.visit_id for bill in running if bill.visit.seat in self.seats]

    def seat(self) -> None:
        taken = {bill.visit.seat for bill in self.counter.seats.running()}
        free = [seat for seat in self.seats if seat not in taken]
        if free:
            self._open(free[0], new_id(), new_id(), new_id())

    @repeated
    def _open(self, seat: str, visit_id: str, check_id: str, person_id: str) -> None:
        with self.venue.records.begin(actor="s3") as work:
            checked = {"kind": "resident", "method": "machine", "verdict": "adult"}
            entry = work.entry("id.checked", {"check": check_id, **checked})
            work.insert(id_checks, {"check_id": check_id, "checked_at": work.now, **checked}, entry=entry)
            place = {"seat": seat, "zone": "hall", "tier": "guest"}
            visits.open_visit(work, visit_id=visit_id, check_id=check_id, person_id=person_id, **place)
            work.commit()

    def order(self) -> None:
        mine = self.mine()
        if mine:
            line = OrderLine(kind=ItemKind.GOODS, code=self.chance.choice(GOODS), quantity=1)
            self.counter.sales.order(self.chance.choice(mine), [line], request=new_id())

    def move(self) -> None:
        mine = self.mine()
        if mine:
            self.counter.seats.move(self.chance.choice(mine), self.chance.choice(self.seats))

    def settle(self) -> None:
        mine = self.mine()
        if not mine:
            return
        visit_id, request = self.chance.choice(mine), new_id()
        due = self.counter.settlements.show(visit_id).due_fen
        kind = self.chance.choice([TenderKind.CASH, TenderKind.WECHAT])
        reference = None if kind is TenderKind.CASH else request
        tenders = [Tender(kind=kind, fen=due, reference=reference)] if due else []
        self.say("asked", "visit", request, visit_id)
        settled = self.counter.settlements.settle(visit_id, tenders, request=request)
        self.say("told", "visit", request, settled.visit_id, settled.receipt, settled.total_fen)

    def sell(self) -> None:
        request = new_id()
        line = OrderLine(kind=ItemKind.GOODS, code=self.chance.choice(GOODS), quantity=1)
        self.say("asked", "sale", request, "-")
        sold = self.counter.sales.sell([line], [Tender(kind=TenderKind.CASH, fen=10_000)], request=request)
        self.say("told", "sale", request, sold.sale_id, sold.receipt, sold.total_fen)


def main(folder: str, log: str, seed: str, seconds: str) -> None:
    """Work for so many seconds."""
    until = monotonic_seconds() + float(seconds)
    number = int(VenueFolder(path=Path(folder)).desk.rpartition("-")[2])
    first = (number - 1) * SEATS_A_DESK + 1
    while monotonic_seconds() < until:
        try:
            place = VenueFolder(path=Path(folder), reserve_bytes=65536)
            with open_venue(place, passphrase=lambda: PASSPHRASE) as venue:
                counter = counter_of(venue, "chen")
                if counter.shifts.current() is None:
                    counter.shifts.open(float_fen=20_000)
                Desk(
                    venue=venue,
                    counter=counter,
                    log=os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY),
                    chance=random.Random(int(seed)),  # noqa: S311  # A clerk's whims.
                    seats=[f"A{seat:02}" for seat in range(first, first + SEATS_A_DESK)],
                ).work(until)
        except RecordsError:
            continue  # Its connections were cut while it began.


if __name__ == "__main__":
    main(*sys.argv[1:])
