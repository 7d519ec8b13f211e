"""What the journal tells of seats that were opened, for `compliance.forced_sale_watch`: the one reader of its facts.

Everything comes from entries, so that an inspector can count the same from an export: only they say who acted, and
they are signed. Rows of the tables serve as an index of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from billing.best_price import charge
from billing.order_tables import order_cancellations, orders
from billing.price_list import PriceList
from billing.publication import prices_of
from billing.settled_visits import settled_visit
from billing.tables import visit_events
from billing.usage import Usage
from billing.usage_errors import UsageError
from compliance.forced_sale_cases import Circumstances, ComboSold, SeatOpened
from records.schema import journal
from records.statements import Prepared

AT_OPENING_MS: Final = 10 * 60 * 1000
"""How long after its opening a seat's order counts as made with it."""

SOON_MS: Final = 10 * 60 * 1000
"""How long after an order its cancellation is a sign that nobody wanted it."""

DaysDone = Callable[[int, int], None]
"""Told after each business day how many of how many are read."""


def read_cases(
    connection: sa.Connection, from_day: date, to_day: date, *, progress: DaysDone | None = None
) -> Iterator[SeatOpened | ComboSold]:
    """Yield every seat opened on the business days `from_day … to_day`, and every combo with package time it had.

    A combo counts once its visit is settled. One business day is held in memory at a time.
    """
    count = (to_day - from_day).days + 1
    for number in range(count):
        yield from _day_cases(connection, from_day + timedelta(days=number))
        if progress is not None:
            progress(number + 1, count)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """An entry, as far as the watch depends on it."""

    actor: str
    wall_ms: int
    boot: str
    mono_us: int
    body: Mapping[str, Any]

    @classmethod
    def of(cls, entry: bytes) -> _Told:
        said = json.loads(entry)
        return cls(
            actor=said["actor"],
            wall_ms=said["wall"],
            boot=said["boot"],
            mono_us=said["mono_us"],
            body=said["body"],
        )

    def ms_since(self, earlier: _Told) -> int:
        """The time between two entries; a clock that was set meanwhile does not count within one boot."""
        if self.boot == earlier.boot:
            return (self.mono_us - earlier.mono_us) // 1000
        return self.wall_ms - earlier.wall_ms


@dataclass(frozen=True, kw_only=True, slots=True)
class _VisitTold:
    """What the entries tell of one visit, each kind in the order of the log."""

    opened: _Told
    ordered: Sequence[_Told]
    cancelled: Sequence[_Told]
    packages: Sequence[_Told]


@dataclass(frozen=True, kw_only=True, slots=True)
class _LineSold:
    """A line, and the entry of its order."""

    order: _Told
    code: str


def _day_cases(connection: sa.Connection, day: date) -> Iterator[SeatOpened | ComboSold]:
    for row in _OPENINGS.rows(connection, day=day.isoformat()):
        visit = _visit(connection, _Told.of(row.entry))
        yield _seat(connection, visit, day)
        yield from _combos(connection, visit, day)


def _visit(connection: sa.Connection, opened: _Told) -> _VisitTold:
    def told(entries: Prepared) -> list[_Told]:
        return [_Told.of(row.entry) for row in entries.rows(connection, visit=opened.body["visit"])]

    ordered = told(_ORDERED)
    if not ordered:  # Then nothing was cancelled, and no package belongs to a combo.
        return _VisitTold(opened=opened, ordered=(), cancelled=(), packages=())
    return _VisitTold(opened=opened, ordered=ordered, cancelled=told(_CANCELLED), packages=told(_PACKAGES))


def _seat(connection: sa.Connection, visit: _VisitTold, day: date) -> SeatOpened:
    opened = visit.opened
    return SeatOpened(
        clerk=opened.actor,
        business_day=day,
        circumstances=_circumstances(connection, visit, opened.body["at"]),
        items=_items_at_opening(visit),
    )


def _items_at_opening(visit: _VisitTold) -> Mapping[str, bool]:
    """Codes of goods and services that whoever opened the seat sold to it at once; true where soon taken back."""
    sold: dict[tuple[str, int], _LineSold] = {}
    for order in visit.ordered:
        if order.actor == visit.opened.actor and order.ms_since(visit.opened) <= AT_OPENING_MS:
            for line in order.body["lines"]:
                if line["kind"] in {"goods", "service"}:
                    sold[order.body["order"], line["line"]] = _LineSold(order=order, code=line["code"])
    items = {line.code: False for line in sold.values()}
    for cancelled in visit.cancelled:
        line = sold.get((cancelled.body["order"], cancelled.body["line"]))
        if line is not None and cancelled.ms_since(line.order) <= SOON_MS:
            items[line.code] = True
    return items


def _combos(connection: sa.Connection, visit: _VisitTold, day: date) -> Iterator[ComboSold]:
    """The combos with package time of a visit, if it is settled."""
    held = {(bought.body["order"], bought.body["of"]) for bought in visit.packages if "of" in bought.body}
    settled = settled_visit(connection, visit.opened.body["visit"]) if held else None
    if settled is None:
        return
    body = settled.body
    prices = prices_of(connection, number=body["list"], sha256=body["list_sha256"])
    for order in visit.ordered:
        for line in order.body["lines"]:
            if line["kind"] != "combo" or (order.body["order"], line["line"]) not in held:
                continue
            is_dearer = _is_dearer(body, visit.packages, (order.body["order"], line["line"]), prices)
            if is_dearer is not None:
                yield ComboSold(
                    clerk=order.actor,
                    business_day=day,
                    circumstances=_circumstances(connection, visit, prices.clock.text(order.wall_ms // 1000)),
                    code=line["code"],
                    is_dearer=is_dearer,
                )


def _is_dearer(
    settled: Mapping[str, Any], packages: Iterable[_Told], combo: tuple[str, int], prices: PriceList
) -> bool | None:
    """Whether the stay, rated again without the combo's packages, and its goods at single prices cost less.

    None where that cannot be said: the packages did not count, or others of the visit hang on them.
    """
    usage = Usage.from_json(settled["usage"], prices.clock)
    # A usage holds the packages in the order of their entries, less those at its end (journal-format.md §6).
    kept = tuple(
        purchase
        for purchase, bought in zip(usage.packages, packages, strict=False)
        if (bought.body.get("order"), bought.body.get("of")) != combo
    )
    if len(kept) == len(usage.packages):
        return None
    try:
        without = charge(replace(usage, packages=kept), prices)
    except UsageError:
        return None
    with_combo_fen: int = settled["bill"]["total_fen"]
    for line in settled["orders"]:
        if (line["order"], line["line"]) == combo:  # The saving, as far as it did not fall away.
            with_combo_fen += line["amount_fen"]
    return without.total_fen < with_combo_fen


def _circumstances(connection: sa.Connection, visit: _VisitTold, at: str) -> Circumstances:
    """Where and when: `at` is a local time of an entry."""
    opened = visit.opened.body
    prices = prices_of(connection, number=opened["list"], sha256=opened["list_sha256"])
    return Circumstances(
        hour=int(at[11:13]),
        day=prices.calendar.kind(date.fromisoformat(at[:10])),
        zone=opened["zone"],
        price_list=opened["list"],
    )


_VISIT = sa.bindparam("visit", type_=sa.Text)
_entries = sa.select(journal.c.entry).order_by(journal.c.seq)
_OPENINGS: Final = Prepared(
    _entries.where(
        journal.c.biz_day == sa.bindparam("day", type_=sa.Text),
        # No plain comparison: SQLite would take the index of types, and read the openings of all years.
        journal.c.type.concat("") == "visit.opened",
    )
)
_ORDERED: Final = Prepared(
    _entries.join(orders, orders.c.entry_id == journal.c.entry_id).where(orders.c.visit_id == _VISIT)
)
_CANCELLED: Final = Prepared(
    _entries.join(order_cancellations, order_cancellations.c.entry_id == journal.c.entry_id)
    .join(orders, orders.c.order_id == order_cancellations.c.order_id)
    .where(orders.c.visit_id == _VISIT)
)
_PACKAGES: Final = Prepared(
    _entries.join(visit_events, visit_events.c.entry_id == journal.c.entry_id).where(
        visit_events.c.visit_id == _VISIT, visit_events.c.kind == "package"
    )
)
