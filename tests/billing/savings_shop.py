"""A list with combos, promotions and a gift, and what is asked for from it."""

from __future__ import annotations

from pathlib import Path

from billing.price_checks import check
from billing.price_list import PriceList, SavingKind
from billing.sold_lines import OrderLine

_MORE = """
[[goods]]
code = "noodles"
name = "泡面"
spec = "桶装"
unit = "桶"
price_fen = 600

[[packages]]
code = "2h"
name = "包两小时"
kind = "duration"
minutes = 120
price_fen = 900
refund = "pro_rata"

[[combos]]
code = "supper"
name = "夜宵"
items = [{ goods = "noodles", qty = 1 }, { goods = "cola-330", qty = 2 }, { service = "print-a4", qty = 1 }]
price_fen = 1200

[[combos]]
code = "2h-cola"
name = "两小时+可乐"
items = [{ package = "2h", qty = 1 }, { goods = "cola-330", qty = 1 }]
price_fen = 1100

[[promotions]]
code = "cheap-cola"
name = "可乐特价"
item = { goods = "cola-330" }
price_fen = 250
from = "2026-11-23T19:00:00"
until = "2026-11-23T21:00:00"
conditions = "每天 19 点到 21 点"

[[promotions]]
code = "gift-print"
name = "送打印一页"
item = { service = "print-a4" }
price_fen = 0
from = "2026-11-23T00:00:00"
until = "2026-12-23T00:00:00"
conditions = "每人一页"

[[promotions]]
code = "cheap-2h"
name = "两小时特价"
item = { package = "2h" }
price_fen = 600
from = "2026-11-23T00:00:00"
until = "2026-12-23T00:00:00"
conditions = "每人一次"
"""


def list_text() -> str:
    return (Path(__file__).parent / "winter.toml").read_text(encoding="utf-8") + _MORE


def savings_list(*changes: tuple[str, str]) -> PriceList:
    text = list_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return check(text).require()


def combo(code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=SavingKind.COMBO, code=code, quantity=quantity)


def promotion(code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=SavingKind.PROMOTION, code=code, quantity=quantity)
