"""Sales: to a seat, where they wait on the bill, and over the counter, where they are paid at once (G-1, G-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from billing import orders, publication, sales, visits
from billing.order_errors import BadReductionError
from billing.ordered_rows import order_rows
from billing.price_list import Combo, PriceList, SavingKind
from billing.sales import SaleReduction
from billing.sold_lines import OrderLine, line_for, parts_singly, priced
from billing.tenders import Tender
from billing.visit_bill import VisitBill
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from records.ids import derived_id, new_id
from records.repeating import repeated
from staff.approvals import Approval
from staff.roles import Operation

_PINNED: Final = "pinned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sale:
    """A sale over the counter as the journal has it; `lines` in the form of the journal."""

    sale_id: str
    receipt: int
    total_fen: int
    change_fen: int
    lines: tuple[Mapping[str, Any], ...]
    job_id: str
    seq: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], seq: int) -> Sale:
        """Read the body of `sale.settled`."""
        return cls(
            sale_id=body["sale"],
            receipt=body["receipt"],
            total_fen=body["total_fen"],
            change_fen=body["change_fen"],
            lines=tuple(body["lines"]),
            job_id=body["job"],
            seq=seq,
        )


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Goods and services sold at one till."""

    till: Till

    def prices(self) -> PriceList:
        """Return the list from which is sold now. Raises NoPriceListError."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return publication.in_force(connection, self.till.records.clock.read().second).prices

    def line(self, code: str, quantity: int, *, visit: str | None = None) -> OrderLine:
        """Ask for pieces of what is posted under a code: goods, service, combo or promotion. Raises UnknownItemError.

        For a visit its own list's combos with a package count too (P-15).
        """
        if self.combo(code, visit=visit) is not None:
            return OrderLine(kind=SavingKind.COMBO, code=code, quantity=quantity)
        return line_for(self.prices(), code, quantity)

    def combo(self, code: str, *, visit: str | None = None) -> Combo | None:
        """Find a posted combo; one with a package on the visit's own list (P-15)."""
        if visit is not None:
            with self.till.records.reading() as connection:
                own = visits.find(connection, visit).prices.combo_by_code.get(code)
            if own is not None and own.holds_package:
                return own
        return self.prices().combo_by_code.get(code)

    @staticmethod
    def without(combo: Combo, quantity: int, left_out: Sequence[str]) -> list[OrderLine]:
        """A combo of which the customer leaves parts out: the rest at single prices, packages among them (G-3).

        Raises PartNotInComboError.
        """
        return parts_singly(combo, quantity, without=left_out)

    @repeated
    def order(self, visit: str, lines: Sequence[OrderLine], *, request: str, packages: Sequence[str] = ()) -> VisitBill:
        """Put what a customer named on the visit's bill, at the prices posted now (P-15); returns the bill so far.

        Combos with a package come from the visit's list and become an order of their own (`order_ids`). `packages` are
        bought singly beside the lines. `request` is the order's id: asked again with it, nothing is added.
        """
        self.till.require(Operation.SALE_MAKE)
        with self.till.begin() as work:
            found = visits.find(work.connection, visit)
            visit_id, later = found.visit_id, timedelta()
            for order_id, part in _orders_of(found.prices, lines, request):
                if requests.of_order(work.connection, order_id, visit=visit_id) is None:
                    orders.add(work, visit_id, part, order_id=order_id)
            for package in packages if work.has_entries else ():
                visits.buy_package(work, visit_id, package)
            if any(entry.type == "package.bought" for entry in work.entries):
                later = timedelta(seconds=1)  # What happens at a visit's very end does not exist.
            bill = visits.bill_so_far(work.connection, visit_id, work.now + later)
            if work.has_entries:
                work.commit()
        return bill

    @staticmethod
    def order_ids(request: str) -> tuple[str, str]:
        """The ids that an order asked for by `request` may have: its own, and that of what holds a package."""
        return request, derived_id(request, _PINNED)

    def cancellation_fen(self, order_id: str, line: int, quantity: int) -> int:
        """What taking so many pieces back would be worth, savings aside; 0 for a line that is not there."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            rows = order_rows(connection, order_id)
        piece = None if rows is None else rows.line(line)
        return 0 if piece is None else piece.unit_fen * max(quantity, 0)

    def total_fen(self, lines: Sequence[OrderLine]) -> int:
        """What lines come to now, over the counter. Raises what `sell` raises for them."""
        self.till.require(Operation.VISIT_READ)
        now = self.till.records.clock.read().second
        with self.till.records.reading() as connection:
            return priced(publication.in_force(connection, now).prices, lines, at=now).total_fen

    @repeated
    def hand_over(self, order_id: str, lines: Sequence[int] | None = None) -> tuple[int, ...]:
        """Note that lines of an order were handed over; without lines all that wait. Returns which.

        Raises UnknownOrderLineError, NothingToHandOverError or AlreadySettledError.
        """
        self.till.require(Operation.SALE_MAKE)
        with self.till.begin() as work:
            handed = orders.hand_over(work, order_id, lines)
            work.commit()
        return handed

    @repeated
    def cancel(
        self, order_id: str, line: int, *, quantity: int, reason: str, approval: Approval | None = None
    ) -> VisitBill:
        """Take pieces of an ordered line back: all of them until they were handed over (G-4).

        After that the role's limit counts, or a second person's approval. Raises ApprovalNeededError, and what
        `orders.cancel` raises.
        """
        with self.till.begin() as work:
            cancelled = orders.cancel(work, order_id, line, quantity, reason, approval=approval)
            # Whether it was handed over, and how much it is, is known only now; a refusal leaves no trace.
            at_stake_fen = cancelled.net_fen if cancelled.was_handed_over else 0
            self.till.require(Operation.ORDER_CANCEL, amount_fen=at_stake_fen, approval=approval)
            bill = visits.bill_so_far(work.connection, work.entries[-1].body["visit"], work.now)
            work.commit()
        return bill

    def require_reduction(self, reduction: SaleReduction, *, due_fen: int) -> None:
        """Raise unless this person may take so much off a sale, of which so much is due, before it is made.

        Raises ApprovalNeededError, ApprovalRefusedError, or BadReductionError for more than is due.
        """
        self.till.require(Operation.REDUCTION_GIVE, amount_fen=reduction.fen, approval=reduction.approval)
        if not 0 < reduction.fen <= due_fen:
            raise BadReductionError(fen=reduction.fen)

    def sell(
        self,
        lines: Sequence[OrderLine],
        tenders: Sequence[Tender],
        *,
        request: str,
        reductions: Sequence[SaleReduction] = (),
    ) -> Sale:
        """Sell over the counter and take the money; then print.

        `request` is the sale's id: asked again with it, the first answer comes back. What is taken off is within the
        role's limit, or carries a second person's approval.
        """
        self.till.require(Operation.SALE_MAKE)
        for reduction in reductions:
            self.till.require(Operation.REDUCTION_GIVE, amount_fen=reduction.fen, approval=reduction.approval)
        sold = self._sell(lines, tenders, request, reductions)
        self.till.wake()
        return sold

    @repeated
    def _sell(
        self,
        lines: Sequence[OrderLine],
        tenders: Sequence[Tender],
        request: str,
        reductions: Sequence[SaleReduction],
    ) -> Sale:
        till = self.till
        with till.begin() as work:
            first = requests.of_sale(work.connection, request)
            if first is not None:
                return Sale.of_entry(first.body, first.seq)
            job_id = new_id()
            draft = sales.sell(
                work, sale_id=request, lines=lines, tenders=tenders, job_id=job_id, reductions=reductions
            )
            entry, lists = draft.entry, till.lists(work.connection)
            form = receipts.sale(entry.body, till.facts(work.now), lists)
            print_jobs.queue_sealed(work, entry, Slip(job_id=job_id, kind=SlipKind.SALE, ref=request), form)
            committed = work.commit()
        return Sale.of_entry(entry.body, committed.seqs[-1])


def _orders_of(
    prices: PriceList, lines: Sequence[OrderLine], request: str
) -> Iterator[tuple[str, Sequence[OrderLine]]]:
    """The orders that one request becomes, each with its id: combos with a package stand apart (P-15)."""
    pinned = [line for line in lines if orders.is_pinned(prices, line)]
    others = [line for line in lines if line not in pinned]
    if others or not pinned:
        yield request, others
    if pinned:
        yield (derived_id(request, _PINNED) if others else request), pinned
