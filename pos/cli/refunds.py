"""`mingjia refund`: money for lines of a settled visit or a sale, by the way it was paid (G-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pos.cli.context import Context
from pos.cli.counting import at_till, request_of, takes_request
from pos.cli.items import second_person
from pos.cli.parser import CommandParser, acts_for_person, takes_approval
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.refunds import RefundLine
    from billing.tenders import Tender
    from pos.cli.counting import AtTill
    from pos.counter.refunds import PaidFor, RefundGiven

_LINE: Final = re.compile(r"(?:(?P<order>[a-z0-9]+):)?(?P<line>[0-9]{1,6})(?:=(?P<quantity>[0-9]{1,6}))?", re.ASCII)


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--receipt", type=int, metavar="N", help=_("the receipt of a settlement or a sale"))
    whose.add_argument("--visit", metavar=_("VISIT"), help=_("a settled visit"))
    whose.add_argument("--sale", metavar=_("SALE"), help=_("a sale"))
    parser.add_argument(
        "--show", action="store_true", dest="shows", help=_("tell what could go back, and change nothing")
    )
    parser.add_argument(
        "--line",
        action="append",
        default=[],
        metavar="[ORDER:]N[=QTY]",
        help=_("pieces of a line, of the order for a visit; may be repeated"),
    )
    parser.add_argument(
        "--package",
        type=int,
        action="append",
        default=[],
        metavar="N",
        help=_("the unused share of the bill's n-th package; may be repeated"),
    )
    parser.add_argument("--reason", metavar=_("CODE"), help=_("why it goes back"))
    takes_request(parser)
    takes_approval(parser)
    acts_for_person(parser)
    parser.set_defaults(run=refund)


def refund(context: Context) -> int:
    """Show what could go back, or give it back."""
    from pos.counter.refunds import PaidFor

    arguments = context.arguments
    paid_for = PaidFor(visit_id=arguments.visit, sale_id=arguments.sale, receipt=arguments.receipt)
    lines = [] if arguments.shows else _lines(context)
    if not arguments.shows and (not lines or arguments.reason is None):
        raise WrongUseError(message=context.say("a refund names a --line or a --package, and a --reason"))
    with at_till(context) as till:
        if arguments.shows:
            return _show(context, till, paid_for)
        given = _give(context, till, paid_for, lines)
        answer: dict[str, Any] = {
            "refund": given.refund_id,
            "of": given.of,
            "receipt": given.receipt,
            "amount_fen": given.amount_fen,
            "unpaid_fen": given.unpaid_fen,
            "lines": list(given.lines),
            "tenders": [tender.to_json() for tender in given.tenders],
            "journal": {"seq": given.seq},
        }
        line = context.say(
            "{amount} yuan go back ({ways}); receipt {receipt}.",
            amount=_yuan(given.amount_fen),
            ways=_ways(given.tenders),
            receipt=given.receipt,
        )
        context.answer(answer, [line, *_unpaid(context, given.unpaid_fen)])
    return 0


def _unpaid(context: Context, fen: int) -> list[str]:
    if not fen:
        return []
    return [context.say("{unpaid} yuan of it was taken off the bill and does not go back.", unpaid=_yuan(fen))]


def _give(context: Context, till: AtTill, paid_for: PaidFor, lines: Sequence[RefundLine]) -> RefundGiven:
    from staff.roles import Operation

    arguments, refunds, request = context.arguments, till.counter.refunds, request_of(context)
    first = refunds.answered(request)
    if first is not None:
        return first
    approval = None
    if arguments.approve is not None:
        amount_fen = refunds.quote(paid_for, lines).amount_fen
        approval = second_person(context, till, Operation.REFUND_GIVE, reason=arguments.reason, amount_fen=amount_fen)
    return refunds.give(paid_for, lines, reason=arguments.reason, request=request, approval=approval)


def _show(context: Context, till: AtTill, paid_for: PaidFor) -> int:
    found = till.counter.refunds.refundable(paid_for)
    settled = found.settled
    answer = {
        "of": {"visit": settled.visit_id} if settled.visit_id is not None else {"sale": settled.sale_id},
        "paid_fen": settled.paid_fen,
        "left_fen": settled.left_fen,
        "ways": [
            {"kind": way.kind.value, **({} if way.reference is None else {"ref": way.reference}), "fen": way.left_fen}
            for way in settled.ways
        ],
        "lines": [line.to_json() for line in found.lines],
    }
    lines = [
        context.say(
            "line {line}: {code}, {quantity} at {price}", line=_named(line.order_id, line.line, line.kind),
            code=line.code, quantity=line.quantity, price=_yuan(line.unit_fen),
        )
        for line in found.lines
    ]  # fmt: skip
    lines.append(context.say("At most {left} yuan can still go back.", left=_yuan(settled.left_fen)))
    context.answer(answer, lines)
    return 0


def _named(order: str | None, line: int, kind: str) -> str:
    if kind == "package":
        return f"--package {line}"
    return f"--line {line}" if order is None else f"--line {order}:{line}"


def _lines(context: Context) -> list[RefundLine]:
    from billing.refunds import RefundLine

    lines = [_line(context, text) for text in context.arguments.line]
    return lines + [RefundLine(line=place, is_package=True) for place in context.arguments.package]


def _line(context: Context, text: str) -> RefundLine:
    from billing.refunds import RefundLine

    match = _LINE.fullmatch(text)
    if match is None:
        raise WrongUseError(message=context.say("a line is N=QTY, or ORDER:N=QTY of a visit, not {text}", text=text))
    return RefundLine(line=int(match["line"]), quantity=int(match["quantity"] or 1), order_id=match["order"])


def _ways(tenders: Sequence[Tender]) -> str:
    return ", ".join(f"{tender.kind} {_yuan(tender.fen)}" for tender in tenders)


def _yuan(fen: int) -> str:
    from billing.money import yuan_text

    return yuan_text(fen)
