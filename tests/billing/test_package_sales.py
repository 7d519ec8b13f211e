"""Rules P-5 to P-7: when packages are on sale and what they cover."""

import pytest

from billing.packages import on_sale
from tests.billing.shop import MONDAY, TUESDAY, WINTER, bill, list_with, local, refusal, usage_json

LUNCH = """
[[packages]]
code = "lunch"
name = "午间"
kind = "duration"
minutes = 120
until = "13:00"
sold_from = "11:00"
sold_until = "12:30"
days = ["workday"]
tiers = ["gold"]
price_fen = 300
"""
WITH_LUNCH = list_with(more=LUNCH)


def offered(at: str, *, tier: str = "guest") -> dict[str, tuple[str, str]]:
    clock = WITH_LUNCH.clock
    return {
        offer.package.code: (
            clock.text(int(offer.start.timestamp())),
            clock.text(int(offer.end.timestamp())),
        )
        for offer in on_sale(WITH_LUNCH, tier, local(at))
    }


@pytest.mark.parametrize(
    ("at", "covers"),
    [
        ("2026-11-23 20:59:59", None),
        ("2026-11-23 21:00", ("2026-11-23T22:00:00", "2026-11-24T08:00:00")),
        ("2026-11-24 01:59:59", ("2026-11-24T01:59:59", "2026-11-24T08:00:00")),
        ("2026-11-24 02:00", None),
        ("2026-10-01 22:00", None),  # A holiday's night.
        ("2026-10-01 01:00", ("2026-10-01T01:00:00", "2026-10-01T08:00:00")),  # Belongs to the Wednesday.
    ],
)
def test_a_night_package_is_sold_in_its_hours_and_belongs_to_the_evening(
    at: str, covers: tuple[str, str] | None
) -> None:
    assert offered(at).get("night") == covers


@pytest.mark.parametrize(
    ("at", "tier", "covers"),
    [
        ("2026-11-23 10:59:59", "gold", None),
        ("2026-11-23 11:00", "gold", ("2026-11-23T11:00:00", "2026-11-23T13:00:00")),
        ("2026-11-23 12:29:59", "gold", ("2026-11-23T12:29:59", "2026-11-23T13:00:00")),
        ("2026-11-23 12:30", "gold", None),
        ("2026-11-23 12:00", "guest", None),
        ("2026-11-22 12:00", "gold", None),  # A Sunday.
    ],
)
def test_a_lunch_package_ends_at_one_and_is_for_members(at: str, tier: str, covers: tuple[str, str] | None) -> None:
    assert offered(at, tier=tier).get("lunch") == covers


def test_a_second_package_begins_when_the_first_has_ended() -> None:
    packages = {f"{MONDAY}T10:00:00": "3h", f"{MONDAY}T10:30:00": "3h"}
    answer = bill(usage_json(f"{MONDAY}T10:00:00", f"{MONDAY}T17:00:00", packages=packages))
    assert [line["amount_fen"] for line in answer.to_json()["lines"]] == [400, 1000, 1000]


def test_an_offer_after_a_package_begins_when_that_ends() -> None:
    (three_hours, *_) = on_sale(WINTER, "guest", local("2026-11-23 10:30"), after=local("2026-11-23 13:00"))
    assert (three_hours.start, three_hours.end) == (local("2026-11-23 13:00"), local("2026-11-23 16:00"))


DAYTIME = list_with(
    ('open = "00:00"', 'open = "08:00"'),
    ('close = "24:00"', 'close = "23:00"'),
    ('start = "22:00"', 'start = "20:00"'),
    ('end = "08:00"', 'end = "21:00"'),
)


@pytest.mark.parametrize(
    ("at", "ends_at"), [("19:00", "22:00"), ("21:30", "23:00"), ("22:59", "23:00"), ("23:00", None), ("07:59", None)]
)
def test_an_offer_ends_with_closing_time_and_a_closed_venue_has_none(at: str, ends_at: str | None) -> None:
    offers = [offer for offer in on_sale(DAYTIME, "guest", local(f"{MONDAY} {at}")) if offer.package.code == "3h"]
    assert [offer.end for offer in offers] == ([] if ends_at is None else [local(f"{MONDAY} {ends_at}")])


def test_what_no_rule_puts_on_sale_is_refused() -> None:
    day = usage_json(f"{MONDAY}T12:00:00", f"{MONDAY}T13:00:00", packages={f"{MONDAY}T12:00:00": "night"})
    assert refusal(day) == "not-on-sale"
    late = usage_json(f"{MONDAY}T12:00:00", f"{MONDAY}T13:00:00", packages={f"{MONDAY}T13:00:00": "3h"})
    assert refusal(late) == "bad-usage"


def test_the_night_itself_costs_its_price() -> None:
    night = usage_json(f"{MONDAY}T22:00:00", f"{TUESDAY}T08:00:00", packages={f"{MONDAY}T22:00:00": "night"})
    assert bill(night).total_fen == 2000
