"""`mingjia prices`: check, quote, publish, history, show, diff (docs/pricing.md §5)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person
from pos.cli.price_board import add_commands as add_board_commands
from pos.cli.price_board import takes_board
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from billing.publication import Publication


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    checking = parser.command("check", help=_("every problem of a price list"), run=check)
    checking.add_argument("file", metavar="prices.toml", help=_("the price list"))
    quoting = parser.command("quote", help=_("what usages cost by a price list"), run=quote)
    quoting.add_argument("file", metavar="prices.toml", help=_("the price list"))
    usages = quoting.add_mutually_exclusive_group()
    usages.add_argument("--usage", metavar="USAGE.json", help=_("one usage; `-` or left out: standard input"))
    usages.add_argument("--batch", metavar="USAGES.jsonl", help=_("many usages, one a line; `-`: standard input"))
    publishing = parser.command("publish", help=_("publish a price list"), run=publish)
    publishing.add_argument("file", metavar="prices.toml", help=_("the price list"))
    publishing.add_argument(
        "--effective", metavar=_("INSTANT"), help=_("from when on: 2026-12-01T06:00 in the venue's time; else now")
    )
    acts_for_person(publishing)
    takes_board(publishing)
    add_board_commands(parser)
    parser.command("history", help=_("every published list"), run=history)
    showing = parser.command("show", help=_("a published list"), run=show)
    showing.add_argument(
        "number", type=int, nargs="?", metavar=_("NUMBER"), help=_("its number; else the one in force")
    )
    comparing = parser.command("diff", help=_("what differs between two lists"), run=diff)
    comparing.add_argument("before", metavar=_("LIST"), help=_("a list's number, or a file"))
    comparing.add_argument("after", metavar=_("LIST"), help=_("a list's number, or a file"))


def check(context: Context) -> int:
    """Check a file; with `--data` also what needs the venue's history."""
    from pos.cli.prices_offline import Streams, check_file

    path, streams = Path(context.arguments.file), Streams(out=sys.stdout, err=sys.stderr)
    if not context.names_data:
        return check_file(path, streams, words=context.words, is_json=context.is_json)
    from billing.price_history import RecordedPrices

    with context.books() as books:
        history = RecordedPrices(connection=books.connection)
        return check_file(path, streams, words=context.words, is_json=context.is_json, history=history)


def quote(context: Context) -> int:
    """Price a usage, or a batch of them, by a file."""
    from pos.cli.prices_offline import Streams, quote_batch, quote_usage

    arguments = context.arguments
    streams = Streams(out=sys.stdout, err=sys.stderr)
    path = Path(arguments.file)
    if arguments.batch is None:
        usage = sys.stdin.buffer.read() if arguments.usage in {None, "-"} else Path(arguments.usage).read_bytes()
        return quote_usage(path, usage, streams, words=context.words, is_json=context.is_json)
    if arguments.batch == "-":
        return quote_batch(path, sys.stdin.buffer, streams, words=context.words, is_json=context.is_json)
    with Path(arguments.batch).open("rb") as usages:
        return quote_batch(path, usages, streams, words=context.words, is_json=context.is_json)


def publish(context: Context) -> int:
    """Publish a list in the owner's name."""
    from billing import publication
    from billing.price_history import RecordedPrices
    from pos.cli.init import read_prices
    from pos.cli.price_board import BoardFile, hanger_of
    from pos.errors import TimezoneDiffersError
    from staff.roles import Operation, require

    path = Path(context.arguments.file)
    read_prices(path)  # A list with mistakes asks nobody for a PIN.
    with context.venue() as venue:
        owner = context.sign_in(venue)
        require(Operation.PRICES_PUBLISH, owner.role)
        with venue.records.reading() as connection:
            prices = read_prices(path, history=RecordedPrices(connection=connection))
        settings = venue.settings
        if prices.timezone != settings.timezone:
            raise TimezoneDiffersError(venue=settings.timezone, prices=prices.timezone)
        effective = _instant(context, settings.days.timezone)
        hanger = hanger_of(settings, is_demo=venue.records.clock.is_simulated)
        with BoardFile(context, prices, hanger) as board:
            with venue.records.begin(actor=owner.staff) as work:
                published = publication.publish(work, prices, effective=effective)
                work.when_sealed(lambda _sealed: None)  # A new list is worth a signed head of its own.
                work.commit()
            next_steps = board.publish(published)
        shown = _summary(published, settings.days.timezone)
        sentence = context.say(
            "List {number} ({title}) counts from {effective} on.", title=published.title, **_named(shown)
        )
        context.answer({**shown, **board.to_json()}, [sentence, *next_steps])
    return 0


def history(context: Context) -> int:
    """List every publication, oldest first."""
    from billing import publication

    with context.books() as books:
        timezone = books.settings.days.timezone
        lists = [{**_summary(p, timezone), "title": p.title} for p in publication.history(books.connection)]
    context.answer({"lists": lists}, [f"{p['number']:>4}  {p['effective']}  {p['title']}  {p['hash']}" for p in lists])
    return 0


def show(context: Context) -> int:
    """Show one list whole: with `--json` in canonical form, else as lines."""
    import json

    from billing import publication

    with context.books() as books:
        number = context.arguments.number
        if number is None:
            found = publication.in_force(books.connection, books.clock.read().at)
        else:
            found = publication.load(books.connection, number)
        timezone = books.settings.days.timezone
    prices = json.loads(found.canonical)
    context.answer({**_summary(found, timezone), "prices": prices}, _leaf_lines(prices))
    return 0


def diff(context: Context) -> int:
    """Show what differs, field by field."""
    from pos.price_changes import changes_between, leaves

    before, after = (_canonical(context, name) for name in (context.arguments.before, context.arguments.after))
    changes = changes_between(leaves(before), leaves(after))
    nothing = context.say("nothing")
    lines = [
        f"{c.where}: {nothing if c.before is None else c.before} → {nothing if c.after is None else c.after}"
        for c in changes
    ]
    context.answer({"changes": [c.to_json() for c in changes]}, lines)
    return 0


def _canonical(context: Context, name: str) -> Any:
    import json

    from billing import publication
    from pos.cli.init import read_prices

    if not name.isdigit():
        return json.loads(read_prices(Path(name)).canonical_bytes)
    with context.books() as books:
        return json.loads(publication.load(books.connection, int(name)).canonical)


def _summary(published: Publication, timezone: ZoneInfo) -> dict[str, Any]:
    effective = published.effective.astimezone(timezone).isoformat(timespec="seconds")
    return {"number": published.number, "hash": published.sha256, "effective": effective}


def _named(shown: dict[str, Any]) -> dict[str, Any]:
    return {"number": shown["number"], "effective": shown["effective"]}


def _leaf_lines(prices: Any) -> list[str]:
    from pos.price_changes import leaves

    return [f"{where}: {value}" for where, value in leaves(prices).items()]


def _instant(context: Context, timezone: ZoneInfo) -> datetime | None:
    from datetime import datetime

    text = context.arguments.effective
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        message = context.say("--effective is an instant like 2026-12-01T06:00, not {text}", text=text)
        raise WrongUseError(message=message) from error
    return found if found.tzinfo else found.replace(tzinfo=timezone)
