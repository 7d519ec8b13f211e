"""Sales: to a seat, where they wait on the bill, and over the counter, where they are paid at once (G-1, G-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing import orders, publication, sales, visits
from billing.errors import UnknownItemError
from billing.orders import OrderLine
from billing.price_list import ItemKind, PriceList
from billing.tenders import Tender
from billing.visit_bill import VisitBill
from pos import receipts
from pos.counter import requests
from pos.counter.print_jobs import SlipKind
from pos.counter.till import Till
from records.ids import new_id
from staff.approvals import Approval
from staff.roles import Operation


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

    def line(self, code: str, quantity: int) -> OrderLine:
        """Ask for pieces of what is posted now under a code, goods or service. Raises UnknownItemError."""
        prices = self.prices()
        if code in prices.goods_by_code:
            return OrderLine(kind=ItemKind.GOODS, code=code, quantity=quantity)
        if code in prices.service_by_code:
            return OrderLine(kind=ItemKind.SERVICE, code=code, quantity=quantity)
        raise UnknownItemError(kind="item", item=code)

    def order(self, visit: str, lines: Sequence[OrderLine], *, request: str) -> VisitBill:
        """Put goods and services on a visit's bill, at the prices posted now (P-15); returns the bill so far.

        `request` is the order's id: asked again with it, nothing is added.
        """
        self.till.require(Operation.SALE_MAKE)
        with self.till.begin() as work:
            visit_id = visits.find(work.connection, visit).visit_id
            if requests.of_order(work.connection, request, visit=visit_id) is None:
                orders.add(work, visit_id, lines, order_id=request)
                bill = visits.bill_so_far(work.connection, visit_id, work.now)
                work.commit()
                return bill
            return visits.bill_so_far(work.connection, visit_id, work.now)

    def cancel(
        self, order_id: str, line: int, *, quantity: int, reason: str, approval: Approval | None = None
    ) -> VisitBill:
        """Take pieces of an ordered line back, within the role's limit or with a second person's approval."""
        with self.till.begin() as work:
            amount_fen = orders.cancel(work, order_id, line, quantity, reason)
            # The amount is known only now; a refusal leaves no trace.
            self.till.require(Operation.ORDER_CANCEL, amount_fen=amount_fen, approval=approval)
            bill = visits.bill_so_far(work.connection, work.entries[-1].body["visit"], work.now)
            work.commit()
        return bill

    def sell(self, lines: Sequence[OrderLine], tenders: Sequence[Tender], *, request: str) -> Sale:
        """Sell over the counter and take the money; then print.

        `request` is the sale's id: asked again with it, the first answer comes back.
        """
        self.till.require(Operation.SALE_MAKE)
        sold = self._sell(lines, tenders, request)
        self.till.wake()
        return sold

    def _sell(self, lines: Sequence[OrderLine], tenders: Sequence[Tender], request: str) -> Sale:
        till = self.till
        with till.begin() as work:
            first = requests.of_sale(work.connection, request)
            if first is not None:
                return Sale.of_entry(first.body, first.seq)
            job_id = new_id()
            draft = sales.sell(work, sale_id=request, lines=lines, tenders=tenders, job_id=job_id)
            entry, lists = draft.entry, till.lists(work.connection)
            till.print_sealed(
                work,
                entry,
                job_id=job_id,
                kind=SlipKind.SALE,
                ref=request,
                facts=till.facts(work.now),
                document=lambda facts: receipts.sale(entry.body, facts, lists),
            )
            committed = work.commit()
        return Sale.of_entry(entry.body, committed.seqs[-1])
