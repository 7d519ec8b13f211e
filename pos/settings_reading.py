"""Reading a `venue.toml`: every key checked, every problem noted with its line, none of them fatal to the rest."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any, Final
from zoneinfo import ZoneInfo

from billing.price_problems import Where
from billing.toml_lines import TomlLines
from hardware.errors import TargetSyntaxError
from hardware.targets import Attachment, Target
from pos.errors import Problem
from records.canonical import Json
from records.errors import PlaceInvalidError

MOST_SEATS: Final = 5000
PAPER_WIDTHS: Final = (58, 80)

_VENUE_CODE: Final = re.compile(r"([0-9]{6}10[0-9]{6})?")  # GA 557.1: region, 10 for a café, serial; "" = not yet given
_USCC: Final = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})?")  # GB 32100; "" = none
_CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ZONE: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_PREFIX: Final = re.compile(r"\w{0,8}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatRun:
    """Seats in a row, `first` to `last`; the next seat has the next address."""

    zone: str
    prefix: str
    first: int
    last: int
    first_ip: str | None = None

    def labels(self) -> list[str]:
        """Return the labels: numbers have two digits, or as many as the last one needs."""
        width = max(2, len(str(self.last)))
        return [f"{self.prefix}{number:0{width}d}" for number in range(self.first, self.last + 1)]

    def to_json(self) -> dict[str, Json]:
        """Return the run as it stands in the file; `first_ip` only where there is one."""
        run: dict[str, Json] = {"zone": self.zone, "prefix": self.prefix, "from": self.first, "to": self.last}
        return run if self.first_ip is None else {**run, "first_ip": self.first_ip}

    @classmethod
    def from_json(cls, run: Mapping[str, Any]) -> SeatRun:
        """Return the run that `to_json` wrote."""
        return cls(
            zone=run["zone"], prefix=run["prefix"], first=run["from"], last=run["to"], first_ip=run.get("first_ip")
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Devices:
    """Where the desk's devices hang; None where there is none. `printer_width` is the paper's, in millimetres."""

    id_reader: str | None = None
    printer: str | None = None
    printer_width: int = 58

    def to_toml(self) -> str:
        """Write the `[devices]` table."""
        lines = ["[devices]"]
        lines += [f'{key} = "{_escaped(value)}"' for key, value in self._targets() if value is not None]
        lines.append(f"printer_width = {self.printer_width}")
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, Json]:
        """Return the `devices` table."""
        return {"id_reader": self.id_reader, "printer": self.printer, "printer_width": self.printer_width}

    def _targets(self) -> tuple[tuple[str, str | None], ...]:
        return ("id_reader", self.id_reader), ("printer", self.printer)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundDocument:
    """What reading gave: checked values by key, or what is wrong with them."""

    values: Mapping[str, Any]
    devices: Devices
    problems: tuple[Problem, ...]


class _UnfitError(Exception):
    """A value does not fit its key; `code` is the problem's."""

    def __init__(self, code: str = "bad-value") -> None:
        super().__init__()
        self.code = code


def read_document(text: str) -> FoundDocument:
    """Read the text of a `venue.toml`."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _no_toml(text, error)
    reading = _Reading(lines=TomlLines(text))
    values = reading.table(document, _VENUE_KEYS, table=None, entry=None)
    values["seats"] = _seat_runs(reading, document.get("seats"))
    devices = _devices(reading, document.get("devices", {}))
    _check_seats(reading, values)
    return FoundDocument(values=values, devices=devices, problems=reading.in_file_order())


def read_devices_document(text: str) -> FoundDocument:
    """Read a text that has a `[devices]` table only."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _no_toml(text, error)
    reading = _Reading(lines=TomlLines(text))
    for key in document.keys() - {"devices"}:
        reading.note("unknown-key", key=key)
    devices = _devices(reading, document.get("devices", {}))
    return FoundDocument(values={}, devices=devices, problems=reading.in_file_order())


def _no_toml(text: str, error: Exception) -> FoundDocument:
    line = re.search(r"at line (\d+)", str(error))  # Else it is the end of the text.
    where = Where(line=int(line[1]) if line else len(text.splitlines()) or 1)
    return FoundDocument(values={}, devices=Devices(), problems=(Problem(code="not-toml", where=where),))


@dataclass(kw_only=True)
class _Reading:
    lines: TomlLines
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    def note(self, code: str, *, table: str | None = None, entry: int | None = None, key: str | None = None) -> None:
        line = self.lines.line(table=table, entry=entry, key=key)
        where = Where(table=table, entry=entry, key=key, line=line)
        self.problems.append((line or 0, Problem(code=code, where=where)))

    def in_file_order(self) -> tuple[Problem, ...]:
        return tuple(problem for _line, problem in sorted(self.problems, key=lambda noted: noted[0]))

    def table(
        self, found: Mapping[str, Any], keys: Mapping[str, _Key], *, table: str | None, entry: int | None
    ) -> dict[str, Any]:
        """Check a table's keys; a key with a problem is left out of the answer."""
        for key in found:
            if key not in keys and not (table is None and key in _TABLES):
                self.note("unknown-key", table=table, entry=entry, key=key)
        values: dict[str, Any] = {}
        for name, rule in keys.items():
            if name in found:
                try:
                    values[name] = rule.read(found[name])
                except _UnfitError as error:
                    self.note(error.code, table=table, entry=entry, key=name)
            elif rule.is_required:
                self.note("missing", table=table, entry=entry, key=name)
            else:
                values[name] = rule.default
        return values


@dataclass(frozen=True, kw_only=True, slots=True)
class _Key:
    read: Callable[[Any], Any]
    is_required: bool = False
    default: Any = None


def _text(pattern: re.Pattern[str] | None = None, *, longest: int = 200) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise _UnfitError
        if not value.strip() if pattern is None else not pattern.fullmatch(value):
            raise _UnfitError
        return value

    return read


def _whole(smallest: int, largest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not smallest <= value <= largest:
            raise _UnfitError
        return value

    return read


def _schema(value: Any) -> int:
    return _whole(1, 1)(value)


def _day(value: Any) -> date:
    # A date and a time is a datetime, and that is a date in Python.
    if type(value) is not date:
        raise _UnfitError
    return value


def _clock_time(value: Any) -> int:
    found = _CLOCK_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _UnfitError
    return int(found[1]) * 60 + int(found[2])


def _timezone(value: Any) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise _UnfitError from error
    return str(value)


def _networks(value: Any) -> tuple[IPv4Network, ...]:
    if not isinstance(value, list):
        raise _UnfitError
    try:
        return tuple(IPv4Network(network) for network in value)
    except (AddressValueError, NetmaskValueError, ValueError, TypeError) as error:
        raise _UnfitError from error


def _address(value: Any) -> str:
    try:
        return str(IPv4Address(value if isinstance(value, str) else ""))
    except AddressValueError as error:
        raise _UnfitError from error


def _database(value: Any) -> str:
    from records.place import check_url

    try:
        check_url(value if isinstance(value, str) else "")
    except PlaceInvalidError as error:
        raise _UnfitError("password-in-address" if error.problem == "password" else "bad-value") from error
    return str(value)


def _target(*attachments: Attachment) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        try:
            target = Target.parse(value if isinstance(value, str) else "")
        except TargetSyntaxError as error:
            raise _UnfitError from error
        if target.attachment not in attachments:
            raise _UnfitError
        return str(value)

    return read


def _paper_width(value: Any) -> int:
    if type(value) is not int or value not in PAPER_WIDTHS:
        raise _UnfitError
    return value


_TABLES: Final = frozenset({"seats", "devices"})
_VENUE_KEYS: Final = {
    "schema": _Key(read=_schema, is_required=True),
    "name": _Key(read=_text(longest=60), is_required=True),
    "venue_code": _Key(read=_text(_VENUE_CODE), default=""),
    "licence_no": _Key(read=_text(), is_required=True),
    "licence_until": _Key(read=_day, is_required=True),
    "uscc": _Key(read=_text(_USCC), default=""),
    "address": _Key(read=_text(), is_required=True),
    "timezone": _Key(read=_timezone, is_required=True),
    "day_starts": _Key(read=_clock_time, default=6 * 60),
    "complaint_phone": _Key(read=_text(longest=40), default="12315"),
    "licensed_terminals": _Key(read=_whole(1, MOST_SEATS), is_required=True),
    "lan": _Key(read=_networks, default=()),
    "database": _Key(read=_database),
}
_SEAT_KEYS: Final = {
    "zone": _Key(read=_text(_ZONE, longest=40), is_required=True),
    "prefix": _Key(read=_text(_PREFIX), default=""),
    "from": _Key(read=_whole(0, 99_999), is_required=True),
    "to": _Key(read=_whole(0, 99_999)),
    "first_ip": _Key(read=_address),
}
_DEVICE_KEYS: Final = {
    "id_reader": _Key(read=_target(Attachment.SERIAL, Attachment.TCP)),
    "printer": _Key(read=_target(Attachment.TCP, Attachment.SERIAL, Attachment.FILE)),
    "printer_width": _Key(read=_paper_width, default=58),
}


def _seat_runs(reading: _Reading, found: Any) -> tuple[SeatRun, ...]:
    if not isinstance(found, list) or not found or not all(isinstance(run, dict) for run in found):
        reading.note("missing" if found is None else "bad-value", key="seats")
        return ()
    runs: list[SeatRun] = []
    for entry, run in enumerate(found, start=1):
        before = len(reading.problems)
        values = reading.table(run, _SEAT_KEYS, table="seats", entry=entry)
        if len(reading.problems) > before:
            continue
        last = values["from"] if values["to"] is None else values["to"]
        if not 0 <= last - values["from"] < MOST_SEATS:
            reading.note("bad-value", table="seats", entry=entry, key="to")
            continue
        if values["first_ip"] and int(IPv4Address(values["first_ip"])) + last - values["from"] >= 2**32:
            reading.note("bad-value", table="seats", entry=entry, key="first_ip")
            continue
        runs.append(
            SeatRun(
                zone=values["zone"],
                prefix=values["prefix"],
                first=values["from"],
                last=last,
                first_ip=values["first_ip"],
            )
        )
    return tuple(runs)


def _devices(reading: _Reading, found: Any) -> Devices:
    if not isinstance(found, dict):
        reading.note("bad-value", key="devices")
        return Devices()
    return Devices(**{**_NO_DEVICES, **reading.table(found, _DEVICE_KEYS, table="devices", entry=None)})


_NO_DEVICES: Final[dict[str, Any]] = {"id_reader": None, "printer": None, "printer_width": 58}


def _check_seats(reading: _Reading, values: Mapping[str, Any]) -> None:
    """Check what only all seats together can break."""
    labels: set[str] = set()
    addresses: set[IPv4Address] = set()
    networks: tuple[IPv4Network, ...] = values.get("lan", ())
    for entry, run in enumerate(values["seats"], start=1):
        if labels & (own := set(run.labels())):
            reading.note("duplicate-seat", table="seats", entry=entry, key="from")
        labels |= own
        if run.first_ip is None:
            continue
        ends = IPv4Address(run.first_ip), IPv4Address(run.first_ip) + (run.last - run.first)
        if networks and not any(all(end in network for end in ends) for network in networks):
            reading.note("outside-lan", table="seats", entry=entry, key="first_ip")
        own_addresses = {ends[0] + place for place in range(run.last - run.first + 1)}
        if addresses & own_addresses:
            reading.note("duplicate-address", table="seats", entry=entry, key="first_ip")
        addresses |= own_addresses
    if len(labels) > values.get("licensed_terminals", MOST_SEATS):
        reading.note("too-many-seats", key="licensed_terminals")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
