"""One forcing clerk among honest ones is named; honest months are left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from billing.calendar import DayKind
from compliance.forced_sale_cases import Circumstances, SeatOpened
from compliance.forced_sale_looks import Signal
from compliance.forced_sale_watch import ODDS_ALLOWED, Review, decimals_up, review
from tests.compliance.months import CLERKS, FIRST_DAY, WEEKEND_CLERK, Forcing, Month

SAME_SKILL = dict.fromkeys((*CLERKS, WEEKEND_CLERK), 1.0)
EVENING = Circumstances(hour=20, day=DayKind.WORKDAY, zone="hall", price_list=1)


def named(found: Review) -> set[str]:
    return {finding.clerk for finding in found.findings}


def evenings(
    clerk: str, *, seats: int, ordered: int, days: int = 10, where: Circumstances = EVENING
) -> list[SeatOpened]:
    """So many seats of one clerk, evenly over some days; the first ones with a drink."""
    return [
        SeatOpened(
            clerk=clerk,
            business_day=FIRST_DAY + timedelta(days=number % days),
            circumstances=where,
            items={"cola-330": False} if number < ordered else {},
        )
        for number in range(seats)
    ]


@pytest.mark.parametrize("share", [0.5, 0.75, 1.0])
@pytest.mark.parametrize("seed", range(8))
def test_who_forces_every_second_silent_customer_is_named(seed: int, share: float) -> None:
    found = review(Month(seed=seed, forcing=Forcing(clerk="s3", share=share)).cases())
    assert named(found) == {"s3"}
    assert any(finding.signal is Signal.GOODS_AT_OPENING and finding.hour is None for finding in found.findings)


@pytest.mark.parametrize("clerk", [*CLERKS, WEEKEND_CLERK])
def test_any_of_them_is_named_whichever_shifts_he_has(clerk: str) -> None:
    found = review(Month(seed=1, days=56, forcing=Forcing(clerk=clerk, share=0.7)).cases())
    assert named(found) == {clerk}


def test_the_item_that_is_forced_is_named() -> None:
    found = review(Month(seed=3, forcing=Forcing(clerk="s3", share=0.6, item="headset")).cases())
    assert {finding.item for finding in found.findings if finding.item} == {"headset"}


def test_who_forces_at_night_alone_is_named() -> None:
    nights = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
    found = review(Month(seed=5, days=56, forcing=Forcing(clerk="s4", share=0.9, hours=nights)).cases())
    assert named(found) == {"s4"}
    hours = {finding.hour for finding in found.findings} - {None}
    assert hours
    assert hours <= nights


def test_whose_customers_protest_is_named_for_that_too() -> None:
    forcing = Forcing(clerk="s3", share=0.5, protests=0.4)
    found = review(Month(seed=7, forcing=forcing).cases())
    assert named(found) == {"s3"}
    assert Signal.CANCELLED_SOON in {finding.signal for finding in found.findings}


def test_who_sells_combos_to_those_who_leave_early_is_named() -> None:
    found = review(Month(seed=9, days=84, combo_pusher="s3").cases())
    assert {(finding.clerk, finding.signal) for finding in found.findings} == {("s3", Signal.COMBO_DEARER)}


@pytest.mark.parametrize("fifty", range(4))
def test_honest_months_are_left_alone(fifty: int) -> None:
    """Of 200 honest months at most 5 % raise a finding: of each fifty at most two."""
    seeds = range(fifty * 50, fifty * 50 + 50)
    assert len([seed for seed in seeds if review(Month(seed=seed).cases()).findings]) <= 2


def test_chance_alone_raises_what_it_may() -> None:
    """Without moods, skill and margin the test is as sharp as it can be: its error is the promised one."""
    months = [Month(seed=seed, has_moods=False, skill=SAME_SKILL) for seed in range(1000, 1040)]
    raised = [month.seed for month in months if review(month.cases(), odds_allowed=Fraction(1)).findings]
    assert len(raised) <= 2


def test_who_sells_half_as_much_again_is_left_alone() -> None:
    months = [Month(seed=seed, days=14, has_moods=False, skill=SAME_SKILL | {"s3": 1.5}) for seed in range(20)]
    assert [month.seed for month in months if review(month.cases()).findings] == []
    assert any(review(month.cases(), odds_allowed=Fraction(1)).findings for month in months), "and it could be seen"


def test_one_clerk_alone_cannot_be_compared() -> None:
    found = review(evenings("s2", seats=500, ordered=500))
    assert (found.visits, found.looks, found.findings) == (500, 0, ())
    assert [(clerk.opened, clerk.comparable, clerk.is_compared) for clerk in found.clerks] == [(500, 0, False)]


@pytest.mark.parametrize(
    "other",
    [
        replace(EVENING, hour=4),
        replace(EVENING, day=DayKind.WEEKEND),
        replace(EVENING, zone="esports"),
        replace(EVENING, price_list=2),
    ],
)
def test_only_seats_under_the_same_circumstances_are_compared(other: Circumstances) -> None:
    silent = evenings("s3", seats=200, ordered=0, where=other)
    assert review([*evenings("s2", seats=200, ordered=200), *silent]).looks == 0
    assert named(review([*evenings("s2", seats=200, ordered=200), *evenings("s3", seats=200, ordered=0)])) == {"s2"}


@pytest.mark.parametrize(
    ("seats", "ordered", "days", "is_found"),
    [
        (29, 29, 10, False),  # too few seats
        (30, 9, 10, False),  # too few hits
        (30, 10, 10, True),
        (30, 30, 4, False),  # too few days
        (30, 30, 5, True),
    ],
)
def test_small_numbers_say_nothing(seats: int, ordered: int, days: int, is_found: bool) -> None:  # noqa: FBT001  # pytest fills it in.
    cases = [*evenings("s2", seats=seats, ordered=ordered, days=days), *evenings("s3", seats=3000, ordered=12)]
    assert (named(review(cases)) == {"s2"}) is is_found


def test_a_party_of_one_evening_is_no_habit() -> None:
    usual = [*evenings("s2", seats=40, ordered=4), *evenings("s3", seats=400, ordered=40)]
    party = [replace(seat, business_day=FIRST_DAY) for seat in evenings("s2", seats=30, ordered=30)]
    assert named(review([*usual, *evenings("s2", seats=30, ordered=30)])) == {"s2"}
    assert not named(review([*evenings("s2", seats=40, ordered=0), *party, *evenings("s3", seats=400, ordered=40)]))


def test_a_finding_tells_its_numbers() -> None:
    found = review([*evenings("s2", seats=100, ordered=60), *evenings("s3", seats=200, ordered=20)])
    whole = found.findings[0]
    assert (whole.of, whole.hits, whole.others_of, whole.others_hits) == (100, 60, 200, 20)
    assert whole.expected == 10
    assert whole.p < whole.p_corrected < Fraction(1, 20)
    assert whole.to_json() == {
        "signal": "goods-at-opening",
        "staff": "s2",
        "of": 100,
        "hits": 60,
        "others_of": 200,
        "others_hits": 20,
        "p": "0.000001",
    }
    assert [(finding.hour, finding.item) for finding in found.findings] == [
        (None, None),
        (20, None),
        (None, "cola-330"),
    ]


def test_looks_are_corrected_for_their_number() -> None:
    """What is found in a few looks is not found among many others that show nothing."""
    suspect = [*evenings("s2", seats=40, ordered=20), *evenings("s3", seats=200, ordered=40)]
    alone = review(suspect)
    quiet = [
        seat
        for clerk in range(10, 30)
        for seat in evenings(f"s{clerk}", seats=60, ordered=12, where=replace(EVENING, zone="esports"))
    ]
    among_many = review([*suspect, *quiet])
    assert alone.findings
    assert among_many.looks > alone.looks
    assert not among_many.findings


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (Fraction(0), "0.000000"),
        (Fraction(1, 10**30), "0.000001"),
        (Fraction(1, 3), "0.333334"),
        (Fraction(1, 20), "0.050000"),
        (Fraction(1), "1.000000"),
    ],
)
def test_a_chance_is_never_said_to_be_smaller_than_it_is(p: Fraction, text: str) -> None:
    assert decimals_up(p) == text


def test_the_margin_is_the_documented_one() -> None:
    assert Fraction(3, 2) == ODDS_ALLOWED
