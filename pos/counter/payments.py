"""What is looked up before money is booked: whether a terminal's reference was taken before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing import used_references
from billing.tenders import Tender
from pos.counter.till import Till
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True)
class Payments:
    """Payments of the whole house, as one till asks about them."""

    till: Till

    def require_unused(self, tenders: Sequence[Tender], *, own_receipt: int | None = None) -> None:
        """Raise ReferenceUsedError where another receipt took a reference within a day. Nothing depends on it."""
        self.till.require(Operation.VISIT_READ)
        if all(tender.reference is None for tender in tenders):
            return
        now = self.till.records.clock.read().second
        with self.till.records.reading() as connection:
            used_references.require_unused(connection, tenders, now=now, own_receipt=own_receipt)
