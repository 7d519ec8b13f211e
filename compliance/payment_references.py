"""Payments of different moments under one terminal reference: perhaps one payment shown twice, perhaps a short number.

A remark for the owner, never a refusal: one payer may pay for several seats, and terminals begin their numbers anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Final

import sqlalchemy as sa

from billing.tables import receipts, tenders
from billing.used_references import NEAR, TAKEN
from records.schema import journal


def used_again(connection: sa.Connection) -> Iterator[str]:
    """Yield each reference that was taken again within a day, with the receipts: `wechat W1: receipts 12 and 40`.

    What one payer pays at one instant, for however many seats, is one payment.
    """
    for (kind, reference), rows in groupby(connection.execute(_TAKEN), lambda row: (row.kind, row.reference)):
        taken: list[tuple[datetime, int]] = [(row.wall, row.number) for row in rows]
        again = [
            number
            for place, (at, number) in enumerate(taken)
            if any(abs(other - at) <= NEAR for other in _beside(taken, place))
        ]
        if again:
            yield f"{kind} {reference}: receipts {' and '.join(map(str, again))}"


def _beside(taken: list[tuple[datetime, int]], place: int) -> Iterator[datetime]:
    """The nearest instants of payment before and after one, if there are any."""
    at = taken[place][0]
    yield from islice((other for other, _ in reversed(taken[:place]) if other != at), 1)
    yield from islice((other for other, _ in taken[place + 1 :] if other != at), 1)


_TAKEN: Final[sa.Select[Any]] = (
    sa.select(tenders.c.kind, tenders.c.reference, journal.c.wall, receipts.c.number)
    .join(journal, journal.c.entry_id == tenders.c.entry_id)
    .join(receipts, receipts.c.job_id == tenders.c.job_id)
    .where(tenders.c.reference.is_not(None), tenders.c.direction.in_(TAKEN))
    .order_by(tenders.c.kind, tenders.c.reference, journal.c.wall, receipts.c.number)
)
