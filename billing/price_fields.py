"""The tables of a price list and what each of their keys may hold (docs/pricing.md §1, the table of all fields).

Keys that are Python's own words, or have a plainer word inside the program, have another `name` there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from billing.calendar import EVERY_DAY, parse_clock_time
from billing.price_faults import Unit
from billing.price_list import PackageEnd, Refund, WalletOrder
from billing.price_values import (
    QUANTITY_MAX,
    Read,
    read_choice,
    read_clock_time,
    read_codes,
    read_dates,
    read_days,
    read_exactly,
    read_flag,
    read_instant_text,
    read_item,
    read_parts,
    read_text,
    read_timezone,
    read_whole,
)

AMOUNT_FEN_MAX = 1_000_000
"""No price of an internet café is above 10 000 yuan; a larger one is a slip of the finger."""

DAY_MINUTES = 1440
PACKAGE_MINUTES_MAX = 366 * DAY_MINUTES


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One key of a table. One that is left out and isn't required has its default, which needs no reading."""

    key: str
    read: Read
    name: str
    is_required: bool = False
    default: object = None

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty text is no value of another type but nothing at all."""
        return self.is_required or self.read is read_text


@dataclass(frozen=True, kw_only=True, slots=True)
class TableForm:
    """The keys of one table; `by_kind` are those that depend on its `kind`."""

    name: str
    fields: tuple[Field, ...]
    is_required: bool = False
    by_kind: Mapping[str, tuple[Field, ...]] | None = None

    def keys(self, kind: str | None) -> frozenset[str]:
        """The keys that a table of this kind may have; of any kind, if its own cannot be read."""
        own = (self.by_kind or {}).items()
        fields = [*self.fields, *(field for name, more in own if kind in {None, name} for field in more)]
        return frozenset(field.key for field in fields)


def _required(key: str, read: Read = read_text, *, name: str = "") -> Field:
    return Field(key=key, read=read, name=name or key, is_required=True)


def _optional(key: str, read: Read = read_text, *, name: str = "", default: object = None) -> Field:
    return Field(key=key, read=read, name=name or key, default=default)


_amount = partial(read_whole, least=0, most=AMOUNT_FEN_MAX, unit=Unit.FEN)
_minutes = partial(read_whole, least=0, most=DAY_MINUTES, unit=Unit.MINUTES)
_CODE_AND_NAME = (_required("code"), _required("name"))
_SETS = (
    _optional("zones", read_codes),
    _optional("tiers", read_codes),
    _optional("days", read_days, default=EVERY_DAY),
)


class PackageKind(StrEnum):
    """The two kinds of packages."""

    DURATION = "duration"
    WINDOW = "window"


TOP_LEVEL = TableForm(
    name="",
    fields=(
        _required("schema", partial(read_exactly, only=1)),
        _required("title"),
        _required("timezone", read_timezone),
        _required("currency", partial(read_exactly, only="CNY")),
    ),
)

SETTINGS = (
    TableForm(
        name="hours",
        fields=(
            _optional("open", read_clock_time, default=parse_clock_time("08:00")),
            _optional("close", read_clock_time, default=parse_clock_time("24:00")),
            _optional("exemption", default=""),
        ),
    ),
    TableForm(
        name="calendar",
        fields=(
            _optional("holidays", read_dates, default=frozenset()),
            _optional("workdays", read_dates, default=frozenset()),
        ),
    ),
    TableForm(
        name="method",
        fields=(
            _optional("unit_minutes", _minutes, default=0),
            _optional("grace_minutes", _minutes, default=0),
            _optional("minimum_fen", _amount, default=0),
            _optional("round_to_fen", partial(read_whole, least=1, most=AMOUNT_FEN_MAX, unit=Unit.FEN), default=1),
            _optional("package_end", partial(read_choice, choices=PackageEnd), default=PackageEnd.HOURLY),
            _optional("best_price", read_flag, default=False),
            _optional("wallet_order", partial(read_choice, choices=WalletOrder), default=WalletOrder.PRO_RATA),
            _optional("pauses_max", partial(read_whole, least=0, most=QUANTITY_MAX, unit=Unit.PAUSES)),
            _optional("pause_minutes_max", _minutes),
            _optional("return_minutes", _minutes, default=0),
        ),
    ),
    TableForm(name="deposit", fields=(_optional("guest_fen", _amount, default=0),)),
)

LISTS = (
    TableForm(name="zones", fields=(*_CODE_AND_NAME, _required("spec")), is_required=True),
    TableForm(
        name="tiers",
        fields=(
            *_CODE_AND_NAME,
            _optional("discount_bp", partial(read_whole, least=0, most=10_000, unit=Unit.BASIS_POINTS), default=0),
            _optional("conditions", default=""),
        ),
        is_required=True,
    ),
    TableForm(
        name="rates",
        fields=(
            _required("zone"),
            _required("from", read_clock_time, name="begins"),
            _required("to", read_clock_time, name="ends"),
            _required("fen_per_hour", _amount),
            _optional("tiers", read_codes),
            _optional("days", read_days, default=EVERY_DAY),
            _optional("free", read_flag, default=False),
        ),
        is_required=True,
    ),
    TableForm(
        name="packages",
        fields=(
            *_CODE_AND_NAME,
            _required("kind", partial(read_choice, choices=PackageKind)),
            _required("price_fen", _amount),
            *_SETS,
            _optional("sold_from", read_clock_time),
            _optional("sold_until", read_clock_time),
            _optional("refund", partial(read_choice, choices=Refund), default=Refund.NONE),
        ),
        by_kind={
            PackageKind.DURATION: (
                _required("minutes", partial(read_whole, least=1, most=PACKAGE_MINUTES_MAX, unit=Unit.MINUTES)),
                _optional("until", read_clock_time),
            ),
            PackageKind.WINDOW: (_required("start", read_clock_time), _required("end", read_clock_time)),
        },
    ),
    TableForm(
        name="goods",
        fields=(
            *_CODE_AND_NAME,
            _required("spec"),
            _required("unit"),
            _required("price_fen", _amount),
            _optional("barcode"),
            _optional("origin"),
            _optional("category"),
        ),
    ),
    TableForm(
        name="services",
        fields=(*_CODE_AND_NAME, _required("content"), _required("unit"), _required("price_fen", _amount)),
    ),
    TableForm(
        name="combos",
        fields=(*_CODE_AND_NAME, _required("items", read_parts, name="parts"), _required("price_fen", _amount)),
    ),
    TableForm(
        name="promotions",
        fields=(
            *_CODE_AND_NAME,
            _required("item", read_item),
            _required("price_fen", _amount),
            _optional("reference_fen", _amount),
            _required("from", read_instant_text, name="begins_at"),
            _required("until", read_instant_text, name="ends_at"),
            _required("conditions"),
            _optional("raised_reason"),
        ),
    ),
    TableForm(
        name="topups",
        fields=(
            *_CODE_AND_NAME,
            _required("pay_fen", _amount),
            _optional("bonus_fen", _amount, default=0),
            _optional("tiers", read_codes),
            _required("conditions"),
        ),
    ),
)
