"""What billing refuses, as facts and codes. Each class says what happened with the values a sentence needs."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from billing.price_problems import Problem


class BillingError(Exception):
    """The root of everything that billing refuses."""

    code: ClassVar[str] = "billing"


@dataclass(eq=False)
class ListInvalidError(BillingError):
    """A price list has these problems, so nothing may be priced by it."""

    code: ClassVar[str] = "list-invalid"

    problems: tuple[Problem, ...]


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


@dataclass(eq=False)
class BooksError(BillingError):
    """The root of what the books refuse: publication, visits, orders, money. Nothing was written."""

    code: ClassVar[str] = "books"


@dataclass(eq=False)
class NoPriceListError(BooksError):
    """No list was in force at that instant, so there is no price (P-15)."""

    code: ClassVar[str] = "no-price-list"

    at: dt.datetime


@dataclass(eq=False)
class UnknownListError(BooksError):
    """No list of this number was published."""

    code: ClassVar[str] = "unknown-list"

    number: int


@dataclass(eq=False)
class EffectiveInPastError(BooksError):
    """A list would count from an instant that is over."""

    code: ClassVar[str] = "effective-in-past"

    effective: dt.datetime
    now: dt.datetime


@dataclass(eq=False)
class EffectiveTakenError(BooksError):
    """Another list counts from the same instant."""

    code: ClassVar[str] = "effective-taken"

    effective: dt.datetime
    number: int


@dataclass(eq=False)
class UnknownListHashError(BooksError):
    """No published list has this hash, or it is none."""

    code: ClassVar[str] = "unknown-list-hash"

    given: str


@dataclass(eq=False)
class ListOverError(BooksError):
    """A later list counts in this one's place: nobody hangs its board up any more."""

    code: ClassVar[str] = "list-over"

    number: int
    over_since: dt.datetime


@dataclass(eq=False)
class UnknownReasonError(BooksError):
    """A reason is a code of a fixed list."""

    code: ClassVar[str] = "unknown-reason"

    reason: str
    known: tuple[str, ...]


@dataclass(eq=False)
class NoShiftError(BooksError):
    """No shift is open at this till: no visit opens and no money moves."""

    code: ClassVar[str] = "no-shift"

    till: str


@dataclass(eq=False)
class ShiftOpenError(BooksError):
    """This till has an open shift already."""

    code: ClassVar[str] = "shift-open"

    till: str
    shift: int


@dataclass(eq=False)
class BadCountError(BooksError):
    """A float or a count is no amount of cash."""

    code: ClassVar[str] = "bad-count"

    amount_fen: int


@dataclass(eq=False)
class DrawerShortError(BooksError):
    """More cash was to be taken out than the drawer can hold by the books. How much it holds is not told."""

    code: ClassVar[str] = "drawer-short"

    amount_fen: int


@dataclass(eq=False)
class DifferenceUnexplainedError(BooksError):
    """The count differs from what was expected and no reason was given. How much is not told: the count is blind."""

    code: ClassVar[str] = "difference-unexplained"

    shift: int


@dataclass(eq=False)
class UnknownVisitError(BooksError):
    """No visit has this id, and no open one this seat."""

    code: ClassVar[str] = "unknown-visit"

    visit: str


@dataclass(eq=False)
class VisitRepeatedError(BooksError):
    """The visit was opened before under the same id; these are the facts of the first time."""

    code: ClassVar[str] = "visit-repeated"

    visit_id: str
    seat: str
    opened_at: dt.datetime


@dataclass(eq=False)
class CheckUsedError(BooksError):
    """Another visit was opened on this ID check (I-5)."""

    code: ClassVar[str] = "check-used"

    check_id: str
    visit_id: str


@dataclass(eq=False)
class PersonSeatedError(BooksError):
    """The person has an open visit (I-6)."""

    code: ClassVar[str] = "same-person"

    visit_id: str
    seat: str


@dataclass(eq=False)
class SeatTakenError(BooksError):
    """An open visit has the seat (I-6)."""

    code: ClassVar[str] = "seat-taken"

    seat: str
    visit_id: str


@dataclass(eq=False)
class SeatOutOfUseError(BooksError):
    """The seat is out of use: nobody sits down there. `reason` is a code."""

    code: ClassVar[str] = "seat-out-of-use"

    seat: str
    since: dt.datetime
    reason: str


@dataclass(eq=False)
class SeatInUseError(BooksError):
    """The seat is not out of use."""

    code: ClassVar[str] = "seat-in-use"

    seat: str


@dataclass(eq=False)
class NotJustMovedError(BooksError):
    """The last thing that happened to the visit is no move, so there is none to take back."""

    code: ClassVar[str] = "not-just-moved"

    visit_id: str


@dataclass(eq=False)
class VisitEndedError(BooksError):
    """The visit ended by itself (closing time, the end of its package) and waits for its settlement."""

    code: ClassVar[str] = "visit-ended"

    visit_id: str
    at: dt.datetime
    reason: str


@dataclass(eq=False)
class VisitPausedError(BooksError):
    """The visit is paused already."""

    code: ClassVar[str] = "visit-paused"

    visit_id: str
    since: dt.datetime


@dataclass(eq=False)
class VisitNotPausedError(BooksError):
    """There is no pause to end."""

    code: ClassVar[str] = "visit-not-paused"

    visit_id: str


@dataclass(eq=False)
class PausesUsedUpError(BooksError):
    """The customer may not pause (again) under the visit's list (P-4)."""

    code: ClassVar[str] = "pauses-used-up"

    visit_id: str
    pauses_max: int


@dataclass(eq=False)
class OutageRunningError(BooksError):
    """All seats are paused for an outage; while it lasts no visit opens, pauses or resumes."""

    code: ClassVar[str] = "outage-running"

    since: dt.datetime
    reason: str


@dataclass(eq=False)
class NoOutageError(BooksError):
    """There is no outage to end."""

    code: ClassVar[str] = "no-outage"


@dataclass(eq=False)
class UnknownItemError(BooksError):
    """The list in force sells no such goods or service (G-2)."""

    code: ClassVar[str] = "unknown-item"

    kind: str
    item: str


@dataclass(eq=False)
class BadQuantityError(BooksError):
    """A quantity is positive, and no more than a counter hands over."""

    code: ClassVar[str] = "bad-quantity"

    quantity: int


@dataclass(eq=False)
class NothingSoldError(BooksError):
    """An order or a sale has at least one line."""

    code: ClassVar[str] = "nothing-sold"


@dataclass(eq=False)
class OrderRepeatedError(BooksError):
    """The order was added before under the same id."""

    code: ClassVar[str] = "order-repeated"

    order_id: str
    visit_id: str


@dataclass(eq=False)
class UnknownOrderLineError(BooksError):
    """No order has such a line."""

    code: ClassVar[str] = "unknown-order-line"

    order_id: str
    line: int


@dataclass(eq=False)
class CancelledTooManyError(BooksError):
    """Fewer pieces are left on the line than should be cancelled."""

    code: ClassVar[str] = "cancelled-too-many"

    order_id: str
    line: int
    left: int


@dataclass(eq=False)
class StatementNeededError(BooksError):
    """A stay is settled only once its itemised statement was shown (G-5)."""

    code: ClassVar[str] = "statement-needed"

    visit_id: str


@dataclass(eq=False)
class StatementStaleError(BooksError):
    """The statement is too old, or something has changed since: it must be shown again (G-5)."""

    code: ClassVar[str] = "statement-stale"

    visit_id: str
    shown_at: dt.datetime


@dataclass(eq=False)
class AlreadySettledError(BooksError):
    """The visit was settled before; `receipt` is the number of that time. Nobody pays twice."""

    code: ClassVar[str] = "already-settled"

    visit_id: str
    receipt: int


@dataclass(eq=False)
class SaleRepeatedError(BooksError):
    """The sale was made before under the same id; these are the facts of the first time."""

    code: ClassVar[str] = "sale-repeated"

    sale_id: str
    receipt: int
    total_fen: int
    change_fen: int


@dataclass(eq=False)
class DepositRepeatedError(BooksError):
    """A deposit was taken before under the same job; these are the facts of the first time."""

    code: ClassVar[str] = "deposit-repeated"

    visit_id: str
    job_id: str
    receipt: int
    amount_fen: int


@dataclass(eq=False)
class BadTenderError(BooksError):
    """What was given is no tender: `text` is what was read, `flaw` one of kind, amount, reference."""

    code: ClassVar[str] = "bad-tender"

    text: str
    flaw: str


@dataclass(eq=False)
class TendersTooLowError(BooksError):
    """Deposits and tenders do not cover the total."""

    code: ClassVar[str] = "tenders-too-low"

    total_fen: int
    deposits_fen: int
    given_fen: int

    @property
    def due_fen(self) -> int:
        """What is to be paid beside the deposits."""
        return self.total_fen - self.deposits_fen


@dataclass(eq=False)
class NonCashAboveDueError(BooksError):
    """More was given without cash than is due: change is given from cash only."""

    code: ClassVar[str] = "non-cash-above-due"

    due_fen: int
    non_cash_fen: int
