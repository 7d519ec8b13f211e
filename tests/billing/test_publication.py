"""Which list counts, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing import board_postings, publication
from billing.list_errors import (
    EffectiveInPastError,
    EffectiveTakenError,
    ListOverError,
    NoPriceListError,
    UnknownListError,
)
from billing.price_tables import price_items
from tests.billing.counter import WINTER, Counter, list_with

DEARER = list_with(("price_fen = 400", "price_fen = 500"))


def test_a_published_list_is_read_back_as_it_was(bare_counter: Counter) -> None:
    number = bare_counter.publish()
    found = bare_counter.ask(publication.in_force, bare_counter.clock.read().second)
    assert (number, found.number, found.prices) == (1, 1, WINTER)
    assert bare_counter.last("prices.published") == {
        "list": 1,
        "sha256": WINTER.sha256,
        "title": WINTER.title,
        "effective": "2026-11-23T19:00:00",
        "effective_ms": 1795431600000,
    }
    posted = {(row.kind, row.code, row.unit_fen) for row in bare_counter.rows(price_items)}
    assert ("goods", "cola-330", 400) in posted
    assert ("package", "night", 2000) in posted


def test_before_the_first_list_there_is_no_price(bare_counter: Counter) -> None:
    now = bare_counter.clock.read().second
    bare_counter.do(publication.publish, WINTER, effective=now + timedelta(hours=1))
    with pytest.raises(NoPriceListError):
        bare_counter.ask(publication.in_force, now)
    with pytest.raises(UnknownListError):
        bare_counter.ask(publication.load, 2)


def test_the_latest_effective_list_counts_whatever_was_published_last(bare_counter: Counter) -> None:
    now = bare_counter.clock.read().second
    bare_counter.publish(WINTER)
    bare_counter.do(publication.publish, DEARER, effective=now + timedelta(hours=2))
    bare_counter.do(publication.publish, WINTER, effective=now + timedelta(hours=1))
    asked = [now, now + timedelta(minutes=59), now + timedelta(hours=1), now + timedelta(hours=3)]
    assert [bare_counter.ask(publication.in_force, at).number for at in asked] == [1, 1, 3, 2]
    assert [listed.number for listed in bare_counter.ask(publication.history)] == [1, 2, 3]


def test_a_list_never_counts_from_the_past_or_from_anothers_instant(bare_counter: Counter) -> None:
    now = bare_counter.clock.read().second
    bare_counter.publish()
    with pytest.raises(EffectiveInPastError):
        bare_counter.do(publication.publish, DEARER, effective=now - timedelta(seconds=1))
    with pytest.raises(EffectiveTakenError) as refused:
        bare_counter.do(publication.publish, DEARER, effective=now)
    assert refused.value.number == 1


def test_a_board_is_confirmed_from_its_publication_until_another_list_counts(bare_counter: Counter) -> None:
    now = bare_counter.clock.read().second
    bare_counter.publish(WINTER)
    bare_counter.do(publication.publish, DEARER, effective=now + timedelta(hours=1))
    for number in (1, 2, 2):
        bare_counter.do(board_postings.confirm, number)
    assert bare_counter.last("board.posted") == {"list": 2, "sha256": DEARER.sha256, "how": "paper"}
    assert bare_counter.ask(board_postings.first_posted) == {1: now, 2: now}
    bare_counter.clock.advance(timedelta(hours=1))
    with pytest.raises(ListOverError) as refused:
        bare_counter.do(board_postings.confirm, 1)
    assert refused.value.over_since == now + timedelta(hours=1)
    with pytest.raises(UnknownListError):
        bare_counter.do(board_postings.confirm, 3)
