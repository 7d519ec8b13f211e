"""What a usage may say, in which order its mistakes are found, and its JSON both ways."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating import rate
from billing.usage import Usage, parse_usage
from billing.usage_errors import BadUsageError, NotOnSaleError, UnknownTierError, UsageFlaw
from billing.wall_clock import TimeFlaw, UnreadableTimeError, WallClock, instant_of
from tests.billing.random_visits import RandomShop
from tests.billing.shop import MONDAY, TUESDAY, WINTER, bill, list_with, refusal, usage, usage_json

EVENING = usage_json(f"{MONDAY}T21:00:00", f"{MONDAY}T22:00:00")
STRICT = list_with(
    ('open = "00:00"', 'open = "08:00"'),
    ('start = "22:00"', 'start = "20:00"'),
    ('end = "08:00"\nzones', 'end = "24:00"\nzones'),
)
NIGHT = [{"code": "night", "bought_at": f"{MONDAY}T12:00:00"}]


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"null", b"[]", b"1", b"\xff", b"[" * 100_000, b'{"tier": NaN}', b'{"start": "2026"}', b"1" * 5000],
)
def test_what_is_no_usage_is_refused(text: bytes) -> None:
    with pytest.raises(BadUsageError):
        parse_usage(text, WINTER.clock)


@pytest.mark.parametrize(
    "change",
    [
        {"tip_fen": 100},
        {"tier": 3},
        {"tier": None},
        {"end": None},
        {"start": "2026-11-23 21:00:00"},
        {"start": "2026-11-23T21:00"},
        {"start": "2026-11-23T21:00:00.5"},
        {"start": "2026-11-31T21:00:00"},
        {"start": "2026-11-23T24:00:00"},
        {"start": "2026-11-23T21:00:60"},
        {"start": "1969-11-23T21:00:00"},
        {"start": "٢026-11-23T21:00:00"},
        {"start": "2026-W48-1T21:00:00"},
        {"start": "2026-11-23T21:00:00+24:00"},
        {"stays": {}},
        {"stays": [{"from": f"{MONDAY}T21:00:00"}]},
        {"stays": [{"from": f"{MONDAY}T21:00:00", "zone": "hall", "seat": "A1"}]},
        {"stays": ["hall"]},
        {"pauses": [{"from": f"{MONDAY}T21:10:00", "to": f"{MONDAY}T21:20:00", "venue": "yes"}]},
        {"packages": [{"code": 3, "bought_at": f"{MONDAY}T21:10:00"}]},
        {"funds_fen": 100},
        {"returning": {"hourly_fen": -1}},
        {"returning": 5},
    ],
)
def test_a_usage_of_wrong_form_is_bad_even_where_its_codes_are_unknown_too(change: dict[str, Any]) -> None:
    document = {**EVENING, "stays": [{"from": f"{MONDAY}T21:00:00", "zone": "cellar"}], **change}
    assert refusal(document) == "bad-usage"


@pytest.mark.parametrize("funds_fen", [-1, 1.0, True, "100", None])
def test_funds_are_whole_fen(funds_fen: object) -> None:
    assert refusal(usage_json(f"{MONDAY}T21:00:00", funds_fen=funds_fen)) == "bad-usage"


@pytest.mark.parametrize("key", ["tier", "start", "end", "stays"])
def test_a_missing_key_is_bad(key: str) -> None:
    assert refusal({name: value for name, value in EVENING.items() if name != key}) == "bad-usage"


def test_pauses_and_packages_may_be_left_out() -> None:
    short = {name: value for name, value in EVENING.items() if name not in {"pauses", "packages"}}
    assert bill(short) == bill(EVENING)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unknown-tier", {"tier": "vip", "stays": [{"from": f"{MONDAY}T05:00:00", "zone": "cellar"}]}),
        (
            "unknown-zone",
            {
                "stays": [{"from": f"{MONDAY}T05:00:00", "zone": "cellar"}],
                "packages": [{"code": "9h", "bought_at": f"{MONDAY}T05:00:00"}],
            },
        ),
        (
            "unknown-package",
            {"end": f"{MONDAY}T05:00:00", "packages": [{"code": "9h", "bought_at": f"{MONDAY}T05:00:00"}]},
        ),
        ("bad-usage", {"end": f"{MONDAY}T20:59:59", "packages": NIGHT}),
        ("bad-usage", {"stays": []}),
        ("bad-usage", {"stays": [{"from": f"{MONDAY}T21:00:01", "zone": "hall"}]}),
        ("bad-usage", {"stays": [*EVENING["stays"], *EVENING["stays"]]}),
        ("bad-usage", {"stays": [*EVENING["stays"], {"from": f"{MONDAY}T22:00:00", "zone": "hall"}]}),
        ("bad-usage", {"end": "2027-12-01T00:00:00"}),
        ("bad-usage", {"end": f"{TUESDAY}T03:00:00", "packages": [{"code": "3h", "bought_at": f"{TUESDAY}T03:00:00"}]}),
        ("bad-usage", {"pauses": [{"from": f"{MONDAY}T21:10:00", "to": f"{MONDAY}T21:10:00"}]}),
        ("bad-usage", {"pauses": [{"from": f"{MONDAY}T20:50:00", "to": f"{MONDAY}T21:10:00"}]}),
        ("bad-usage", {"pauses": [{"from": f"{MONDAY}T21:50:00", "to": f"{MONDAY}T22:00:01"}]}),
        (
            "bad-usage",
            {
                "pauses": [
                    {"from": f"{MONDAY}T21:10:00", "to": f"{MONDAY}T21:20:00"},
                    {"from": f"{MONDAY}T21:19:59", "to": f"{MONDAY}T21:30:00"},
                ]
            },
        ),
        (
            "bad-usage",
            {"end": f"{TUESDAY}T02:00:00", "pauses": [{"from": f"{MONDAY}T21:10:00", "to": f"{MONDAY}T21:40:01"}]},
        ),
        (
            "outside-hours",
            {
                "end": f"{TUESDAY}T02:00:00",
                "packages": [{"code": "night", "bought_at": f"{MONDAY}T21:00:00"}],
                "tier": "gold",
            },
        ),
        ("not-on-sale", {"packages": [{"code": "night", "bought_at": f"{MONDAY}T21:00:00"}]}),
    ],
)
def test_the_first_mistake_that_fits_is_the_one_named(code: str, change: dict[str, Any]) -> None:
    strict = list_with(
        ('sold_from = "21:00"', 'sold_from = "23:00"'),
        ('sold_until = "02:00"', 'sold_until = "24:00"'),
        ('open = "00:00"', 'open = "08:00"'),
        ('start = "22:00"', 'start = "20:00"'),
        ('end = "08:00"\nzones', 'end = "24:00"\nzones'),
    )
    assert refusal({**EVENING, **change}, strict) == code


def test_a_running_visit_that_began_while_closed_is_outside_hours_before_anything_is_asked_of_its_packages() -> None:
    closed = usage_json(f"{MONDAY}T05:00:00", funds_fen=500)
    assert refusal(closed, STRICT) == "outside-hours"
    assert refusal({**closed, "packages": [{"code": "night", "bought_at": f"{MONDAY}T05:00:00"}]}, STRICT) == (
        "outside-hours"
    )
    assert refusal(usage_json(f"{MONDAY}T05:00:00", f"{MONDAY}T05:00:00"), STRICT) == ""


def test_a_running_visit_of_more_than_a_year_is_bad_too() -> None:
    far = {"from": "9989-01-01T00:00:00", "to": "9990-01-01T00:00:00", "venue": True}
    assert refusal(usage_json(f"{MONDAY}T21:00:00", funds_fen=500) | {"pauses": [far]}) == "bad-usage"


def test_packages_that_queue_beyond_the_last_year_break_nothing() -> None:
    yearly = list_with(("minutes = 180", 'minutes = 527040\nuntil = "12:00"'))
    daily = '\n[[packages]]\ncode = "d"\nname = "d"\nkind = "duration"\nminutes = 60\nuntil = "12:00"\nprice_fen = 1\n'
    endless = list_with(("minutes = 180", "minutes = 527040"), more=daily)
    last_evening = usage_json("9990-12-31T21:00:00", "9990-12-31T22:00:00")
    queue = [{"code": "3h", "bought_at": "9990-12-31T21:00:00"}] * 14
    assert bill({**last_evening, "packages": queue}, yearly).total_fen == 14 * 1000
    at_last = {"code": "d", "bought_at": "9990-12-31T21:30:00"}
    assert bill({**last_evening, "packages": [*queue, at_last]}, endless).total_fen == 14 * 1000 + 1


def test_the_customer_has_two_pauses_and_an_outage_counts_for_none() -> None:
    pauses = [
        {"from": f"{MONDAY}T21:{minute}:00", "to": f"{MONDAY}T21:{minute + 5}:00", "venue": minute == 30}
        for minute in (10, 20, 30)
    ]
    assert refusal({**EVENING, "pauses": pauses}) == ""
    assert refusal({**EVENING, "pauses": [{**pause, "venue": False} for pause in pauses]}) == "bad-usage"
    outage = [{"from": f"{MONDAY}T21:00:00", "to": f"{MONDAY}T22:00:00", "venue": True}]
    assert bill({**EVENING, "pauses": outage}).to_json() == {
        "total_fen": 0,
        "lines": [{"kind": "grace", "amount_fen": 0}],
    }


def test_pauses_may_stand_in_any_order_and_touch() -> None:
    pauses = [
        {"from": f"{MONDAY}T21:20:00", "to": f"{MONDAY}T21:30:00"},
        {"from": f"{MONDAY}T21:10:00", "to": f"{MONDAY}T21:20:00"},
    ]
    assert bill({**EVENING, "pauses": pauses}).total_fen == 300


def test_an_offset_says_the_same_instant() -> None:
    abroad = {**EVENING, "start": f"{MONDAY}T13:00:00Z", "end": f"{MONDAY}T23:00:00+09:00"}
    assert bill(abroad) == bill(EVENING)
    assert usage(abroad).to_json(WINTER.clock)["end"] == f"{MONDAY}T22:00:00"


SHOPS = [RandomShop(seed) for seed in range(20)]


@given(shop=st.sampled_from(SHOPS), seed=st.integers(0, 10_000))
def test_a_usage_reads_back_what_it_writes(shop: RandomShop, seed: int) -> None:
    shop.random.seed(seed)
    clock = shop.prices.clock
    first = Usage.from_json(shop.visit(), clock)
    assert Usage.from_json(json.loads(json.dumps(first.to_json(clock))), clock) == first


BERLIN = WallClock("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),  # It comes twice: the first.
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
    ],
)
def test_a_time_that_comes_twice_is_its_first(text: str, utc: str) -> None:
    assert BERLIN.parse(text) == BERLIN.parse(utc)


def test_a_time_that_never_comes_is_bad_in_a_usage_and_the_transition_in_a_list() -> None:
    with pytest.raises(UnreadableTimeError) as left_out:
        BERLIN.parse("2026-03-29T02:30:00")
    assert left_out.value.flaw is TimeFlaw.LEFT_OUT
    assert BERLIN.parse_for_list("2026-03-29T02:30:00") == BERLIN.parse("2026-03-29T01:00:00Z")


def test_only_an_ambiguous_time_is_written_with_its_offset() -> None:
    hours = range(BERLIN.parse("2026-10-24T23:00:00Z"), BERLIN.parse("2026-10-25T03:00:00Z"), 3600)
    assert [BERLIN.text(second)[11:] for second in hours] == [
        "01:00:00",
        "02:00:00+02:00",
        "02:00:00+01:00",
        "03:00:00",
    ]


@given(
    second=st.integers(86_400, 4_000_000_000),
    timezone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]),
)
def test_every_instant_is_read_back_from_what_is_written(second: int, timezone: str) -> None:
    clock = WallClock(timezone)
    assert clock.parse(clock.text(second)) == second
    assert clock.parse(clock.text_with_offset(second)) == second
    assert clock.shown(second) - second == instant_of(second).astimezone(clock._zone).utcoffset().total_seconds()  # type: ignore[union-attr]  # A zone has one.


def flaw(document: dict[str, Any]) -> tuple[UsageFlaw, str]:
    with pytest.raises(BadUsageError) as refused:
        bill(document)
    return refused.value.flaw, refused.value.key


def test_a_refusal_carries_its_facts() -> None:
    with pytest.raises(UnknownTierError) as unknown:
        bill({**EVENING, "tier": "vip"})
    assert unknown.value.tier == "vip"
    with pytest.raises(NotOnSaleError) as refused:
        rate(usage(usage_json(f"{MONDAY}T12:00:00", f"{MONDAY}T22:00:00") | {"packages": NIGHT}), WINTER)
    assert (refused.value.package, refused.value.bought_at) == ("night", f"{MONDAY}T12:00:00")
    assert flaw({**EVENING, "tip_fen": 1}) == (UsageFlaw.UNKNOWN_KEY, "tip_fen")
    assert flaw({**EVENING, "start": "2026-11-31T21:00:00"}) == (UsageFlaw.TIME_NO_SUCH, "start")
    assert flaw({**EVENING, "stays": [{"from": f"{MONDAY}T21:00:00"}]}) == (UsageFlaw.MISSING_KEY, "stays.zone")
    assert flaw({**EVENING, "stays": [3]}) == (UsageFlaw.NOT_OBJECT, "stays")
