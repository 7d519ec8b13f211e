"""`mingjia seat close|reopen|list`: seats out of use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pos.cli.context import Context
from pos.cli.counting import at_counter
from pos.cli.parser import CommandParser, acts_for_person

if TYPE_CHECKING:
    from billing.seats_out_of_use import SeatOutOfUse

_REASONS: Final = ("faulty", "cleaning", "inspection", "works")


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    closing = parser.command("close", help=_("take a free seat out of use"), run=close)
    closing.add_argument("--reason", required=True, choices=_REASONS, help=_("why"))
    reopening = parser.command("reopen", help=_("put a seat in use again"), run=reopen)
    for command in (closing, reopening):
        command.add_argument("seat", metavar=_("SEAT"), help=_("the seat's label"))
    listing = parser.command("list", help=_("the seats that are out of use"), run=show)
    for command in (closing, reopening, listing):
        acts_for_person(command)


def close(context: Context) -> int:
    """Take a seat out of use."""
    with at_counter(context) as counter:
        closed = counter.seats.close_seat(context.arguments.seat, context.arguments.reason)
        context.answer(_json(closed), [context.say("{seat} is out of use.", seat=closed.seat)])
    return 0


def reopen(context: Context) -> int:
    """Put a seat in use again."""
    with at_counter(context) as counter:
        seat = counter.seats.reopen_seat(context.arguments.seat)
        context.answer({"seat": seat}, [context.say("{seat} is in use again.", seat=seat)])
    return 0


def show(context: Context) -> int:
    """List the seats that are out of use."""
    with at_counter(context) as counter:
        closed = list(counter.seats.out_of_use().values())
        lines = [
            f"{one.seat}  {one.closed_at.astimezone(context.timezone):%m-%d %H:%M}  {one.reason}" for one in closed
        ]
        context.answer({"seats": [_json(one) for one in closed]}, lines)
    return 0


def _json(one: SeatOutOfUse) -> dict[str, Any]:
    return {"seat": one.seat, "reason": one.reason.value, "since": one.closed_at.isoformat(timespec="seconds")}
