"""The tables of a bundle (docs/bundle-format.md §4), row by row as the entries come.

Every row follows from one entry, so that the verifier can derive each table again and compare its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

COLUMNS: Final[Mapping[str, str]] = {
    "entries": "seq,type,at,business_day,till,actor,clock,leaf",
    "visits": "seq,visit,receipt,seat,zone,tier,price_list,started,ended,used_seconds,ends,"
    "time_yuan,packages_yuan,orders_yuan,reductions_yuan,total_yuan",
    "lines": "seq,receipt,of,line,kind,item,zone,from,to,seconds,extension_seconds,yuan_per_hour,"
    "quantity,unit_yuan,amount_yuan",
    "tenders": "seq,receipt,of,direction,kind,amount_yuan,reference",
    "cancellations": "seq,at,actor,visit,order,line,quantity,amount_yuan,saving_yuan,reason,handed_over,approved_by",
    "refunds": "seq,at,actor,receipt,refund,of,kind,item,quantity,amount_yuan,reason,price_list,approved_by",
    "stock": "seq,at,actor,type,item,quantity,counted,expected,reason",
    "forced_sale": "seq,at,from,to,signal,staff,hour,item,of,hits,others_of,others_hits,p",
    "shifts": "seq,shift,z,till,actor,closed_at,expected_yuan,counted_yuan,difference_yuan,reason,"
    "sales_yuan,cash_yuan,wechat_yuan,alipay_yuan,bank_yuan",
    "id_checks": "seq,at,check,kind,method,verdict,reason,approved_by",
    "price_lists": "seq,list,title,effective,sha256",
    "postings": "seq,type,account,amount_yuan",
}

Cell = str | int | None
Entry = Mapping[str, Any]
Write = Callable[[str, bytes], None]
"""Takes a table's name and bytes to append to it."""

_FORMULA_START: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_QUOTED: Final = re.compile('[,"\r\n]')


class CsvTables:
    """Derives the rows of each entry and hands their bytes to `write`; the header lines come first."""

    def __init__(self, write: Write, timezone: ZoneInfo) -> None:
        self._write = write
        self.timezone = timezone
        for name, columns in COLUMNS.items():
            write(name, b"\xef\xbb\xbf" + columns.encode() + b"\r\n")
        self._rows: Mapping[str, Callable[[Entry, str], None]] = {
            "visit.settled": self._visit,
            "sale.settled": self._sale,
            "deposit.taken": self._deposit,
            "order.cancelled": self._cancellation,
            "refund.given": self._refund,
            "overcharge.refunded": self._refund,
            "stock.received": self._stock,
            "stock.counted": self._stock,
            "stock.written_off": self._stock,
            "forced_sale.reviewed": self._forced_sale,
            "shift.closed": self._shift,
            "id.checked": self._id_check,
            "id.refused": self._id_check,
            "prices.published": self._price_list,
        }

    def add(self, entry: Entry, leaf: bytes) -> None:
        """Add the rows of one entry, whose leaf hash is `leaf`."""
        seq, kind, body = entry["seq"], entry["type"], entry["body"]
        at = self._shown(entry["wall"])
        self._row("entries", seq, kind, at, entry["biz_day"], entry["till"], entry["actor"], entry["clk"], leaf.hex())
        for posting in body.get("postings", ()):
            self._row("postings", seq, kind, posting["account"], yuan(posting["fen"]))
        rows = self._rows.get(kind)
        if rows is not None:
            rows(entry, at)

    def _row(self, table: str, *cells: Cell) -> None:
        self._write(table, (",".join([_cell(cell) for cell in cells]) + "\r\n").encode())

    def _shown(self, wall_ms: int) -> str:
        return _minute_shown(wall_ms // 60_000, self.timezone) + f"{wall_ms // 1000 % 60:02}"

    def _visit(self, entry: Entry, _at: str) -> None:
        seq, body = entry["seq"], entry["body"]
        usage, lines, orders = body["usage"], body["bill"]["lines"], body["orders"]
        packages_fen = sum(line["amount_fen"] for line in lines if line["kind"] == "package")
        orders_fen = sum(line["amount_fen"] for line in orders)
        reductions_fen = sum(reduction["fen"] for reduction in body.get("reductions", ()))
        self._row(
            "visits",
            *(seq, body["visit"], body["receipt"], body["seat"], body["zone"], body["tier"], body["list"]),
            *(_spaced(usage["start"]), _spaced(usage["end"]), body["used_seconds"], body["ends"]),
            *(yuan(body["bill"]["total_fen"] - packages_fen), yuan(packages_fen), yuan(orders_fen)),
            *(yuan(reductions_fen), yuan(body["total_fen"])),
        )
        for number, line in enumerate(lines, 1):
            self._bill_line(seq, body, number, line)
        self._items(seq, body, body["visit"], orders, after=len(lines))
        self._tenders(seq, body, body["visit"], returned=body["returned"])

    def _sale(self, entry: Entry, _at: str) -> None:
        seq, body = entry["seq"], entry["body"]
        self._items(seq, body, body["sale"], body["lines"], after=0)
        self._tenders(seq, body, body["sale"], returned=())

    def _deposit(self, entry: Entry, _at: str) -> None:
        body = entry["body"]
        self._tender(entry["seq"], body, body["visit"], "deposit", body["tender"])

    def _price_list(self, entry: Entry, _at: str) -> None:
        body = entry["body"]
        effective = _spaced(body["effective"])
        self._row("price_lists", entry["seq"], body["list"], body["title"], effective, body["sha256"])

    def _bill_line(self, seq: int, body: Entry, number: int, line: Entry) -> None:
        time: Sequence[Cell] = [None] * 6
        if line["kind"] == "time":
            rate = yuan(line["fen_per_hour"])
            time = [
                line["zone"],
                _spaced(line["from"]),
                _spaced(line["to"]),
                line["seconds"],
                line["extension_seconds"],
                rate,
            ]
        head = (seq, body["receipt"], body["visit"], number, line["kind"], line.get("code"))
        self._row("lines", *head, *time, None, None, yuan(line["amount_fen"]))

    def _items(self, seq: int, body: Entry, of: str, items: Iterable[Entry], *, after: int) -> None:
        number = after
        for number, line in enumerate(items, after + 1):
            head = (seq, body["receipt"], of, number, line["kind"], line["code"])
            price = (line["qty"], yuan(line["unit_fen"]), yuan(line["amount_fen"]))
            self._row("lines", *head, *[None] * 6, *price)
        for after_items, reduction in enumerate(body.get("reductions", ()), number + 1):
            head = (seq, body["receipt"], of, after_items, "reduction", reduction["reason"])
            self._row("lines", *head, *[None] * 8, yuan(-reduction["fen"]))

    def _tenders(self, seq: int, body: Entry, of: str, *, returned: Iterable[Entry]) -> None:
        for tender in body["tenders"]:
            self._tender(seq, body, of, "paid", tender)
        for tender in returned:
            self._tender(seq, body, of, "returned", tender)
        if body["change_fen"]:
            self._tender(seq, body, of, "change", {"kind": "cash", "fen": body["change_fen"]})

    def _tender(self, seq: int, body: Entry, of: str, direction: str, tender: Entry) -> None:
        way = (direction, tender["kind"], yuan(tender["fen"]), tender.get("ref"))
        self._row("tenders", seq, body["receipt"], of, *way)

    def _cancellation(self, entry: Entry, at: str) -> None:
        body = entry["body"]
        saving = yuan(body["saving"]["amount_fen"]) if "saving" in body else None
        self._row(
            "cancellations",
            *(entry["seq"], at, entry["actor"], body["visit"], body["order"], body["line"], body["qty"]),
            *(yuan(body["amount_fen"]), saving, body["reason"], "yes" if "handed_over" in body else None),
            _approved_by(body),
        )

    def _refund(self, entry: Entry, at: str) -> None:
        seq, body = entry["seq"], entry["body"]
        of = body["visit"] if "visit" in body else next(iter(body["of"].values()))
        head = (seq, at, entry["actor"], body["receipt"], body["refund"], of)
        for line in body.get("lines", ()):
            item = (line["kind"], line["code"], line["qty"], yuan(line["amount_fen"]))
            self._row("refunds", *head, *item, body["reason"], None, _approved_by(body))
        if "unpaid_fen" in body:
            unpaid = ("reduction", None, None, yuan(-body["unpaid_fen"]), body["reason"], None)
            self._row("refunds", *head, *unpaid, _approved_by(body))
        if "due_fen" in body:
            overcharge = ("overcharge", None, None, yuan(body["amount_fen"]), None, body["list"])
            self._row("refunds", *head, *overcharge, _approved_by(body))
        for tender in body["tenders"]:
            self._tender(seq, body, of, "refunded", tender)

    def _stock(self, entry: Entry, at: str) -> None:
        body, (_, _, what) = entry["body"], entry["type"].partition(".")
        for line in body["lines"]:
            amounts = (line.get("qty"), line.get("counted"), line.get("expected"))
            self._row("stock", entry["seq"], at, entry["actor"], what, line["code"], *amounts, body.get("reason"))

    def _forced_sale(self, entry: Entry, at: str) -> None:
        body = entry["body"]
        for found in body["findings"]:
            who = (found["signal"], found["staff"], found.get("hour"), found.get("item"))
            counts = (found["of"], found["hits"], found["others_of"], found["others_hits"])
            self._row("forced_sale", entry["seq"], at, body["from"], body["to"], *who, *counts, found["p"])

    def _shift(self, entry: Entry, at: str) -> None:
        body, totals = entry["body"], entry["body"]["totals_fen"]
        self._row(
            "shifts",
            *(entry["seq"], body["shift"], body["z"], entry["till"], entry["actor"], at),
            *(yuan(body["expected_fen"]), yuan(body["counted_fen"]), yuan(body["difference_fen"])),
            *(body.get("reason"), yuan(body["sales_fen"])),
            *(yuan(totals[kind]) for kind in ("cash", "wechat", "alipay", "bank")),
        )

    def _id_check(self, entry: Entry, at: str) -> None:
        seq, body = entry["seq"], entry["body"]
        verdict = body.get("verdict", "refused")
        facts = (body.get("check"), body.get("kind"), body["method"], verdict, body.get("reason"))
        self._row("id_checks", seq, at, *facts, _approved_by(body))


def _approved_by(body: Entry) -> str | None:
    return body["approval"]["by"] if "approval" in body else None


@lru_cache(maxsize=65536)
def yuan(fen: int) -> str:
    """Money as the tables write it."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


@lru_cache(maxsize=1024)
def _minute_shown(minute: int, timezone: ZoneInfo) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(timezone).strftime("%Y-%m-%d %H:%M:")


def _spaced(local_time: str) -> str:
    return local_time.replace("T", " ", 1)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    text = str(value)
    if text.startswith(_FORMULA_START) and not _NUMBER.fullmatch(text):
        text = "'" + text  # A spreadsheet would calculate it.
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
