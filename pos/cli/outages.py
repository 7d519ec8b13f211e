"""`mingjia outage begin|end`: all seats paused for something that is the venue's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.cli.context import Context
from pos.cli.counting import at_counter
from pos.cli.parser import CommandParser, acts_for_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.visit_record import Visit

_REASONS: Final = ("power", "network", "equipment", "inspection", "emergency")


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    beginning = parser.command("begin", help=_("pause every running visit; nobody pays for this time"), run=begin)
    beginning.add_argument("--reason", required=True, choices=_REASONS, help=_("what failed"))
    ending = parser.command("end", help=_("let every seat go on"), run=end)
    for command in (beginning, ending):
        acts_for_person(command)


def begin(context: Context) -> int:
    """Pause every seat."""
    with at_counter(context) as counter:
        paused = counter.seats.begin_outage(context.arguments.reason)
        _answer(context, paused, context.say("All seats are paused: {count}.", count=len(paused)))
    return 0


def end(context: Context) -> int:
    """Let every seat go on."""
    with at_counter(context) as counter:
        resumed = counter.seats.end_outage()
        _answer(context, resumed, context.say("All seats go on: {count}.", count=len(resumed)))
    return 0


def _answer(context: Context, visits: Sequence[Visit], line: str) -> None:
    context.answer({"visits": [{"visit": visit.visit_id, "seat": visit.seat} for visit in visits]}, [line])
