"""Why a usage cannot be priced: its form, its codes, its order and limits, its times (docs/pricing.md §5)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from billing.errors import BillingError


class UsageError(BillingError):
    """A usage cannot be priced; the subclass says why."""

    code: ClassVar[str] = "bad-usage"


class UsageFlaw(StrEnum):
    """What is wrong with a usage: first its form, then order, overlap and limits."""

    NOT_JSON = "not-json"
    NOT_OBJECT = "not-object"
    UNKNOWN_KEY = "unknown-key"
    MISSING_KEY = "missing-key"
    END_OR_FUNDS = "end-or-funds"
    NOT_TEXT = "not-text"
    NOT_ARRAY = "not-array"
    NOT_FLAG = "not-flag"
    NOT_FEN = "not-fen"
    TIME_FORM = "time-form"
    TIME_NO_SUCH = "time-no-such"
    TIME_YEAR = "time-year"
    TIME_LEFT_OUT = "time-left-out"
    ENDS_BEFORE_START = "ends-before-start"
    FIRST_STAY = "first-stay"
    STAYS_ORDER = "stays-order"
    STAY_AFTER_END = "stay-after-end"
    TOO_LONG = "too-long"
    PAUSE_EMPTY = "pause-empty"
    PAUSES_OVERLAP = "pauses-overlap"
    PAUSE_AFTER_END = "pause-after-end"
    PAUSES_TOO_MANY = "pauses-too-many"
    PAUSE_TOO_LONG = "pause-too-long"
    PACKAGE_OUTSIDE_VISIT = "package-outside-visit"
    AFTER_LAST_PACKAGE = "after-last-package"


@dataclass(eq=False)
class BadUsageError(UsageError):
    """A usage is not what docs/pricing.md describes.

    `key` is the key that is meant (`stays.from`), `given` what stands there, `most` the limit that is exceeded.
    """

    code: ClassVar[str] = "bad-usage"

    flaw: UsageFlaw
    key: str = ""
    given: str = ""
    most: int | None = None


@dataclass(eq=False)
class UnknownTierError(UsageError):
    """The list has no such tier."""

    code: ClassVar[str] = "unknown-tier"

    tier: str


@dataclass(eq=False)
class UnknownZoneError(UsageError):
    """The list has no such zone."""

    code: ClassVar[str] = "unknown-zone"

    zone: str


@dataclass(eq=False)
class UnknownPackageError(UsageError):
    """The list has no such package."""

    code: ClassVar[str] = "unknown-package"

    package: str


@dataclass(eq=False)
class OutsideHoursError(UsageError):
    """A stay reaches beyond the opening hours. `at` is the venue's local time of the breach."""

    code: ClassVar[str] = "outside-hours"

    at: str


@dataclass(eq=False)
class NotOnSaleError(UsageError):
    """A package was bought when, or by a tier for which, no rule puts it on sale (P-5, P-6, P-6a)."""

    code: ClassVar[str] = "not-on-sale"

    package: str
    bought_at: str


@dataclass(eq=False)
class FundsExceededError(UsageError):
    """The cost at the last given event is already above the funds (P-18)."""

    code: ClassVar[str] = "funds-exceeded"

    funds_fen: int
    cost_fen: int
