"""`mingjia prices overcharged`: who paid too much under the list that should have counted, and giving it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pos.cli.context import Context
from pos.cli.counting import request_of, returned_text, takes_request
from pos.cli.parser import CommandParser, acts_for_person, takes_approval, takes_days
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.overcharges import Recomputed
    from billing.price_list import PriceList
    from pos.bootstrap import Venue
    from pos.cli.counting import AtTill
    from pos.counter.overcharges import OverchargeRefunded
    from pos.counter.refunds import PaidFor
    from staff.approvals import Approval, Signatory

_RECEIPT_DIGITS: Final = 9


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    asking = parser.command(
        "overcharged", help=_("who paid more than under a list, and giving it back"), run=overcharged
    )
    asking.add_argument("file", metavar="prices.toml", nargs="?", help=_("a draft to compare with, to look only"))
    asking.add_argument("--list", type=int, metavar=_("NUMBER"), help=_("the published list that should have counted"))
    takes_days(asking, required=False)
    giving = asking.add_mutually_exclusive_group()
    giving.add_argument(
        "--refund", metavar=_("VISIT"), help=_("give it back for one visit: its id, or its receipt's number")
    )
    giving.add_argument(
        "--refund-all", action="store_true", help=_("give it back for every visit of the period; cash only with --cash")
    )
    asking.add_argument("--cash", action="store_true", help=_("cash too: these customers are here"))
    takes_request(asking)
    acts_for_person(asking)
    takes_approval(asking)


def overcharged(context: Context) -> int:
    """Look, or give back; 1 if anything was paid too much and has not gone back."""
    arguments = context.arguments
    if (arguments.file is None) == (arguments.list is None):
        raise WrongUseError(message=context.say("name a draft, or a published list with --list"))
    gives_back = arguments.refund is not None or arguments.refund_all
    if gives_back and arguments.list is None:
        message = context.say("only a published list gives money back: publish the draft, then name it with --list")
        raise WrongUseError(message=message)
    if arguments.refund is not None:
        return _refund_one(context)
    if arguments.from_day is None or arguments.to_day is None or arguments.from_day > arguments.to_day:
        raise WrongUseError(message=context.say("a period is --from and --to, in this order"))
    return _refund_all(context) if arguments.refund_all else _look(context)


def _look(context: Context) -> int:
    from staff.roles import Operation, require

    with context.venue() as venue:
        require(Operation.VISIT_READ, context.sign_in(venue).role)
        outcome = _found(context, venue)
    return _answer(context, outcome)


def _refund_one(context: Context) -> int:
    from pos.cli.counting import at_till

    with at_till(context) as till:
        list_number = context.arguments.list
        owed = till.counter.overcharges.look(_paid_for(context.arguments.refund), list_number)
        approver = _approver(context, till)
        refunded = till.counter.overcharges.refund(
            owed.recomputed.visit_id,
            list_number,
            request=request_of(context),
            approval=_approval(till, approver, owed.recomputed.too_much_fen),
        )
        context.answer(_refunded_json(refunded), [_refunded_line(context, refunded)])
    return 0


def _paid_for(visit_or_receipt: str) -> PaidFor:
    """A receipt's number, or a visit's id, which is longer."""
    from pos.counter.refunds import PaidFor

    if visit_or_receipt.isdecimal() and len(visit_or_receipt) <= _RECEIPT_DIGITS:
        return PaidFor(receipt=int(visit_or_receipt))
    return PaidFor(visit_id=visit_or_receipt)


@dataclass(kw_only=True)
class _Outcome:
    """What a period came to: all its visits, those that were paid too much, and what became of them."""

    compared_with: dict[str, Any]
    visits: int
    overcharged: list[Recomputed]
    not_rated: list[Recomputed]
    became: dict[str, OverchargeRefunded | str]  # by visit: the refund, or the code of why there is none


def _found(context: Context, venue: Venue) -> _Outcome:
    """Rate the period's visits again; only those that were paid too much, or cannot be rated, are kept."""
    from billing import overcharges
    from pos.cli.progress import Progress

    arguments = context.arguments
    with venue.records.reading() as connection:
        prices, compared_with = _prices(context, venue)
        outcome = _Outcome(compared_with=compared_with, visits=0, overcharged=[], not_rated=[], became={})
        days = (arguments.from_day, arguments.to_day)
        for found in overcharges.find(connection, prices, *days, progress=Progress()):
            outcome.visits += 1
            if found.refusal is not None:
                outcome.not_rated.append(found)
            elif found.too_much_fen:
                outcome.overcharged.append(found)
    return outcome


def _prices(context: Context, venue: Venue) -> tuple[PriceList, dict[str, Any]]:
    """The list to compare with, and how the answer names it."""
    from billing import publication
    from pos.cli.init import read_prices
    from pos.errors import TimezoneDiffersError

    arguments = context.arguments
    if arguments.file is not None:
        prices = read_prices(Path(arguments.file))
        if prices.timezone != venue.settings.timezone:
            raise TimezoneDiffersError(venue=venue.settings.timezone, prices=prices.timezone)
        return prices, {"number": None, "hash": prices.sha256}
    with venue.records.reading() as connection:
        published = publication.load(connection, arguments.list)
    return published.prices, {"number": published.number, "hash": published.sha256}


def _refund_all(context: Context) -> int:
    """Give back one visit after the other, each whole or not at all; what one is refused does not keep the others."""
    from billing.shift_errors import DrawerShortError
    from pos.cli.counting import at_till
    from staff.errors import ApprovalNeededError, ApprovalRefusedError
    from staff.roles import Operation, require

    with at_till(context) as till:
        require(Operation.REFUND_GIVE, till.counter.till.cashier.role)
        outcome = _found(context, till.venue)
        approver = _approver(context, till)
        for found in outcome.overcharged:
            try:
                outcome.became[found.visit_id] = _refund(context, till, found.visit_id, approver)
            except (ApprovalNeededError, ApprovalRefusedError, DrawerShortError) as error:
                outcome.became[found.visit_id] = error.code
        return _answer(context, outcome)


def _refund(context: Context, till: AtTill, visit_id: str, approver: Signatory | None) -> OverchargeRefunded | str:
    arguments, counter = context.arguments, till.counter
    owed = counter.overcharges.look(_paid_for(visit_id), arguments.list)
    if owed.needs_customer and not arguments.cash:
        return "cash"
    return counter.overcharges.refund(
        visit_id,
        arguments.list,
        request=request_of(context, part=visit_id),
        approval=_approval(till, approver, owed.recomputed.too_much_fen),
    )


def _approver(context: Context, till: AtTill) -> Signatory | None:
    from staff.roles import Operation

    if context.arguments.approve is None:
        return None
    return context.approver(till.venue, operation=Operation.REFUND_GIVE.value)


def _approval(till: AtTill, approver: Signatory | None, amount_fen: int) -> Approval | None:
    """The second person's word, where the first one may not alone."""
    from staff.approvals import Approval, Reason
    from staff.roles import Operation, may

    cashier = till.counter.till.cashier
    if approver is None or may(Operation.REFUND_GIVE, cashier.role, amount_fen=amount_fen):
        return None
    return Approval(
        operation=Operation.REFUND_GIVE,
        requester=cashier.staff,
        approver=approver,
        reason=Reason.OVERCHARGED,
        amount_fen=amount_fen,
    )


def _answer(context: Context, outcome: _Outcome) -> int:
    refunded = [became for became in outcome.became.values() if not isinstance(became, str)]
    arguments = context.arguments
    answer = {
        "list": outcome.compared_with,
        "from": arguments.from_day.isoformat(),
        "to": arguments.to_day.isoformat(),
        "visits": outcome.visits,
        "overcharged": [_found_json(context, found, outcome.became) for found in outcome.overcharged],
        "too_much_fen": sum(found.too_much_fen for found in outcome.overcharged),
        "refunded_fen": sum(back.amount_fen for back in refunded),
        "not_rated": [{**_visit_json(context, found), "reason": found.refusal} for found in outcome.not_rated],
    }
    context.answer(answer, _lines(context, outcome, answer))
    return 0 if len(refunded) == len(outcome.overcharged) else 1


def _visit_json(context: Context, found: Recomputed) -> dict[str, Any]:
    at = found.settled_at.astimezone(context.timezone).isoformat(timespec="seconds")
    return {"visit": found.visit_id, "receipt": found.receipt, "seat": found.seat, "settled_at": at}


def _found_json(context: Context, found: Recomputed, became: dict[str, OverchargeRefunded | str]) -> dict[str, Any]:
    amounts = {"charged_fen": found.charged_fen, "due_fen": found.due_fen, "too_much_fen": found.too_much_fen}
    shown = {**_visit_json(context, found), **amounts}
    match became.get(found.visit_id):
        case None:
            return shown
        case str(code):
            return {**shown, "waits": code}
        case refunded:
            return {**shown, "refund": _refunded_json(refunded)}


def _refunded_json(refunded: OverchargeRefunded) -> dict[str, Any]:
    return {
        "refund": refunded.refund_id,
        "visit": refunded.visit_id,
        "list": refunded.list_number,
        "amount_fen": refunded.amount_fen,
        "tenders": [tender.to_json() for tender in refunded.tenders],
        "receipt": refunded.receipt,
        "journal": {"seq": refunded.seq},
    }


def _lines(context: Context, outcome: _Outcome, answer: dict[str, Any]) -> Iterable[str]:
    from billing.money import yuan_text

    number = outcome.compared_with["number"]
    visits = answer["visits"]
    if number is None:
        yield context.say("{visits} settled visits were rated again by the draft.", visits=visits)
    else:
        yield context.say("{visits} settled visits were rated again by list {number}.", visits=visits, number=number)
    for found in outcome.overcharged:
        amounts = context.say(
            "charged {charged}, due {due}, too much {too_much}",
            charged=yuan_text(found.charged_fen),
            due=yuan_text(found.due_fen or 0),
            too_much=yuan_text(found.too_much_fen),
        )
        yield f"  {_visit_line(context, found)}  {amounts}{_became_text(context, outcome.became.get(found.visit_id))}"
    for found in outcome.not_rated:
        refusal = context.say("this list cannot rate it ({reason})", reason=found.refusal)
        yield f"  {_visit_line(context, found)}  {refusal}"
    if not outcome.overcharged:
        yield context.say("Nobody paid too much.")
        return
    yield context.say(
        "Too much in all: {too_much} yuan on {count} visits; given back now: {refunded}.",
        too_much=yuan_text(answer["too_much_fen"]),
        count=len(outcome.overcharged),
        refunded=yuan_text(answer["refunded_fen"]),
    )


def _visit_line(context: Context, found: Recomputed) -> str:
    at = found.settled_at.astimezone(context.timezone).strftime("%Y-%m-%d %H:%M")
    return context.say("receipt {receipt}  {seat}  {at}", receipt=found.receipt, seat=found.seat, at=at)


def _became_text(context: Context, became: OverchargeRefunded | str | None) -> str:
    waits = {
        "cash": context.say("waits: cash goes to a customer who is here (--refund, or --cash)"),
        "approval-needed": context.say("waits for a second person (--approve)"),
        "approval-refused": context.say("waits for a second person who may approve so much"),
        "drawer-short": context.say("waits: the drawer does not hold so much"),
    }
    match became:
        case None:
            return ""
        case str(code):
            return f"  {waits[code]}"
        case refunded:
            given = context.say(
                "given back, receipt {receipt}: {ways}", receipt=refunded.receipt, ways=returned_text(refunded.tenders)
            )
            return f"  {given}"


def _refunded_line(context: Context, refunded: OverchargeRefunded) -> str:
    from billing.money import yuan_text

    return context.say(
        "Gave {amount} yuan back; receipt {receipt}: {ways}.",
        amount=yuan_text(refunded.amount_fen),
        receipt=refunded.receipt,
        ways=returned_text(refunded.tenders),
    )
