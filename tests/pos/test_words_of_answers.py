"""What commands answer to people: in their language, and a sentence where there is nothing to list."""

from __future__ import annotations

import pytest

from tests.pos.conftest import Shop

BY_WANG = ("--as", "wang")


def said(shop: Shop, *words: str) -> list[str]:
    answer = shop.run(*words)
    assert answer.status == 0, answer
    return [line.strip() for line in str(answer.out).splitlines()]


def test_what_was_checked_and_what_was_not_is_said_in_words(shop: Shop) -> None:
    chinese = said(shop, "--lang", "zh_CN", "journal", "verify")
    assert "已核验：文件、签名、条目、哈希树、时钟、金额、价格、表格" in chinese
    assert "identities: 实名信息" in chinese
    note = shop.ask("journal", "head")["checkpoint"]
    anchored = said(shop, "--lang", "zh_CN", "journal", "verify", "--anchor", note)
    assert "已核验：文件、签名、条目、哈希树、时钟、金额、价格、表格、核验锚点" in anchored
    english = said(shop, "journal", "verify")
    assert "law-of-the-place: what the law of the place asks" in english


def test_a_head_is_told_with_what_its_lines_are(shop: Shop) -> None:
    lines = said(shop, "--lang", "zh_CN", "journal", "head")
    assert [line.partition("：")[0] for line in lines[:3]] == ["日志", "条目数", "根哈希"]


def test_an_empty_house_and_an_empty_shift_are_said(shop: Shop) -> None:
    assert said(shop, "visit", "list", *BY_WANG) == ["Nobody sits here."]
    shop.ask("shift", "open", "--float", "20000", *BY_WANG)
    assert said(shop, "shift", "x", *BY_WANG) == ["Shift 1 so far:", "Nothing was taken yet."]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Shift 1 so far:", "WeChat 4.00", "Cash is told when the drawer was counted."]),
        ("zh_CN", ["第 1 班至今：", "微信 4.00", "现金在清点钱箱之后才显示。"]),
    ],
)
def test_a_cashiers_reading_names_the_ways_of_paying_and_no_cash(shop: Shop, language: str, lines: list[str]) -> None:
    by_chen = ("--as", "chen")
    shop.ask("shift", "open", "--float", "20000", *by_chen)
    shop.ask("sale", "--item", "cola-330=1", "--tender", "wechat=400:W1", *by_chen)
    shop.ask("sale", "--item", "cola-330=1", "--tender", "cash=400", *by_chen)
    assert said(shop, "--lang", language, "shift", "x", *by_chen) == lines


def test_the_purpose_of_cash_and_the_room_on_the_disk_are_words(shop: Shop) -> None:
    shop.ask("shift", "open", "--float", "20000", *BY_WANG)
    moved = said(shop, "--lang", "zh_CN", "shift", "cash-in", "--fen", "500", "--purpose", "change-money", *BY_WANG)
    assert moved[0].startswith("已向钱箱存入 5.00 元（")
    assert "change-money" not in moved[0]
    assert "bytes" not in "".join(said(shop, "--lang", "zh_CN", "doctor"))
