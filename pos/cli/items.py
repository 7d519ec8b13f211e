"""What the commands that sell share: items, a second person for money, what runs low, what goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.counting import request_of, visit_json, visit_line
from pos.cli.parser import CommandParser
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.sold_lines import OrderLine
    from pos.cli.counting import AtTill
    from pos.counter.counter import Counter
    from staff.approvals import Approval
    from staff.roles import Operation


def takes_items(parser: CommandParser, *, may_leave_out: bool = False) -> None:
    """Add `--item`, and for what may be a combo `--without`."""
    _ = parser.words
    parser.add_argument(
        "--item",
        action="append",
        required=True,
        metavar="CODE=QTY",
        help=_("so many pieces of what is posted under the code; may be repeated"),
    )
    if may_leave_out:
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar=_("CODE"),
            help=_("a part of a combo to leave out: the rest is sold at single prices; may be repeated"),
        )


def items_of(context: Context) -> list[tuple[str, int]]:
    """Read every `--item`. Raises WrongUseError."""
    return [_item(context, text) for text in context.arguments.item]


def _item(context: Context, text: str) -> tuple[str, int]:
    code, separator, quantity = text.rpartition("=")
    if not (separator and code and quantity.isascii() and quantity.isdecimal()):
        raise WrongUseError(message=context.say("an item is CODE=QTY, such as cola-330=2, not {text}", text=text))
    return code, int(quantity)


def asked_lines(context: Context, counter: Counter, *, visit: str | None) -> tuple[list[OrderLine], list[str]]:
    """What is asked for: lines, and the packages that are left of combos of which other parts were left out.

    Raises PartNotInComboError where something is left out that no combo has.
    """
    from billing.order_errors import PartNotInComboError
    from billing.price_list import ItemKind

    items, unused = items_of(context), set(context.arguments.without)
    lines: list[OrderLine] = []
    packages: list[str] = []
    for code, quantity in items:
        combo = counter.sales.combo(code, visit=visit)
        left_out = [] if combo is None else [part for part in context.arguments.without if combo.has(part)]
        if combo is None or not left_out:
            lines.append(counter.sales.line(code, quantity, visit=visit))
            continue
        unused -= set(left_out)
        for part in counter.sales.without(combo, quantity, left_out):
            if part.kind is ItemKind.PACKAGE:
                packages += [part.code] * part.quantity
            else:
                lines.append(part)
    if unused:
        raise PartNotInComboError(combo=items[0][0], part=min(unused))
    return lines, packages


def put_on_bill(context: Context, till: AtTill, visit: str) -> int:
    """Put what was named on a visit's bill, and answer with the order and the bill so far."""
    counter, request = till.counter, request_of(context)
    lines, packages = asked_lines(context, counter, visit=visit)
    bill = counter.sales.order(visit, lines, packages=packages, request=request)
    ids = counter.sales.order_ids(request)
    ordered = [line for line in bill.orders if line.order_id in ids]
    low, warnings = low_stock(context, counter, [line.sold.code for line in ordered])
    answer = {
        "sale": request,
        "visit": bill.visit.visit_id,
        "orders": sorted({line.order_id for line in ordered}),
        "bill": {
            "total_fen": sum(line.sold.amount_fen for line in ordered),
            "lines": [{"order": line.order_id, **line.sold.to_json()} for line in ordered],
        },
        "receipt": None,
        "change_fen": 0,
        "so_far": visit_json(bill),
        "low_stock": low,
    }
    context.answer(answer, [visit_line(context, bill), *warnings])
    return 0


def second_person(
    context: Context, till: AtTill, operation: Operation, *, reason: str, amount_fen: int
) -> Approval | None:
    """Return the second person's word, where one is named: whether it is needed depends on role and amount."""
    if context.arguments.approve is None:
        return None
    from pos.counter.approving import approval_of

    return approval_of(
        operation,
        requester=till.counter.till.cashier.staff,
        approver=context.approver(till.venue, operation=operation.value),
        reason=reason,
        amount_fen=amount_fen,
    )


def low_stock(context: Context, counter: Counter, codes: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Which of the goods sold run low: as JSON, and in a line each."""
    levels = counter.stock.low(codes)
    told = [{"code": level.code, "pieces": level.pieces} for level in levels]
    lines = [
        context.say("Running low: {code}, {pieces} by the books.", code=level.code, pieces=level.pieces)
        for level in levels
    ]
    return told, lines
