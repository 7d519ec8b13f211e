"""`mingjia prices simulate`: what past visits would have cost under a list that is not published yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.parser import CommandParser, day
from pos.languages import noted

if TYPE_CHECKING:
    from billing.price_list import PriceList
    from billing.simulation import Recharged, Refusal, Simulation, Tally

_REASONS = {
    "unknown-zone": noted("the list has no zone {what}"),
    "unknown-tier": noted("the list has no tier {what}"),
    "unknown-package": noted("the list has no package {what}, which they had bought"),
    "not-on-sale": noted("the list does not sell package {what} when they bought it"),
    "outside-hours": noted("the list's opening hours are over by then"),
    "bad-usage": noted("the list does not allow a visit like theirs ({what})"),
    "bad-usage/pauses-too-many": noted("they paused more often than the list allows"),
    "bad-usage/pause-too-long": noted("they paused longer than the list allows"),
    "bad-usage/after-last-package": noted("under the list their visit would have ended with their last package"),
}


def add_command(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    simulating = parser.command("simulate", help=_("what past visits would have cost under a list"), run=simulate)
    simulating.add_argument("file", metavar="prices.toml", help=_("the price list"))
    for name, help_ in (
        ("--since", _("the first business day: 2026-11-23")),
        ("--until", _("the last one")),
    ):
        simulating.add_argument(name, type=day, required=True, metavar=_("DATE"), help=help_)


def simulate(context: Context) -> int:
    """Rate the period's visits again; opens the books to read only."""
    from billing import simulation
    from pos.cli.init import read_prices
    from pos.cli.progress import Progress
    from pos.errors import TimezoneDiffersError, WrongUseError

    arguments = context.arguments
    if arguments.since > arguments.until:
        raise WrongUseError(message=context.say("--since lies after --until"))
    prices = read_prices(Path(arguments.file))
    with context.books() as books:
        if prices.timezone != books.settings.timezone:
            raise TimezoneDiffersError(venue=books.settings.timezone, prices=prices.timezone)
        found = simulation.simulate(books.connection, prices, arguments.since, arguments.until, progress=Progress())
    context.answer(found.to_json(), _lines(context, found, prices))
    return 0


def _lines(context: Context, found: Simulation, prices: PriceList) -> Iterator[str]:
    total, arguments = found.total, context.arguments
    yield context.say(
        "Visits from {since} to {until}, time and packages only: {visits}.",
        visits=total.visits,
        since=arguments.since,
        until=arguments.until,
    )
    yield context.say(
        "They paid {charged} yuan. Under this list they would pay {would}: {change}.",
        charged=_yuan(total.charged_fen),
        would=_yuan(total.would_fen),
        change=_change(total),
    )
    yield context.say(
        "More: {more} ({more_yuan} in all). Less: {less} ({less_yuan} in all). The same: {same}.",
        more=total.more,
        more_yuan=_signed(total.more_fen),
        less=total.less,
        less_yuan=_signed(-total.less_fen),
        same=total.same,
    )
    if len(found.groups) > 1:
        yield from _group_lines(context, found, prices)
    for title, visits in ((noted("Pay most more:"), found.rises), (noted("Pay most less:"), found.falls)):
        if visits:
            yield context.say(title)
            yield from (f"  {_visit_line(context, visit, prices)}" for visit in visits)
    for refusal, refused in found.refused.items():
        yield context.say(
            "Not compared: {visits} ({charged} yuan in all), {reason}.",
            visits=refused.visits,
            charged=_yuan(refused.charged_fen),
            reason=_reason(context, refusal),
        )


def _group_lines(context: Context, found: Simulation, prices: PriceList) -> Iterator[str]:
    for (zone, tier), tally in sorted(found.groups.items()):
        yield "  " + context.say(
            "{group}, {visits}: {charged} → {would} ({change}); {more} more, {less} less, {same} the same",
            group=_group(prices, zone, tier),
            visits=tally.visits,
            charged=_yuan(tally.charged_fen),
            would=_yuan(tally.would_fen),
            change=_change(tally),
            more=tally.more,
            less=tally.less,
            same=tally.same,
        )


def _visit_line(context: Context, visit: Recharged, prices: PriceList) -> str:
    return context.say(
        "receipt {receipt}, {group}, {start} to {end}: {charged} → {would} ({change})",
        receipt=visit.receipt,
        group=_group(prices, visit.zone, visit.tier),
        start=visit.start.replace("T", " "),
        end=visit.end.replace("T", " "),
        charged=_yuan(visit.charged_fen),
        would=_yuan(visit.would_fen),
        change=_signed(visit.change_fen),
    )


def _group(prices: PriceList, zone: str, tier: str) -> str:
    """The zone's and the tier's names; the new list has both, or it could not rate the visit."""
    return f"{prices.zone_by_code[zone].name} · {prices.tier_by_code[tier].name}"


def _reason(context: Context, refusal: Refusal) -> str:
    sentence = _REASONS.get(f"{refusal.reason}/{refusal.what}", _REASONS[refusal.reason])
    return context.say(sentence, what=refusal.what)


def _change(tally: Tally) -> str:
    change_fen = tally.would_fen - tally.charged_fen
    if not tally.charged_fen:
        return _signed(change_fen)
    percent, tenth = divmod((2000 * abs(change_fen) + tally.charged_fen) // (2 * tally.charged_fen), 10)
    return f"{_signed(change_fen)}, {'-' if change_fen < 0 else '+'}{percent}.{tenth} %"


def _signed(fen: int) -> str:
    return f"+{_yuan(fen)}" if fen > 0 else _yuan(fen)


def _yuan(fen: int) -> str:
    from billing.money import yuan_text

    return yuan_text(fen)
