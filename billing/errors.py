"""What billing refuses, as facts and codes.

Each class says what happened with the values a caller needs. `str()` gives one plain sentence for the person who
wrote a price list or a usage; what a cashier reads is written in `pos/wording.py`.
"""

from dataclasses import dataclass
from typing import ClassVar


class BillingError(Exception):
    """The root of everything that billing refuses."""

    code: ClassVar[str] = "billing"


@dataclass(eq=False)
class ListInvalidError(BillingError):
    """A price list does not pass `prices check`, so nothing may be priced by it."""

    code: ClassVar[str] = "list-invalid"

    problem_codes: tuple[str, ...]

    def __str__(self) -> str:
        return f"the price list has {len(self.problem_codes)} problem(s): {', '.join(self.problem_codes)}"


@dataclass(eq=False)
class BestPriceUnsupportedError(BillingError):
    """The list asks for rule P-16 (`best_price = true`), which this program does not apply."""

    code: ClassVar[str] = "best-price-unsupported"

    def __str__(self) -> str:
        return (
            "method.best_price = true (rule P-16) is not supported: set it to false, "
            "or customers would be promised a price that is not computed"
        )


class UsageError(BillingError):
    """A usage cannot be priced; the subclass says why."""

    code: ClassVar[str] = "bad-usage"


@dataclass(eq=False)
class BadUsageError(UsageError):
    """A usage is not what docs/pricing.md describes: form, order, overlap or a limit."""

    code: ClassVar[str] = "bad-usage"

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class UnknownTierError(UsageError):
    """The list has no such tier."""

    code: ClassVar[str] = "unknown-tier"

    tier: str

    def __str__(self) -> str:
        return f"the price list has no tier {self.tier!r}"


@dataclass(eq=False)
class UnknownZoneError(UsageError):
    """The list has no such zone."""

    code: ClassVar[str] = "unknown-zone"

    zone: str

    def __str__(self) -> str:
        return f"the price list has no zone {self.zone!r}"


@dataclass(eq=False)
class UnknownPackageError(UsageError):
    """The list has no such package."""

    code: ClassVar[str] = "unknown-package"

    package: str

    def __str__(self) -> str:
        return f"the price list has no package {self.package!r}"


@dataclass(eq=False)
class OutsideHoursError(UsageError):
    """A stay reaches beyond the opening hours. `at` is the venue's local time of the breach."""

    code: ClassVar[str] = "outside-hours"

    at: str

    def __str__(self) -> str:
        return f"the venue is closed at {self.at}"


@dataclass(eq=False)
class NotOnSaleError(UsageError):
    """A package was bought when, or by a tier for which, no rule puts it on sale (P-5, P-6, P-6a)."""

    code: ClassVar[str] = "not-on-sale"

    package: str
    bought_at: str

    def __str__(self) -> str:
        return f"package {self.package!r} is not on sale to this customer at {self.bought_at}"


@dataclass(eq=False)
class FundsExceededError(UsageError):
    """The cost at the last given event is already above the funds (P-18)."""

    code: ClassVar[str] = "funds-exceeded"

    funds_fen: int
    cost_fen: int

    def __str__(self) -> str:
        return f"the visit already costs {self.cost_fen} fen, above the funds of {self.funds_fen} fen"
