"""Builders for the winter list of docs/pricing.md and visits under it. Times are the venue's, in Shanghai."""

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.bill import Bill
from billing.price_checks import check
from billing.price_list import PriceList
from billing.rating import rate
from billing.time_left import time_left
from billing.usage import Usage, parse_usage
from billing.usage_errors import UsageError
from billing.wall_clock import second_of

WINTER_TEXT = (Path(__file__).parent / "winter.toml").read_text(encoding="utf-8")
WINTER = check(WINTER_TEXT).require()
MONDAY = "2026-11-23"
TUESDAY = "2026-11-24"


def list_with(*changes: tuple[str, str], more: str = "", text: str = WINTER_TEXT) -> PriceList:
    """The winter list with pieces of its text replaced and more text at its end."""
    return check(changed(*changes, more=more, text=text)).require()


def changed(*changes: tuple[str, str], more: str = "", text: str = WINTER_TEXT) -> str:
    """The text of the winter list with pieces replaced, each of which must be there, and more at its end."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text + more


def local(text: str) -> dt.datetime:
    """An instant on the venue's clock: `2026-11-23 21:00` or with seconds."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def usage_json(
    start: str,
    end: str | None = None,
    *,
    tier: str = "guest",
    zone: str = "hall",
    moves: dict[str, str] | None = None,
    pauses: dict[str, str] | None = None,
    packages: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A usage. Moves: instant to zone; pauses: beginning to end; packages: instant to code."""
    document: dict[str, Any] = {"tier": tier, "start": start, **({"end": end} if end else {}), **more}
    document["stays"] = [{"from": at, "zone": to} for at, to in {start: zone, **(moves or {})}.items()]
    document["pauses"] = [{"from": begins, "to": ends} for begins, ends in (pauses or {}).items()]
    document["packages"] = [{"code": code, "bought_at": at} for at, code in (packages or {}).items()]
    return document


def usage(document: dict[str, Any], prices: PriceList = WINTER) -> Usage:
    """The usage in a document, read as a command reads it."""
    return parse_usage(json.dumps(document), prices.clock)


def bill(document: dict[str, Any], prices: PriceList = WINTER) -> Bill:
    """The bill of a usage document."""
    return rate(usage(document, prices), prices)


def refusal(document: dict[str, Any], prices: PriceList = WINTER) -> str:
    """The code with which a usage document is refused; empty if it is priced."""
    try:
        answer(document, prices)
    except UsageError as error:
        return error.code
    return ""


def answer(document: dict[str, Any], prices: PriceList = WINTER) -> Bill | str | None:
    """The bill, or the local time until which the funds last."""
    asked = usage(document, prices)
    if asked.funds_fen is None:
        return rate(asked, prices)
    until = time_left(asked, prices, funds_fen=asked.funds_fen)
    return None if until is None else prices.clock.text(second_of(until))
