"""REQ-P-5: board, desk, receipt and engine say one price for each item, byte for byte."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from billing.calendar import DAY_SECONDS, DayKind, clock_text
from billing.money import yuan_text
from billing.price_checks import check
from hardware.receipt import preview
from pos import receipts
from pos.board.composing import Hanger, Posting, compose
from pos.board.fonts import font_for
from pos.board.html import html
from pos.board.pdf import DIGITS, pdf
from pos.board.sheet import Paper
from pos.board.text import plain_text, terminal_text
from pos.languages import Language
from records.clock import SimulatedClock
from tests.billing.shop import bill, local, usage_json
from tests.pos.board.typeface import make_typeface
from tests.pos.counter.venues import DEMO
from tests.pos.test_receipts import FACTS, HEAD
from tests.pos.tui.desks import Desk, play, sitting_at

PRICES = check((DEMO / "prices.toml").read_bytes()).require()
BOARD = compose(
    PRICES,
    Language.ZH_CN,
    status=Posting(number=1, effective=local("2026-11-23 19:00")),
    hanger=Hanger(name="明价演示网咖"),
)
Prices = dict[str, str]
"""What a paper or screen says of each item: `goods/cola-330` → `4.00`."""


def posted() -> Prices:
    """The prices of a workday, straight from the list."""
    rates = {
        _band(rate.zone, rate.begins): yuan_text(rate.fen_per_hour)
        for rate in PRICES.rates
        if DayKind.WORKDAY in rate.days
    }
    goods = {f"goods/{one.code}": yuan_text(one.price_fen) for one in PRICES.goods}
    services = {f"service/{one.code}": yuan_text(one.price_fen) for one in PRICES.services}
    packages = {f"package/{one.code}": yuan_text(one.price_fen) for one in PRICES.packages}
    return rates | goods | services | packages


def _band(zone: str, begins: int) -> str:
    return f"rate/{zone}/{clock_text(begins % DAY_SECONDS)}"


def in_text(text: str) -> Prices:
    """Read a board's text as a customer does: by zone, clock time and name."""
    found: Prices = {}
    for zone in PRICES.zones:
        # From the zone's heading on, the first prices at each clock time: those of a workday.
        of_zone = text[text.index(zone.spec) :]
        for rate in PRICES.rates:
            if rate.zone == zone.code and DayKind.WORKDAY in rate.days:
                begins = clock_text(rate.begins)
                match = re.search(rf"(?<!\d){begins}–(?:次日)?\d\d:\d\d\s+(\d+\.\d\d)元/小时", of_zone)
                assert match, (zone, begins)
                found[_band(zone.code, rate.begins)] = match[1]
    for goods in PRICES.goods:
        found[f"goods/{goods.code}"] = _price_of(text, [goods.name, goods.spec], f"元/{goods.unit}")
    for service in PRICES.services:
        found[f"service/{service.code}"] = _price_of(text, [service.name, service.content], f"元/{service.unit}")
    return found


def _price_of(text: str, names: list[str], unit: str) -> str:
    named = r"\s+".join(map(re.escape, names))
    match = re.search(rf"{named}\s+(\d+\.\d\d){re.escape(unit)}", text)
    assert match, names
    return match[1]


def in_page(page: str) -> Prices:
    """Read the board's HTML by the items that its rows are marked with."""
    found: Prices = {}
    for item, row in re.findall(r'<tr data-item="([^"]+)">(.*?)</tr>', page, re.DOTALL):
        kind, code, *more = item.split("/")
        price = re.findall(r"(\d+\.\d\d)元", row)
        if kind == "rate":
            _tiers, days, hours = more
            if "workday" in days:
                found[f"rate/{code}/{hours[:5]}"] = price[0]
        elif kind in {"goods", "service", "package"}:
            found[f"{kind}/{code}"] = price[-1]
    return found


def in_pdf(tmp_path: Path) -> str:
    letters = make_typeface(tmp_path / "boxes.ttf", "".join(BOARD.texts()) + DIGITS)
    document = pdf(BOARD, font_for(BOARD.texts(), named=letters), Paper.A4)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def by_the_engine(zone: str) -> Prices:
    """A guest's workday and night in a zone, rated."""
    lines = bill(usage_json("2026-11-24T08:00:00", "2026-11-25T08:00:00", zone=zone), PRICES).to_json()["lines"]
    return {
        f"rate/{zone}/{line['from'][11:16]}": yuan_text(line["fen_per_hour"])
        for line in lines
        if line["kind"] == "time"
    }


def on_receipts() -> Prices:
    """The same day and night on a receipt, and one of everything sold over the counter."""
    found: Prices = {}
    for zone in PRICES.zones:
        usage = usage_json("2026-11-24T08:00:00", "2026-11-25T08:00:00", zone=zone.code)
        body = {
            "seat": "A01", "tier": "guest", "list": 1, "usage": usage, "bill": bill(usage, PRICES).to_json(),
            "orders": [], "used_seconds": DAY_SECONDS, "total_fen": 0, "ends": "customer", "shift": 1, "receipt": 1,
            "deposits": [], "tenders": [], "returned": [], "change_fen": 0,
        }  # fmt: skip
        slip = "\n".join(preview(receipts.settlement(body, FACTS, lambda _number: PRICES).under(HEAD), 48))
        for price, begins in re.findall(rf"{zone.name} (\d+\.\d\d) 元/时.*?(\d\d:\d\d)–", slip, re.DOTALL):
            found[f"rate/{zone.code}/{begins}"] = price
    kinds = [("goods", one.code, one.price_fen) for one in PRICES.goods]
    kinds += [("service", one.code, one.price_fen) for one in PRICES.services]
    lines = [
        {"line": place, "kind": kind, "code": code, "qty": 1, "unit_fen": fen, "amount_fen": fen}
        for place, (kind, code, fen) in enumerate(kinds, start=1)
    ]
    sale = {"list": 1, "lines": lines, "total_fen": 0, "tenders": [], "change_fen": 0, "shift": 1, "receipt": 2}
    slip = "\n".join(preview(receipts.sale(sale, FACTS, lambda _number: PRICES).under(HEAD), 48))
    assert BOARD.identity.removeprefix("价目 ") in slip
    for goods in PRICES.goods:
        found[f"goods/{goods.code}"] = _on_slip(slip, f"{goods.name} {goods.spec}", goods.unit)
    for service in PRICES.services:
        found[f"service/{service.code}"] = _on_slip(slip, f"{service.name} {service.content}", service.unit)
    return found


def _on_slip(slip: str, name: str, unit: str) -> str:
    match = re.search(rf"{re.escape(name)}.*?(\d+\.\d\d) × 1 {unit}", slip, re.DOTALL)
    assert match, name
    return match[1]


async def at_the_desk(desk: Desk, found: Prices) -> None:
    """What the clerk is offered at half past nine in the evening, in each zone and over the counter."""
    for seat, zone in (("a23", "hall"), ("b05", "esports")):
        await desk.lay("adult-a")
        await desk.press(*seat, "enter")
        offers = desk.text()
        hourly = re.search(r"计时.*?23:00 起 (\d+\.\d\d).*?(\d+\.\d\d) 元/时", offers, re.DOTALL)
        assert hourly, offers
        begins = "18:00" if zone == "hall" else "08:00"
        found |= {f"rate/{zone}/23:00": hourly[1], f"rate/{zone}/{begins}": hourly[2]}
        for package in PRICES.packages:
            if zone in package.zones:
                match = re.search(rf"{package.name} .*? (\d+\.\d\d)", offers)
                assert match, offers
                found[f"package/{package.code}"] = match[1]
        await desk.press("escape")
    await desk.press("f2")
    goods = [(f"goods/{one.code}", one.name, one.unit) for one in PRICES.goods]
    services = [(f"service/{one.code}", one.name, one.unit) for one in PRICES.services]
    for item, name, unit in (*goods, *services):
        code = item.split("/")[1]
        await desk.write(code)
        match = re.search(rf"{re.escape(name)}.*? (\d+\.\d\d)/{unit}", desk.text())
        assert match, desk.text()
        found[item] = match[1]
        for _letter in code:
            desk.strike("backspace")
        await desk.settle()


@pytest.mark.parametrize("width", [80, 120])
def test_every_form_of_the_board_says_the_prices_of_the_list(tmp_path: Path, width: int) -> None:
    sold = {item: price for item, price in posted().items() if not item.startswith("package/")}
    assert in_page(html(BOARD)) == posted()
    assert in_text(plain_text(BOARD, width=width)) == sold
    assert in_text(terminal_text(BOARD, width=width, has_colours=False)) == sold
    assert in_text(in_pdf(tmp_path)) == sold


def test_engine_and_receipt_say_the_prices_of_the_board() -> None:
    board = in_page(html(BOARD))
    rates = {item: price for item, price in board.items() if item.startswith("rate/")}
    rated: Prices = {}
    for zone in PRICES.zones:
        rated |= by_the_engine(zone.code)
    assert rated == rates
    assert on_receipts() == {item: price for item, price in board.items() if not item.startswith("package/")}


def test_the_desk_offers_the_prices_of_the_board(venue_path: Path, clock: SimulatedClock) -> None:
    found: Prices = {}
    clock.advance(timedelta(hours=2, minutes=30))

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN) as desk:
            await desk.log_in("chen")
            await at_the_desk(desk, found)

    play(story)
    board = in_page(html(BOARD))
    assert found == {item: board[item] for item in found}
    assert {item for item in board if not item.startswith("rate/")} <= set(found)
