"""What the books say of an item's prices: paid and posted, for rule G-6 (`billing.promotion_checks.PriceHistory`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from billing.order_tables import order_cancellations, order_lines, order_savings, orders
from billing.price_list import Item
from billing.price_tables import price_items, price_lists
from billing.tables import sale_lines, sale_savings, sales, settlements, visit_events, visits
from records.schema import Instant, journal
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedPrices:
    """The prices of one state of the books. What a visit had was paid when it was settled, whenever it ended.

    What was bought under a promotion was paid at the promotion's price.
    """

    connection: sa.Connection

    def lowest_paid_fen(self, item: Item, *, since: datetime, before: datetime) -> int | None:
        """The lowest price that was paid for one piece in `[since, before)`; None if nobody bought it."""
        named = {"kind": item.kind.value, "code": item.code}
        lowest: int | None = _LOWEST_PAID.one(self.connection, **named, since=since, before=before).unit_fen
        return lowest

    def last_paid_fen(self, item: Item, *, before: datetime) -> int | None:
        """The last price that was paid before an instant; the lower one where two were paid at once."""
        last = _LAST_PAID.one(self.connection, kind=item.kind.value, code=item.code, before=before)
        return None if last is None else int(last.unit_fen)

    def lowest_posted_fen(self, item: Item, *, since: datetime, before: datetime) -> int | None:
        """The lowest list price in force at any instant of `[since, before)`; None if it was on no list then."""
        lists = _LISTS.rows(self.connection, kind=item.kind.value, code=item.code, before=before)
        ends = [*(row.effective for row in lists[1:]), before]
        in_force = [row for row, end in zip(lists, ends, strict=False) if end > since]  # Without a list, no end counts.
        posted = [row.unit_fen for row in in_force if row.unit_fen is not None]
        return min(posted, default=None)


_KIND, _CODE = sa.bindparam("kind", type_=sa.Text), sa.bindparam("code", type_=sa.Text)
_SINCE, _BEFORE = sa.bindparam("since", type_=Instant), sa.bindparam("before", type_=Instant)


def _promoted(covered: sa.Table) -> sa.ColumnElement[bool]:
    """The promotion that made a row cheaper; what a part of a combo costs is nowhere said."""
    return sa.and_(
        order_savings.c.order_id == covered.c.order_id,
        order_savings.c.line == covered.c.saving_line,
        order_savings.c.kind == "promotion",
    )


_cancelled = (
    sa.select(sa.func.coalesce(sa.func.sum(order_cancellations.c.quantity), 0))
    .where(order_cancellations.c.order_id == order_lines.c.order_id, order_cancellations.c.line == order_lines.c.line)
    .scalar_subquery()
)
_sold = (
    sa.select(
        sales.c.sold_at.label("paid_at"),
        (sale_lines.c.unit_fen + sa.func.coalesce(sale_savings.c.unit_fen, 0)).label("unit_fen"),
    )
    .join_from(sales, sale_lines, sale_lines.c.sale_id == sales.c.sale_id)
    .outerjoin(
        sale_savings,
        sa.and_(
            sale_savings.c.sale_id == sale_lines.c.sale_id,
            sale_savings.c.line == sale_lines.c.saving_line,
            sale_savings.c.kind == "promotion",
        ),
    )
    .where(sale_lines.c.kind == _KIND, sale_lines.c.code == _CODE)
)
_ordered = (
    sa.select(
        journal.c.wall.label("paid_at"),
        (order_lines.c.unit_fen + sa.func.coalesce(order_savings.c.unit_fen, 0)).label("unit_fen"),
    )
    .join_from(settlements, journal, journal.c.entry_id == settlements.c.entry_id)
    .join(orders, orders.c.visit_id == settlements.c.visit_id)
    .join(order_lines, order_lines.c.order_id == orders.c.order_id)
    .outerjoin(order_savings, _promoted(order_lines))
    .where(order_lines.c.kind == _KIND, order_lines.c.code == _CODE, order_lines.c.quantity > _cancelled)
)
_packages = (
    sa.select(
        journal.c.wall.label("paid_at"),
        (price_items.c.unit_fen + sa.func.coalesce(order_savings.c.unit_fen, 0)).label("unit_fen"),
    )
    .join_from(settlements, journal, journal.c.entry_id == settlements.c.entry_id)
    .join(visits, visits.c.visit_id == settlements.c.visit_id)
    .join(visit_events, visit_events.c.visit_id == visits.c.visit_id)
    .join(price_items, price_items.c.list == visits.c.list)
    .outerjoin(order_savings, _promoted(visit_events))
    .where(
        visit_events.c.kind == "package",
        visit_events.c.at < settlements.c.ended_at,  # One bought in the second of the end was not charged.
        price_items.c.kind == "package",
        price_items.c.code == visit_events.c.code,
        price_items.c.kind == _KIND,
        price_items.c.code == _CODE,
    )
)
_paid = sa.union_all(_sold, _ordered, _packages).subquery()
_LOWEST_PAID = Prepared(
    sa.select(sa.func.min(_paid.c.unit_fen).label("unit_fen")).where(
        _paid.c.paid_at >= _SINCE, _paid.c.paid_at < _BEFORE
    )
)
_LAST_PAID = Prepared(
    sa.select(_paid.c.unit_fen)
    .where(_paid.c.paid_at < _BEFORE)
    .order_by(_paid.c.paid_at.desc(), _paid.c.unit_fen)
    .limit(1)
)
_LISTS = Prepared(
    sa.select(price_lists.c.effective, price_items.c.unit_fen)
    .outerjoin(
        price_items,
        sa.and_(price_items.c.list == price_lists.c.number, price_items.c.kind == _KIND, price_items.c.code == _CODE),
    )
    .where(price_lists.c.effective < _BEFORE)
    .order_by(price_lists.c.effective)
)
