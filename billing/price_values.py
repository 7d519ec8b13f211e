"""How single values of a price list are read: what tomllib or JSON gave becomes what `billing.price_list` holds.

Each `read_…` returns the value or raises FieldFaultsError with what is wrong with it.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from billing.calendar import EVERY_DAY, DayKind, parse_clock_time
from billing.errors import BillingError
from billing.price_faults import (
    EmptyCodes,
    EmptyDays,
    MissingItem,
    MissingQuantity,
    NotAChoice,
    NotClockTime,
    NotDate,
    NotFlag,
    NotInstant,
    NotList,
    NotTable,
    NotText,
    NotTheOnly,
    NotTimezone,
    NotWhole,
    OutOfRange,
    SeveralItems,
    Unit,
    UnknownKey,
)
from billing.price_list import ComboPart, Item, ItemKind
from billing.price_problems import Fault
from billing.wall_clock import UnreadableTimeError, WallClock

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


@dataclass(eq=False)
class FieldFaultsError(BillingError):
    """A value that cannot stand for its key; never leaves the reading of a list.

    `readable` is what could be read of it, so that references and dates beside the fault are checked all the same.
    """

    faults: tuple[Fault, ...]
    readable: object = None


Read = Callable[[object], Any]  # What a value becomes is known to the dataclass that takes it.


def forces_purchase(key: str) -> bool:
    """Whether a key's name tries to require, preselect or tie a purchase, or to set a minimum spend."""
    name = key.lower().replace("-", "_")
    return any(word in name for word in _FORCED_WORDS)


def _refused(fault: Fault) -> FieldFaultsError:
    return FieldFaultsError((fault,))


def shown(value: object) -> str:
    """A value much as the file writes it, cut where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # A number of thousands of digits, a thousand lists within lists.
        return "…"
    return text if len(text) <= _SHOWN_CHARACTERS_MAX else f"{text[:_SHOWN_CHARACTERS_MAX]}…"


def read_text(value: object) -> str:
    """A string."""
    if not isinstance(value, str):
        raise _refused(NotText(given=shown(value)))
    return value


def read_whole(value: object, *, least: int, most: int, unit: Unit) -> int:
    """A whole number within bounds."""
    if type(value) is not int:
        raise _refused(NotWhole(given=shown(value)))
    if not least <= value <= most:
        raise _refused(OutOfRange(given=shown(value), least=least, most=most, unit=unit))
    return value


def read_flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise _refused(NotFlag(given=shown(value)))
    return value


def read_exactly(value: object, *, only: object) -> object:
    """The one value that is allowed."""
    if type(value) is not type(only) or value != only:
        raise _refused(NotTheOnly(given=shown(value), only=shown(only)))
    return value


def read_choice(value: object, *, choices: type[StrEnum]) -> StrEnum:
    """One of some words."""
    try:
        return choices(read_text(value))
    except ValueError as error:
        raise _refused(NotAChoice(given=shown(value), choices=tuple(choice.value for choice in choices))) from error


def read_clock_time(value: object) -> int:
    """`"HH:MM"` as seconds after midnight."""
    try:
        return parse_clock_time(read_text(value))
    except ValueError as error:
        raise _refused(NotClockTime(given=shown(value))) from error


def read_timezone(value: object) -> str:
    """The name of a time zone that this computer knows."""
    name = read_text(value)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:  # Not found, a folder, or a path: one answer.
        raise _refused(NotTimezone(given=shown(name))) from error
    return name


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _refused(NotList(given=shown(value)))
    return value


def read_codes(value: object) -> tuple[str, ...]:
    """A list of codes, not empty; repetitions count once."""
    codes = tuple(dict.fromkeys(read_text(code) for code in _list(value)))
    if not codes or "" in codes:
        raise _refused(EmptyCodes())
    return codes


def read_days(value: object) -> tuple[DayKind, ...]:
    """A list of day kinds, not empty, in the order of the week."""
    days = {DayKind(read_choice(day, choices=DayKind)) for day in _list(value)}
    if not days:
        raise _refused(EmptyDays())
    return tuple(kind for kind in EVERY_DAY if kind in days)


def read_dates(value: object) -> frozenset[dt.date]:
    """A list of dates, as strings or TOML dates."""
    return frozenset(_each(_list(value), _date))


def _date(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        date = dt.date.fromisoformat(read_text(value))
    except ValueError as error:
        raise _refused(NotDate(given=shown(value))) from error
    if date.isoformat() != value:
        raise _refused(NotDate(given=shown(value)))
    return date


def read_instant_text(value: object) -> str:
    """An instant as text; it becomes an instant when the list's time zone is known."""
    text = value.isoformat() if isinstance(value, dt.datetime) else read_text(value)
    try:
        WallClock("UTC").parse(text)
    except UnreadableTimeError as error:
        raise _refused(NotInstant(given=shown(text))) from error
    return text


def _each(values: list[object], read: Read, *, are_parts: bool = False) -> tuple[Any, ...]:
    """Read each value; all faults are collected, with what could be read beside them."""
    readable: list[Any] = []
    faults: list[Fault] = []
    for number, value in enumerate(values, start=1):
        try:
            readable.append(read(value))
        except FieldFaultsError as error:
            faults += [replace(fault, part=number) for fault in error.faults] if are_parts else error.faults
            readable += [] if error.readable is None else [error.readable]
    if faults:
        raise FieldFaultsError(tuple(faults), tuple(readable))
    return tuple(readable)


def read_parts(value: object) -> tuple[ComboPart, ...]:
    """The parts of a combo, each an item with its quantity."""
    return _each(_list(value), _part, are_parts=True)


def _part(value: object) -> ComboPart:
    keys = _table(value)
    faults: list[Fault] = [*unknown_key_faults(keys, known={*ItemKind, "qty"})]
    item, quantity = None, 1
    try:
        item = _item_of(keys)
    except FieldFaultsError as error:
        faults += error.faults
    try:
        quantity = _quantity(keys)
    except FieldFaultsError as error:
        faults += error.faults
    part = None if item is None else ComboPart(item=item, quantity=quantity)
    if faults or part is None:
        raise FieldFaultsError(tuple(faults), part)
    return part


def _quantity(keys: Mapping[str, object]) -> int:
    if "qty" not in keys:
        raise _refused(MissingQuantity())
    return read_whole(keys["qty"], least=1, most=QUANTITY_MAX, unit=Unit.PIECES)


def read_item(value: object) -> Item:
    """One thing of the list: `{ goods = "cola" }`."""
    keys = _table(value)
    faults = unknown_key_faults(keys, known={*ItemKind})
    if faults:
        raise FieldFaultsError(tuple(faults))
    return _item_of(keys)


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _refused(NotTable(given=shown(value)))
    return value


def unknown_key_faults(keys: Mapping[str, object], *, known: AbstractSet[str]) -> list[UnknownKey]:
    """The keys that a table does not have, in order; those that force a purchase are noted for the whole document."""
    return [UnknownKey(key_name=key) for key in keys if key not in known and not forces_purchase(key)]


def _item_of(keys: Mapping[str, object]) -> Item:
    kinds = [kind for kind in ItemKind if kind.value in keys]
    if not kinds or keys[kinds[0].value] == "":
        raise _refused(MissingItem())
    if len(kinds) > 1:
        raise _refused(SeveralItems())
    return Item(kind=kinds[0], code=read_text(keys[kinds[0].value]))
