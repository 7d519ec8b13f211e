"""`mingjia devices simulate|read-id|test-print`: their grammar and their words; `devices` does the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person
from pos.languages import noted

if TYPE_CHECKING:
    from members.card_text import CardFields
    from privacy.personal import Personal

WAIT_SECONDS = 10.0

_STATES = {
    "confirmed": noted("The page is on paper: the printer said so."),
    "sent": noted("All bytes were handed over; this printer does not confirm. Look whether the page is whole."),
    "uncertain": noted("Perhaps the page is on paper, perhaps not ({cause}). Look at the printer."),
    "failed": noted("Nothing was printed ({cause}). Check address, power and paper."),
}


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    _describe_simulators(parser.command("simulate", help=_("be a device, until stopped")))
    reading = parser.command("read-id", help=_("read one ID card"), run=read_id)
    reading.add_argument(
        "--port", required=True, metavar=_("PORT"), help=_("the reader: serial:PATH, socket://HOST:PORT")
    )
    reading.add_argument(
        "--wait", type=float, default=WAIT_SECONDS, metavar=_("SECONDS"), help=_("how long to wait for a card")
    )
    reading.add_argument("--show", action="store_true", help=_("show name, birth, address and number unmasked"))
    acts_for_person(reading)
    printing = parser.command("test-print", help=_("print a trial page"), run=test_print)
    printing.add_argument("--to", required=True, metavar=_("TARGET"), help=_("the printer: tcp://HOST:PORT, file:PATH"))
    printing.add_argument("--width", type=int, choices=(58, 80), default=58, help=_("the paper's width in mm"))


def _describe_simulators(parser: CommandParser) -> None:
    _ = parser.words
    reader = parser.command("id-reader", help=_("an ID-card reader"), run=simulate)
    reader.set_defaults(device="id-reader")
    reader.add_argument("--card", nargs="+", action="extend", metavar=_("NAME"), help=_("cards to lay down, in turn"))
    printer = parser.command("printer", help=_("a receipt printer"), run=simulate)
    printer.set_defaults(device="printer")
    printer.add_argument("--width", type=int, choices=(58, 80), help=_("the paper's width in mm"))
    printer.add_argument("--paper", metavar=_("DIR"), help=_("a folder for what is printed"))
    printer.add_argument("--show", action="store_true", help=_("show what is printed here too"))
    for device in (reader, printer):
        device.add_argument("--on", choices=("pty", "socket"), help=_("a pseudo-terminal or a socket"))
        device.add_argument("--number", type=int, metavar=_("NUMBER"), help=_("the socket's port number; else any"))
        device.add_argument("--fault", action="append", metavar=_("NAME"), help=_("a fault to begin with"))
        device.add_argument("--script", metavar=_("FILE"), help=_("what happens, line by line"))
        device.add_argument("--until-eof", action="store_true", help=_("end when standard input closes"))


def simulate(context: Context) -> int:
    """Be the device; its port is the first line of standard output."""
    from pos.cli import devices

    arguments = context.arguments
    words: list[str] = []
    for name in ("on", "number", "card", "width", "paper", "fault", "script"):
        value = getattr(arguments, name, None)
        for one in value if isinstance(value, list) else [value]:
            words += [] if one is None else [f"--{name}", str(one)]
    words += [f"--{name}" for name in ("show", "until-eof") if getattr(arguments, name.replace("-", "_"), False)]
    return devices.simulate(arguments.device, words)


def read_id(context: Context) -> int:
    """Read a card and show it masked; unmasked only to the owner where there is a venue."""
    from members.card_text import parse
    from pos.cli import devices

    arguments = context.arguments
    if arguments.show:
        _require_owner(context)
    read = devices.read_document(arguments.port, wait_seconds=arguments.wait)
    shown = _shown(parse(read.text_block, read.new_address), is_masked=not arguments.show)
    context.answer(shown, [f"{key}: {value}" for key, value in shown.items()])
    return 0


def test_print(context: Context) -> int:
    """Print the trial page and say what is known of it."""
    from pos.cli import devices

    printed = devices.print_trial_page(context.arguments.to, width_mm=context.arguments.width)
    sentence = context.say(_STATES[printed.state], cause=printed.cause)
    context.answer(printed.to_plain(), [sentence])
    return 0 if printed.state in {"confirmed", "sent"} else 1


def _require_owner(context: Context) -> None:
    """Raise OwnerNeededError unless there is no venue here, or its owner has logged in."""
    from pos.errors import OwnerNeededError
    from records.errors import NotAVenueError
    from records.folder import VenueFolder
    from staff.roles import Role

    try:
        VenueFolder(path=context.data).require_venue()
    except NotAVenueError:
        return
    if context.arguments.acting is None:
        raise OwnerNeededError
    with context.venue() as venue:
        if context.sign_in(venue).role is not Role.OWNER:
            raise OwnerNeededError


def _shown(fields: CardFields, *, is_masked: bool) -> dict[str, Any]:
    def personal(value: Personal[Any]) -> str:
        return value.masked() if is_masked else str(value.reveal())

    valid_to = fields.valid_to.isoformat() if fields.valid_to else None
    return {
        "kind": fields.kind.value,
        "name": personal(fields.name if fields.name.reveal() else fields.latin_name),
        "sex": fields.sex.value,
        "ethnic": fields.ethnic,
        "birth": None if fields.birth is None else personal(fields.birth),
        "address": personal(fields.address),
        "number": personal(fields.number),
        "issuer": fields.issuer,
        "valid_from": fields.valid_from.isoformat() if fields.valid_from else None,
        "valid_to": "长期" if fields.long_term else valid_to,
    }
