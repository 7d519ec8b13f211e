"""`mingjia shift open|x|close`."""

from __future__ import annotations

from typing import Any

from pos.cli.context import Context
from pos.cli.counting import at_counter, request_of, takes_request
from pos.cli.parser import CommandParser, acts_for_person


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    opening = parser.command("open", help=_("open the shift"), run=open_shift)
    opening.add_argument(
        "--float", dest="float_fen", type=int, required=True, metavar="FEN", help=_("cash from the safe")
    )
    reading = parser.command("x", help=_("what the shift has taken so far (X slip)"), run=read)
    takes_request(reading)
    closing = parser.command("close", help=_("close the shift by a blind count (Z slip)"), run=close)
    closing.add_argument(
        "--counted",
        dest="counted_fen",
        type=int,
        required=True,
        metavar="FEN",
        help=_("the cash in the drawer, counted"),
    )
    closing.add_argument("--reason", metavar=_("CODE"), help=_("why the count differs"))
    takes_request(closing)
    for command in (opening, reading, closing):
        acts_for_person(command)


def open_shift(context: Context) -> int:
    """Open the till's shift."""
    from billing.money import yuan_text

    with at_counter(context) as counter:
        shift = counter.shifts.open(float_fen=context.arguments.float_fen)
        line = context.say(
            "Shift {shift} is open with {float} yuan in the drawer.",
            shift=shift.number,
            float=yuan_text(shift.float_fen),
        )
        context.answer({"shift": shift.number, "float_fen": shift.float_fen}, [line])
    return 0


def read(context: Context) -> int:
    """Print the X slip."""
    from billing.money import yuan_text

    with at_counter(context) as counter:
        reading = counter.shifts.read(request=request_of(context))
        totals: dict[str, int | None] = dict(reading.totals.to_json())
        answer: dict[str, Any] = {
            "shift": reading.shift.number,
            "float_fen": reading.shift.float_fen,
            "totals_fen": totals,
        }
        if counter.shifts.reads_blind:
            totals["cash"] = None  # Who has yet to count the drawer is not told what it should hold.
        else:
            answer["sales_fen"] = reading.sales_fen
        lines = [context.say("Shift {shift} so far:", shift=reading.shift.number)]
        lines += [f"  {kind:8} {yuan_text(fen):>10}" for kind, fen in totals.items() if fen]
        context.answer(answer, lines)
    return 0


def close(context: Context) -> int:
    """Close the till's shift and print the Z slip."""
    from billing.money import yuan_text

    arguments = context.arguments
    with at_counter(context) as counter:
        closed = counter.shifts.close(
            counted_fen=arguments.counted_fen, reason=arguments.reason, request=request_of(context)
        )
        answer = {
            "shift": closed.shift,
            "float_fen": closed.float_fen,
            "expected_fen": closed.expected_fen,
            "counted_fen": closed.counted_fen,
            "difference_fen": closed.difference_fen,
            "z": closed.z,
            "totals_fen": dict(closed.totals_fen),
            "sales_fen": closed.sales_fen,
        }
        line = context.say(
            "Shift {shift} is closed, Z {z}: counted {counted}, expected {expected}, difference {difference}.",
            shift=closed.shift,
            z=closed.z,
            counted=yuan_text(closed.counted_fen),
            expected=yuan_text(closed.expected_fen),
            difference=yuan_text(closed.difference_fen),
        )
        context.answer(answer, [line])
    return 0
