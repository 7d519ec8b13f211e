"""`mingjia shift open|x|cash-in|cash-out|close`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pos.cli.context import Context
from pos.cli.counting import at_counter, at_till, request_of, takes_request
from pos.cli.parser import CommandParser, acts_for_person, takes_approval

if TYPE_CHECKING:
    from pos.bootstrap import Venue
    from staff.approvals import Approval

_PURPOSES: Final = {"in": ("change-money", "petty-cash"), "out": ("change-money", "banked", "petty-cash")}


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    opening = parser.command("open", help=_("open the shift"), run=open_shift)
    opening.add_argument(
        "--float", dest="float_fen", type=int, required=True, metavar="FEN", help=_("cash from the safe")
    )
    reading = parser.command("x", help=_("what the shift has taken so far (X slip)"), run=read)
    takes_request(reading)
    coming = parser.command("cash-in", help=_("put cash into the drawer beside any sale"), run=put_in)
    going = parser.command("cash-out", help=_("take cash out of the drawer beside any sale"), run=take_out)
    for moving, direction in ((coming, "in"), (going, "out")):
        moving.add_argument("--fen", type=int, required=True, metavar="FEN", help=_("how much"))
        moving.add_argument("--purpose", required=True, choices=_PURPOSES[direction], help=_("what for"))
        takes_request(moving)
        takes_approval(moving)
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
    for command in (opening, reading, coming, going, closing):
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
        context.answer(answer, _reading_lines(context, reading.shift.number, totals))
    return 0


def _reading_lines(context: Context, shift: int, totals: Mapping[str, int | None]) -> list[str]:
    from billing.money import yuan_text
    from billing.tenders import TenderKind
    from pos.tui.desk.tender_words import TENDER_WORDS

    taken = [(kind, totals.get(kind.value)) for kind in TenderKind]
    lines = [context.say("Shift {shift} so far:", shift=shift)]
    lines += [f"  {context.say(TENDER_WORDS[kind])} {yuan_text(fen)}" for kind, fen in taken if fen]
    if totals["cash"] is None:
        lines.append("  " + context.say("Cash is told when the drawer was counted."))
    elif len(lines) == 1:
        lines.append("  " + context.say("Nothing was taken yet."))
    return lines


def put_in(context: Context) -> int:
    """Put cash into the drawer."""
    return _move_cash(context, "in")


def take_out(context: Context) -> int:
    """Take cash out of the drawer."""
    return _move_cash(context, "out")


def _move_cash(context: Context, direction: str) -> int:
    from billing.cash_moves import CashDirection, CashMove, CashPurpose
    from billing.money import yuan_text
    from pos.tui.desk.reason_words import PURPOSE_WORDS

    arguments, request = context.arguments, request_of(context)
    cash = CashMove(direction=CashDirection(direction), purpose=CashPurpose(arguments.purpose), fen=arguments.fen)
    with at_till(context) as till:
        counter = till.counter
        approval = _approval(context, till.venue, counter.till.cashier.staff, cash.purpose.value, cash.fen)
        moved = counter.shifts.move_cash(cash, request=request, approval=approval)
        running = counter.shifts.current()
        answer = {
            "shift": None if running is None else running.number,
            "direction": moved.direction.value,
            "purpose": moved.purpose.value,
            "fen": moved.fen,
            "job": request,
        }
        facts = {"amount": yuan_text(moved.fen), "purpose": context.say(PURPOSE_WORDS[moved.purpose])}
        line = (
            context.say("{amount} yuan into the drawer ({purpose}).", **facts)
            if direction == "in"
            else context.say("{amount} yuan out of the drawer ({purpose}).", **facts)
        )
        context.answer(answer, [line])
    return 0


def _approval(context: Context, venue: Venue, requester: str, reason: str, fen: int) -> Approval | None:
    """Return the second person's word, where one is named: whether it is needed depends on role and amount."""
    if context.arguments.approve is None:
        return None
    from staff.approvals import Approval, Reason
    from staff.roles import Operation

    return Approval(
        operation=Operation.CASH_MOVE,
        requester=requester,
        approver=context.approver(venue, operation=Operation.CASH_MOVE.value),
        reason=Reason(reason),
        amount_fen=fen,
    )


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
