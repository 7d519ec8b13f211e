"""The index beside the records finds what is on sale without reading a list."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.desk_venue import goods_list
from billing.price_checks import check
from pos.goods_search import GoodsIndex, OnSale
from pos.shelf_index import FILE_NAME, Found, ShelfIndex
from tests.pos.counter.venues import DEMO

PRICES = check((DEMO / "prices.toml").read_text(encoding="utf-8")).require()
MANY = check(goods_list(300)).require()
SEARCH = GoodsIndex.of(PRICES)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> ShelfIndex:
    made = ShelfIndex(tmp_path_factory.mktemp("shelf"))
    made.make(PRICES)
    made.make(MANY)
    return made


def label(thing: OnSale) -> Found:
    return Found(
        kind=thing.item.kind.value,
        code=thing.item.code,
        name=thing.name,
        spec=thing.spec,
        unit=thing.unit,
        price_fen=thing.price_fen,
        barcode=thing.barcode,
    )


def found(index: ShelfIndex, typed: str, limit: int = 100) -> list[Found]:
    things = index.search(PRICES.sha256, typed, limit=limit)
    assert things is not None
    return list(things)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("cola-330", ["cola-330"]),
        ("KL", ["cola-330"]),
        ("可乐", ["cola-330"]),
        ("6900000000021", ["water-550"]),
        ("69", ["cola-330", "water-550", "noodles", "sausage"]),
        ("h", ["noodles", "sausage", "headset"]),
        ("面", ["night-noodles", "noodles", "print-a4"]),
        ("桶 面", ["noodles"]),
        ("ml", ["cola-330", "water-550"]),
        ("没有", []),
        ("%", []),
    ],
)
def test_goods_are_found_as_a_clerk_types_them(index: ShelfIndex, typed: str, codes: list[str]) -> None:
    assert sorted(thing.code for thing in found(index, typed)) == sorted(codes)
    assert found(index, typed, limit=1) == found(index, typed)[:1]


@given(typed=st.text(alphabet="kljnbm可乐牛肉面水06939-a4 %_'\"", max_size=6), limit=st.integers(0, 12))
def test_it_finds_nothing_that_the_desk_does_not_find(index: ShelfIndex, typed: str, limit: int) -> None:
    desk = [label(thing) for thing in SEARCH.search(typed, limit=1000)]
    things = found(index, typed)
    assert bool(things) is bool(desk)
    assert all(thing in desk for thing in things)
    assert len(things) == len({(thing.kind, thing.code) for thing in things})
    assert things[:1] == desk[:1] or SEARCH.exact(typed) is None
    assert found(index, typed, limit=limit) == things[:limit]


def test_nothing_typed_finds_everything_in_the_order_of_the_list(index: ShelfIndex) -> None:
    assert found(index, "") == [label(thing) for thing in SEARCH.search("", limit=100)]


def test_a_list_that_nobody_indexed_is_told_apart_from_one_without_the_thing(tmp_path: Path) -> None:
    index = ShelfIndex(tmp_path)
    assert index.search(PRICES.sha256, "kl", limit=5) is None
    index.make(MANY)
    assert index.search(PRICES.sha256, "kl", limit=5) is None
    assert index.search(MANY.sha256, "nothing", limit=5) == []


def test_old_lists_make_room(tmp_path: Path) -> None:
    index = ShelfIndex(tmp_path)
    lists = [check(goods_list(number)).require() for number in range(1, 7)]
    for prices in lists:
        index.make(prices)
    kept = [index.search(prices.sha256, "g0", limit=1) is not None for prices in lists]
    assert kept == [False, False, True, True, True, True]
    index.make(lists[-1])  # Nothing is written twice.
    assert len(index.search(lists[-1].sha256, "", limit=100) or ()) == len(lists[-1].goods) + len(lists[-1].services)


@pytest.mark.skipif(sys.platform == "win32", reason="the modes are those of POSIX")
def test_only_the_venue_reads_its_file(tmp_path: Path) -> None:
    ShelfIndex(tmp_path).make(PRICES)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
