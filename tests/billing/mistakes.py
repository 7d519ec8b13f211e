"""Single mistakes in the winter list: the code, what stands there, what is written instead."""

from pathlib import Path

WINTER_TEXT = (Path(__file__).parent / "winter.toml").read_text(encoding="utf-8")
METHOD_TO_3H = WINTER_TEXT[WINTER_TEXT.index("best_price = false") :].split("\nzones", 1)[0]

SINGLE_MISTAKES = [
    ("syntax", "schema = 1", "schema = "),
    ("forced-purchase", 'name = "可乐"', 'name = "可乐"\nauto_add = true'),
    ("forced-purchase", "schema = 1", "schema = 1\nmin-consumption-fen = 2000"),
    ("unknown-key", "unit_minutes = 15", "unit_minutes = 15\nunit_minuts = 15"),
    ("unknown-key", 'kind = "duration"', 'kind = "duration"\nend = "08:00"'),
    ("missing", 'content = "A4 黑白单面"', ""),
    ("missing", 'spec = "330ml 罐"', 'spec = " "'),
    ("missing", 'title = "2026 年冬季价目"', ""),
    ("missing", 'items = [{ package = "3h", qty = 1 }, { goods = "cola-330", qty = 1 }]', "items = []"),
    ("missing", '{ package = "3h", qty = 1 }', '{ package = "3h" }'),
    ("bad-value", "fen_per_hour = 300", "fen_per_hour = -300"),
    ("bad-value", "fen_per_hour = 300", "fen_per_hour = 3.5"),
    ("bad-value", "fen_per_hour = 300", "fen_per_hour = true"),
    ("bad-value", "price_fen = 2000", "price_fen = 1000001"),
    ("bad-value", 'to = "22:00"', 'to = "24:01"'),
    ("bad-value", 'timezone = "Asia/Shanghai"', 'timezone = "Asia"'),
    ("bad-value", 'timezone = "Asia/Shanghai"', 'timezone = "../etc/passwd"'),
    ("bad-value", "discount_bp = 1000", "discount_bp = 10001"),
    ("bad-value", "schema = 1", "schema = 2"),
    ("bad-value", 'currency = "CNY"', 'currency = "USD"'),
    ("bad-value", 'days = ["workday", "weekend"]', "days = []"),
    ("bad-value", "round_to_fen = 10", "round_to_fen = 0"),
    ("bad-value", '{ package = "3h", qty = 1 }', '{ package = "3h", goods = "cola-330", qty = 1 }'),
    ("bad-value", '"2026-10-02"', '"20261002"'),
    ("bad-value", 'kind = "duration"', 'kind = "hours"'),
    ("bad-value", 'days = ["workday", "weekend"]', 'days = ["workday", "sunday"]'),
    ("bad-value", '"2026-10-02"', "2026-10-02T00:00:00"),
    ("calendar-conflict", 'workdays = ["2026-10-10"]', 'workdays = ["2026-10-03"]'),
    ("calendar-conflict", 'workdays = ["2026-10-10"]', 'workdays = ["2026-10-12"]'),
    ("duplicate-code", 'code = "night"', 'code = "3h"'),
    ("unknown-zone", 'zones = ["hall"]', 'zones = ["halle"]'),
    ("unknown-tier", 'name = "包三小时"', 'name = "包三小时"\ntiers = ["platinum"]'),
    ("unknown-item", 'goods = "cola-330", qty', 'goods = "cola", qty'),
    ("rate-gap", 'from = "08:00"', 'from = "08:30"'),
    ("rate-gap", 'from = "22:00"', 'from = "22:00"\ndays = ["workday", "weekend"]'),
    ("rate-overlap", 'to = "22:00"', 'to = "22:30"'),
    ("zero-rate", "fen_per_hour = 300", "fen_per_hour = 0"),
    ("minimum-not-multiple", "minimum_fen = 300", "minimum_fen = 305"),
    ("hours-exemption-missing", 'exemption = "示例文旅〔2026〕1号"', ""),
    ("window-outside-hours", 'open = "00:00"', 'open = "09:00"'),
    (
        "best-price-too-many",
        METHOD_TO_3H,
        METHOD_TO_3H.replace("best_price = false", "best_price = true").replace("minutes = 180", "minutes = 5"),
    ),
    ("combo-dearer-than-parts", "price_fen = 1300", "price_fen = 1401"),
    (
        "promotion-dearer-than-item",
        "[[combos]]",
        (
            '[[promotions]]\ncode = "p"\nname = "可乐"\nitem = { goods = "cola-330" }\nprice_fen = 401\n'
            'from = "2026-11-23T00:00:00"\nuntil = "2026-11-24T00:00:00"\nconditions = "x"\n\n[[combos]]'
        ),
    ),
]
