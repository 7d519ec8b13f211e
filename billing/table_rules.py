"""Conditions under which the database refuses a row of billing, in SQL that SQLite and PostgreSQL both read.

A rule sees the rows that were written before its own, so the order of writing is part of it: the lines of an order come
before the saving that covers them, what a refund takes along before the line that loses it.
"""

# ruff: noqa: S608  # Every name in this SQL is one of our own schema.

from __future__ import annotations

from records.schema import Rule

_IN_FORCE = "SELECT number FROM price_lists WHERE effective <= NEW.{at} ORDER BY effective DESC LIMIT 1"
_ORDERED = (
    "((SELECT coalesce(sum(quantity * unit_fen), 0) FROM order_lines WHERE order_lines.order_id = orders.order_id)"
    " + (SELECT coalesce(sum(quantity * unit_fen), 0) FROM order_savings"
    " WHERE order_savings.order_id = orders.order_id))"
)


def next_number(table: str, column: str) -> Rule:
    """Numbers have no gap: each is 1, or follows one that is there; that none comes twice is the key's affair."""
    gap = f"NEW.{column} <> 1 AND (SELECT 1 FROM {table} WHERE {table}.{column} = NEW.{column} - 1) IS NULL"
    return Rule(name="gap", event="INSERT", refused_when=gap)


def visit_settled(visit: str = "NEW.visit_id") -> Rule:
    """Nothing happens to a visit after its settlement."""
    settled = f"EXISTS (SELECT 1 FROM settlements WHERE settlements.visit_id = {visit})"
    return Rule(name="visit_settled", event="INSERT", refused_when=settled)


def shift_closed() -> Rule:
    """A closed shift takes and gives no money."""
    closed = "(SELECT 1 FROM shift_closings WHERE shift_closings.shift = NEW.shift) IS NOT NULL"
    return Rule(name="shift_closed", event="INSERT", refused_when=closed)


def orders_otherwise() -> Rule:
    """A settlement holds what was ordered, savings included, less what was cancelled."""
    cancelled = (
        "(SELECT coalesce(sum(gone.quantity * cut.unit_fen + gone.saving_quantity * coalesce(saved.unit_fen, 0)), 0)"
        " FROM order_cancellations AS gone"
        " JOIN order_lines AS cut ON cut.order_id = gone.order_id AND cut.line = gone.line"
        " LEFT JOIN order_savings AS saved ON saved.order_id = cut.order_id AND saved.line = cut.saving_line"
        " WHERE gone.order_id = orders.order_id)"
    )
    any_cancelled = (
        "max((SELECT 1 FROM order_cancellations WHERE order_cancellations.order_id = orders.order_id LIMIT 1))"
    )
    of_visit = "FROM orders WHERE orders.visit_id = NEW.visit_id"
    return Rule(
        name="orders_otherwise",
        event="INSERT",
        refused_when=f"NEW.orders_fen <> (SELECT coalesce(sum({_ORDERED} - {cancelled}), 0) {of_visit})",
        only_when=(
            f"(SELECT coalesce(sum({_ORDERED}), 0) = NEW.orders_fen AND {any_cancelled} IS NULL {of_visit}) IS NOT TRUE"
        ),
    )


def seat_closed() -> Rule:
    """Nobody sits on a seat that is out of use, and it is not taken out of use twice."""
    closed = (
        "SELECT 1 FROM seat_closures WHERE seat_closures.seat = NEW.seat"
        " AND NOT EXISTS (SELECT 1 FROM seat_reopenings WHERE seat_reopenings.number = seat_closures.number)"
    )
    return Rule(name="seat_closed", event="INSERT", refused_when=f"EXISTS ({closed})")


def seat_occupied() -> Rule:
    """A seat is not taken out of use under somebody."""
    taken = "EXISTS (SELECT 1 FROM open_visits WHERE open_visits.seat = NEW.seat)"
    return Rule(name="seat_occupied", event="INSERT", refused_when=taken)


def other_entry(owner: str, key: str, *, own_key: str | None = None) -> Rule:
    """Rows belong to the entry of what they are part of: nothing is added to it afterwards."""
    own = f"SELECT entry_id FROM {owner} WHERE {owner}.{key} = NEW.{own_key or key}"
    return Rule(name="other_entry", event="INSERT", refused_when=f"NEW.entry_id <> coalesce(({own}), '')")


def not_in_force(at: str) -> Rule:
    """The list is the one in force at the row's instant (P-15), and so a published one."""
    return Rule(
        name="list_not_in_force", event="INSERT", refused_when=f"NEW.list <> coalesce(({_IN_FORCE.format(at=at)}), 0)"
    )


def order_list_not_in_force() -> Rule:
    """An order is sold from the list in force; one that is pinned from its visit's list (P-15)."""
    visits_list = "SELECT visits.list FROM visits WHERE visits.visit_id = NEW.visit_id"
    wanted = f"CASE WHEN NEW.pinned = 1 THEN ({visits_list}) ELSE ({_IN_FORCE.format(at='added_at')}) END"
    return Rule(name="list_not_in_force", event="INSERT", refused_when=f"NEW.list <> coalesce({wanted}, 0)")


def price_not_posted(list_of_row: str) -> Rule:
    """A line must name an item of its list at the price posted there, no fen more or less (I-4, G-2)."""
    posted = (
        f"SELECT 1 FROM price_items WHERE price_items.list = ({list_of_row}) AND price_items.kind = NEW.kind"
        " AND price_items.code = NEW.code AND price_items.unit_fen = NEW.unit_fen"
    )
    return Rule(name="price_not_posted", event="INSERT", refused_when=f"NOT EXISTS ({posted})")


def saving_not_posted(owner: str, key: str, at: str) -> Rule:
    """A saving is that of a combo or promotion of its list, and of a promotion only in its period (G-3, G-6)."""
    posted = (
        f"SELECT 1 FROM {owner} JOIN price_savings ON price_savings.list = {owner}.list"
        f" WHERE {owner}.{key} = NEW.{key} AND price_savings.kind = NEW.kind AND price_savings.code = NEW.code"
        " AND price_savings.saving_fen = NEW.unit_fen"
        f" AND (price_savings.begins IS NULL OR price_savings.begins <= {owner}.{at})"
        f" AND (price_savings.ends IS NULL OR {owner}.{at} < price_savings.ends)"
    )
    return Rule(name="saving_not_posted", event="INSERT", refused_when=f"NOT EXISTS ({posted})")


def saving_without_parts(owner: str, lines: str, key: str, *, packages: str = "") -> Rule:
    """A saving covers exactly the pieces that its combo or promotion consists of; they are written before it (G-3)."""
    pieces = (
        f"SELECT coalesce(sum({lines}.quantity), 0) FROM {lines} WHERE {lines}.{key} = NEW.{key}"
        f" AND {lines}.saving_line = NEW.line AND {lines}.kind = parts.item_kind AND {lines}.code = parts.item_code"
    )
    missing = (
        f"EXISTS (SELECT 1 FROM {owner} JOIN price_saving_parts AS parts ON parts.list = {owner}.list"
        f" WHERE {owner}.{key} = NEW.{key} AND parts.kind = NEW.kind AND parts.code = NEW.code"
        f" AND parts.quantity * NEW.quantity <> ({pieces}){packages})"
    )
    return Rule(name="saving_without_parts", event="INSERT", refused_when=missing)


def line_taken(lines: str, key: str) -> Rule:
    """A saving has a line number of its own."""
    taken = f"EXISTS (SELECT 1 FROM {lines} WHERE {lines}.{key} = NEW.{key} AND {lines}.line = NEW.line)"
    return Rule(name="line_taken", event="INSERT", refused_when=taken)
