"""What past visits would have cost under another list."""

from __future__ import annotations

from datetime import date

import pytest

from billing import simulation, visits
from billing.simulation import Simulation
from tests.billing.counter import WINTER, Counter, goods, list_with

MONDAY = date(2026, 11, 23)


def simulated(counter: Counter, prices: object = WINTER, *, since: date = MONDAY, until: date = MONDAY) -> Simulation:
    return counter.ask(simulation.simulate, prices, since, until)  # type: ignore[arg-type]  # Lists of two modules.


@pytest.fixture
def evening(counter: Counter) -> Counter:
    """Four visits: 8.00 in the hall, 8.00 in esports, 32.00 with a night, nothing within the grace."""
    in_hall, at_night, in_esports = counter.open("A01"), counter.open("A02"), counter.open("B01", zone="esports")
    short = counter.open("A03", tier="gold")
    counter.order(in_hall, goods("cola-330", 2))
    counter.settle(short)
    counter.wait(hours=1)
    counter.settle(in_esports, "cash=800")
    counter.wait(hours=1)
    counter.settle(in_hall, "cash=1600")
    counter.wait(hours=1)
    counter.do(visits.buy_package, at_night, "night")
    counter.wait(hours=2)
    counter.settle(at_night, "cash=3200")
    return counter


def test_the_same_list_changes_nothing(evening: Counter) -> None:
    found = simulated(evening)
    assert (found.total.visits, found.total.same, found.total.charged_fen) == (4, 4, 4800)
    assert (found.rises, found.falls, found.refused) == ((), (), {})


def test_who_pays_more_and_who_less_is_told_by_zone_and_tier(evening: Counter) -> None:
    dearer = list_with(("fen_per_hour = 400", "fen_per_hour = 500"), ("price_fen = 2000", "price_fen = 1500"))
    found = simulated(evening, dearer)
    total = found.total
    assert (total.visits, total.charged_fen, total.would_fen) == (4, 4800, 4800)
    assert (total.more, total.more_fen, total.less, total.less_fen, total.same) == (1, 200, 1, 200, 2)
    assert {group: (tally.more, tally.less, tally.same) for group, tally in found.groups.items()} == {
        ("hall", "gold"): (0, 0, 1),
        ("esports", "guest"): (0, 0, 1),
        ("hall", "guest"): (1, 1, 0),
    }
    (rise,), (fall,) = found.rises, found.falls
    assert (rise.charged_fen, rise.would_fen, rise.start) == (800, 1000, "2026-11-23T19:00:00")
    assert (fall.charged_fen, fall.would_fen) == (3200, 3000)


def test_what_was_ordered_is_left_out(evening: Counter) -> None:
    dearer_cola = list_with(('unit = "罐"\nprice_fen = 400', 'unit = "罐"\nprice_fen = 900'))
    assert simulated(evening, dearer_cola).total.same == 4


def test_a_visit_that_the_list_cannot_rate_is_counted_with_its_reason(evening: Counter) -> None:
    without_night = list_with(('code = "night"', 'code = "late"'))
    found = simulated(evening, without_night)
    assert found.total.visits == 3
    assert found.to_json()["not_comparable"] == [
        {"reason": "unknown-package", "what": "night", "visits": 1, "charged_fen": 3200}
    ]


def test_the_best_price_is_simulated_too(evening: Counter) -> None:
    cheap = list_with(
        ("best_price = false", "best_price = true"), ("price_fen = 1000", "price_fen = 700"), ("= 1300", "= 1100")
    )
    assert simulated(evening, cheap).total.would_fen == 4800 - 100 - 500


def test_only_the_business_days_asked_for_count_and_progress_is_told(evening: Counter) -> None:
    tuesday = date(2026, 11, 24)
    assert simulated(evening, since=tuesday, until=tuesday).total.visits == 0
    told: list[tuple[int, int]] = []
    evening.ask(simulation.simulate, WINTER, MONDAY, tuesday, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_only_the_largest_changes_are_kept(counter: Counter) -> None:
    for number in range(8):
        visit_id = counter.open(f"A{number:02}")
        counter.wait(hours=1 + number % 7)
        counter.settle(visit_id, "cash=9000")
    dearer = list_with(("fen_per_hour = 400", "fen_per_hour = 500"), ("fen_per_hour = 300", "fen_per_hour = 500"))
    found = simulated(counter, dearer, until=date(2026, 11, 30))
    changes = [visit.change_fen for visit in found.rises]
    assert len(changes) == simulation.LARGEST_SHOWN
    assert changes == sorted(changes, reverse=True)
    assert found.falls == ()
