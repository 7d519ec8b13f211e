"""What settled visits should have cost under another list, and giving back what was paid too much (REQ-P-26).

A list with a mistake in it is followed to the fen while it is in force. Afterwards the owner publishes the right one,
and every visit of the time between is rated again by it: `find` tells who paid too much, `refund` gives it back. Only a
published list can be refunded by: the entry names its number and hash, and an inspector rates the visit again by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from billing import paid_back
from billing.best_price import charge
from billing.ledger import REVENUE_OVERCHARGES, Posting
from billing.overcharge_errors import NotOverchargedError
from billing.paid_back import GivenBack, Overcharge
from billing.price_list import Item, ItemKind, PriceList
from billing.publication import Publication
from billing.refund_errors import NotSettledError
from billing.refund_tables import refund_lines, refunds
from billing.settled_visits import SettledVisit, settled_between, settled_visit
from billing.usage import Usage
from billing.usage_errors import UsageError
from records.journal import Entry, Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack:
    """A line of an earlier refund of the visit; `order_id` is None for a package."""

    order_id: str | None
    line: int
    quantity: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Recomputed:
    """A settled visit under the given list.

    `charged_fen` is what was charged and has not gone back, `due_fen` what should have been. Where the list cannot rate
    the visit, `refusal` is the code of why and `due_fen` is None.
    """

    visit_id: str
    receipt: int
    seat: str
    settled_at: datetime
    charged_fen: int
    due_fen: int | None
    refusal: str | None = None

    @property
    def too_much_fen(self) -> int:
        """What was paid too much; 0 where nothing was, or where it cannot be said."""
        return 0 if self.due_fen is None else max(self.charged_fen - self.due_fen, 0)


def due_fen(settled: Body, taken_back: Iterable[TakenBack], prices: PriceList) -> int:
    """What a settlement, as `visit.settled` tells it, should have come to under a list (journal-format.md §6).

    Its usage is rated by the list. Goods and services that are left stand at the list's price where that is lower, and
    as they were charged otherwise, so that nobody pays more for having been overcharged. Raises a UsageError where the
    list cannot rate the usage.
    """
    usage = Usage.from_json(settled["usage"], prices.clock)
    pieces_back: dict[tuple[str | None, int], int] = {}
    due: int = charge(usage, prices).total_fen
    for back in taken_back:
        if back.order_id is None:
            due -= back.amount_fen
        else:
            key = (back.order_id, back.line)
            pieces_back[key] = pieces_back.get(key, 0) + back.quantity
    for line in settled["orders"]:
        left = line["qty"] - pieces_back.get((line["order"], line["line"]), 0)
        due += left * _lower_fen(line, prices)
    due -= sum(reduction["fen"] for reduction in settled.get("reductions", ()))
    return max(due, 0)


def _lower_fen(line: Body, prices: PriceList) -> int:
    charged: int = line["unit_fen"]
    if line["kind"] not in {ItemKind.GOODS, ItemKind.SERVICE}:
        return charged
    try:
        return min(charged, prices.price_fen(Item(kind=ItemKind(line["kind"]), code=line["code"])))
    except KeyError:
        return charged


def find(
    connection: sa.Connection,
    prices: PriceList,
    from_day: date,
    to_day: date,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Recomputed]:
    """Rate every visit that was settled on the business days `from_day … to_day` again, in the order of the journal.

    `progress` is told how many of how many are done. What is held in memory does not grow with the period.
    """
    for settled in settled_between(connection, from_day, to_day, progress=progress):
        yield _recomputed(connection, settled, prices)


def find_one(connection: sa.Connection, visit_id: str, prices: PriceList) -> Recomputed:
    """Rate one settled visit again. Raises NotSettledError."""
    settled = settled_visit(connection, visit_id)
    if settled is None:
        raise NotSettledError(settled=visit_id)
    return _recomputed(connection, settled, prices)


def _recomputed(connection: sa.Connection, settled: SettledVisit, prices: PriceList) -> Recomputed:
    body, visit_id = settled.body, settled.body["visit"]
    back_fen = _REFUNDED.one(connection, visit=visit_id).amount_fen or 0
    due: int | None = None
    refusal = None
    try:
        due = due_fen(body, _taken_back(connection, visit_id) if back_fen else (), prices)
    except UsageError as error:
        refusal = error.code
    return Recomputed(
        visit_id=visit_id,
        receipt=body["receipt"],
        seat=body["seat"],
        settled_at=settled.at,
        charged_fen=body["total_fen"] - back_fen,
        due_fen=due,
        refusal=refusal,
    )


def _taken_back(connection: sa.Connection, visit_id: str) -> list[TakenBack]:
    return [
        TakenBack(order_id=row.order_id, line=row.line, quantity=row.quantity, amount_fen=row.quantity * row.unit_fen)
        for row in _LINES_BACK.rows(connection, visit=visit_id)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class OverchargeDraft:
    """A refund before its commit; after it the entry has its receipt's number."""

    entry: Entry
    recomputed: Recomputed


def refund(
    work: UnitOfWork,
    visit_id: str,
    publication: Publication,
    *,
    refund_id: str,
    job_id: str,
    approval: Approval | None = None,
) -> OverchargeDraft:
    """Give back what was paid too much for a visit, by the way it was paid.

    Whether the role may, alone or with the approval, is the caller's to ask. Asked again there is nothing left to give
    back. Raises NotSettledError, NotOverchargedError, NoShiftError and DrawerShortError; then nothing was written.
    """
    found = find_one(work.connection, visit_id, publication.prices)
    if found.due_fen is None or not found.too_much_fen:
        raise NotOverchargedError(visit_id=visit_id, list_number=publication.number, reason=found.refusal)
    amount_fen = found.too_much_fen
    settled = paid_back.paid(work.connection, visit_id=visit_id)
    body = {
        "refund": refund_id,
        "visit": visit_id,
        "list": publication.number,
        "list_sha256": publication.sha256,
        "charged_fen": found.charged_fen,
        "due_fen": found.due_fen,
        "amount_fen": amount_fen,
        **({} if approval is None else {"approval": approval.body()}),
    }
    entry = work.entry("overcharge.refunded", body, share=Totals(refunds_fen=amount_fen))
    paid_back.write(
        work,
        entry,
        settled,
        GivenBack(
            refund_id=refund_id,
            amount_fen=amount_fen,
            overcharge=Overcharge(list_number=publication.number, charged_fen=found.charged_fen, due_fen=found.due_fen),
            approved_by=None if approval is None else approval.approver.staff,
        ),
        tenders=settled.tenders(amount_fen),
        taken_back=[Posting(account=REVENUE_OVERCHARGES, fen=amount_fen)],
        job_id=job_id,
    )
    return OverchargeDraft(entry=entry, recomputed=found)


_VISIT: Final = sa.bindparam("visit", type_=sa.Text)
_REFUNDED: Final = Prepared(
    sa.select(sa.func.sum(refunds.c.amount_fen).label("amount_fen")).where(refunds.c.visit_id == _VISIT)
)
_LINES_BACK: Final = Prepared(
    sa.select(refund_lines.c.order_id, refund_lines.c.line, refund_lines.c.quantity, refund_lines.c.unit_fen)
    .join(refunds, refunds.c.refund_id == refund_lines.c.refund_id)
    .where(refunds.c.visit_id == _VISIT)
)
