"""A Monday evening in the demo venue: people already sit there when the desk is opened, and cards lie at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from billing.price_list import ItemKind
from billing.sold_lines import OrderLine
from billing.tenders import Tender, TenderKind
from hardware.id_readers.reader import DocumentRead
from hardware.simulated.people import find_card
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter, counter_at
from pos.counter.seats import Opening
from pos.demo.devices import SimulatedDevices, simulated_devices
from pos.demo.plan import FIRST_DAY
from pos.demo.venue import PAPER_MM, DemoSecrets, demo_venue, digits, found_demo
from pos.device_settings import write_devices
from pos.settings_reading import Devices
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from staff import accounts

FLOAT_FEN: Final = 20_000
_BEGINS: Final = timedelta(hours=16, minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Guest:
    """Somebody who came `after` the shift opened."""

    after: timedelta
    seat: str
    package: str | None = None
    deposit_fen: int = 2_000
    goods: str | None = None
    pauses: bool = False


def _minutes(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


_GUESTS: Final = (
    _Guest(after=_minutes(2), seat="A07", deposit_fen=2_700, goods="cola-330"),
    _Guest(after=_minutes(9), seat="A03", package="5h", deposit_fen=3_000),
    _Guest(after=_minutes(15), seat="B01", deposit_fen=5_000),
    _Guest(after=_minutes(15), seat="B02", deposit_fen=5_000, goods="noodles"),
    _Guest(after=_minutes(40), seat="A12", deposit_fen=2_000),
    _Guest(after=_minutes(58), seat="A14", deposit_fen=5_000),
    _Guest(after=_minutes(75), seat="A21", deposit_fen=0),
    _Guest(after=_minutes(110), seat="B09", package="5h", deposit_fen=0, goods="water-550"),
    _Guest(after=_minutes(131), seat="A22", deposit_fen=2_000),
    _Guest(after=_minutes(140), seat="A30", package="3h", deposit_fen=2_000),
    _Guest(after=_minutes(155), seat="A33", deposit_fen=1_000),
    _Guest(after=_minutes(171), seat="A09", deposit_fen=2_000, goods="sausage"),
    _Guest(after=_minutes(188), seat="B14", deposit_fen=3_000),
    _Guest(after=_minutes(204), seat="A38", deposit_fen=2_000, pauses=True),
)
_LASTS: Final = _minutes(212)


@dataclass(frozen=True, kw_only=True)
class Evening:
    """The demo venue as the desk finds it."""

    folder: VenueFolder
    clock: SimulatedClock
    secret: DemoSecrets
    lay_card: Callable[[str], None]


@contextmanager
def evening(folder: Path) -> Iterator[Evening]:
    """Found the venue in `folder`, let an afternoon pass, and run its devices until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = DemoSecrets.made(digits)
    secret.write(folder / "secrets.toml")
    with simulated_devices(paper=folder / "receipts", width_mm=PAPER_MM) as devices:
        venue_file = demo_venue(devices)
        begins = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=venue_file.settings.days.timezone)
        clock = SimulatedClock(begins.astimezone(UTC) + _BEGINS, follows_real_time=True)
        venue_folder = found_demo(folder, venue_file, secret, clock)
        with open_venue(venue_folder, passphrase=lambda: secret.counter_passphrase, clock=clock) as venue:
            _let_pass(venue, secret, clock)
        yield Evening(folder=venue_folder, clock=clock, secret=secret, lay_card=lambda name: _lay(devices, name))
    write_devices(venue_folder.path, Devices())  # These devices are gone.


def _let_pass(venue: Venue, secret: DemoSecrets, clock: SimulatedClock) -> None:
    chen = accounts.log_in(venue.records, name="chen", pin=secret.pins["chen"], pad=venue.pin_pad)
    counter = counter_at(venue, chen)
    opened = clock.read().at
    counter.shifts.open(float_fen=FLOAT_FEN)
    for number, guest in enumerate(_GUESTS):
        clock.advance_to(opened + guest.after)
        _seat(counter, guest, number)
    clock.advance_to(opened + _LASTS)
    counter.seats.end_due()


def _seat(counter: Counter, guest: _Guest, number: int) -> None:
    admission = counter.check_in.card(_card(f"born-19{70 + number}0515"))
    deposit = Tender(kind=TenderKind.CASH, fen=guest.deposit_fen) if guest.deposit_fen else None
    opening = Opening.new(seat=guest.seat, tier="guest", package=guest.package, deposit=deposit)
    visit = counter.seats.open(admission, opening).visit_id
    if guest.goods is not None:
        line = OrderLine(kind=ItemKind.GOODS, code=guest.goods, quantity=1)
        counter.sales.order(visit, [line], request=new_id())
    if guest.pauses:
        counter.seats.pause(visit)


def _card(name: str) -> DocumentRead:
    card = find_card(name)
    assert card is not None, "the demo names cards of the simulator"
    return DocumentRead(text_block=card.block, new_address=card.new_address)


def _lay(devices: SimulatedDevices, name: str) -> None:
    devices.reader.tell("lift")
    devices.reader.tell(f"place {name}")
