"""`mingjia stock receive|count|write-off|list`: what there is of the goods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.counting import at_counter
from pos.cli.items import items_of, takes_items
from pos.cli.parser import CommandParser, acts_for_person

if TYPE_CHECKING:
    from billing.stock import Pieces, StockLevel
    from pos.counter.counter import Counter


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    receiving = parser.command("receive", help=_("goods came in"), run=receive)
    counting = parser.command("count", help=_("write down what lies there"), run=count)
    writing_off = parser.command("write-off", help=_("goods are gone without a sale"), run=write_off)
    for command in (receiving, counting, writing_off):
        takes_items(command)
    writing_off.add_argument("--reason", required=True, metavar=_("CODE"), help=_("why"))
    listing = parser.command("list", help=_("what the books say there is"), run=show)
    for command in (receiving, counting, writing_off, listing):
        acts_for_person(command)


def receive(context: Context) -> int:
    """Goods came in."""
    return _move(context, lambda counter, lines: counter.stock.receive(lines))


def count(context: Context) -> int:
    """Write down what lies there."""
    return _move(context, lambda counter, lines: counter.stock.count(lines))


def write_off(context: Context) -> int:
    """Write goods off."""
    reason = context.arguments.reason
    return _move(context, lambda counter, lines: counter.stock.write_off(lines, reason=reason))


def show(context: Context) -> int:
    """List every level."""
    with at_counter(context) as counter:
        _tell(context, counter.stock.levels())
    return 0


def _move(context: Context, move: Callable[[Counter, Sequence[Pieces]], Sequence[StockLevel]]) -> int:
    from billing.stock import Pieces

    lines = [Pieces(code=code, quantity=quantity) for code, quantity in items_of(context)]
    with at_counter(context) as counter:
        _tell(context, move(counter, lines))
    return 0


def _tell(context: Context, levels: Sequence[StockLevel]) -> None:
    answer = {"stock": [{"code": level.code, "pieces": level.pieces, "low": level.is_low} for level in levels]}
    words = {True: context.say("low"), False: ""}
    context.answer(answer, [f"{level.code:24} {level.pieces:8}  {words[level.is_low]}".rstrip() for level in levels])
