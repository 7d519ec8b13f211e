"""The demo venue: its settings, its list, its people, and secrets that are made anew each time and worth nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from billing.price_checks import check
from pos.demo.devices import SimulatedDevices
from pos.founding import Plan, found
from pos.secrets_file import StaffSecret
from pos.settings import VenueFile, read_venue_file
from pos.settings_reading import Devices
from records.clock import Clock
from records.folder import VenueFolder
from staff.errors import PinTooWeakError
from staff.pins import check_new_pin

PAPER_MM: Final = 58
PEOPLE: Final = {"li": "owner", "wang": "manager", "chen": "cashier", "zhou": "cashier"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoSecrets:
    """The secrets of one demo venue."""

    pins: dict[str, str] = field(repr=False)
    owner_passphrase: str = field(default_factory=secrets.token_urlsafe, repr=False)
    counter_passphrase: str = field(default_factory=secrets.token_urlsafe, repr=False)

    @classmethod
    def made(cls, pin: Callable[[], str]) -> DemoSecrets:
        """Make secrets; `pin` chooses each person's PIN."""
        return cls(pins={name: pin() for name in PEOPLE})

    @property
    def staff(self) -> tuple[StaffSecret, ...]:
        """The people who work here."""
        return tuple(StaffSecret(name=name, role=role, pin=self.pins[name]) for name, role in PEOPLE.items())

    def write(self, path: Path) -> None:
        """Write the file that `--secrets` reads, for its owner's eyes."""
        head = [f'owner_passphrase = "{self.owner_passphrase}"', f'counter_passphrase = "{self.counter_passphrase}"']
        people = [f'[[staff]]\nname = "{p.name}"\nrole = "{p.role}"\npin = "{p.pin}"' for p in self.staff]
        path.touch(mode=0o600)
        path.write_text("\n".join([*head, "", *people]) + "\n", encoding="utf-8", newline="\n")


def password() -> str:
    """Make a PIN that nobody types."""
    return secrets.token_urlsafe(9)


def digits() -> str:
    """Make a PIN of six digits that no rule against guessing refuses."""
    while True:
        pin = f"{secrets.randbelow(900_000) + 100_000}"
        try:
            check_new_pin(pin)
        except PinTooWeakError:
            continue
        return pin


def hung(devices: SimulatedDevices) -> Devices:
    """Return where simulated devices hang."""
    return Devices(id_reader=devices.reader.port, printer=devices.printer.port, printer_width=PAPER_MM)


def demo_venue(devices: SimulatedDevices) -> VenueFile:
    """Return the demo's settings, with its devices."""
    venue = read_venue_file(_bundled("venue.toml"), path="venue.toml")
    return replace(venue, devices=hung(devices))


def found_demo(folder: Path, venue: VenueFile, secret: DemoSecrets, clock: Clock) -> VenueFolder:
    """Found the venue in `folder/venue`, its owner's key beside it."""
    found(
        Plan(
            folder=folder / "venue",
            venue=venue,
            venue_path="venue.toml",
            prices=check(_bundled("prices.toml")).require(),
            staff=secret.staff,
            owner_key_path=folder / "owner-key.pem",
            owner_passphrase=secret.owner_passphrase,
            counter_passphrase=secret.counter_passphrase,
            clock=clock,
            product=f"mingjia {version('mingjia')}",
        )
    )
    return VenueFolder(path=folder / "venue")


def _bundled(name: str) -> str:
    return files("pos.demo").joinpath(name).read_text(encoding="utf-8")
