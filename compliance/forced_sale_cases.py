"""What the watch over forced sales looks at: seats as they were opened, and combos as they turned out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.calendar import DayKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What makes seats comparable: the hour on the wall's clock, the kind of day, the zone, the price list."""

    hour: int
    day: DayKind
    zone: str
    price_list: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatOpened:
    """A seat that a clerk opened.

    `items` are the codes of goods and services that the same clerk put on its bill within ten minutes; true where
    pieces were taken back within ten minutes of that.
    """

    clerk: str
    business_day: date
    circumstances: Circumstances
    items: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ComboSold:
    """A combo with package time that a clerk sold to a visit which is settled.

    `is_dearer`: the same visit would have cost less with its parts at their single prices and the time by the hour.
    """

    clerk: str
    business_day: date
    circumstances: Circumstances
    code: str
    is_dearer: bool
