"""What differs between two lists, said for the owner in both languages."""

from __future__ import annotations

import re

import pytest

from billing.price_list import PriceList
from pos.languages import Language, words_of
from pos.price_change_words import change_lines
from tests.billing.shop import WINTER, list_with
from tests.billing.test_price_changes import EVERYTHING, alterations

ENGLISH, CHINESE = words_of(Language.EN), words_of(Language.ZH_CN)


def said(after: PriceList, before: PriceList = WINTER) -> list[str]:
    return change_lines(before, after, CHINESE)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("fen_per_hour = 300", "fen_per_hour = 350", "大厅 22:00–08:00：3.00 → 3.50 元/小时"),
        ("fen_per_hour = 300", "fen_per_hour = 0\nfree = true", "大厅 22:00–08:00：3.00 → 0.00（免费） 元/小时"),
        ("price_fen = 400", "price_fen = 450", "商品 可乐，价格：4.00元 → 4.50元"),
        ("minimum_fen = 300", "minimum_fen = 0", "计价方法，起步价：3.00元 → 0.00元"),
        ("pauses_max = 2", "", "计价方法，暂停次数上限：2 → 无"),
        ("discount_bp = 1000", "discount_bp = 1250", "客类 金卡会员，按小时费用减免：10% → 12.5%"),
        ('refund = "none" ', 'refund = "pro_rata" ', "套餐 通宵，提前下机退款：无 → 按比例"),
        ('zones = ["hall"]', "", "套餐 包三小时，区域：大厅 → 大厅、电竞区"),
        ("minutes = 180", "minutes = 200", "套餐 包三小时，时长：3 小时 → 200 分钟"),
        ('"2026-10-03"]', "]", "日历，节假日：2026-10-01 至 2026-10-03 → 2026-10-01 至 2026-10-02"),
        ("best_price = false", "best_price = true", "计价方法，自动取最低价：否 → 是"),
        ('workdays = ["2026-10-10"]', "", "日历，调休上班日：2026-10-10 → 无"),
    ],
)
def test_a_change_is_one_line_in_the_shops_words(old: str, new: str, line: str) -> None:
    assert said(list_with((old, new))) == [line]


def test_what_is_new_or_gone_is_one_line() -> None:
    water = '\n[[goods]]\ncode = "water"\nname = "矿泉水"\nspec = "550ml"\nunit = "瓶"\nprice_fen = 200\n'
    assert said(list_with(more=water)) == ["商品 矿泉水：新增（价格 2.00元、规格 550ml、单位 瓶）"]
    assert said(WINTER, before=list_with(more=water)) == ["商品 矿泉水：取消（价格 2.00元、规格 550ml、单位 瓶）"]


@pytest.mark.parametrize(
    ("where", "changed"), list(alterations()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_field_has_words_in_both_languages(where: str, changed: PriceList) -> None:
    del where
    english, chinese = (change_lines(EVERYTHING, changed, words) for words in (ENGLISH, CHINESE))
    assert english
    assert len(english) == len(chinese)
    for line in (*english, *chinese):
        assert not re.search(r"_fen|_bp|_minutes|None|True|False|[{}]|\dT\d", line), line
    for line in chinese:
        assert re.match("[\u4e00-\u9fff]", line), line
