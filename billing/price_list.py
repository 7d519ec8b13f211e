"""The price list: one frozen value that board, desk, quote, rating and receipt all read.

It exists only for a list that passed every check of docs/pricing.md §4. Clock times are seconds after midnight
(`billing.calendar`), instants are aware, amounts are fen. What a file leaves out stands here with its default; "every
tier" and "every zone" are written out as codes.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from billing.calendar import DAY_SECONDS, Calendar, DayKind
from billing.wall_clock import WallClock

if TYPE_CHECKING:
    from billing.timetable import Timetable


class PackageEnd(StrEnum):
    """What follows a visit's last package."""

    HOURLY = "hourly"
    STOP = "stop"


class WalletOrder(StrEnum):
    """Which money in a wallet is spent first."""

    PRINCIPAL_FIRST = "principal_first"
    BONUS_FIRST = "bonus_first"
    PRO_RATA = "pro_rata"


class Refund(StrEnum):
    """What comes back for a package that was not used up."""

    NONE = "none"
    PRO_RATA = "pro_rata"


class ItemKind(StrEnum):
    """What is sold singly, and what a combo or promotion may hold; the value is the key in the file."""

    GOODS = "goods"
    SERVICE = "service"
    PACKAGE = "package"


class SavingKind(StrEnum):
    """What takes something off the single prices of what it covers; on a bill it is a line of its own (G-3)."""

    COMBO = "combo"
    PROMOTION = "promotion"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Opening hours (营业时间) by the wall's clock, half-open; `close` not after `open`: past midnight."""

    open: int = 8 * 3600
    close: int = DAY_SECONDS
    exemption: str = ""

    @property
    def is_all_day(self) -> bool:
        """Whether the venue never closes."""
        return (self.close - self.open) % DAY_SECONDS == 0

    def has(self, clock_time: int) -> bool:
        """Whether the venue is open when the wall shows this."""
        if self.is_all_day:
            return True
        if self.open < self.close:
            return self.open <= clock_time < self.close
        return clock_time >= self.open or clock_time < self.close


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """How time is counted (计价方法, P-4 … P-13)."""

    unit_minutes: int = 0
    grace_minutes: int = 0
    minimum_fen: int = 0
    round_to_fen: int = 1
    package_end: PackageEnd = PackageEnd.HOURLY
    best_price: bool = False
    wallet_order: WalletOrder = WalletOrder.PRO_RATA
    pauses_max: int | None = None
    pause_minutes_max: int | None = None
    return_minutes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Deposit:
    """What a guest leaves as a deposit (押金, G-8)."""

    guest_fen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Zone:
    """A part of the venue and what a seat in it offers (服务内容)."""

    code: str
    name: str
    spec: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """A class of customers; the discount is off the hourly charge (P-11)."""

    code: str
    name: str
    discount_bp: int = 0
    conditions: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A posted price an hour, for one zone, some tiers, some day kinds, one band of the day (P-2)."""

    zone: str
    tiers: tuple[str, ...]
    days: tuple[DayKind, ...]
    begins: int
    ends: int
    fen_per_hour: int
    free: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DurationPackage:
    """So many minutes from its beginning (P-5). `sold_from`, `sold_until` left out: all day."""

    code: str
    name: str
    price_fen: int
    zones: tuple[str, ...]
    tiers: tuple[str, ...]
    days: tuple[DayKind, ...]
    minutes: int
    until: int | None = None
    sold_from: int | None = None
    sold_until: int | None = None
    refund: Refund = Refund.NONE


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowPackage:
    """A fixed window of the clock (P-6). `sold_from`, `sold_until` left out: the window's own start, end."""

    code: str
    name: str
    price_fen: int
    zones: tuple[str, ...]
    tiers: tuple[str, ...]
    days: tuple[DayKind, ...]
    start: int
    end: int
    sold_from: int | None = None
    sold_until: int | None = None
    refund: Refund = Refund.NONE


Package = DurationPackage | WindowPackage


@dataclass(frozen=True, kw_only=True, slots=True)
class Goods:
    """A thing on the shelf, with its posted price."""

    code: str
    name: str
    spec: str
    unit: str
    price_fen: int
    barcode: str | None = None
    origin: str | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A paid service beside the seat, with its content."""

    code: str
    name: str
    content: str
    unit: str
    price_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A reference to one thing of the list that is sold singly."""

    kind: ItemKind
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ComboPart:
    """So many of one item inside a combo."""

    item: Item
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Combo:
    """Parts sold together for at most the sum of their single prices (G-3)."""

    code: str
    name: str
    parts: tuple[ComboPart, ...]
    price_fen: int

    def has(self, code: str) -> bool:
        """Whether something of this code is a part of it."""
        return any(part.item.code == code for part in self.parts)

    @property
    def holds_package(self) -> bool:
        """Whether it is sold to a visit only, and from the visit's list (P-15)."""
        return any(part.item.kind is ItemKind.PACKAGE for part in self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promotion:
    """A lower price for one item for some time, perhaps beside a reference price (原价, G-6)."""

    code: str
    name: str
    item: Item
    price_fen: int
    begins_at: dt.datetime
    ends_at: dt.datetime
    conditions: str
    reference_fen: int | None = None
    raised_reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TopUp:
    """A posted top-up with its gift (G-7)."""

    code: str
    name: str
    pay_fen: int
    tiers: tuple[str, ...]
    conditions: str
    bonus_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """Everything that may be charged, and how (docs/pricing.md §1).

    Equal lists have equal `canonical_bytes`. What is computed from a list (its canonical form, its timetable) hangs on
    the list, so this class alone has no slots.
    """

    title: str
    timezone: str
    hours: Hours
    calendar: Calendar
    method: Method
    deposit: Deposit
    zones: tuple[Zone, ...]
    tiers: tuple[Tier, ...]
    rates: tuple[Rate, ...]
    packages: tuple[Package, ...] = ()
    goods: tuple[Goods, ...] = ()
    services: tuple[Service, ...] = ()
    combos: tuple[Combo, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    topups: tuple[TopUp, ...] = ()
    schema: int = field(default=1)
    currency: str = field(default="CNY")

    @cached_property
    def canonical_bytes(self) -> bytes:
        """The list as RFC 8785 JSON in the keys of the file, every default written out."""
        from billing.price_canonical import canonical_list

        return canonical_list(self)

    @cached_property
    def sha256(self) -> str:
        """The hash by which journal, receipts and bundles name this list: 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical_bytes).hexdigest()

    @cached_property
    def clock(self) -> WallClock:
        """The wall clock of the list's time zone."""
        return WallClock(self.timezone)

    @cached_property
    def timetable(self) -> "Timetable":
        """Which rate counts at each instant, found once and kept in bounded caches."""
        from billing.timetable import Timetable

        return Timetable(self)

    @cached_property
    def zone_by_code(self) -> dict[str, Zone]:
        """The zones by code."""
        return {zone.code: zone for zone in self.zones}

    @cached_property
    def tier_by_code(self) -> dict[str, Tier]:
        """The tiers by code."""
        return {tier.code: tier for tier in self.tiers}

    @cached_property
    def package_by_code(self) -> dict[str, Package]:
        """The packages by code."""
        return {package.code: package for package in self.packages}

    @cached_property
    def goods_by_code(self) -> dict[str, Goods]:
        """The goods by code."""
        return {goods.code: goods for goods in self.goods}

    @cached_property
    def service_by_code(self) -> dict[str, Service]:
        """The services by code."""
        return {service.code: service for service in self.services}

    @cached_property
    def combo_by_code(self) -> dict[str, Combo]:
        """The combos by code."""
        return {combo.code: combo for combo in self.combos}

    @cached_property
    def promotion_by_code(self) -> dict[str, Promotion]:
        """The promotions by code."""
        return {promotion.code: promotion for promotion in self.promotions}

    def price_fen(self, item: Item) -> int:
        """The posted price of one item. Raises KeyError for an item that the list does not have."""
        match item.kind:
            case ItemKind.GOODS:
                return self.goods_by_code[item.code].price_fen
            case ItemKind.SERVICE:
                return self.service_by_code[item.code].price_fen
            case ItemKind.PACKAGE:
                return self.package_by_code[item.code].price_fen
