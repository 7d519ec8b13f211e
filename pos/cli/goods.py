"""`mingjia goods find TEXT`: what is on sale, by code, name, pinyin initials or barcode."""

from __future__ import annotations

from pos.cli.context import Context
from pos.cli.parser import CommandParser

_SHOWN = 20


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    finding = parser.command("find", help=_("find goods and services of the list in force"), run=find)
    finding.add_argument("text", metavar=_("TEXT"), help=_("a code, a barcode, a name or its pinyin initials"))
    finding.add_argument("--limit", type=int, default=_SHOWN, metavar="N", help=_("at most so many"))


def find(context: Context) -> int:
    """Tell what is found."""
    from billing import publication
    from billing.money import yuan_text
    from pos.shelf_index import ShelfIndex

    typed, limit = context.arguments.text, max(context.arguments.limit, 0)
    index = ShelfIndex(context.data)
    with context.books() as books:
        published = publication.in_force(books.connection, books.clock.read().second)
        found = index.search(published.sha256, typed, limit=limit)
        if found is None:
            index.make(published.prices)
            found = index.search(published.sha256, typed, limit=limit) or []
    answer = {
        "goods": [
            {
                "kind": thing.kind,
                "code": thing.code,
                "name": thing.name,
                "spec": thing.spec,
                "unit": thing.unit,
                "price_fen": thing.price_fen,
                "barcode": thing.barcode,
            }
            for thing in found
        ]
    }
    lines = [f"{thing.code}  {thing.name} {thing.spec}  {yuan_text(thing.price_fen)}/{thing.unit}" for thing in found]
    context.answer(answer, lines or [context.say("Nothing of that name is on sale.")])
    return 0
