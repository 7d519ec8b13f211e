"""What other billing programs get wrong, or leave open, as visits under lists like theirs.

Each case is told where it was seen; the amounts are yuan.
"""

from typing import Any

import pytest

from billing.best_price import charge
from billing.money import yuan_text
from billing.price_checks import check
from billing.price_list import PriceList
from tests.billing.shop import MONDAY, TUESDAY, usage, usage_json

HEAD = """schema = 1
title = "x"
timezone = "Asia/Shanghai"
currency = "CNY"
hours = { open = "00:00", close = "24:00", exemption = "x" }
zones = [{ code = "hall", name = "x", spec = "x" }, { code = "vip", name = "x", spec = "x" }]
tiers = [{ code = "guest", name = "x" }]
"""


def house(*rates: tuple[str, str, int], vip: int = 9000, method: str = "", packages: str = "") -> PriceList:
    """A list with these rates an hour in the hall, and one in the other zone."""
    hall = "".join(
        f'[[rates]]\nzone = "hall"\nfrom = "{begins}"\nto = "{ends}"\nfen_per_hour = {fen}\n'
        for begins, ends, fen in rates
    )
    other = f'[[rates]]\nzone = "vip"\nfrom = "00:00"\nto = "24:00"\nfen_per_hour = {vip}\n'
    return check(f"{HEAD}[method]\n{method}\n{hall}{other}{packages}").require()


def duration(code: str, minutes: int, price_fen: int) -> str:
    head = f'[[packages]]\ncode = "{code}"\nname = "x"\nzones = ["hall"]\nprice_fen = {price_fen}\n'
    return f'{head}kind = "duration"\nminutes = {minutes}\n'


def window(code: str, start: str, end: str, price_fen: int) -> str:
    head = f'[[packages]]\ncode = "{code}"\nname = "x"\nzones = ["hall"]\nprice_fen = {price_fen}\n'
    return f'{head}kind = "window"\nstart = "{start}"\nend = "{end}"\n'


def pays(prices: PriceList, start: str, end: str, **more: Any) -> str:
    """What a visit costs; its end is on the next date if its clock time is earlier."""
    day = MONDAY if end > start else TUESDAY
    document = usage_json(f"{MONDAY}T{start}:00", f"{day}T{end}:00", **more)
    return yuan_text(charge(usage(document, prices), prices).total_fen)


FLAT = ("00:00", "24:00", 600)
NIGHT = house(FLAT, packages=window("night", "22:00", "07:00", 2500))


def test_vaosoft_a_visit_over_the_edge_of_a_band_is_split_there() -> None:
    assert pays(house(("08:00", "20:00", 1500), ("20:00", "08:00", 1000)), "19:00", "21:00") == "25.00"


def test_vaosoft_an_exact_packet_is_paid_once_and_covers_its_window() -> None:
    exact = house(("00:00", "24:00", 1500), packages=window("exact", "10:00", "12:00", 2000))
    assert pays(exact, "10:00", "12:00", packages={f"{MONDAY}T10:00:00": "exact"}) == "20.00"


def test_vaosoft_three_hours_are_the_cheapest_packets() -> None:
    packets = duration("60", 60, 1500) + duration("120", 120, 2800)
    assert (
        pays(house(("00:00", "24:00", 2000), method="best_price = true", packages=packets), "10:00", "13:00") == "43.00"
    )


def test_mkahawa_two_bands_are_added_not_blended() -> None:
    """Its table mode prices the whole length by each band and mixes the two by their shares."""
    prices = house(("08:00", "20:00", 1200), ("20:00", "08:00", 600))
    assert pays(prices, "19:40", "20:30") == "7.00"


@pytest.mark.parametrize(
    ("start", "end", "bought", "yuan"),
    [
        ("10:00", "03:00", f"{MONDAY}T22:00:00", "97.00"),  # Twelve hours and the night, not the night alone.
        ("02:00", "07:00", f"{MONDAY}T02:00:00", "25.00"),  # The window of the evening before.
        ("02:00", "08:00", f"{MONDAY}T02:00:00", "31.00"),
    ],
)
def test_golden_triangle_a_night_covers_its_window_and_nothing_else(
    start: str, end: str, bought: str, yuan: str
) -> None:
    assert pays(NIGHT, start, end, packages={bought: "night"}) == yuan


def test_golden_triangle_nobody_is_moved_to_a_package_unasked_unless_that_is_cheaper() -> None:
    assert pays(NIGHT, "22:00", "02:00") == "24.00"
    best = house(FLAT, method="best_price = true", packages=window("night", "22:00", "07:00", 2500))
    assert [pays(best, "22:00", end) for end in ("02:00", "02:10", "02:11")] == ["24.00", "25.00", "25.00"]


def test_cafesuite_forty_minutes_are_four_times_ten_not_an_hour() -> None:
    table = duration("10", 10, 100) + duration("60", 60, 500)
    assert pays(house(("00:00", "24:00", 1000), method="best_price = true", packages=table), "10:00", "10:40") == "4.00"


def test_cafesuite_the_shortest_time_is_a_unit() -> None:
    assert pays(house(FLAT, method="unit_minutes = 15"), "10:00", "10:10") == "1.50"


def test_yaoqianshu_the_till_never_rounds_up() -> None:
    assert pays(house(("00:00", "24:00", 500), method="round_to_fen = 50"), "10:00", "10:15") == "1.00"


def test_netcafe_platform_halves_of_a_fen_are_not_rounded_up_minute_by_minute() -> None:
    """333 fen an hour are 5.55 a minute: sixty minutes that are each rounded up come to 3.60."""
    assert pays(house(("00:00", "24:00", 333)), "10:00", "11:00") == "3.33"


def test_korean_cafes_another_seat_costs_no_second_base_price() -> None:
    prices = house(FLAT, vip=600, method="minimum_fen = 600")
    assert pays(prices, "10:00", "10:20", moves={f"{MONDAY}T10:10:00": "vip"}) == "6.00"
    assert pays(prices, "10:00", "10:20", returning={"hourly_fen": 600}) == "2.00"


def test_icafecloud_after_the_grace_the_visit_counts_from_its_beginning() -> None:
    prices = house(FLAT, method="grace_minutes = 3")
    assert [pays(prices, "10:00", end) for end in ("10:03", "10:04", "10:05")] == ["0.00", "0.40", "0.50"]


def test_ggleap_a_package_does_not_burn_faster_elsewhere_it_does_not_count_there() -> None:
    prices = house(FLAT, vip=1200, packages=duration("1h", 60, 500))
    bought = {f"{MONDAY}T10:00:00": "1h"}
    assert pays(prices, "10:00", "11:00", packages=bought, moves={f"{MONDAY}T10:30:00": "vip"}) == "11.00"


def test_antamedia_a_second_package_does_not_overwrite_the_first() -> None:
    prices = house(FLAT, packages=duration("1h", 60, 500) + duration("3h", 180, 1200))
    bought = {f"{MONDAY}T10:00:00": "3h", f"{MONDAY}T10:30:00": "1h"}
    assert pays(prices, "10:00", "14:00", packages=bought) == "17.00"


def test_smartlaunch_handycafe_a_minimum_is_not_a_fee_on_top() -> None:
    assert pays(house(FLAT, method="minimum_fen = 500"), "10:00", "11:00") == "6.00"


def test_cafezee_a_pause_over_the_edge_of_a_band_costs_nothing_in_either() -> None:
    prices = house(("08:00", "20:00", 1200), ("20:00", "08:00", 600))
    assert pays(prices, "19:30", "20:30", pauses={f"{MONDAY}T19:45:00": f"{MONDAY}T20:15:00"}) == "4.50"
