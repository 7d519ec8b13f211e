"""What is on sale is found by code, name, pinyin initials and barcode."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.price_checks import check
from billing.price_list import Item, ItemKind
from pos.goods_search import GoodsIndex, OnSale, fields_of
from pos.pinyin import initials, plain
from tests.pos.counter.venues import DEMO

PRICES = check((DEMO / "prices.toml").read_text(encoding="utf-8")).require()
INDEX = GoodsIndex.of(PRICES)


def found(typed: str, limit: int = 10) -> list[str]:
    return [one.item.code for one in INDEX.search(typed, limit=limit)]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("可乐", "kl"),
        ("红烧牛肉面", "hsnrm"),
        ("火腿肠", "htc"),
        ("螺蛳粉", "lsf"),
        ("东鹏特饮 500ml", "dpty500ml"),
        ("AD钙奶", "adgn"),
        ("鱿鱼丝", "yys"),
        ("ＡＢ", "ab"),
    ],
)
def test_the_first_letters_of_a_name_are_those_a_clerk_types(text: str, letters: str) -> None:
    assert initials(text)[0] == letters


def test_a_character_that_is_read_in_two_ways_is_found_by_both() -> None:
    assert set(initials("音乐")) == {"yl", "yy"}
    assert len(initials("长乐长乐长乐")) == 4


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("cola-330", ["cola-330"]),
        ("KL", ["cola-330", "3h-cola"]),
        ("可乐", ["cola-330", "3h-cola"]),
        ("ｋｌ", ["cola-330", "3h-cola"]),
        ("6900000000038", ["noodles"]),
        ("hsn", ["noodles"]),
        ("牛肉", ["noodles"]),
        ("dy", ["print-a4"]),
        ("打印 黑白", ["print-a4"]),
        ("zzz", []),
    ],
)
def test_a_thing_is_found_by_what_is_typed(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes


def test_what_begins_so_comes_before_what_holds_it() -> None:
    things = [
        OnSale(item=Item(kind=ItemKind.GOODS, code=code), name=name, spec="", unit="个", price_fen=100)
        for code, name in (("x-tea", "热茶"), ("tea", "红茶"), ("tea-2", "绿茶"))
    ]
    assert [one.item.code for one in GoodsIndex(things).search("tea", limit=9)] == ["tea", "tea-2", "x-tea"]


def test_a_barcode_or_a_code_is_exact_and_nothing_else_is() -> None:
    thing = INDEX.exact("6900000000014")
    assert thing is not None
    assert thing.item.code == "cola-330"
    assert INDEX.exact("可乐") is None
    assert INDEX.exact("") is None


def test_nothing_typed_finds_the_list_in_its_order() -> None:
    assert found("", limit=3) == ["cola-330", "water-550", "noodles"]
    things = (PRICES.goods, PRICES.services, PRICES.combos, PRICES.promotions)
    assert len(found("", limit=100)) == sum(map(len, things))


@settings(max_examples=200)
@given(st.text())
def test_junk_finds_things_or_nothing_and_never_fails(typed: str) -> None:
    assert len(INDEX.search(typed, limit=3)) <= 3


MANY = [
    OnSale(item=Item(kind=ItemKind.GOODS, code=f"k-{n}"), name=name, spec=f"{n}0ml", unit="瓶", price_fen=100)
    for n, name in enumerate(("可乐", "可乐3号", "老可乐", "乐可", "3号 可乐", "咖啡", "kola") * 60)
]
FIELDS = [(thing, [plain(field) for field in fields_of(thing)]) for thing in MANY]


def looked_at_one_by_one(typed: str, limit: int) -> list[str]:
    words = plain(typed).split()
    holding = {
        str(thing.item.code): any(field.startswith(words[0]) for field in fields)
        for thing, fields in FIELDS
        if all(any(word in field for field in fields) for word in words)
    }
    exact = [code for code in holding if code == plain(typed)]
    first = [code for code, begins in holding.items() if begins]
    return list(dict.fromkeys([*exact, *first, *holding]))[:limit]


@settings(max_examples=60)
@given(st.lists(st.text("kl可乐3号 -0", max_size=6), min_size=1, max_size=8), st.integers(1, 40))
def test_whatever_was_typed_before_a_search_finds_what_looking_at_each_thing_does(typed: list[str], limit: int) -> None:
    index = GoodsIndex(MANY)
    for text in filter(plain, typed):
        assert [one.item.code for one in index.search(text, limit=limit)] == looked_at_one_by_one(text, limit)


def test_typing_on_finds_the_same_as_typing_at_once() -> None:
    index = GoodsIndex(MANY)
    for typed in ("kkl3h", "可乐 20", "0ml kl", "k-41", "ml 可", "号 1 0", "乐可40ml"):
        for length in range(1, len(typed) + 1):
            so_far = typed[:length]
            assert [one.item.code for one in index.search(so_far, limit=40)] == looked_at_one_by_one(so_far, 40)
