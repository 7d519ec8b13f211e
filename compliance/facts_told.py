"""What each journal entry says must stand in the tables, so that `doctor` can compare.

The entry is signed, the rows are not: who opens the database with another program can add, change or drop rows where
the guards were taken away, and would be found here. Docs/journal-format.md §6 and §8 say what the bodies hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billing import order_tables as orders
from billing import price_tables as prices
from billing import refund_tables as refunds
from billing import seat_tables as seats
from billing import stock_tables as stock
from billing import tables as billing
from members import tables as members
from records import schema as records
from records.canonical import canonical
from staff import tables as staff

Body = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An entry as far as rows depend on it; `at` is its wall clock cut to the second, in local time."""

    type: str
    body: Body
    till: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FactsTold:
    """The rows of one table that entries tell of: `rows` of an entry, each with some of the table's columns."""

    table: sa.Table
    types: frozenset[str]
    rows: Callable[[Told], Sequence[Row]]


def _facts(table: sa.Table, types: str, rows: Callable[[Told], Sequence[Row]]) -> FactsTold:
    return FactsTold(table=table, types=frozenset(types.split()), rows=rows)


def _one(**columns: str) -> Callable[[Told], list[Row]]:
    """One row whose columns are keys of the body."""
    return lambda told: [{column: told.body.get(key) for column, key in columns.items()}]


def _key(told: Told) -> list[Row]:
    body = told.body
    return [{"use": body["use"], "public": body.get("vkey") or body.get("public"), "month": body.get("month")}]


def _settings(told: Told) -> list[Row]:
    return [{"settings": canonical(told.body["settings"]).decode()}]


def _member(told: Told) -> list[Row]:
    return [{"number": _staff_number(told), "role": told.body["role"]}]


def _disabled(told: Told) -> list[Row]:
    return [{"number": _staff_number(told)}]


def _staff_number(told: Told) -> int:
    return int(told.body["staff"].removeprefix("s"))


def _list(told: Told) -> list[Row]:
    body = told.body
    kept = {"number": body["list"], "sha256": body["sha256"], "title": body["title"]}
    return [{**kept, "effective": body["effective"], "canonical": body["sha256"]}]


def _posted(told: Told) -> list[Row]:
    return [{"list": told.body["list"], "how": told.body["how"], "posted_at": told.at}]


def _visit(told: Told) -> list[Row]:
    body = told.body
    same = {name: body[name] for name in ("seat", "zone", "tier", "list")}
    place = {"port": body.get("port"), "terminal_ip": body.get("terminal_ip")}
    return [{"visit_id": body["visit"], "check_id": body["check"], "opened_at": body["at"], **same, **place}]


_EVENT_KINDS: Final = {
    "visit.moved": "moved",
    "visit.paused": "paused",
    "visit.resumed": "resumed",
    "outage.began": "outage-began",
    "outage.ended": "outage-ended",
    "package.bought": "package",
    "visit.ended": "ended",
}


def _events(told: Told) -> list[Row]:
    body = told.body
    kind = _EVENT_KINDS[told.type]
    code = body.get("code") if kind == "package" else body["reason"] if kind == "ended" else None
    event = {"kind": kind, "at": body["at"], "seat": body.get("seat"), "zone": body.get("zone"), "code": code}
    event |= {"order_id": body.get("order"), "saving_line": body.get("of")}
    return [{"visit_id": visit, **event} for visit in body.get("visits", [body.get("visit")])]


def _order(told: Told) -> list[Row]:
    body = told.body
    pinned = int(body.get("pinned", False))
    return [{"order_id": body["order"], "visit_id": body["visit"], "list": body["list"], "pinned": pinned}]


_SAVINGS: Final = ("combo", "promotion")


def _lines(owner: str) -> Callable[[Told], list[Row]]:
    """The goods and services of an order or a sale."""
    return lambda told: [
        {**_line(owner, told.body, line), "saving_line": line.get("of")}
        for line in told.body["lines"]
        if line["kind"] not in _SAVINGS
    ]


def _savings(owner: str) -> Callable[[Told], list[Row]]:
    """The combos and promotions of an order or a sale."""
    return lambda told: [_line(owner, told.body, line) for line in told.body["lines"] if line["kind"] in _SAVINGS]


def _line(owner: str, body: Body, line: Body) -> Row:
    return {f"{owner}_id": body[owner], "line": line["line"], **_item(line)}


def _item(line: Body) -> Row:
    return {"kind": line["kind"], "code": line["code"], "quantity": line["qty"], "unit_fen": line["unit_fen"]}


def _hand_over(told: Told) -> list[Row]:
    body = told.body
    return [{"order_id": body["order"], "line": line, "handed_at": told.at} for line in body["lines"]]


def _cancellation(told: Told) -> list[Row]:
    body = told.body
    return [
        {
            "order_id": body["order"],
            "line": body["line"],
            "quantity": body["qty"],
            "reason": body["reason"],
            "saving_quantity": body["saving"]["qty"] if "saving" in body else 0,
            "handed_over": int(body.get("handed_over", False)),
            "approved_by": _approver(body),
        }
    ]


def _approver(body: Body) -> str | None:
    approval = body.get("approval")
    return None if approval is None else str(approval["by"])


def _reduction(told: Told) -> list[Row]:
    body = told.body
    why = {"fen": body["fen"], "reason": body["reason"], "approved_by": _approver(body)}
    return [{"reduction_id": body["reduction"], "visit_id": body["visit"], **why}]


def _sale_reductions(told: Told) -> list[Row]:
    return [
        {
            "sale_id": told.body["sale"],
            "number": number,
            "fen": reduction["fen"],
            "reason": reduction["reason"],
            "approved_by": _approver(reduction),
        }
        for number, reduction in enumerate(told.body.get("reductions", ()), start=1)
    ]


def _refund(told: Told) -> list[Row]:
    body = told.body
    of = body.get("of", body)  # An overcharge names its visit itself.
    return [
        {
            "refund_id": body["refund"],
            "visit_id": of.get("visit"),
            "sale_id": of.get("sale"),
            "shift": body["shift"],
            "refunded_at": told.at,
            "amount_fen": body["amount_fen"],
            "reason": body.get("reason"),
            "list": body.get("list"),
            "charged_fen": body.get("charged_fen"),
            "due_fen": body.get("due_fen"),
            "approved_by": _approver(body),
            "job_id": body["job"],
        }
    ]


def _refund_lines(told: Told) -> list[Row]:
    return [
        {
            "refund_id": told.body["refund"],
            "number": number,
            "order_id": line.get("order"),
            "line": line["line"],
            **_item(line),
        }
        for number, line in enumerate(told.body["lines"], start=1)
    ]


def _refund_tenders(told: Told) -> list[Row]:
    return [
        {"refund_id": told.body["refund"], "number": number, **_money(tender)}
        for number, tender in enumerate(told.body["tenders"], start=1)
    ]


_STOCK_KINDS: Final = {"stock.received": "received", "stock.counted": "counted", "stock.written_off": "written-off"}


def _stock(told: Told) -> list[Row]:
    kind = _STOCK_KINDS[told.type]
    return [
        {
            "line": number,
            "kind": kind,
            "code": line["code"],
            "pieces": _pieces(kind, line),
            "counted": line.get("counted"),
            "reason": told.body.get("reason"),
        }
        for number, line in enumerate(told.body["lines"], start=1)
    ]


def _pieces(kind: str, line: Body) -> int:
    if kind == "counted":
        return int(line["counted"] - line["expected"])
    return int(line["qty"]) if kind == "received" else -int(line["qty"])


def _settlement(told: Told) -> list[Row]:
    body = told.body
    packages_fen = sum(line["amount_fen"] for line in body["bill"]["lines"] if line["kind"] == "package")
    return [
        {
            "visit_id": body["visit"],
            "shift": body["shift"],
            "ended_at": body["usage"]["end"],
            "ends": body["ends"],
            "used_seconds": body["used_seconds"],
            "packages_fen": packages_fen,
            "time_fen": body["bill"]["total_fen"] - packages_fen,
            "orders_fen": sum(order["amount_fen"] for order in body["orders"]),
            "reductions_fen": sum(reduction["fen"] for reduction in body.get("reductions", ())),
            "total_fen": body["total_fen"],
            "job_id": body["job"],
        }
    ]


def _deposit(told: Told) -> list[Row]:
    body = told.body
    return [{"visit_id": body["visit"], "shift": body["shift"], "job_id": body["job"], **_money(body["tender"])}]


def _tenders(told: Told) -> list[Row]:
    body = told.body
    if told.type == "deposit.taken":
        moved = [("deposit", body["tender"])]
    else:
        moved = [("paid", tender) for tender in body["tenders"]]
        moved += [("returned", tender) for tender in body.get("returned", ())]
        if body["change_fen"]:
            moved.append(("change", {"kind": "cash", "fen": body["change_fen"]}))
    return [
        {"job_id": body["job"], "number": number, "shift": body["shift"], "direction": direction, **_money(tender)}
        for number, (direction, tender) in enumerate(moved, start=1)
    ]


def _money(tender: Body) -> Row:
    return {"kind": tender["kind"], "amount_fen": tender["fen"], "reference": tender.get("ref")}


def _postings(told: Told) -> list[Row]:
    return [
        {"line": number, "shift": told.body["shift"], "account": posting["account"], "amount_fen": posting["fen"]}
        for number, posting in enumerate(told.body["postings"], start=1)
    ]


def _shift(told: Told) -> list[Row]:
    body = told.body
    return [{"number": body["shift"], "till": told.till, "float_fen": body["float_fen"], "opened_at": told.at}]


def _seat_closure(told: Told) -> list[Row]:
    return [{"seat": told.body["seat"], "reason": told.body["reason"], "closed_at": told.at}]


def _outage(told: Told) -> list[Row]:
    return [{"began_at": told.body["at"], "reason": told.body["reason"]}]


def _outage_end(told: Told) -> list[Row]:
    return [{"ended_at": told.body["at"]}]


FACTS: Final = (
    _facts(records.public_keys, "key.added", _key),
    _facts(records.venue_settings, "venue.changed", _settings),
    _facts(staff.staff_members, "staff.added", _member),
    _facts(staff.staff_disabled, "staff.disabled", _disabled),
    _facts(prices.price_lists, "prices.published", _list),
    _facts(prices.board_postings, "board.posted", _posted),
    _facts(members.id_checks, "id.checked", _one(check_id="check", kind="kind", method="method", verdict="verdict")),
    _facts(billing.visits, "visit.opened", _visit),
    _facts(billing.visit_events, " ".join(_EVENT_KINDS), _events),
    _facts(seats.seat_closures, "seat.closed", _seat_closure),
    _facts(seats.seat_reopenings, "seat.reopened", lambda told: [{"reopened_at": told.at}]),
    _facts(billing.outages, "outage.began", _outage),
    _facts(billing.outage_ends, "outage.ended", _outage_end),
    _facts(orders.orders, "order.added", _order),
    _facts(orders.order_lines, "order.added", _lines("order")),
    _facts(orders.order_savings, "order.added", _savings("order")),
    _facts(orders.hand_overs, "order.handed_over", _hand_over),
    _facts(orders.order_cancellations, "order.cancelled", _cancellation),
    _facts(billing.reductions, "reduction.given", _reduction),
    _facts(billing.reduction_withdrawals, "reduction.withdrawn", _one(reduction_id="reduction")),
    _facts(billing.statements, "statement.shown", _one(visit_id="visit", at="at", how="how", sha256="sha256")),
    _facts(billing.settlements, "visit.settled", _settlement),
    _facts(
        billing.sales,
        "sale.settled",
        _one(sale_id="sale", list="list", shift="shift", total_fen="total_fen", change_fen="change_fen", job_id="job"),
    ),
    _facts(billing.sale_lines, "sale.settled", _lines("sale")),
    _facts(billing.sale_savings, "sale.settled", _savings("sale")),
    _facts(billing.sale_reductions, "sale.settled", _sale_reductions),
    _facts(refunds.refunds, "refund.given overcharge.refunded", _refund),
    _facts(refunds.refund_lines, "refund.given", _refund_lines),
    _facts(refunds.refund_tenders, "refund.given overcharge.refunded", _refund_tenders),
    _facts(stock.stock_moves, " ".join(_STOCK_KINDS), _stock),
    _facts(billing.deposits, "deposit.taken", _deposit),
    _facts(billing.tenders, "deposit.taken visit.settled sale.settled", _tenders),
    _facts(
        billing.receipts,
        "deposit.taken visit.settled sale.settled refund.given overcharge.refunded",
        _one(number="receipt", shift="shift", job_id="job"),
    ),
    _facts(
        billing.postings,
        "shift.opened cash.moved deposit.taken visit.settled sale.settled refund.given overcharge.refunded"
        " shift.closed",
        _postings,
    ),
    _facts(billing.shifts, "shift.opened", _shift),
    _facts(
        billing.shift_closings,
        "shift.closed",
        _one(
            shift="shift", z="z", counted_fen="counted_fen", expected_fen="expected_fen", reason="reason", job_id="job"
        ),
    ),
)

BESIDE_THE_ENTRY: Final = frozenset({"price_items", "price_savings", "price_saving_parts", "print_jobs", "erasures"})
"""Facts that no entry tells: what is posted follows from the list (`billing.posted_rows`); slips are made for the eye;
an erasure's entry comes with the key life."""
