"""The desk's composition: a venue's folder becomes what every screen is given, and is let go of at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pos.bootstrap import Venue, open_venue
from pos.languages import Language, Words
from pos.settings_reading import Devices
from pos.tui.desk.actions import Action
from pos.tui.desk.house_news import HouseNews
from pos.tui.desk.printer_service import PrinterService
from pos.tui.desk.reader_service import OpenReader, ReaderService
from pos.tui.desk.services import DeskServices
from records import desk_names
from records.clock import Clock
from records.database import is_shared
from records.folder import VenueFolder


@contextmanager
def opened_desk(
    folder: VenueFolder,
    *,
    passphrase: Callable[[], str],
    language: Language,
    words: Words,
    clock: Clock | None = None,
    more_actions: tuple[Action, ...] = (),
    hint: str = "",
) -> Iterator[DeskServices]:
    """Open a venue as the only desk of its folder, and the only one of its name.

    Raises AlreadyOpenError or DeskElsewhereError where another program is this desk, and what `open_venue` raises.
    """
    folder.require_venue()
    with (
        folder.held_by_desk(),
        open_venue(folder, passphrase=passphrase, clock=clock) as venue,
        desk_names.held(venue.records.engine, venue.records.till),
    ):
        yield DeskServices(
            venue=venue,
            language=language,
            words=words,
            printer=_printer(venue),
            reader=ReaderService(_reader(venue.devices)),
            news=_news(venue),
            more_actions=more_actions,
            hint=hint,
        )


def _news(venue: Venue) -> HouseNews:
    records = venue.records
    return HouseNews(records.engine if is_shared(records.engine) else None, till=records.till)


def _printer(venue: Venue) -> PrinterService:
    if venue.devices.printer is None:
        return PrinterService(None)
    from hardware.printers.printer import ReceiptPrinter
    from hardware.printers.profile import PrinterProfile
    from hardware.targets import Target
    from pos.counter.print_queue import PrintQueue
    from pos.counter.print_worker import PrintWorker

    worker = PrintWorker(
        queue=PrintQueue(engine=venue.records.engine, clock=venue.records.clock, till=venue.records.till),
        printer=ReceiptPrinter(Target.parse(venue.devices.printer)),
        profile=PrinterProfile.for_paper(venue.devices.printer_width),
        folder=venue.folder,
    )
    return PrinterService(worker)


def _reader(devices: Devices) -> OpenReader | None:
    port = devices.id_reader
    if port is None:
        return None

    from hardware.id_readers.reader import IdReader
    from hardware.targets import Target

    target = Target.parse(port)
    return lambda: IdReader.open(target)
