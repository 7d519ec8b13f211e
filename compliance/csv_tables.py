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
    "time_yuan,packages_yuan,orders_yuan,total_yuan",
    "lines": "seq,receipt,of,line,kind,item,zone,from,to,seconds,extension_seconds,yuan_per_hour,"
    "quantity,unit_yuan,amount_yuan",
    "tenders": "seq,receipt,of,direction,kind,amount_yuan,reference",
    "shifts": "seq,shift,z,till,actor,closed_at,expected_yuan,counted_yuan,difference_yuan,reason,"
    "sales_yuan,cash_yuan,wechat_yuan,alipay_yuan,bank_yuan",
    "id_checks": "seq,at,check,kind,method,verdict,reason,approved_by",
    "price_lists": "seq,list,title,effective,sha256",
    "postings": "seq,type,account,amount_yuan",
}

Cell = str | int | None
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

    def add(self, entry: Mapping[str, Any], leaf: bytes) -> None:
        """Add the rows of one entry, whose leaf hash is `leaf`."""
        seq, kind, body = entry["seq"], entry["type"], entry["body"]
        at = self._shown(entry["wall"])
        self._row("entries", seq, kind, at, entry["biz_day"], entry["till"], entry["actor"], entry["clk"], leaf.hex())
        for posting in body.get("postings", ()):
            self._row("postings", seq, kind, posting["account"], yuan(posting["fen"]))
        match kind:
            case "visit.settled":
                self._visit(seq, body)
            case "sale.settled":
                self._items(seq, body, body["sale"], body["lines"], after=0)
                self._tenders(seq, body, body["sale"], returned=())
            case "deposit.taken":
                self._tender(seq, body, body["visit"], "deposit", body["tender"])
            case "shift.closed":
                self._shift(entry, at)
            case "id.checked" | "id.refused":
                self._id_check(seq, at, body)
            case "prices.published":
                effective = _spaced(body["effective"])
                self._row("price_lists", seq, body["list"], body["title"], effective, body["sha256"])

    def _row(self, table: str, *cells: Cell) -> None:
        self._write(table, (",".join([_cell(cell) for cell in cells]) + "\r\n").encode())

    def _shown(self, wall_ms: int) -> str:
        return _minute_shown(wall_ms // 60_000, self.timezone) + f"{wall_ms // 1000 % 60:02}"

    def _visit(self, seq: int, body: Mapping[str, Any]) -> None:
        usage, lines, orders = body["usage"], body["bill"]["lines"], body["orders"]
        packages_fen = sum(line["amount_fen"] for line in lines if line["kind"] == "package")
        orders_fen = sum(line["amount_fen"] for line in orders)
        self._row(
            "visits",
            *(seq, body["visit"], body["receipt"], body["seat"], body["zone"], body["tier"], body["list"]),
            *(_spaced(usage["start"]), _spaced(usage["end"]), body["used_seconds"], body["ends"]),
            *(yuan(body["bill"]["total_fen"] - packages_fen), yuan(packages_fen), yuan(orders_fen)),
            yuan(body["total_fen"]),
        )
        for number, line in enumerate(lines, 1):
            self._bill_line(seq, body, number, line)
        self._items(seq, body, body["visit"], orders, after=len(lines))
        self._tenders(seq, body, body["visit"], returned=body["returned"])

    def _bill_line(self, seq: int, body: Mapping[str, Any], number: int, line: Mapping[str, Any]) -> None:
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

    def _items(
        self, seq: int, body: Mapping[str, Any], of: str, items: Iterable[Mapping[str, Any]], *, after: int
    ) -> None:
        for number, line in enumerate(items, after + 1):
            head = (seq, body["receipt"], of, number, line["kind"], line["code"])
            price = (line["qty"], yuan(line["unit_fen"]), yuan(line["amount_fen"]))
            self._row("lines", *head, *[None] * 6, *price)

    def _tenders(self, seq: int, body: Mapping[str, Any], of: str, *, returned: Iterable[Mapping[str, Any]]) -> None:
        for tender in body["tenders"]:
            self._tender(seq, body, of, "paid", tender)
        for tender in returned:
            self._tender(seq, body, of, "returned", tender)
        if body["change_fen"]:
            self._tender(seq, body, of, "change", {"kind": "cash", "fen": body["change_fen"]})

    def _tender(self, seq: int, body: Mapping[str, Any], of: str, direction: str, tender: Mapping[str, Any]) -> None:
        way = (direction, tender["kind"], yuan(tender["fen"]), tender.get("ref"))
        self._row("tenders", seq, body["receipt"], of, *way)

    def _shift(self, entry: Mapping[str, Any], at: str) -> None:
        body, totals = entry["body"], entry["body"]["totals_fen"]
        self._row(
            "shifts",
            *(entry["seq"], body["shift"], body["z"], entry["till"], entry["actor"], at),
            *(yuan(body["expected_fen"]), yuan(body["counted_fen"]), yuan(body["difference_fen"])),
            *(body.get("reason"), yuan(body["sales_fen"])),
            *(yuan(totals[kind]) for kind in ("cash", "wechat", "alipay", "bank")),
        )

    def _id_check(self, seq: int, at: str, body: Mapping[str, Any]) -> None:
        approved_by = body["approval"]["by"] if "approval" in body else None
        verdict = body.get("verdict", "refused")
        facts = (body.get("check"), body.get("kind"), body["method"], verdict, body.get("reason"))
        self._row("id_checks", seq, at, *facts, approved_by)


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
