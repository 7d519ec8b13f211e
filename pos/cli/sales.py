"""`mingjia sale --item CODE=QTY …`: what is posted, paid at once, or put on a visit's bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.counting import at_till, request_of, takes_tenders, tenders_of, warn_of_used
from pos.cli.items import asked_lines, low_stock, put_on_bill, second_person, takes_items
from pos.cli.parser import CommandParser, acts_for_person, takes_approval
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.sales import SaleReduction
    from pos.cli.counting import AtTill


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    takes_items(parser, may_leave_out=True)
    parser.add_argument(
        "--visit", metavar=_("VISIT"), help=_("put it on this visit's bill; without --tender, paid with the visit")
    )
    parser.add_argument("--reduce", type=int, metavar="FEN", help=_("take so much off the sale"))
    parser.add_argument("--reason", metavar=_("CODE"), help=_("why it is taken off"))
    takes_tenders(parser)
    takes_approval(parser)
    acts_for_person(parser)
    parser.set_defaults(run=sell)


def sell(context: Context) -> int:
    """Sell."""
    from billing.money import yuan_text

    arguments, tenders = context.arguments, tenders_of(context)
    if arguments.visit is not None:
        if tenders:
            raise WrongUseError(
                message=context.say("what goes on a visit's bill is paid with the visit, without --tender")
            )
        if arguments.reduce is not None:
            raise WrongUseError(message=context.say("a visit's bill is reduced by `visit reduce`"))
    with at_till(context) as till:
        if arguments.visit is not None:
            return put_on_bill(context, till, arguments.visit)
        counter = till.counter
        lines, packages = asked_lines(context, counter, visit=None)
        if packages:
            from billing.order_errors import VisitNeededError

            raise VisitNeededError(item=packages[0])
        sold = counter.sales.sell(lines, tenders, request=request_of(context), reductions=_reductions(context, till))
        warn_of_used(context, counter, tenders, receipt=sold.receipt)
        low, warnings = low_stock(context, counter, [line["code"] for line in sold.lines])
        answer = {
            "sale": sold.sale_id,
            "bill": {"total_fen": sold.total_fen, "lines": list(sold.lines)},
            "receipt": sold.receipt,
            "change_fen": sold.change_fen,
            "low_stock": low,
        }
        line = context.say(
            "Sold for {total} yuan, change {change}; receipt {receipt}.",
            total=yuan_text(sold.total_fen),
            change=yuan_text(sold.change_fen),
            receipt=sold.receipt,
        )
        context.answer(answer, [line, *warnings])
    return 0


def _reductions(context: Context, till: AtTill) -> list[SaleReduction]:
    from billing.reasons import ReductionReason, reason_of
    from billing.sales import SaleReduction
    from staff.roles import Operation

    arguments = context.arguments
    if arguments.reduce is None:
        return []
    if arguments.reason is None:
        raise WrongUseError(message=context.say("what is taken off needs a --reason"))
    why = reason_of(ReductionReason, arguments.reason)
    approval = second_person(
        context, till, Operation.REDUCTION_GIVE, reason=why.value, amount_fen=max(arguments.reduce, 0)
    )
    return [SaleReduction(fen=arguments.reduce, reason=why, approval=approval)]
