"""What a visit comes to: the bill of its stay, its orders, its deposits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing.best_price import charge
from billing.bill import Bill
from billing.price_list import ItemKind
from billing.tenders import Tender, total
from billing.usage import Usage
from billing.visit_record import Visit
from billing.wall_clock import second_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SoldLine:
    """Pieces of one posted item at its posted price; less what was cancelled, where it stands on a bill."""

    line: int
    kind: ItemKind
    code: str
    quantity: int
    unit_fen: int

    @property
    def amount_fen(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_fen

    def to_json(self) -> dict[str, Any]:
        """The line in an entry's body."""
        return {
            "line": self.line,
            "kind": self.kind.value,
            "code": self.code,
            "qty": self.quantity,
            "unit_fen": self.unit_fen,
            "amount_fen": self.amount_fen,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderedLine:
    """A line of an order of the visit, and the list that it was sold from (P-15)."""

    order_id: str
    list_number: int
    sold: SoldLine

    def to_json(self) -> dict[str, Any]:
        """The line among the `orders` of a statement or a settlement."""
        return {"order": self.order_id, "list": self.list_number, **self.sold.to_json()}


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitBill:
    """A visit as if it ended at `at`. `orders` leaves out what was cancelled in full; deposits are oldest first.

    `time_fen` is the charge for time with discount, minimum and rounding; `packages_fen` are the packages bought, and
    those that the best price added (P-16): the usage does not have these.
    """

    visit: Visit
    at: datetime
    usage: Usage
    bill: Bill
    orders: tuple[OrderedLine, ...]
    deposits: tuple[Tender, ...]
    time_fen: int
    packages_fen: int
    orders_fen: int

    @classmethod
    def of(
        cls, visit: Visit, at: datetime, *, orders: tuple[OrderedLine, ...], deposits: tuple[Tender, ...]
    ) -> VisitBill:
        """Charge a visit that ends at `at`."""
        usage = visit.usage(at)
        bill = charge(usage, visit.prices)
        time_fen = bill.hourly_fen
        return cls(
            visit=visit,
            at=at,
            usage=usage,
            bill=bill,
            orders=orders,
            deposits=deposits,
            time_fen=time_fen,
            packages_fen=bill.total_fen - time_fen,
            orders_fen=sum(line.sold.amount_fen for line in orders),
        )

    def ordered_fen(self, kind: ItemKind) -> int:
        """What was ordered of one kind."""
        return sum(line.sold.amount_fen for line in self.orders if line.sold.kind is kind)

    @property
    def total_fen(self) -> int:
        """What the customer owes for the whole visit."""
        return self.time_fen + self.packages_fen + self.orders_fen

    @property
    def deposits_fen(self) -> int:
        """What the customer has left with us."""
        return total(self.deposits)

    @property
    def due_fen(self) -> int:
        """What is still to be paid beside the deposits; never negative."""
        return max(self.total_fen - self.deposits_fen, 0)

    def statement_json(self) -> dict[str, Any]:
        """The statement whose canonical form is hashed (journal-format.md §9)."""
        return {
            "visit": self.visit.visit_id,
            "at": self.visit.prices.clock.text(second_of(self.at)),
            "bill": self.bill.to_json(),
            "orders": [line.to_json() for line in self.orders],
            "total_fen": self.total_fen,
        }
