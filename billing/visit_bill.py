"""What a visit comes to: the bill of its stay, its orders, its deposits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing.best_price import charge
from billing.bill import Bill
from billing.price_list import ItemKind, SavingKind
from billing.tenders import Tender, total
from billing.usage import Usage
from billing.visit_record import Visit
from billing.wall_clock import second_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SoldLine:
    """Pieces of one posted item at its posted price; less what was cancelled, where it stands on a bill.

    What a combo or promotion saves is a line too, with a price of at most 0; `saving_line` is its number, on each line
    that it covers.
    """

    line: int
    kind: ItemKind | SavingKind
    code: str
    quantity: int
    unit_fen: int
    saving_line: int | None = None

    @property
    def amount_fen(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_fen

    @property
    def is_saving(self) -> bool:
        """Whether it is what a combo or promotion takes off."""
        return isinstance(self.kind, SavingKind)

    def to_json(self) -> dict[str, Any]:
        """The line in an entry's body."""
        plain: dict[str, Any] = {
            "line": self.line,
            "kind": self.kind.value,
            "code": self.code,
            "qty": self.quantity,
            "unit_fen": self.unit_fen,
            "amount_fen": self.amount_fen,
        }
        return plain if self.saving_line is None else {**plain, "of": self.saving_line}


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
class Reduction:
    """Something taken off a bill, for a reason (G-2). `fen` is above 0."""

    reduction_id: str
    fen: int
    reason: str

    def to_json(self) -> dict[str, Any]:
        """The reduction among those of a statement or a settlement."""
        return {"reduction": self.reduction_id, "fen": self.fen, "reason": self.reason}


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
    reductions: tuple[Reduction, ...] = ()

    @classmethod
    def of(
        cls,
        visit: Visit,
        at: datetime,
        *,
        orders: tuple[OrderedLine, ...],
        deposits: tuple[Tender, ...],
        reductions: tuple[Reduction, ...] = (),
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
            reductions=reductions,
        )

    def ordered_fen(self, kind: ItemKind) -> int:
        """What was ordered of one kind."""
        return sum(line.sold.amount_fen for line in self.orders if line.sold.kind is kind)

    @property
    def savings_fen(self) -> int:
        """What combos and promotions take off; at most 0."""
        return sum(line.sold.amount_fen for line in self.orders if line.sold.is_saving)

    @property
    def reductions_fen(self) -> int:
        """What was taken off the bill."""
        return sum(reduction.fen for reduction in self.reductions)

    @property
    def total_fen(self) -> int:
        """What the customer owes for the whole visit; below 0 where more was taken off than is left to pay."""
        return self.time_fen + self.packages_fen + self.orders_fen - self.reductions_fen

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
        taken_off = {"reductions": [reduction.to_json() for reduction in self.reductions]} if self.reductions else {}
        return {
            "visit": self.visit.visit_id,
            "at": self.visit.prices.clock.text(second_of(self.at)),
            "bill": self.bill.to_json(),
            "orders": [line.to_json() for line in self.orders],
            **taken_off,
            "total_fen": self.total_fen,
        }
