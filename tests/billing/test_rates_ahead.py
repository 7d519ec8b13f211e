"""What a desk says of the rate in force and the next one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.price_checks import check
from billing.rates_ahead import rates_ahead

PRICES = check((Path(__file__).parents[2] / "pos" / "demo" / "prices.toml").read_text(encoding="utf-8")).require()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_next_band_is_told_with_its_hour() -> None:
    ahead = rates_ahead(PRICES, zone="hall", tier="guest", at=datetime(2026, 11, 23, 19, 0, tzinfo=SHANGHAI))
    assert ahead.now is not None
    assert ahead.next is not None
    assert (ahead.now.fen_per_hour, ahead.next.fen_per_hour) == (500, 300)
    assert ahead.changes_at == datetime(2026, 11, 23, 23, 0, tzinfo=SHANGHAI)


def test_neighbouring_bands_of_one_price_are_no_change() -> None:
    ahead = rates_ahead(PRICES, zone="esports", tier="gold", at=datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI))
    assert ahead.changes_at == datetime(2026, 11, 23, 23, 0, tzinfo=SHANGHAI)
