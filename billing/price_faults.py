"""Every fault that a price list can have, with its facts (docs/pricing.md §4).

The order is that of the codes. Amounts are fen, clock times seconds after midnight; `given` is the file's own text,
cut where it is long.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from billing.calendar import DayKind
from billing.price_list import ItemKind
from billing.price_problems import Fault, ProblemCode


@dataclass(frozen=True, kw_only=True, slots=True)
class NotUtf8(Fault):
    """The bytes are no text."""

    code: ClassVar = ProblemCode.SYNTAX
    kind: ClassVar = "not-utf-8"

    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NotToml(Fault):
    """The text is no TOML; `detail` is what the TOML reader says, in English."""

    code: ClassVar = ProblemCode.SYNTAX
    kind: ClassVar = "not-toml"

    line: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ForcedPurchase(Fault):
    """A key would require or preselect a purchase, or set a minimum spend (G-1, 侵害消费者权益行为处罚办法 12(4))."""

    code: ClassVar = ProblemCode.FORCED_PURCHASE

    key_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownKey(Fault):
    """The table has no such key."""

    code: ClassVar = ProblemCode.UNKNOWN_KEY

    key_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingKey(Fault):
    """A required key is absent or empty."""

    code: ClassVar = ProblemCode.MISSING

    key_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingTable(Fault):
    """No zone, tier or rate at all."""

    code: ClassVar = ProblemCode.MISSING
    kind: ClassVar = "table"

    table: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingQuantity(Fault):
    """A part of a combo has no `qty`."""

    code: ClassVar = ProblemCode.MISSING
    kind: ClassVar = "quantity"


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingItem(Fault):
    """What should name goods, a service or a package names none."""

    code: ClassVar = ProblemCode.MISSING
    kind: ClassVar = "item"


@dataclass(frozen=True, kw_only=True, slots=True)
class BadValue(Fault):
    """The root of values that do not fit their key."""

    code: ClassVar = ProblemCode.BAD_VALUE

    given: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NotText(BadValue):
    """It is not a string."""

    kind: ClassVar = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotWhole(BadValue):
    """It is not a whole number."""

    kind: ClassVar = "whole"


class Unit(StrEnum):
    """What a bounded number counts."""

    FEN = "fen"
    MINUTES = "minutes"
    BASIS_POINTS = "basis-points"
    PAUSES = "pauses"
    PIECES = "pieces"


@dataclass(frozen=True, kw_only=True, slots=True)
class OutOfRange(BadValue):
    """It is not between `least` and `most`."""

    kind: ClassVar = "range"

    least: int
    most: int
    unit: Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFlag(BadValue):
    """It is not true or false."""

    kind: ClassVar = "flag"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTheOnly(BadValue):
    """Only one value is allowed."""

    kind: ClassVar = "only"

    only: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NotAChoice(BadValue):
    """It is none of some words."""

    kind: ClassVar = "choice"

    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotClockTime(BadValue):
    """It is not `"HH:MM"`."""

    kind: ClassVar = "clock-time"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotDate(BadValue):
    """It is not a date."""

    kind: ClassVar = "date"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotInstant(BadValue):
    """It is not an instant of the years that are known here."""

    kind: ClassVar = "instant"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTimezone(BadValue):
    """This computer knows no such time zone."""

    kind: ClassVar = "timezone"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotList(BadValue):
    """It is not a list."""

    kind: ClassVar = "list"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTable(BadValue):
    """It is not a table."""

    kind: ClassVar = "table"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTables(Fault):
    """It is not a list of tables."""

    code: ClassVar = ProblemCode.BAD_VALUE
    kind: ClassVar = "tables"

    table: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EmptyCodes(Fault):
    """A list of codes is empty, or holds an empty one."""

    code: ClassVar = ProblemCode.BAD_VALUE
    kind: ClassVar = "empty-codes"


@dataclass(frozen=True, kw_only=True, slots=True)
class EmptyDays(Fault):
    """A list of day kinds is empty."""

    code: ClassVar = ProblemCode.BAD_VALUE
    kind: ClassVar = "empty-days"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeveralItems(Fault):
    """What should name one item names several."""

    code: ClassVar = ProblemCode.BAD_VALUE
    kind: ClassVar = "several-items"


@dataclass(frozen=True, kw_only=True, slots=True)
class OverBeforeItBegins(Fault):
    """A promotion ends no later than it begins."""

    code: ClassVar = ProblemCode.BAD_VALUE
    kind: ClassVar = "over-before-it-begins"


@dataclass(frozen=True, kw_only=True, slots=True)
class HolidayAndWorkday(Fault):
    """A date is listed as both."""

    code: ClassVar = ProblemCode.CALENDAR_CONFLICT

    date: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkdayInTheWeek(Fault):
    """Only a Saturday or Sunday is made a workday (调休)."""

    code: ClassVar = ProblemCode.CALENDAR_CONFLICT
    kind: ClassVar = "in-the-week"

    date: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplicate(Fault):
    """The entry numbered `first` has this code or barcode already."""

    code: ClassVar = ProblemCode.DUPLICATE_CODE

    key_name: str
    given: str
    first: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownZone(Fault):
    """A reference to a zone that the list does not have."""

    code: ClassVar = ProblemCode.UNKNOWN_ZONE

    zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownTier(Fault):
    """A reference to a tier that the list does not have."""

    code: ClassVar = ProblemCode.UNKNOWN_TIER

    tier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownItem(Fault):
    """A reference to something that the list does not sell singly."""

    code: ClassVar = ProblemCode.UNKNOWN_ITEM

    item_kind: ItemKind
    item: str


@dataclass(frozen=True, slots=True)
class DayPair:
    """The kind of the date before, and the date's own."""

    before: DayKind
    kind: DayKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """Dates by their kind, by that of the date before, or by both (P-3); a pair counts only where both matter."""

    kinds: tuple[DayKind, ...] = ()
    after: tuple[DayKind, ...] = ()
    pairs: tuple[DayPair, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RateGap(Fault):
    """No rate counts from `begins` to `ends` (P-3); where that is not later, it is on the next date."""

    code: ClassVar = ProblemCode.RATE_GAP

    zone: str
    tiers: tuple[str, ...]
    dates: Dates
    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RateOverlap(Fault):
    """Several rates, by their entries, count at once (P-3)."""

    code: ClassVar = ProblemCode.RATE_OVERLAP

    zone: str
    tiers: tuple[str, ...]
    dates: Dates
    begins: int
    ends: int
    rates: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ZeroRate(Fault):
    """A rate of 0 that does not say it is meant."""

    code: ClassVar = ProblemCode.ZERO_RATE


@dataclass(frozen=True, kw_only=True, slots=True)
class MinimumNotMultiple(Fault):
    """Rounding (P-13) would take from the minimum (P-12)."""

    code: ClassVar = ProblemCode.MINIMUM_NOT_MULTIPLE

    minimum_fen: int
    round_to_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursExemptionMissing(Fault):
    """条例: an internet café opens from 8:00 to 24:00, unless a document allows more."""

    code: ClassVar = ProblemCode.HOURS_EXEMPTION_MISSING


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowOutsideHours(Fault):
    """A package's window reaches beyond the opening hours."""

    code: ClassVar = ProblemCode.WINDOW_OUTSIDE_HOURS


@dataclass(frozen=True, kw_only=True, slots=True)
class BestPriceTooMany(Fault):
    """The best price would have to look at too many combinations of one tier's packages (P-16)."""

    code: ClassVar = ProblemCode.BEST_PRICE_TOO_MANY

    tier: str
    packages: int
    packages_max: int
    places: int
    places_max: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ComboDearerThanParts(Fault):
    """A combo costs more than its parts sold singly (G-3)."""

    code: ClassVar = ProblemCode.COMBO_DEARER_THAN_PARTS

    price_fen: int
    parts_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PromotionDearerThanItem(Fault):
    """A promotion costs more than its item at the list's own price: nobody could be sold what the board says."""

    code: ClassVar = ProblemCode.PROMOTION_DEARER_THAN_ITEM

    price_fen: int
    item_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferenceTooHigh(Fault):
    """The highest reference price that G-6 allows is `paid_fen`."""

    code: ClassVar = ProblemCode.PROMOTION_REFERENCE_TOO_HIGH

    reference_fen: int
    paid_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferenceNeverPaid(Fault):
    """Nobody has bought the item here, so no reference price is true (G-6)."""

    code: ClassVar = ProblemCode.PROMOTION_REFERENCE_TOO_HIGH
    kind: ClassVar = "never-paid"

    reference_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RaisedBefore(Fault):
    """The list price was raised before the promotion, and no reason is given (G-6)."""

    code: ClassVar = ProblemCode.RAISED_BEFORE_PROMOTION

    posted_fen: int
    price_fen: int
    days: int
