"""`mingjia visit …`: seats opened, moved, paused, settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.counting import (
    at_counter,
    at_till,
    request_of,
    returned_text,
    takes_request,
    takes_tenders,
    tenders_of,
    visit_json,
    visit_line,
    warn_of_used,
)
from pos.cli.items import put_on_bill, second_person, takes_items
from pos.cli.parser import CommandParser, acts_for_person, takes_approval
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.tenders import Tender
    from billing.visit_bill import VisitBill
    from pos.cli.counting import AtTill
    from pos.counter.check_in import Admission
    from pos.counter.counter import Counter
    from pos.counter.settlement import Settlement

CARD_WAIT_SECONDS = 10.0
SCREEN_COLUMNS = 48


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    _describe_opening(parser)
    _acting(parser, "list", _("every running visit and its bill so far"), show_all)
    moving = _of_visit(parser, "move", _("move a visit to another seat"), move)
    moving.add_argument("--seat", required=True, metavar=_("SEAT"), help=_("the free seat to move to"))
    _of_visit(parser, "pause", _("pause a visit"), pause)
    _of_visit(parser, "resume", _("let a paused visit go on"), resume)
    buying = _of_visit(parser, "package", _("sell a package to a seated customer"), buy_package)
    buying.add_argument("--package", required=True, metavar=_("CODE"), help=_("the posted package"))
    depositing = _of_visit(parser, "deposit", _("take a deposit, or more of it"), take_deposit)
    takes_tenders(depositing)
    stating = _of_visit(parser, "statement", _("show the itemised statement that a settlement needs"), state)
    stating.add_argument("--print", action="store_true", dest="prints", help=_("print it instead"))
    takes_request(stating)
    ordering = _of_visit(parser, "order", _("put goods, services, combos or promotions on the bill"), order)
    takes_items(ordering, may_leave_out=True)
    takes_request(ordering)
    handing = _of_order(parser, "hand-over", _("note that an order is in the customer's hands"), hand_over)
    handing.add_argument(
        "--line", type=int, action="append", metavar="N", help=_("this line; may be repeated; else all that wait")
    )
    cancelling = _of_order(parser, "cancel", _("take ordered pieces back"), cancel)
    cancelling.add_argument("--line", type=int, required=True, metavar="N", help=_("the line of the order"))
    cancelling.add_argument("--qty", type=int, default=1, metavar="N", help=_("how many pieces; one if left out"))
    cancelling.add_argument("--reason", required=True, metavar=_("CODE"), help=_("why"))
    takes_approval(cancelling)
    reducing = _of_visit(parser, "reduce", _("take something off the bill"), reduce)
    reducing.add_argument("--fen", type=_fen, metavar="FEN", help=_("how much"))
    reducing.add_argument("--reason", metavar=_("CODE"), help=_("why"))
    reducing.add_argument("--withdraw", metavar=_("REDUCTION"), help=_("put this reduction back on the bill instead"))
    takes_request(reducing)
    takes_approval(reducing)
    settling = _of_visit(parser, "settle", _("close a visit and take the money"), settle)
    takes_tenders(settling)


def _describe_opening(parser: CommandParser) -> None:
    _ = parser.words
    opening = _acting(parser, "open", _("check a person in and open a seat at its posted price"), open_seat)
    opening.add_argument("--seat", required=True, metavar=_("SEAT"), help=_("the free seat"))
    opening.add_argument("--tier", required=True, metavar=_("CODE"), help=_("the customer's tier, such as guest"))
    opening.add_argument("--package", metavar=_("CODE"), help=_("a posted package; else by the hour"))
    opening.add_argument("--deposit", type=_fen, metavar="FEN", help=_("a deposit; in cash unless --tender says else"))
    opening.add_argument("--port", metavar=_("PORT"), help=_("the ID-card reader; else the venue's"))
    opening.add_argument("--wait", type=float, default=CARD_WAIT_SECONDS, metavar=_("SECONDS"), help=_("for a card"))
    opening.add_argument("--document", metavar=_("FILE"), help=_("a typed document instead; needs a second person"))
    takes_tenders(opening)
    takes_approval(opening)


def _acting(parser: CommandParser, name: str, help_: str, run: Callable[[Context], int]) -> CommandParser:
    added = parser.command(name, help=help_, run=run)
    acts_for_person(added)
    return added


def _of_visit(parser: CommandParser, name: str, help_: str, run: Callable[[Context], int]) -> CommandParser:
    added = _acting(parser, name, help_, run)
    added.add_argument("visit", metavar=parser.words("VISIT"), help=parser.words("the visit, or its seat"))
    return added


def _of_order(parser: CommandParser, name: str, help_: str, run: Callable[[Context], int]) -> CommandParser:
    added = _acting(parser, name, help_, run)
    added.add_argument("order", metavar=parser.words("ORDER"), help=parser.words("the order's id"))
    return added


def _fen(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


def open_seat(context: Context) -> int:
    """Read the card (or the typed document), register its holder, open the seat."""
    from pos.counter.seats import Opening

    arguments, deposit = context.arguments, _deposit(context)
    with at_till(context) as till:
        seats = till.counter.seats
        opening = Opening(
            visit_id=request_of(context),
            deposit_job_id=request_of(context, part="deposit"),
            seat=arguments.seat,
            tier=arguments.tier,
            package=arguments.package,
            deposit=deposit,
        )
        opened = seats.opened(opening) or seats.open(_admission(context, till), opening)
        prices = seats.list_of(opened.list_number)
        answer: dict[str, Any] = {
            "visit": opened.visit_id,
            "seat": opened.seat,
            "opened_at": opened.opened_at,
            "price_list": prices.sha256,
        }
        if deposit is not None and opened.deposit is not None:
            warn_of_used(context, till.counter, [deposit], receipt=opened.deposit.receipt)
        if opened.deposit is not None:
            answer |= {"deposit_fen": opened.deposit.fen, "receipt": opened.deposit.receipt}
        line = context.say(
            "{seat} is open since {at} under price list {number}; visit {visit}.",
            seat=opened.seat,
            at=opened.opened_at.replace("T", " "),
            number=opened.list_number,
            visit=opened.visit_id,
        )
        context.answer(answer, [line])
    return 0


def _deposit(context: Context) -> Tender | None:
    from billing.tenders import Tender, TenderKind

    asked_fen, tenders = context.arguments.deposit, tenders_of(context)
    if asked_fen is None and not tenders:
        return None
    if len(tenders) > 1 or (tenders and asked_fen not in {None, tenders[0].fen}):
        raise WrongUseError(message=context.say("a deposit is one tender of that amount; more of it is a deposit more"))
    return tenders[0] if tenders else Tender(kind=TenderKind.CASH, fen=asked_fen)


def _admission(context: Context, till: AtTill) -> Admission:
    if context.arguments.document is not None:
        return _typed_admission(context, till)
    from pos.cli.devices import read_document

    port = context.arguments.port or till.venue.devices.id_reader
    if port is None:
        raise WrongUseError(message=context.say("name the ID-card reader with --port, or a --document"))
    return till.counter.check_in.card(read_document(port, wait_seconds=context.arguments.wait))


def _typed_admission(context: Context, till: AtTill) -> Admission:
    from members.typed_documents import load
    from staff.approvals import Approval
    from staff.roles import Operation

    typed = load(Path(context.arguments.document))
    approver = context.approver(till.venue, operation=Operation.DOCUMENT_TYPE.value)
    approval = Approval(
        operation=Operation.DOCUMENT_TYPE,
        requester=till.counter.till.cashier.staff,
        approver=approver,
        reason=typed.reason,
    )
    return till.counter.check_in.typed(typed, approval)


def show_all(context: Context) -> int:
    """List every unsettled visit."""
    with at_counter(context) as counter:
        bills = counter.seats.running()
        lines = [visit_line(context, bill) for bill in bills] or [context.say("Nobody sits here.")]
        context.answer({"visits": [visit_json(bill) for bill in bills]}, lines)
    return 0


def move(context: Context) -> int:
    """Move a visit."""
    return _change(context, lambda counter, visit: counter.seats.move(visit, context.arguments.seat))


def pause(context: Context) -> int:
    """Pause a visit."""
    return _change(context, lambda counter, visit: counter.seats.pause(visit))


def resume(context: Context) -> int:
    """End a pause."""
    return _change(context, lambda counter, visit: counter.seats.resume(visit))


def buy_package(context: Context) -> int:
    """Sell a package."""
    return _change(context, lambda counter, visit: counter.seats.buy_package(visit, context.arguments.package))


def take_deposit(context: Context) -> int:
    """Take a deposit."""
    tenders, request = tenders_of(context), request_of(context)
    if len(tenders) != 1:
        raise WrongUseError(message=context.say("a deposit is one --tender"))

    def top_up(counter: Counter, visit: str) -> VisitBill:
        taken = counter.deposits.top_up(visit, tenders[0], request=request)
        warn_of_used(context, counter, tenders, receipt=taken.receipt)
        return counter.seats.bill(visit)

    return _change(context, top_up)


def _change(context: Context, change: Callable[[Counter, str], VisitBill]) -> int:
    with at_counter(context) as counter:
        bill = change(counter, context.arguments.visit)
        context.answer(visit_json(bill), [visit_line(context, bill)])
    return 0


def order(context: Context) -> int:
    """Put something on the bill."""
    with at_till(context) as till:
        return put_on_bill(context, till, context.arguments.visit)


def hand_over(context: Context) -> int:
    """Note a hand-over."""
    with at_counter(context) as counter:
        handed = counter.sales.hand_over(context.arguments.order, context.arguments.line)
        line = context.say("Handed over: lines {lines}.", lines=", ".join(map(str, handed)))
        context.answer({"order": context.arguments.order, "lines": list(handed)}, [line])
    return 0


def cancel(context: Context) -> int:
    """Take pieces back."""
    from staff.roles import Operation

    arguments = context.arguments
    with at_till(context) as till:
        sales = till.counter.sales
        at_stake_fen = sales.cancellation_fen(arguments.order, arguments.line, arguments.qty)
        approval = second_person(
            context, till, Operation.ORDER_CANCEL, reason=arguments.reason, amount_fen=at_stake_fen
        )
        bill = sales.cancel(
            arguments.order, arguments.line, quantity=arguments.qty, reason=arguments.reason, approval=approval
        )
        context.answer(visit_json(bill), [visit_line(context, bill)])
    return 0


def reduce(context: Context) -> int:
    """Take something off the bill, or put it back."""
    from staff.roles import Operation

    arguments, request = context.arguments, request_of(context)
    is_withdrawal = arguments.withdraw is not None
    if is_withdrawal is (arguments.fen is not None and arguments.reason is not None):
        raise WrongUseError(message=context.say("a reduction is --fen and --reason, or --withdraw alone"))
    with at_till(context) as till:
        counter = till.counter
        if is_withdrawal:
            bill = counter.reductions.withdraw(arguments.withdraw)
        else:
            fen, reason = arguments.fen, arguments.reason
            approval = second_person(context, till, Operation.REDUCTION_GIVE, reason=reason, amount_fen=fen)
            bill = counter.reductions.give(arguments.visit, fen, reason=reason, request=request, approval=approval)
        answer = {"reduction": arguments.withdraw or request, **visit_json(bill)}
        context.answer(answer, [visit_line(context, bill)])
    return 0


def state(context: Context) -> int:
    """Show or print the statement."""
    from hardware.receipt import preview

    with at_counter(context) as counter:
        visit_id = counter.seats.bill(context.arguments.visit).visit.visit_id
        if context.arguments.prints:
            shown = counter.settlements.print_statement(visit_id, request=request_of(context))
        else:
            shown = counter.settlements.show(visit_id)
        answer = visit_json(shown.visit_bill) | {"statement": shown.sha256}
        context.answer(answer, preview(counter.settlements.document(shown), SCREEN_COLUMNS))
    return 0


def settle(context: Context) -> int:
    """Settle a visit on its fresh statement."""
    from billing.money import yuan_text

    tenders = tenders_of(context)
    with at_counter(context) as counter:
        settled = _settle(context, counter, tenders)
        warn_of_used(context, counter, tenders, receipt=settled.receipt)
        answer = {
            "visit": settled.visit_id,
            "bill": settled.bill,
            "receipt": settled.receipt,
            "total_fen": settled.total_fen,
            "change_fen": settled.change_fen,
            "returned": [tender.to_json() for tender in settled.returned],
            "journal": {"seq": settled.seq},
        }
        lines = [
            context.say(
                "Settled: {total} yuan, change {change}; receipt {receipt}.",
                total=yuan_text(settled.total_fen),
                change=yuan_text(settled.change_fen),
                receipt=settled.receipt,
            )
        ]
        if settled.returned:
            lines.append(context.say("Give back of the deposit: {returned}.", returned=returned_text(settled.returned)))
        context.answer(answer, lines)
    return 0


def _settle(context: Context, counter: Counter, tenders: list[Tender]) -> Settlement:
    """Settle; who asks again because the answer was lost gets the first answer, with or without `--request`."""
    from billing.visit_errors import AlreadySettledError

    visit, request = context.arguments.visit, request_of(context)
    first = counter.settlements.answered(request)
    if first is not None:
        return first
    try:
        return counter.settlements.settle(counter.seats.bill(visit).visit.visit_id, tenders, request=request)
    except AlreadySettledError as error:
        first = counter.settlements.find(error.visit_id)
        if first is None or list(first.tenders) != tenders:
            raise
        return first
