"""`mingjia prices`: check, quote, publish, history, show, diff (docs/pricing.md §5)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pos.cli.context import Context, answering
from pos.cli.instants import instant_in
from pos.cli.overcharges import add_commands as add_overcharge_commands
from pos.cli.parser import CommandParser, acts_for_person
from pos.cli.price_board import add_commands as add_board_commands
from pos.cli.price_board import takes_board
from pos.cli.price_history import add_commands as add_history_commands
from pos.cli.price_simulation import add_command as add_simulation_command

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from billing.price_list import PriceList
    from billing.publication import Publication
    from records.unit_of_work import Records


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
    publishing.add_argument("file", metavar="prices.toml", help=_("the price list, or the number of an earlier one"))
    publishing.add_argument(
        "--effective", metavar=_("INSTANT"), help=_("from when on: 2026-12-01T06:00 in the venue's time; else now")
    )
    acts_for_person(publishing)
    takes_board(publishing)
    add_board_commands(parser)
    add_history_commands(parser)
    add_simulation_command(parser)
    add_overcharge_commands(parser)


def check(context: Context) -> int:
    """Check a file; with `--data` also what needs the venue's history."""
    from pos.cli.prices_offline import Streams, check_file

    path, streams = Path(context.arguments.file), Streams(out=sys.stdout, err=sys.stderr)
    if not context.names_data:
        with answering():
            return check_file(path, streams, words=context.words, is_json=context.is_json)
    from billing.price_history import RecordedPrices

    with context.books() as books, answering():
        history = RecordedPrices(connection=books.connection)
        return check_file(path, streams, words=context.words, is_json=context.is_json, history=history)


def quote(context: Context) -> int:
    """Price a usage, or a batch of them, by a file."""
    from pos.cli.prices_offline import Streams, quote_batch, quote_usage

    arguments = context.arguments
    streams = Streams(out=sys.stdout, err=sys.stderr)
    path = Path(arguments.file)
    is_batch = arguments.batch is not None
    named = arguments.batch if is_batch else arguments.usage
    with _read_from(context, named) as usages, answering():
        if is_batch:
            return quote_batch(path, usages, streams, words=context.words, is_json=context.is_json)
        return quote_usage(path, usages.read(), streams, words=context.words, is_json=context.is_json)


@contextmanager
def _read_from(context: Context, named: str | None) -> Iterator[BinaryIO]:
    """Open the usages' file; standard input for `-` and nothing, and then a person is told what is waited for."""
    if named is not None and named != "-":
        with Path(named).open("rb") as file:
            yield file
        return
    if sys.stdin.isatty():
        context.warn(context.say("Waiting for usages as JSON on standard input; --help names other ways."))
    yield sys.stdin.buffer


def publish(context: Context) -> int:
    """Publish a list in the owner's name: a file, or an earlier list again."""
    from billing.price_history import RecordedPrices
    from pos.cli.init import read_prices
    from pos.cli.price_board import BoardFile, hanger_of
    from pos.cli.price_history import named_prices
    from pos.errors import TimezoneDiffersError
    from pos.shelf_index import prepare
    from staff.roles import Operation, require

    name = context.arguments.file
    prices = named_prices(context, name)  # A list with mistakes asks nobody for a PIN.
    with context.venue() as venue:
        owner = context.sign_in(venue)
        require(Operation.PRICES_PUBLISH, owner.role)
        if not name.isdecimal():
            with venue.records.reading() as connection:
                prices = read_prices(Path(name), history=RecordedPrices(connection=connection))
        settings = venue.settings
        if prices.timezone != settings.timezone:
            raise TimezoneDiffersError(venue=settings.timezone, prices=prices.timezone)
        effective = instant_in(context, context.arguments.effective, settings.days.timezone, option="--effective")
        hanger = hanger_of(settings, is_demo=venue.records.clock.is_simulated)
        with BoardFile(context, prices, hanger) as board:
            published = _publish(venue.records, prices, effective, by=owner.staff)
            next_steps = board.publish(published)
        prepare(context.data, prices)
        shown = _summary(published, settings.days.timezone)
        sentence = context.say(
            "List {number} ({title}) counts from {effective} on.", title=published.title, **_named(shown)
        )
        context.answer({**shown, **board.to_json()}, [sentence, *next_steps])
    return 0


def _publish(records: Records, prices: PriceList, effective: datetime | None, *, by: str) -> Publication:
    from billing import publication
    from records.repeating import repeated

    @repeated
    def publish() -> Publication:
        with records.begin(actor=by, alone=True) as work:
            published = publication.publish(work, prices, effective=effective)
            work.when_sealed(lambda _sealed: None)  # A new list is worth a signed head of its own.
            work.commit()
        return published

    return publish()


def _summary(published: Publication, timezone: ZoneInfo) -> dict[str, Any]:
    effective = published.effective.astimezone(timezone).isoformat(timespec="seconds")
    return {"number": published.number, "hash": published.sha256, "effective": effective}


def _named(shown: dict[str, Any]) -> dict[str, Any]:
    return {"number": shown["number"], "effective": shown["effective"][:19].replace("T", " ")}  # The venue's clock.
