"""Refunds (退款) of lines of a settled visit or a sale, by the way they were paid, in the shift that refunds (G-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import paid_back, refunds
from billing.paid_back import Settled
from billing.refunds import BackLine, RefundLine
from billing.tenders import Tender
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from records.ids import derived_id
from records.repeating import repeated
from staff.approvals import Approval
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class PaidFor:
    """Whose money goes back: exactly one of a settled visit, a sale, and the number of the receipt of either."""

    visit_id: str | None = None
    sale_id: str | None = None
    receipt: int | None = None

    def load(self, connection: sa.Connection) -> Settled:
        """Find what was paid. Raises NotSettledError."""
        if self.receipt is not None:
            return paid_back.settled_by_receipt(connection, self.receipt)
        return paid_back.paid(connection, visit_id=self.visit_id, sale_id=self.sale_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refundable:
    """What could go back: line by line, and how much is left of what was paid."""

    settled: Settled
    lines: tuple[BackLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundGiven:
    """A refund as the journal has it; `lines` in the form of the journal."""

    refund_id: str
    of: Mapping[str, str]
    receipt: int
    amount_fen: int
    unpaid_fen: int
    lines: tuple[Mapping[str, Any], ...]
    tenders: tuple[Tender, ...]
    job_id: str
    seq: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], seq: int) -> RefundGiven:
        """Read the body of `refund.given`."""
        return cls(
            refund_id=body["refund"],
            of=body["of"],
            receipt=body["receipt"],
            amount_fen=body["amount_fen"],
            unpaid_fen=body.get("unpaid_fen", 0),
            lines=tuple(body["lines"]),
            tenders=tuple(Tender.from_json(tender) for tender in body["tenders"]),
            job_id=body["job"],
            seq=seq,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundQuote:
    """What would go back, by which ways. `unpaid_fen` of what the lines cost was taken off the bill and does not."""

    amount_fen: int
    unpaid_fen: int
    tenders: tuple[Tender, ...]


@dataclass(frozen=True, kw_only=True)
class Refunds:
    """Refunds at one till."""

    till: Till

    def refundable(self, paid_for: PaidFor) -> Refundable:
        """Tell what could go back of a visit or sale. Raises NotSettledError."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            settled = paid_for.load(connection)
            return Refundable(settled=settled, lines=tuple(refunds.refundable(connection, settled)))

    def answered(self, request: str) -> RefundGiven | None:
        """Return what was answered to this request before, if it was asked. Raises RequestReusedError."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            first = requests.of_refund(connection, request)
        return None if first is None else RefundGiven.of_entry(first.body, first.seq)

    def quote(self, paid_for: PaidFor, lines: Sequence[RefundLine]) -> RefundQuote:
        """Tell what these lines would give back; the errors of `give`. Nothing is written."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            settled = paid_for.load(connection)
            lines_fen = sum(line.amount_fen for line in refunds.back_lines(connection, settled, lines))
            unpaid_fen = settled.unpaid_fen(lines_fen)
            amount_fen = lines_fen - unpaid_fen
            return RefundQuote(
                amount_fen=amount_fen, unpaid_fen=unpaid_fen, tenders=settled.tenders(max(amount_fen, 0))
            )

    def give(
        self,
        paid_for: PaidFor,
        lines: Sequence[RefundLine],
        *,
        reason: str,
        request: str,
        approval: Approval | None = None,
    ) -> RefundGiven:
        """Give money back, within the role's limit or with a second person's approval; then print the slip.

        `request` is the refund's id: asked again with it, the first answer comes back. Raises ApprovalNeededError, and
        what `billing.refunds.give` raises; then nothing was written.
        """
        given = self.till.reserve.finish(lambda: self._give(paid_for, lines, reason, request, approval))
        self.till.wake()
        return given

    @repeated
    def _give(
        self, paid_for: PaidFor, lines: Sequence[RefundLine], reason: str, request: str, approval: Approval | None
    ) -> RefundGiven:
        till = self.till
        with till.begin(alone=True) as work:
            first = requests.of_refund(work.connection, request)
            if first is not None:
                return RefundGiven.of_entry(first.body, first.seq)
            job_id = derived_id(request, "slip")
            draft = refunds.give(
                work,
                paid_for.load(work.connection),
                lines,
                refund_id=request,
                reason=reason,
                job_id=job_id,
                approval=approval,
            )
            # The amount is known only now; a refusal leaves no trace.
            till.require(Operation.REFUND_GIVE, amount_fen=draft.amount_fen, approval=approval)
            entry, lists = draft.entry, till.lists(work.connection)
            named_by = [lists(line.list_number) for line in draft.lines]
            form = receipts.refund(entry.body, till.facts(work.now, seat=draft.seat), named_by)
            print_jobs.queue_sealed(work, entry, Slip(job_id=job_id, kind=SlipKind.REFUND, ref=request), form)
            committed = work.commit()
        return RefundGiven.of_entry(entry.body, committed.seqs[-1])
