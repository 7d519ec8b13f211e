"""What a board says: each price with its conditions, the method in words, whose it is and whether it counts."""

from __future__ import annotations

import json

import pytest

from billing.price_canonical import canonical_list
from billing.price_list import PriceList
from pos.board.board import Board, Points, Table
from pos.board.mark import mark_text, sha256_of
from pos.languages import Language
from tests.billing.shop import WINTER, list_with
from tests.pos.board.boards import DRAFT, EVERYTHING, LISTS, board_of, cells_of

BOTH = pytest.mark.parametrize("language", list(Language))


def rate_rows(prices: PriceList, zone: str) -> list[tuple[str, ...]]:
    return [row.cells for row in board_of(prices).rows() if row.item.startswith(f"rate/{zone}/")]


def method(prices: PriceList, language: Language = Language.ZH_CN) -> str:
    blocks = [block for section in board_of(prices, language).sections for block in section.blocks]
    (points,) = [block for block in blocks if isinstance(block, Points)]
    return "\n".join(points.sentences)


def facts(board: Board) -> dict[str, str]:
    return {fact.label: fact.text for fact in board.facts}


def test_each_band_of_the_day_has_its_price_for_each_class_of_customers() -> None:
    assert rate_rows(WINTER, "hall") == [
        ("每天", "08:00–22:00", "4.00元/小时", "4.00元/小时 减10%"),
        ("每天", "22:00–次日08:00", "3.00元/小时", "3.00元/小时 减10%"),
    ]


def test_days_with_other_prices_stand_apart() -> None:
    weekend = """
[[rates]]
zone = "hall"
days = ["weekend", "holiday"]
from = "08:00"
to = "22:00"
fen_per_hour = 500
"""
    prices = list_with(
        ('days = ["workday", "weekend", "holiday"]         # left out = every day', 'days = ["workday"]'), more=weekend
    )
    assert rate_rows(prices, "hall") == [
        ("工作日", "08:00–22:00", "4.00元/小时", "4.00元/小时 减10%"),
        ("工作日", "22:00–次日08:00", "3.00元/小时", "3.00元/小时 减10%"),
        ("周末、节假日", "08:00–22:00", "5.00元/小时", "5.00元/小时 减10%"),
        ("周末、节假日", "22:00–次日08:00", "3.00元/小时", "3.00元/小时 减10%"),
    ]


def test_what_stands_beyond_the_opening_hours_is_not_shown() -> None:
    assert rate_rows(EVERYTHING, "esports")[0][:2] == ("每天", "08:00–24:00")


@pytest.mark.parametrize(
    ("opens", "closes", "bands"),
    [
        ("08:00", "02:00", ["08:00–22:00", "22:00–次日02:00"]),
        ("10:00", "24:00", ["10:00–22:00", "22:00–24:00"]),
        ("06:00", "23:00", ["08:00–22:00", "22:00–23:00", "次日06:00–08:00"]),
    ],
)
def test_a_band_is_cut_to_the_opening_hours_of_its_day_and_the_next(opens: str, closes: str, bands: list[str]) -> None:
    window = 'kind = "window"\nstart = "22:00"\nend = "08:00"'
    prices = list_with(
        ('open = "00:00"', f'open = "{opens}"'),
        ('close = "24:00"', f'close = "{closes}"'),
        (window, 'kind = "window"\nstart = "12:00"\nend = "18:00"'),
        ('sold_from = "21:00"         # left out = start\nsold_until = "02:00"        # left out = end\n', ""),
    )
    assert sorted(row[1] for row in rate_rows(prices, "hall")) == sorted(bands)


def test_only_what_costs_nothing_is_called_free() -> None:
    """A list may mark any rate as free; the mark makes no charge smaller."""
    assert "0.00元/小时（免费）" in [row[2] for row in rate_rows(EVERYTHING, "hall")]
    marked = list_with(("fen_per_hour = 300", "fen_per_hour = 300\nfree = true"))
    assert "（免费）" not in str(rate_rows(marked, "hall"))


def test_customers_under_other_terms_stand_in_columns_of_their_own() -> None:
    tables = [table for table in board_of(EVERYTHING).sections[0].blocks if isinstance(table, Table)]
    titles = [[column.title for column in table.columns[2:]] for table in tables if table.heading.startswith("大厅")]
    assert titles == [
        ["散客", "银卡\n按小时费用减 5%\n累计充值满 200 元", "金卡\n按小时费用减 12.5%\n累计充值满 500 元"],
        ["大学生\n出示有效学生证"],
    ]


def test_a_package_says_its_sale_hours_zones_customers_and_refund_beside_its_price() -> None:
    name, terms, price = cells_of(board_of(EVERYTHING), "package/3h")
    assert (name, price) == ("包三小时", "10.00元")
    assert terms.splitlines() == [
        "连续 3 小时，自购买时起（已有套餐的接在其后）；暂停不顺延",
        "最迟到 23:00 结束",
        "工作日、节假日 09:00–21:00 有售",
        "限大厅使用；在其他区域另按小时计费，套餐时间照走",
        "限散客",
        "提前下机，按未用时间比例退款",
    ]


def test_a_combo_shows_its_parts_their_single_prices_and_the_saving() -> None:
    _name, parts, singly, price = cells_of(board_of(EVERYTHING), "combo/3h-cola")
    assert '2 × 可乐 <冰> & "大" 330ml 罐，单价 4.00元/罐' in parts
    assert "限大厅使用" in parts  # The package's conditions hold in the combo, too.
    assert (singly, price) == ("18.00元", "15.00元\n省 3.00元")


def test_a_promotion_shows_its_period_conditions_and_former_price_and_a_gift_its_number() -> None:
    board = board_of(EVERYTHING)
    assert cells_of(board, "promotion/chips-day") == (
        "薯片日",
        "薯片 75g 袋\n2026-12-01 08:00 至 2026-12-08 00:00\n每人限一袋",
        "6.50元/袋",
        "5.00元/袋\n原价 6.50元",
    )
    assert cells_of(board, "promotion/free-cola")[1].startswith('赠品：1 × 可乐 <冰> & "大" 330ml 罐\n')


def test_a_top_up_shows_what_is_given_on_what_conditions() -> None:
    assert cells_of(board_of(EVERYTHING), "topup/t500") == (
        "充 500 送 300",
        "赠送金额各区域、各时段通用，不设有效期\n适用：所有客人",
        "300.00元",
        "500.00元",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit_minutes = 15", "unit_minutes = 30", "计费单位 30 分钟"),
        ("unit_minutes = 15", "unit_minutes = 0", "按秒计费，不设计费单位"),
        ("grace_minutes = 5", "grace_minutes = 7", "7 分钟内离开且未购套餐的，不收上网费"),
        ("minimum_fen = 300", "minimum_fen = 500", "起步价 5.00元"),
        ("minimum_fen = 300", "minimum_fen = 0", "不设起步价"),
        ("round_to_fen = 10", "round_to_fen = 100", "舍去不足 1.00元 的零头"),
        ('package_end = "hourly"', 'package_end = "stop"', "最后一个套餐结束时自动下机"),
        ('package_end = "hourly"', 'package_end = "hourly"', "恢复按小时计费"),
        ("best_price = false", "best_price = true", "结账时自动取最低价"),
        ("pauses_max = 2", "pauses_max = 0", "不可暂停"),
        ("pauses_max = 2", "", "每次最长 30 分钟"),
        ("pauses_max = 2\npause_minutes_max = 30", "pauses_max = 3", "最多 3 次"),
        ("pauses_max = 2\npause_minutes_max = 30", "", "暂停的时间不计费，因本店原因"),
        ("unit_minutes = 15", "unit_minutes = 15\nreturn_minutes = 20", "结账后 20 分钟内再次上机"),
        ("[[zones]]", "[deposit]\nguest_fen = 2000\n\n[[zones]]", "押金 20.00元 不是收费"),
    ],
)
def test_the_method_is_said_as_the_list_has_it(old: str, new: str, said: str) -> None:
    assert said in method(list_with((old, new)))


@pytest.mark.parametrize(
    ("order", "said"),
    [("principal_first", "先用充值本金"), ("bonus_first", "先用赠送金额"), ("pro_rata", "按比例")],
)
def test_the_order_in_which_a_wallet_is_spent_is_said_where_money_is_taken_beforehand(order: str, said: str) -> None:
    topup = '\n[[topups]]\ncode = "a"\nname = "充100"\npay_fen = 10000\nconditions = "无"\n'
    prices = list_with(('wallet_order = "principal_first"', f'wallet_order = "{order}"'), more=topup)
    assert said in method(prices)
    assert "充值本金" not in method(WINTER)


def test_hours_their_document_holidays_and_complaint_numbers_stand_at_the_head() -> None:
    said = facts(board_of(WINTER))
    assert said == {
        "执行时间": "2026-11-23 19:00",
        "营业时间": "全天（依据：示例文旅〔2026〕1号）",
        "节假日": "2026-10-01 至 2026-10-03",
        "调休上班日": "2026-10-10",
        "价格投诉": "12315（市场监管）、12345（政务服务便民热线），本店 020-12345678",
        "核对": "二维码是本价目的编号和校验值，与小票上所印的一致。",
    }


def test_a_draft_says_so_and_bears_neither_number_nor_code() -> None:
    board = board_of(WINTER, status=DRAFT)
    assert board.warning == "草稿 · 未公布 · 不得据此收费"
    assert (board.identity, board.mark) == ("", "")
    assert "执行时间" not in facts(board)


def test_the_code_names_the_list_and_is_read_back() -> None:
    board = board_of(WINTER)
    assert board.mark == mark_text(number=7, sha256=WINTER.sha256)
    assert sha256_of(board.mark) == WINTER.sha256
    assert sha256_of(f" {board.mark.lower()} ") == WINTER.sha256
    assert sha256_of(WINTER.sha256[:12]) == WINTER.sha256[:12]
    for wrong in ("MJP1:0:" + board.mark.split(":")[2], board.mark[:-1], "MJ1:A:1:B", "winter", WINTER.sha256[:11]):
        assert sha256_of(wrong) is None


@BOTH
@pytest.mark.parametrize("name", LISTS)
def test_everything_on_sale_stands_on_the_board_once(name: str, language: Language) -> None:
    prices = LISTS[name]
    listed = json.loads(canonical_list(prices))
    kinds = ("packages", "combos", "promotions", "topups", "goods", "services")
    on_sale = [
        f"{kind.removesuffix('s')}/{entry['code']}".replace("good/", "goods/")
        for kind in kinds
        for entry in listed[kind]
    ]
    rows = [row.item for row in board_of(prices, language).rows()]
    assert [item for item in rows if not item.startswith("rate/")] == on_sale
    assert {item.split("/")[1] for item in rows if item.startswith("rate/")} == {zone.code for zone in prices.zones}


@BOTH
def test_no_sentence_of_the_board_is_left_unfilled(language: Language) -> None:
    said = "\n".join(board_of(EVERYTHING, language).texts()).replace("{page}", "").replace("{pages}", "")
    assert "{" not in said
    assert "None" not in said


def test_a_merged_cell_spans_the_rows_that_say_the_same() -> None:
    (table, _other) = board_of(WINTER).sections[0].blocks
    assert isinstance(table, Table)
    assert table.spans(0) == (2, 0)
    assert table.spans(1) == (1, 1)
