"""`mingjia sale --item CODE=QTY …`: goods and services, paid at once, or put on a visit's bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.counting import at_counter, request_of, takes_tenders, tenders_of, visit_json, visit_line
from pos.cli.parser import CommandParser, acts_for_person
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.sold_lines import OrderLine
    from pos.counter.counter import Counter


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument(
        "--item",
        action="append",
        required=True,
        metavar="CODE=QTY",
        help=_("so many pieces of what is posted under the code; may be repeated"),
    )
    parser.add_argument(
        "--visit", metavar=_("VISIT"), help=_("put it on this visit's bill; without --tender, paid with the visit")
    )
    takes_tenders(parser)
    acts_for_person(parser)
    parser.set_defaults(run=sell)


def sell(context: Context) -> int:
    """Sell."""
    from billing.money import yuan_text

    asked, tenders, visit = [_item(context, text) for text in context.arguments.item], tenders_of(context), None
    visit = context.arguments.visit
    if visit is not None and tenders:
        raise WrongUseError(message=context.say("what goes on a visit's bill is paid with the visit, without --tender"))
    with at_counter(context) as counter:
        lines = [counter.sales.line(code, quantity) for code, quantity in asked]
        if visit is not None:
            return _order(context, counter, lines)
        sold = counter.sales.sell(lines, tenders, request=request_of(context))
        answer = {
            "sale": sold.sale_id,
            "bill": {"total_fen": sold.total_fen, "lines": list(sold.lines)},
            "receipt": sold.receipt,
            "change_fen": sold.change_fen,
        }
        line = context.say(
            "Sold for {total} yuan, change {change}; receipt {receipt}.",
            total=yuan_text(sold.total_fen),
            change=yuan_text(sold.change_fen),
            receipt=sold.receipt,
        )
        context.answer(answer, [line])
    return 0


def _order(context: Context, counter: Counter, lines: list[OrderLine]) -> int:
    request = request_of(context)
    bill = counter.sales.order(context.arguments.visit, lines, request=request)
    ordered = [line for line in bill.orders if line.order_id == request]
    answer = {
        "sale": request,
        "visit": bill.visit.visit_id,
        "bill": {
            "total_fen": sum(line.sold.amount_fen for line in ordered),
            "lines": [line.sold.to_json() for line in ordered],
        },
        "receipt": None,
        "change_fen": 0,
        "so_far": visit_json(bill),
    }
    context.answer(answer, [visit_line(context, bill)])
    return 0


def _item(context: Context, text: str) -> tuple[str, int]:
    code, separator, quantity = text.rpartition("=")
    if not (separator and code and quantity.isascii() and quantity.isdecimal()):
        raise WrongUseError(message=context.say("an item is CODE=QTY, such as cola-330=2, not {text}", text=text))
    return code, int(quantity)
