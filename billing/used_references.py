"""Terminal references that were taken before: one payment shown twice, a mistyped number, or one payer's second bill.

Which of them it is only the terminal's own list tells, so nothing is refused for it: the person at the counter is told
once, and `doctor` lists what was taken all the same. Numbers of bank terminals begin anew, so what is near counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billing.payment_errors import ReferenceUsedError
from billing.tables import receipts, tenders
from billing.tenders import Tender
from records.schema import journal
from records.statements import Prepared

NEAR: Final = timedelta(hours=24)
"""Further apart it is the terminal's next round of numbers."""

TAKEN: Final = ("deposit", "paid")
"""The directions in which a reference comes in."""


def require_unused(
    connection: sa.Connection, given: Iterable[Tender], *, now: datetime, own_receipt: int | None = None
) -> None:
    """Raise ReferenceUsedError for the first tender whose reference was taken within a day, on another receipt."""
    for tender in given:
        if tender.reference is None:
            continue
        row = _LAST.one(
            connection,
            wanted_kind=tender.kind.value,
            wanted_reference=tender.reference,
            since=now - NEAR,
            own_receipt=own_receipt or 0,
        )
        if row is not None:
            raise ReferenceUsedError(kind=tender.kind, reference=tender.reference, at=row.wall, receipt=row.number)


_LAST = Prepared(
    sa.select(journal.c.wall, receipts.c.number)
    .select_from(tenders)
    .join(journal, journal.c.entry_id == tenders.c.entry_id)
    .join(receipts, receipts.c.job_id == tenders.c.job_id)
    .where(
        tenders.c.kind == sa.bindparam("wanted_kind"),
        tenders.c.reference == sa.bindparam("wanted_reference"),
        sa.or_(*(tenders.c.direction == direction for direction in TAKEN)),
        journal.c.wall >= sa.bindparam("since"),
        receipts.c.number != sa.bindparam("own_receipt"),
    )
    .order_by(receipts.c.number.desc())
    .limit(1)
)
