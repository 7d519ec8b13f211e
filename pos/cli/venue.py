"""`mingjia venue show|apply`: the settings that `venue.toml` describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person

if TYPE_CHECKING:
    from pos.settings import Settings, VenueFile
    from pos.settings_reading import Devices
    from records.folder import VenueFolder


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    parser.command("show", help=_("show the settings in force"), run=show)
    applying = parser.command("apply", help=_("put a venue.toml into force"), run=apply)
    applying.add_argument("file", metavar="venue.toml", help=_("the new settings, whole"))
    acts_for_person(applying)


def show(context: Context) -> int:
    """Answer with the settings in force and this desk's devices."""
    with context.books() as books:
        database = _address(books.folder)
        answer = {**_answer(books.settings, books.devices), "database": database}
        lines = _lines(books.settings, books.devices)
        context.answer(answer, lines if database is None else [*lines, f"database: {database}"])
    return 0


def apply(context: Context) -> int:
    """Put new settings into force; the journal gets them whole, but for the devices."""
    from pos.changing_settings import change_settings

    given = read_venue(context.arguments.file)
    with context.venue() as venue:
        owner = context.sign_in(venue)
        change_settings(venue, given, by=owner, path=context.arguments.file)
        context.answer(_answer(venue.settings, venue.devices), [context.say("The settings are in force.")])
    return 0


def read_venue(path: str) -> VenueFile:
    """Read a `venue.toml`; raises SettingsInvalidError with every problem."""
    from pos.secrets_file import read_text
    from pos.settings import read_venue_file

    return read_venue_file(read_text(Path(path)), path=path)


def _address(folder: VenueFolder) -> str | None:
    """The address in `database.toml`; None where the records are a file."""
    place = folder.place
    return None if place is None else place.url


def _answer(settings: Settings, devices: Devices) -> dict[str, Any]:
    return {"settings": settings.to_json(), "devices": devices.to_json()}


def _lines(settings: Settings, devices: Devices) -> list[str]:
    shown = {**settings.to_json(), **devices.to_json()}
    runs = shown.pop("seats")
    assert isinstance(runs, list)
    seats = [f"{run.zone}: {run.labels()[0]}–{run.labels()[-1]}" for run in settings.seat_runs]
    return [*(f"{key}: {_text(value)}" for key, value in shown.items()), f"seats: {', '.join(seats)}"]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
