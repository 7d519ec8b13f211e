"""The tables of a price list and what each of their keys may hold (docs/pricing.md §1, the table of all fields).

A field's `read` takes what tomllib (or JSON) gave and returns the value that `billing.price_list` holds, or raises
FieldFaultsError. Keys that are Python's own words, or plainer English inside the program, have another `name` there.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from billing.calendar import EVERY_DAY, DayKind, parse_clock_time
from billing.errors import BillingError
from billing.price_list import ComboPart, Item, ItemKind, PackageEnd, Refund, WalletOrder
from billing.price_problems import ProblemCode
from billing.wall_clock import WallClock

AMOUNT_FEN_MAX = 1_000_000
"""No price of an internet café is above 10 000 yuan; a larger one is a slip of the finger."""

DAY_MINUTES = 1440
PACKAGE_MINUTES_MAX = 366 * DAY_MINUTES
QUANTITY_MAX = 1000

_SHOWN_CHARACTERS_MAX = 60

_FORCED_WORDS = (
    "required",
    "mandatory",
    "min_consumption",
    "minimum_spend",
    "default_items",
    "auto_add",
    "preselect",
    "bundled",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a value."""

    code: ProblemCode
    message: str


@dataclass(eq=False)
class FieldFaultsError(BillingError):
    """A value that cannot stand for its key; never leaves the reading of a list."""

    faults: tuple[Fault, ...]


Read = Callable[[object], Any]  # What a value becomes is known to the dataclass that takes it.


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One key of a table. An absent or empty one that isn't required has its default, which needs no reading."""

    key: str
    read: Read
    name: str
    is_required: bool = False
    default: object = None


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


def forces_purchase(key: str) -> bool:
    """Whether a key's name tries to require, preselect or tie a purchase, or to set a minimum spend."""
    name = key.lower().replace("-", "_")
    return any(word in name for word in _FORCED_WORDS)


def _bad(message: str) -> FieldFaultsError:
    return FieldFaultsError((Fault(ProblemCode.BAD_VALUE, message),))


def _shown(value: object) -> str:
    """A value as a message shows it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS_MAX else f"{text[:_SHOWN_CHARACTERS_MAX]}…"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _bad(f"{_shown(value)} is not a string")
    return value


def _whole(value: object, *, least: int, most: int, unit: str) -> int:
    if type(value) is not int:
        raise _bad(f"{_shown(value)} is not a whole number")
    if not least <= value <= most:
        raise _bad(f"{value} is not between {least} and {most} {unit}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _bad(f"{_shown(value)} is not true or false")
    return value


def _exactly(value: object, *, only: object) -> object:
    if type(value) is not type(only) or value != only:
        raise _bad(f"{_shown(value)} is not {only!r}, the only one there is")
    return value


def _choice(value: object, *, choices: type[StrEnum]) -> StrEnum:
    try:
        return choices(_text(value))
    except ValueError as error:
        raise _bad(f"{_shown(value)} is none of {', '.join(choices)}") from error


def _clock_time(value: object) -> int:
    try:
        return parse_clock_time(_text(value))
    except ValueError as error:
        raise _bad(str(error)) from error


def _timezone(value: object) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:  # Not found, a folder, or a path: one answer.
        raise _bad(f"{name!r} is no time zone of the IANA database") from error
    return name


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _bad(f"{_shown(value)} is not a list")
    return value


def _codes(value: object) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(_text(code) for code in _list(value)))
    if not codes or "" in codes:
        raise _bad("a list of codes is not empty and has no empty code; leave the key out for every one")
    return codes


def _days(value: object) -> tuple[DayKind, ...]:
    days = {DayKind(_choice(day, choices=DayKind)) for day in _list(value)}
    if not days:
        raise _bad("the list of day kinds is empty; leave the key out for every day")
    return tuple(kind for kind in EVERY_DAY if kind in days)


def _dates(value: object) -> frozenset[dt.date]:
    return frozenset(_date(date) for date in _list(value))


def _date(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        date = dt.date.fromisoformat(_text(value))
    except ValueError as error:
        raise _bad(f"{_shown(value)} is not a date YYYY-MM-DD") from error
    if date.isoformat() != value:
        raise _bad(f"{_shown(value)} is not a date YYYY-MM-DD")
    return date


def _instant_text(value: object) -> str:
    """An instant as text; it becomes an instant when the list's time zone is known."""
    text = value.isoformat() if isinstance(value, dt.datetime) else _text(value)
    try:
        WallClock("UTC").parse(text)
    except ValueError as error:
        raise _bad(str(error)) from error
    return text


def _item(value: object) -> Item:
    keys = _item_keys(value, extra=frozenset())
    return _item_of(keys)


def _parts(value: object) -> tuple[ComboPart, ...]:
    parts: list[ComboPart] = []
    faults: list[Fault] = []
    for number, part in enumerate(_list(value), start=1):
        try:
            parts.append(_part(part))
        except FieldFaultsError as error:
            faults += [Fault(fault.code, f"item {number}: {fault.message}") for fault in error.faults]
    if faults:
        raise FieldFaultsError(tuple(faults))
    return tuple(parts)


def _part(value: object) -> ComboPart:
    keys = _item_keys(value, extra=frozenset({"qty"}))
    if "qty" not in keys:
        raise FieldFaultsError((Fault(ProblemCode.MISSING, "it has no qty"),))
    return ComboPart(item=_item_of(keys), quantity=_whole(keys["qty"], least=1, most=QUANTITY_MAX, unit="pieces"))


def _item_keys(value: object, *, extra: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _bad(f'{_shown(value)} is not a table such as {{ goods = "cola" }}')
    faults = [unknown_key_fault(key) for key in value if key not in extra | set(ItemKind)]
    if faults:
        raise FieldFaultsError(tuple(faults))
    return value


def _item_of(keys: Mapping[str, object]) -> Item:
    kinds = [kind for kind in ItemKind if kind.value in keys]
    if not kinds or keys[kinds[0].value] == "":
        raise FieldFaultsError((Fault(ProblemCode.MISSING, "it names no goods, service or package"),))
    if len(kinds) > 1:
        raise _bad("it names more than one of goods, service and package")
    return Item(kind=kinds[0], code=_text(keys[kinds[0].value]))


def unknown_key_fault(key: str) -> Fault:
    """What is wrong with a key that the schema does not have."""
    if forces_purchase(key):
        return Fault(
            ProblemCode.FORCED_PURCHASE,
            f"{key!r} would require or preselect a purchase or set a minimum spend: rule G-1, "
            "侵害消费者权益行为处罚办法 12(4)",
        )
    return Fault(ProblemCode.UNKNOWN_KEY, f"{key!r} is not a key of this table")


def _required(key: str, read: Read = _text, *, name: str = "") -> Field:
    return Field(key=key, read=read, name=name or key, is_required=True)


def _optional(key: str, read: Read = _text, *, name: str = "", default: object = None) -> Field:
    return Field(key=key, read=read, name=name or key, default=default)


_amount = partial(_whole, least=0, most=AMOUNT_FEN_MAX, unit="fen")
_minutes = partial(_whole, least=0, most=DAY_MINUTES, unit="minutes")
_CODE_AND_NAME = (_required("code"), _required("name"))
_SETS = (_optional("zones", _codes), _optional("tiers", _codes), _optional("days", _days, default=EVERY_DAY))


class PackageKind(StrEnum):
    """The two kinds of packages."""

    DURATION = "duration"
    WINDOW = "window"


TOP_LEVEL = TableForm(
    name="",
    fields=(
        _required("schema", partial(_exactly, only=1)),
        _required("title"),
        _required("timezone", _timezone),
        _required("currency", partial(_exactly, only="CNY")),
    ),
)

SETTINGS = (
    TableForm(
        name="hours",
        fields=(
            _optional("open", _clock_time, default=parse_clock_time("08:00")),
            _optional("close", _clock_time, default=parse_clock_time("24:00")),
            _optional("exemption", default=""),
        ),
    ),
    TableForm(
        name="calendar",
        fields=(
            _optional("holidays", _dates, default=frozenset()),
            _optional("workdays", _dates, default=frozenset()),
        ),
    ),
    TableForm(
        name="method",
        fields=(
            _optional("unit_minutes", _minutes, default=0),
            _optional("grace_minutes", _minutes, default=0),
            _optional("minimum_fen", _amount, default=0),
            _optional("round_to_fen", partial(_whole, least=1, most=AMOUNT_FEN_MAX, unit="fen"), default=1),
            _optional("package_end", partial(_choice, choices=PackageEnd), default=PackageEnd.HOURLY),
            _optional("best_price", _flag, default=False),
            _optional("wallet_order", partial(_choice, choices=WalletOrder), default=WalletOrder.PRO_RATA),
            _optional("pauses_max", partial(_whole, least=0, most=QUANTITY_MAX, unit="pauses")),
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
            _optional("discount_bp", partial(_whole, least=0, most=10_000, unit="basis points"), default=0),
            _optional("conditions", default=""),
        ),
        is_required=True,
    ),
    TableForm(
        name="rates",
        fields=(
            _required("zone"),
            _required("from", _clock_time, name="begins"),
            _required("to", _clock_time, name="ends"),
            _required("fen_per_hour", _amount),
            _optional("tiers", _codes),
            _optional("days", _days, default=EVERY_DAY),
            _optional("free", _flag, default=False),
        ),
        is_required=True,
    ),
    TableForm(
        name="packages",
        fields=(
            *_CODE_AND_NAME,
            _required("kind", partial(_choice, choices=PackageKind)),
            _required("price_fen", _amount),
            *_SETS,
            _optional("sold_from", _clock_time),
            _optional("sold_until", _clock_time),
            _optional("refund", partial(_choice, choices=Refund), default=Refund.NONE),
        ),
        by_kind={
            PackageKind.DURATION: (
                _required("minutes", partial(_whole, least=1, most=PACKAGE_MINUTES_MAX, unit="minutes")),
                _optional("until", _clock_time),
            ),
            PackageKind.WINDOW: (_required("start", _clock_time), _required("end", _clock_time)),
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
        fields=(*_CODE_AND_NAME, _required("items", _parts, name="parts"), _required("price_fen", _amount)),
    ),
    TableForm(
        name="promotions",
        fields=(
            *_CODE_AND_NAME,
            _required("item", _item),
            _required("price_fen", _amount),
            _optional("reference_fen", _amount),
            _required("from", _instant_text, name="begins_at"),
            _required("until", _instant_text, name="ends_at"),
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
            _optional("tiers", _codes),
            _required("conditions"),
        ),
    ),
)
