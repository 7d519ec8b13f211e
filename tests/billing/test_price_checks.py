"""`prices check`: each code alone, and a file full of mistakes that are all named at once."""

import datetime as dt
from dataclasses import dataclass

import pytest

from billing.calendar import EVERY_DAY, DayKind
from billing.list_errors import ListInvalidError
from billing.price_checks import check
from billing.price_faults import Dates, RateGap, RateOverlap
from billing.price_list import DurationPackage, Item, ItemKind, WalletOrder
from billing.price_problems import ProblemCode
from tests.billing.mistakes import SINGLE_MISTAKES
from tests.billing.shop import WINTER, WINTER_TEXT, changed

PROMOTION = """
[[promotions]]
code = "cola-week"
name = "可乐周"
item = { goods = "cola-330" }
price_fen = 300
reference_fen = 400
from = "2026-12-01T00:00:00"
until = "2026-12-08T00:00:00"
conditions = "每人一罐"
"""
TOP_UP = '\n[[topups]]\ncode = "500"\nname = "充500送50"\npay_fen = 50000\nbonus_fen = 5000\nconditions = "不限区"\n'


def codes(text: str) -> list[str]:
    return [problem.code for problem in check(text).problems]


def test_the_winter_list_has_no_problem() -> None:
    result = check(WINTER_TEXT + PROMOTION + TOP_UP)
    assert result.problems == ()
    assert result.not_checked == ("promotion-reference-too-high", "raised-before-promotion")
    assert result.prices is not None


def test_what_is_left_out_has_its_default() -> None:
    assert WINTER.topups == ()
    three_hours, night = WINTER.packages
    assert isinstance(three_hours, DurationPackage)
    assert (three_hours.tiers, three_hours.days, three_hours.until) == (
        ("guest", "gold"),
        ("workday", "weekend", "holiday"),
        None,
    )
    assert (night.sold_from, night.sold_until, night.refund) == (21 * 3600, 2 * 3600, "none")
    assert (WINTER.method.return_minutes, WINTER.deposit.guest_fen) == (0, 0)
    assert WINTER.method.wallet_order is WalletOrder.PRINCIPAL_FIRST
    assert WINTER.price_fen(Item(kind=ItemKind.SERVICE, code="print-a4")) == 100


@pytest.mark.parametrize(("code", "old", "new"), SINGLE_MISTAKES)
def test_a_single_mistake_is_reported_once_under_its_code(code: str, old: str, new: str) -> None:
    result = check(changed((old, new)))
    assert [problem.code for problem in result.problems] == [code]
    assert result.prices is None


@pytest.mark.parametrize("table", ["zones", "tiers", "rates"])
def test_a_list_without_zone_or_tier_or_rate_lacks_it(table: str) -> None:
    text = "\n[[".join(part for part in WINTER_TEXT.split("\n[[") if not part.startswith(f"{table}]]"))
    (problem,) = check(text).problems
    assert (problem.code, problem.where.table) == ("missing", table)


def test_two_goods_cannot_share_a_barcode() -> None:
    tea = (
        '\n[[goods]]\ncode = "tea"\nname = "茶"\nspec = "杯"\nunit = "杯"\nprice_fen = 500\nbarcode = "6900000000014"\n'
    )
    assert codes(WINTER_TEXT + tea) == ["duplicate-code"]


def test_a_promotion_that_is_over_before_it_begins_is_a_bad_value() -> None:
    over = PROMOTION.replace("2026-12-08", "2026-11-30")
    assert codes(WINTER_TEXT + over) == ["bad-value"]


EVERY_TIER = ("gold", "guest")


@pytest.mark.parametrize(
    ("old", "new", "gap"),
    [
        (
            'from = "22:00"\nto = "08:00"',
            'from = "22:00"\nto = "07:00"',
            RateGap(zone="hall", tiers=EVERY_TIER, dates=Dates(kinds=EVERY_DAY), begins=7 * 3600, ends=8 * 3600),
        ),
        (
            'to = "22:00"',
            'to = "21:00"',
            RateGap(zone="hall", tiers=EVERY_TIER, dates=Dates(kinds=EVERY_DAY), begins=21 * 3600, ends=22 * 3600),
        ),
        (
            'from = "22:00"',
            'from = "22:00"\ndays = ["workday", "holiday"]',
            RateGap(
                zone="hall",
                tiers=EVERY_TIER,
                dates=Dates(kinds=(DayKind.WEEKEND,)),
                begins=22 * 3600,
                ends=8 * 3600,
            ),
        ),
        (
            'tiers = ["guest", "gold"]',
            'tiers = ["guest"]',
            RateGap(zone="hall", tiers=("gold",), dates=Dates(kinds=EVERY_DAY), begins=8 * 3600, ends=22 * 3600),
        ),
    ],
)
def test_a_gap_names_zone_tiers_days_and_clock_time(old: str, new: str, gap: RateGap) -> None:
    (problem,) = check(changed((old, new))).problems
    assert problem.fault == gap


def test_an_overlap_names_both_entries() -> None:
    (problem,) = check(changed(('from = "22:00"\nto = "08:00"', 'from = "21:00"\nto = "08:00"'))).problems
    assert isinstance(problem.fault, RateOverlap)
    assert (problem.fault.begins, problem.fault.ends, problem.fault.rates) == (21 * 3600, 22 * 3600, (1, 2))
    assert problem.where.entry == 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('zone = "hall"\nfrom', 'zone = "hal"\nfrom', "unknown-zone"),
        ('from = "22:00"', 'from = "22:60"', "bad-value"),
        ('tiers = ["guest", "gold"]', 'tiers = ["guest", "golden"]', "unknown-tier"),
        ('days = ["workday", "weekend", "holiday"]', 'days = ["workday", "weekend", "feast"]', "bad-value"),
    ],
)
def test_a_rate_that_cannot_be_read_is_not_reported_as_a_gap_too(old: str, new: str, code: str) -> None:
    assert codes(changed((old, new))) == [code]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('code = "gold"', "code = 3", "bad-value"),
        ('code = "esports"\nname', "name", "missing"),
        ('code = "cola-330"', 'code = ""', "missing"),
        ('code = "3h"', "code = true", "bad-value"),
    ],
)
def test_what_refers_to_a_code_that_cannot_be_read_is_not_reported_too(old: str, new: str, found: str) -> None:
    assert codes(changed((old, new))) == [found]


TWENTY_MISTAKES = """schema = 2
title = ""
timezone = "Asia/Schanghai"
currency = "CNY"
colour = "red"

[hours]
open = "00:00"
close = "24:00"

[calendar]
holidays = ["2026-10-01", "2026-10-10"]
workdays = ["2026-10-10", "2026-10-12"]

[method]
minimum_fen = 305
round_to_fen = 10
min_consumption_fen = 2000

[[zones]]
code = "hall"
name = "大厅"
spec = ""

[[zones]]
code = "vip"
name = "包间"
spec = "i9"

[[tiers]]
code = "guest"
name = "散客"
discount_bp = 20000

[[tiers]]
code = "guest"
name = "又一散客"

[[rates]]
zone = "hall"
from = "00:00"
to = "24:00"
fen_per_hour = 0

[[rates]]
zone = "cellar"
from = "00:00"
to = "24:00"
fen_per_hour = 400

[[rates]]
zone = "vip"
tiers = ["guest", "platinum"]
from = "08:00"
to = "22:00"
fen_per_hour = 400

[[rates]]
zone = "vip"
from = "21:00"
to = "06:00"
fen_per_hour = 400

[[packages]]
code = "3h"
name = "包三小时"
kind = "duration"
minutes = "180"
price_fen = 1000

[[goods]]
code = "cola"
name = "可乐"
spec = "罐"
price_fen = 400

[[services]]
code = "print"
name = "打印"
content = "A4"
unit = "页"
price_fen = 10000000

[[combos]]
code = "c1"
name = "组合"
items = [{ goods = "cola", qty = 1 }]
price_fen = 401

[[combos]]
code = "c2"
name = "组合"
items = [{ goods = "tea", qty = 1 }, { package = "3h", qty = 0 }]
price_fen = 401
"""


def test_a_file_of_twenty_mistakes_names_them_all_with_their_lines() -> None:
    found = [(problem.where.line, problem.code.value) for problem in check(TWENTY_MISTAKES).problems]
    assert found == [
        (1, "bad-value"),
        (2, "missing"),
        (3, "bad-value"),
        (5, "unknown-key"),
        (7, "hours-exemption-missing"),
        (13, "calendar-conflict"),
        (13, "calendar-conflict"),
        (16, "minimum-not-multiple"),
        (18, "forced-purchase"),
        (23, "missing"),
        (33, "bad-value"),
        (36, "duplicate-code"),
        (39, "rate-gap"),
        (43, "zero-rate"),
        (46, "unknown-zone"),
        (53, "unknown-tier"),
        (58, "rate-overlap"),
        (68, "bad-value"),
        (71, "missing"),
        (82, "bad-value"),
        (88, "combo-dearer-than-parts"),
        (93, "bad-value"),
        (93, "unknown-item"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"schema = 1\ntitle = '\xff'\n", 2),
        (b"schema = 1\n\n[hours\n", 3),
        (b"[[rates]]\na = [1,\n", 2),
        (b"a = 1\na = 2\n", 2),
        (b"[" * 5000, 1),
        (b"a = " + b"[" * 5000, 1),
    ],
)
def test_what_is_no_toml_is_named_by_its_line(text: bytes, line: int) -> None:
    (problem,) = check(text).problems
    assert problem.code is ProblemCode.SYNTAX
    assert problem.where.line == line


@pytest.mark.parametrize("text", [b"", b"zones = 1\nrates = 'x'\nhours = []\nitems = 3", b"\xef\xbb\xbfschema = 1"])
def test_a_list_of_wrong_shapes_is_refused_and_nothing_breaks(text: bytes) -> None:
    result = check(text)
    assert result.problems
    with pytest.raises(ListInvalidError) as refused:
        result.require()
    assert refused.value.problems == result.problems


def test_a_key_that_forces_is_found_inside_an_unknown_table() -> None:
    assert codes(WINTER_TEXT + '\n[seat]\nmandatory_drink = "cola-330"\n') == ["unknown-key", "forced-purchase"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("unit_minutes = 15", "unit_minutes = { auto_add = 15 }", ["bad-value", "forced-purchase"]),
        ('goods = "cola-330", qty = 1', 'goods = "cola-330", qty = 1, mandatory = true', ["forced-purchase"]),
        ('spec = "330ml 罐"', 'spec = { preselect = { is = "yes" } }', ["bad-value", "forced-purchase"]),
        ("[calendar]", "[drinks]\nrules = [{ Required-Drinks = 1 }]\n\n[calendar]", ["unknown-key", "forced-purchase"]),
    ],
)
def test_a_key_that_forces_is_found_wherever_it_stands(old: str, new: str, found: list[str]) -> None:
    assert sorted(codes(changed((old, new)))) == sorted(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unit_minutes = 15", 'unit_minutes = ""'),
        ("best_price = false", 'best_price = ""'),
        ('days = ["workday", "weekend"]', 'days = ""'),
        ('sold_from = "21:00"', 'sold_from = " "'),
    ],
)
def test_an_empty_text_is_no_number_flag_list_or_clock_time(old: str, new: str) -> None:
    assert codes(changed((old, new))) == ["bad-value"]


@dataclass(frozen=True, kw_only=True)
class Sales:
    """A history with one answer to each question."""

    lowest: int | None = None
    last: int | None = None
    posted: int | None = None

    def lowest_paid_fen(self, item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:
        assert (item.code, before - since) == ("cola-330", dt.timedelta(days=7))
        return self.lowest

    def last_paid_fen(self, item: Item, *, before: dt.datetime) -> int | None:
        assert before == dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC), item
        return self.last

    def lowest_posted_fen(self, item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:
        assert (item.code, before - since) == ("cola-330", dt.timedelta(days=30))
        return self.posted


@pytest.mark.parametrize(
    ("sales", "found"),
    [
        (Sales(lowest=400, last=300), []),
        (Sales(lowest=399), ["promotion-reference-too-high"]),
        (Sales(last=400), []),
        (Sales(last=399), ["promotion-reference-too-high"]),
        (Sales(), ["promotion-reference-too-high"]),
        (Sales(lowest=400, posted=400), []),
        (Sales(lowest=400, posted=350), ["raised-before-promotion"]),
    ],
)
def test_a_reference_price_must_have_been_paid_and_the_price_not_raised_before(sales: Sales, found: list[str]) -> None:
    result = check(WINTER_TEXT + PROMOTION, history=sales)
    assert [problem.code for problem in result.problems] == found
    assert result.not_checked == ()
    reasoned = check(WINTER_TEXT + PROMOTION + 'raised_reason = "进价上涨"\n', history=sales)
    assert "raised-before-promotion" not in [problem.code for problem in reasoned.problems]
