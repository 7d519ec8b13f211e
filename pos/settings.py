"""The venue's settings: `venue.toml` read whole, every problem in one list, or a frozen value.

What the journal holds of them (`venue.changed`) is everything but `devices` and `database`: which cable a printer hangs
on, and which computer keeps the records, is no fact about the venue. They lie in files of the data folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final
from zoneinfo import ZoneInfo

from pos.errors import SettingsInvalidError
from pos.settings_reading import Devices, SeatRun, read_document
from records.canonical import Json
from records.clock import BusinessDays

SCHEMA: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """One seat: its label on the desk (`A01`), its zone in the price list, its computer's address if known."""

    label: str
    zone: str
    ip: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The venue as `venue.toml` describes it, devices left out. `day_starts` is minutes after local midnight."""

    name: str
    venue_code: str
    licence_no: str
    licence_until: date
    uscc: str
    address: str
    timezone: str
    day_starts: int
    complaint_phone: str
    licensed_terminals: int
    lan: tuple[str, ...]
    seat_runs: tuple[SeatRun, ...]

    @property
    def days(self) -> BusinessDays:
        """The venue's business days."""
        return BusinessDays(timezone=ZoneInfo(self.timezone), starts_minute=self.day_starts)

    def seats(self) -> Mapping[str, Seat]:
        """Return every seat by its label, in the file's order."""
        return _seats_by_label(self.seat_runs)

    def zones(self) -> frozenset[str]:
        """Return the zones that have a seat."""
        return frozenset(run.zone for run in self.seat_runs)

    def to_json(self) -> dict[str, Json]:
        """Return the `settings` object of `venue.changed`: the keys of `venue.toml`, defaults written out."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "venue_code": self.venue_code,
            "licence_no": self.licence_no,
            "licence_until": self.licence_until.isoformat(),
            "uscc": self.uscc,
            "address": self.address,
            "timezone": self.timezone,
            "day_starts": f"{self.day_starts // 60:02d}:{self.day_starts % 60:02d}",
            "complaint_phone": self.complaint_phone,
            "licensed_terminals": self.licensed_terminals,
            "lan": list(self.lan),
            "seats": [run.to_json() for run in self.seat_runs],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class VenueFile:
    """A whole `venue.toml`."""

    settings: Settings
    devices: Devices
    database: str | None = None  # the address of a server that holds the records


def read_venue_file(text: str, *, path: str) -> VenueFile:
    """Read a `venue.toml`; raises SettingsInvalidError with every problem there is."""
    found = read_document(text)
    if found.problems:
        raise SettingsInvalidError(path=path, problems=found.problems)
    return VenueFile(settings=_settings(found.values), devices=found.devices, database=found.values["database"])


def settings_from_json(stored: Mapping[str, Any]) -> Settings:
    """Return the settings that `to_json` wrote and the records kept."""
    runs = tuple(SeatRun.from_json(run) for run in stored["seats"])
    hours, minutes = stored["day_starts"].split(":")
    return Settings(
        **{key: stored[key] for key in ("name", "venue_code", "licence_no", "uscc", "address", "timezone")},
        licence_until=date.fromisoformat(stored["licence_until"]),
        day_starts=int(hours) * 60 + int(minutes),
        complaint_phone=stored["complaint_phone"],
        licensed_terminals=stored["licensed_terminals"],
        lan=tuple(stored["lan"]),
        seat_runs=runs,
    )


def _settings(values: Mapping[str, Any]) -> Settings:
    # The reader gives each key its checked value; networks and dates are values already.
    lan: tuple[IPv4Network, ...] = values["lan"]
    return Settings(
        **{key: values[key] for key in ("name", "venue_code", "licence_no", "licence_until", "uscc", "address")},
        **{key: values[key] for key in ("timezone", "day_starts", "complaint_phone", "licensed_terminals")},
        lan=tuple(str(network) for network in lan),
        seat_runs=values["seats"],
    )


@lru_cache(maxsize=8)
def _seats_by_label(runs: tuple[SeatRun, ...]) -> Mapping[str, Seat]:
    return {seat.label: seat for run in runs for seat in _seats_of(run)}


def _seats_of(run: SeatRun) -> list[Seat]:
    first = None if run.first_ip is None else IPv4Address(run.first_ip)
    return [
        Seat(label=label, zone=run.zone, ip=None if first is None else str(first + place))
        for place, label in enumerate(run.labels())
    ]
