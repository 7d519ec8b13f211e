"""Bundles of the second writer, changed by whoever likes to change them, and the verifier's word about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from compliance.verify import verify as verifier
from tests.compliance.busy_shop import Shop
from tests.compliance.handmade import Entry, Export, Keys, canonical, keys, seal, sha256_hex, write_zip

Change = Callable[[list[Entry]], object]
"""Changes the entries of a log before they are numbered, chained and signed, as an owner with his keys can."""


def resigned(shop: Shop, change: Change | None = None, *, honest_totals: bool = True, by: Keys | None = None) -> Export:
    """A log that was changed and then numbered, totalled, chained and signed anew, and its export."""
    entries = copy.deepcopy(shop.entries)
    if change is not None:
        change(entries)
    return Export(lines=seal(entries, honest_totals=honest_totals), keys=by or keys(), lists=dict(shop.lists))


def judged(files: dict[str, bytes], folder: Path, anchors: Sequence[str] = ()) -> dict[str, Any]:
    """The verifier's answer about these files in a zip."""
    return verifier.verify(str(write_zip(files, folder / "bundle.zip")), anchors)


def codes(answer: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in answer["findings"]}


def rules(answer: dict[str, Any], code: str) -> set[str]:
    return {finding["rule"] for finding in answer["findings"] if finding["code"] == code}


def of_type(entries: Iterable[Entry], *types: str) -> list[Entry]:
    return [entry for entry in entries if entry["type"] in types]


def settled(entries: Iterable[Entry], *, having: Callable[[Entry], object] = lambda _body: True) -> Entry:
    """The first settlement whose body is like that."""
    return next(entry for entry in of_type(entries, "visit.settled") if having(entry["body"]))


def recompute(entries: list[Entry], entry: Entry) -> None:
    """Make statement, totals and postings of a settlement agree with its bill again, as a careful forger would."""
    body = entry["body"]
    body["bill"]["total_fen"] = sum(line["amount_fen"] for line in body["bill"]["lines"])
    total = body["bill"]["total_fen"] + sum(line["amount_fen"] for line in body["orders"])
    total -= sum(given["fen"] for given in body.get("reductions", []))
    difference = total - body["total_fen"]
    body["total_fen"] = total
    for posting in body["postings"]:
        if posting["account"] == "revenue/time":
            posting["fen"] -= difference
    tender = body["tenders"][0]
    tender["fen"] += difference
    account = "cash/till-1" if tender["kind"] == "cash" else tender["kind"]
    next(posting for posting in body["postings"] if posting["account"] == account)["fen"] += difference
    closing = next(
        one for one in of_type(entries[entries.index(entry) :], "shift.closed") if one["body"]["shift"] == body["shift"]
    )
    closed = closing["body"]
    closed["sales_fen"] += difference
    closed["totals_fen"][tender["kind"]] += difference
    if tender["kind"] == "cash":
        closed["expected_fen"] += difference
        closed["counted_fen"] += difference
        posted = {posting["account"]: posting for posting in closed["postings"]}
        posted["safe"]["fen"] += difference
        posted["cash/till-1"]["fen"] -= difference
    show_again(entries, entry)


def show_again(entries: list[Entry], entry: Entry) -> None:
    """Make the statement agree with the settlement."""
    body = entry["body"]
    shown = next(e for e in of_type(entries, "statement.shown") if e["body"]["visit"] == body["visit"])
    parts = {key: body[key] for key in ("visit", "bill", "orders", "reductions", "total_fen") if key in body}
    shown["body"]["sha256"] = body["statement"] = sha256_hex(canonical({"at": shown["body"]["at"], **parts}))


def without_list(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.startswith("prices/")}


def parsed(line: bytes) -> Entry:
    entry: Entry = json.loads(line)
    return entry
