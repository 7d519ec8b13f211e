"""Overcharges: who paid too much under a published list, and giving it back (REQ-P-26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from billing import overcharges, publication
from billing.overcharges import Recomputed
from billing.tenders import Tender, TenderKind
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.refunds import PaidFor
from pos.counter.till import Till
from records.ids import derived_id
from records.repeating import repeated
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class OverchargeRefunded:
    """What went back to a customer, as the journal has it."""

    refund_id: str
    visit_id: str
    list_number: int
    amount_fen: int
    tenders: tuple[Tender, ...]
    receipt: int
    job_id: str
    seq: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], seq: int) -> OverchargeRefunded:
        """Read the body of `overcharge.refunded`."""
        return cls(
            refund_id=body["refund"],
            visit_id=body["visit"],
            list_number=body["list"],
            amount_fen=body["amount_fen"],
            tenders=tuple(Tender.from_json(tender) for tender in body["tenders"]),
            receipt=body["receipt"],
            job_id=body["job"],
            seq=seq,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A settled visit under the list that should have counted, and by which ways the difference would go back."""

    recomputed: Recomputed
    tenders: tuple[Tender, ...]

    @property
    def needs_customer(self) -> bool:
        """Whether cash goes back: into somebody's hand, while everything else finds its way to who paid."""
        return any(tender.kind is TenderKind.CASH for tender in self.tenders)


@dataclass(frozen=True, kw_only=True)
class Overcharges:
    """Giving overcharges back at one till."""

    till: Till

    def look(self, paid_for: PaidFor, list_number: int) -> Owed:
        """Rate a settled visit again, by its id or its receipt's number. Raises UnknownListError, NotSettledError."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            prices = publication.load(connection, list_number).prices
            settled = paid_for.load(connection)
            found = overcharges.find_one(connection, settled.named, prices)
        return Owed(recomputed=found, tenders=settled.tenders(found.too_much_fen))

    def refund(
        self, visit_id: str, list_number: int, *, request: str, approval: Approval | None = None
    ) -> OverchargeRefunded:
        """Give back what was paid too much for a visit under a published list, by the way it was paid; print the slip.

        Within the role's limit or with a second person's approval. `request` is the refund's id: asked again with it,
        the first answer comes back; with another one there is nothing left to give back. Raises UnknownListError,
        NotSettledError, NotOverchargedError, NoShiftError, DrawerShortError; then nothing was written.
        """
        self.till.require(Operation.REFUND_GIVE)
        refunded = self.till.reserve.finish(lambda: self._refund(visit_id, list_number, request, approval))
        self.till.wake()
        return refunded

    @repeated
    def _refund(self, visit_id: str, list_number: int, request: str, approval: Approval | None) -> OverchargeRefunded:
        with self.till.begin(alone=True) as work:
            first = requests.of_overcharge(work.connection, request, visit=visit_id)
            if first is not None:
                return OverchargeRefunded.of_entry(first.body, first.seq)
            body = self._draft(work, visit_id, list_number, request=request, approval=approval)
            committed = work.commit()
        return OverchargeRefunded.of_entry(body, committed.seqs[-1])

    def _draft(
        self, work: UnitOfWork, visit_id: str, list_number: int, *, request: str, approval: Approval | None
    ) -> Mapping[str, Any]:
        job_id = derived_id(request, "slip")
        draft = overcharges.refund(
            work,
            visit_id,
            publication.load(work.connection, list_number),
            refund_id=request,
            job_id=job_id,
            approval=approval,
        )
        # The amount is known only now; a refusal leaves no trace.
        amount_fen = draft.recomputed.too_much_fen
        self.till.require(Operation.REFUND_GIVE, amount_fen=amount_fen, approval=approval)
        entry, recomputed = draft.entry, draft.recomputed
        facts = self.till.facts(work.now, seat=recomputed.seat)
        form = receipts.overcharge(entry.body, facts, settled_receipt=recomputed.receipt)
        print_jobs.queue_sealed(work, entry, Slip(job_id=job_id, kind=SlipKind.OVERCHARGE, ref=request), form)
        return entry.body
