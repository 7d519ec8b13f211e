"""What the commands of the counter share: a person at the till, the printer behind it, what is said of visits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pos.cli.parser import CommandParser

if TYPE_CHECKING:
    from billing.tenders import Tender
    from billing.visit_bill import VisitBill
    from pos.bootstrap import Venue
    from pos.cli.context import Context
    from pos.counter.counter import Counter


_ID: Final = re.compile("[a-z2-7]{16}")


@dataclass(frozen=True, kw_only=True)
class AtTill:
    """A person behind the counter of an open venue."""

    venue: Venue
    counter: Counter


@contextmanager
def at_till(context: Context) -> Iterator[AtTill]:
    """Log the person in and put them behind the counter; slips are printed until the block ends, and a while after.

    The answer is given inside the block: nobody waits for paper.
    """
    from pos.counter.counter import counter_at
    from pos.printing import printing

    with context.venue() as venue:
        cashier = context.sign_in(venue)
        with printing(venue.folder, venue.records.engine, venue.records.clock, venue.devices) as wake:
            yield AtTill(venue=venue, counter=counter_at(venue, cashier, wake=wake))


@contextmanager
def at_counter(context: Context) -> Iterator[Counter]:
    """As `at_till`, for commands that need the counter alone."""
    with at_till(context) as till:
        yield till.counter


def takes_tenders(parser: CommandParser) -> None:
    """Add `--tender` and `--request`."""
    _ = parser.words
    parser.add_argument(
        "--tender",
        action="append",
        default=[],
        metavar="KIND=FEN[:REF]",
        help=_("what is given: cash=500, wechat=500:TERMINAL-NUMBER, alipay, bank; may be repeated"),
    )
    takes_request(parser)


def takes_request(parser: CommandParser) -> None:
    """Add `--request`: the id under which the same may be asked again."""
    _ = parser.words
    parser.add_argument(
        "--request", metavar="ID", help=_("an id of your own: asked again with it, nothing is done twice")
    )


def tenders_of(context: Context) -> list[Tender]:
    """Read every `--tender`. Raises BadTenderError."""
    from billing.tenders import Tender

    return [Tender.parse(text) for text in context.arguments.tender]


def request_of(context: Context, *, part: str = "") -> str:
    """Return the id of what is asked for: made of `--request`, or new.

    Ids in the journal have one form; any other text is hashed into it. `part` tells several ids of one request apart.
    """
    from records.ids import derived_id, new_id

    asked: str | None = context.arguments.request
    if asked is None:
        return new_id()
    if _ID.fullmatch(asked) and not part:
        return asked
    return derived_id(asked, part)


def visit_json(bill: VisitBill) -> dict[str, Any]:
    """Describe a visit and its bill so far."""
    from billing.wall_clock import second_of

    visit, clock = bill.visit, bill.visit.prices.clock
    pause = visit.pause
    state = "ended" if visit.end else "outage" if pause and pause.is_outage else "paused" if pause else "running"
    return {
        "visit": visit.visit_id,
        "seat": visit.seat,
        "zone": visit.zone,
        "tier": visit.tier,
        "state": state,
        "opened_at": clock.text(second_of(visit.opened_at)),
        "at": clock.text(second_of(bill.at)),
        "price_list": visit.prices.sha256,
        "bill": bill.bill.to_json(),
        "orders": [line.to_json() for line in bill.orders],
        "reductions": [reduction.to_json() for reduction in bill.reductions],
        "total_fen": bill.total_fen,
        "deposit_fen": bill.deposits_fen,
        "due_fen": bill.due_fen,
    }


def visit_line(context: Context, bill: VisitBill) -> str:
    """Say a visit in one line."""
    from billing.money import yuan_text

    shown = visit_json(bill)
    states = {
        "running": context.say("running"),
        "paused": context.say("paused"),
        "outage": context.say("outage"),
        "ended": context.say("ended"),
    }
    return context.say(
        "{seat}  {visit}  since {since}  {state}  so far {total}, deposit {deposit}",
        seat=shown["seat"],
        visit=shown["visit"],
        since=shown["opened_at"].replace("T", " "),
        state=states[shown["state"]],
        total=yuan_text(bill.total_fen),
        deposit=yuan_text(bill.deposits_fen),
    )


def returned_text(tenders: tuple[Tender, ...]) -> str:
    """Say what is given back of deposits, by the way it was paid."""
    from billing.money import yuan_text

    return ", ".join(f"{tender.kind} {yuan_text(tender.fen)}" for tender in tenders)


def warn_of_used(context: Context, counter: Counter, tenders: Sequence[Tender], *, receipt: int) -> None:
    """Say on standard error that a terminal's reference stands on another receipt of the last 24 hours."""
    from billing.payment_errors import ReferenceUsedError
    from pos.wording import sentence_of
    from records.errors import RecordsError

    try:
        counter.payments.require_unused(tenders, own_receipt=receipt)
    except RecordsError:  # The payment is booked: what keeps this from being looked up takes its answer from nobody.
        return
    except ReferenceUsedError as error:
        context.warn(sentence_of(error, context.words, timezone=context.timezone))
