"""The edges of the rules on the winter list: a second before, at, and a second after."""

import pytest

from tests.billing.pricing_examples import worked_out


@pytest.mark.parametrize(
    ("method", "told", "lines", "total"),
    [
        # P-2: a band begins in the second that shows its clock time.
        (
            "`grace_minutes = 0`, `minimum_fen = 0`, `unit_minutes = 0`",
            "hall 21:50–22:00",
            "time 66, rounding -6",
            "0.60",
        ),
        ("`grace_minutes = 0`, `minimum_fen = 0`, `unit_minutes = 0`", "hall 22:00–22:10", "time 50", "0.50"),
        (
            "`grace_minutes = 0`, `minimum_fen = 0`, `unit_minutes = 0`",
            "hall 21:59–22:11",
            "time 6, time 55, rounding -1",
            "0.60",
        ),
        # P-4: a pause may last its limit; three are one too many.
        ("", "hall 10:00–12:00, pause 10:15–10:45, pause 11:00–11:30", "time 100, time 100, time 200", "4.00"),
        ("", "hall 10:00–12:00, pause 10:15–10:45:01", "refused", "bad-usage"),
        ("", "hall 10:00–12:00, pause 10:10–10:11, pause 10:20–10:21, pause 10:30–10:31", "refused", "bad-usage"),
        (
            "",
            "hall 10:00–12:00, pause 10:10–10:11, pause 10:20–10:21, outage 10:30–10:31",
            "time 66, time 60, time 60, time 614",
            "8.00",
        ),
        ("`pauses_max = 0`", "hall 10:00–12:00, pause 10:10–10:11", "refused", "bad-usage"),
        # P-5: the package ends with its last second; its sale with the second before.
        ("", "hall 10:00–12:59:59, 3h at 10:00", "3h 1000", "10.00"),
        ("", "hall 10:00–13:00, 3h at 10:00", "3h 1000", "10.00"),
        ("", "hall 10:00–13:00:01, 3h at 10:00", "time 100, 3h 1000", "11.00"),
        ('`sold_until = "10:00"` of 3h', "hall 09:00–11:00, 3h at 09:59:59", "time 400, 3h 1000", "14.00"),
        ('`sold_until = "10:00"` of 3h', "hall 09:00–11:00, 3h at 10:00", "refused", "not-on-sale"),
        ('`sold_from = "10:00"` of 3h', "hall 09:00–11:00, 3h at 09:59:59", "refused", "not-on-sale"),
        ('`sold_from = "10:00"` of 3h', "hall 09:00–11:00, 3h at 10:00", "time 400, 3h 1000", "14.00"),
        # P-5: `until` is strictly later: bought at noon it is the next noon.
        ('`until = "12:00"` of 3h', "hall 11:59:59–13:00, 3h at 11:59:59", "time 400, 3h 1000", "14.00"),
        ('`until = "12:00"` of 3h', "hall 12:00–13:00, 3h at 12:00", "3h 1000", "10.00"),
        # P-6: the sale interval, the window, what is left to cover.
        ("", "hall 20:00–23:00, night at 20:59:59", "refused", "not-on-sale"),
        ("", "hall 21:00–23:00, night at 21:00", "time 400, night 2000", "24.00"),
        ("", "hall 01:00–03:00, night at 01:59:59", "time 300, night 2000", "23.00"),
        ("", "hall 01:00–03:00, night at 02:00", "refused", "not-on-sale"),
        ("", "hall 22:00–08:00, night at 22:00", "night 2000", "20.00"),
        ("", "hall 22:00–08:00:01, night at 22:00", "time 100, night 2000", "21.00"),
        # P-6a: what is bought at the end is not bought in the visit.
        ("", "hall 10:00–11:00, 3h at 10:59:59", "time 400, 3h 1000", "14.00"),
        ("", "hall 10:00–11:00, 3h at 09:59:59", "refused", "bad-usage"),
        ('`package_end = "stop"`', "hall 10:00–13:00, 3h at 10:00", "3h 1000", "10.00"),
        ('`package_end = "stop"`', "hall 10:00–13:00:01, 3h at 10:00", "refused", "bad-usage"),
        # P-9: a whole unit needs no second more, the next second a whole unit.
        ("", "hall 10:00–10:59:59", "time 400", "4.00"),
        ("", "hall 10:00–11:00", "time 400", "4.00"),
        ("", "hall 10:00–11:00:01", "time 500", "5.00"),
        # P-10: grace is of the chargeable time, and ends with its last second.
        ("", "hall 10:00–10:04:59", "grace 0", "0.00"),
        ("", "hall 10:00–10:05", "grace 0", "0.00"),
        ("", "hall 10:00–10:05:01", "time 100, minimum 200", "3.00"),
        ("", "hall 10:00–10:30, pause 10:05–10:30", "grace 0", "0.00"),
        ("", "hall 10:00–10:30:01, pause 10:05–10:30", "time 33, time 67, minimum 200", "3.00"),
        # P-12: at the minimum nothing is added.
        ("", "hall 10:00–10:44", "time 300", "3.00"),
        ("`minimum_fen = 310`", "hall 10:00–10:44", "time 300, minimum 10", "3.10"),
        # P-13: a multiple stays, a fen less falls to the one before.
        ("`unit_minutes = 0`", "hall 10:00–11:01:30", "time 410", "4.10"),
        ("`unit_minutes = 0`", "hall 10:00–11:01:29", "time 409, rounding -9", "4.00"),
        # P-18: to the second, and what is spent at the last event already.
        ("", "hall 10:00, funds 2.99", "lasts until", "11-23 10:05:00"),
        ("", "hall 10:00, funds 3.00", "lasts until", "11-23 10:45:00"),
        ("", "hall 10:00, esports from 10:20, funds 2.99", "refused", "funds-exceeded"),
        # P-20: the chain has paid the minimum, or all but a fen of it.
        ("`round_to_fen = 1`", "hall 10:00–10:01, returning 2.00", "time 100", "1.00"),
        ("`round_to_fen = 1`", "hall 10:00–10:01, returning 1.99", "time 100, minimum 1", "1.01"),
        ("", "hall 10:00–10:00, returning 0.00", "", "0.00"),
    ],
)
def test_the_edges_of_a_rule(method: str, told: str, lines: str, total: str) -> None:
    assert worked_out(method, told) == (lines, total)
