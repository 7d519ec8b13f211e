"""Customers at the counter: each step is the counter's own operation, and what it answers is what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from billing.money import yuan_text
from billing.reasons import ReductionReason, RefundReason
from billing.refunds import RefundLine
from billing.tenders import Tender, TenderKind
from hardware.deadlines import Deadline
from hardware.id_readers.reader import DocumentRead, IdReader
from hardware.simulated.people import CARDS
from members.typed_documents import TypedDocument, parse
from pos.counter.approving import approval_of
from pos.counter.check_in import Admission
from pos.counter.counter import Counter
from pos.counter.errors import IdRefusedError
from pos.counter.refunds import PaidFor
from pos.counter.seats import OpenedVisit, Opening
from pos.demo.devices import SimulatedDevice
from pos.demo.plan import Errand, ErrandKind, Paying, PlannedSale, PlannedVisit
from pos.demo.story import Story
from pos.languages import noted
from records.ids import new_id
from staff.approvals import Approval, Reason, Signatory
from staff.roles import Operation

_CARD_SECONDS: Final = 10.0
_DEPOSIT_FEN: Final = 2_000
_TOP_UP_FEN: Final = 1_000
_NOTE_FEN: Final = 1_000
_ADULTS: Final = tuple(name for name in CARDS if name.startswith("adult-"))

_PASSPORT: Final = {
    "kind": "passport",
    "name": "TEST SAMPLE",
    "number": "E00000000",
    "birth": "1990-03-07",
    "valid_to": "2030-01-01",
    "nationality": "UTO",
    "reason": Reason.NO_CHIP.value,
}


_KIND_WORDS: Final = {
    TenderKind.CASH: noted("cash"),
    TenderKind.WECHAT: noted("WeChat"),
    TenderKind.ALIPAY: noted("Alipay"),
    TenderKind.BANK: noted("bank card"),
}


_REFUSAL_WORDS: Final = {
    "minor": noted("a minor"),
    "expired": noted("the document has expired"),
    "same-person": noted("this person is seated already"),
}


@dataclass(kw_only=True)
class Drawer:
    """What the clerk knows to have put in and taken out: the count at the shift's end is of this, not of the books."""

    fen: int = 0

    def take(self, tenders: tuple[Tender, ...] | list[Tender]) -> None:
        """Put the cash among some tenders in."""
        self.fen += sum(tender.fen for tender in tenders if tender.kind is TenderKind.CASH)

    def give(self, tenders: tuple[Tender, ...]) -> None:
        """Give the cash among some tenders back."""
        self.fen -= sum(tender.fen for tender in tenders if tender.kind is TenderKind.CASH)


@dataclass(kw_only=True)
class Cards:
    """The reader, the hand that lays cards on it, and whose card is in use."""

    reader: IdReader
    hand: SimulatedDevice
    _seated: list[str] = field(default_factory=list)
    _next: int = 0

    def read(self, name: str) -> DocumentRead:
        """Lay a card down, have it read, and take it away."""
        self.hand.tell(f"place {name}")
        try:
            document = self.reader.wait_for_card(Deadline.after(_CARD_SECONDS))
        finally:
            self.hand.tell("lift")
        # A card that never seemed to leave would not be read again.
        self.reader.wait_until_lifted(Deadline.after(_CARD_SECONDS))
        assert document is not None, "nobody stops the reader"
        return document

    def somebody(self) -> str:
        """Choose a card whose holder is not seated, another one each time while there are others."""
        for step in range(len(_ADULTS)):
            name = _ADULTS[(self._next + step) % len(_ADULTS)]
            if name not in self._seated:
                self._next += step + 1
                return name
        # The house is fuller than the box of cards: somebody born on another day.
        self._next += 1
        born = datetime(1970, 1, 1) + timedelta(days=self._next % 12_000)  # noqa: DTZ001  # A birthday has no time zone.
        return f"born-{born:%Y%m%d}"

    def sit(self, name: str) -> None:
        """Note that the holder is seated."""
        self._seated.append(name)

    def leave(self, name: str) -> None:
        """Note that the holder has gone."""
        self._seated.remove(name)

    @property
    def first_seated(self) -> str | None:
        """Someone who is seated, if anybody is."""
        return self._seated[0] if self._seated else None


@dataclass(kw_only=True)
class Seated:
    """A customer on a seat."""

    plan: PlannedVisit
    card: str | None
    opened: OpenedVisit
    seat: str


@dataclass(kw_only=True)
class Customers:
    """Everybody who comes to the counter while one clerk stands behind it."""

    counter: Counter
    cards: Cards
    drawer: Drawer
    story: Story
    second_person: Callable[[], Signatory]
    references: Iterator[int]
    seats_taken: set[str] = field(default_factory=set)

    # Coming.

    def arrive(self, plan: PlannedVisit) -> Seated:
        """Check a customer in and open a seat."""
        card = None if plan.is_typed else self.cards.somebody()
        admission = self._typed() if card is None else self.counter.check_in.card(self.cards.read(card))
        seat = self._free_seat(plan.zone)
        deposit = None if plan.deposit is None else self._tender(plan.deposit, _DEPOSIT_FEN)
        terms = self.counter.seats.terms(seat, plan.tier)
        opening = Opening.new(seat=seat, tier=plan.tier, package=plan.package, deposit=deposit)
        opened = self.counter.seats.open(admission, opening)
        self.seats_taken.add(seat)
        if deposit is not None:
            self.drawer.take([deposit])
        if card is not None:
            self.cards.sit(card)
        tier = terms.prices.tier_by_code[plan.tier].name
        if plan.package is not None:
            package = terms.prices.package_by_code[plan.package]
            self.story.say(
                "{seat}  {tier} sits down with the package {package} at {price}",
                seat=seat,
                tier=tier,
                package=package.name,
                price=yuan_text(package.price_fen),
            )
        elif terms.rate is not None:
            self.story.say(
                "{seat}  {tier} sits down at {rate} an hour",
                seat=seat,
                tier=tier,
                rate=yuan_text(terms.rate.fen_per_hour),
            )
        self._tell_deposit(opened, deposit)
        return Seated(plan=plan, card=card, opened=opened, seat=seat)

    def _tell_deposit(self, opened: OpenedVisit, deposit: Tender | None) -> None:
        if deposit is not None and opened.deposit is not None:
            self.story.say(
                "{seat}  deposit {amount} by {kind}, receipt {receipt}",
                seat=opened.seat,
                amount=yuan_text(deposit.fen),
                kind=self._kind(deposit.kind),
                receipt=opened.deposit.receipt,
            )

    def turned_away(self, card: str) -> None:
        """Somebody comes who may not be seated."""
        try:
            self.counter.check_in.card(self.cards.read(card))
        except IdRefusedError as refused:
            reason = self.story.words(_REFUSAL_WORDS[refused.reason])
            self.story.say("-    turned away: {reason}; nothing else is kept", reason=reason)
        else:
            raise AssertionError("this card admits nobody")

    def _typed(self) -> Admission:
        typed: TypedDocument = parse(_PASSPORT)
        approver = self.second_person()
        approval = Approval(
            operation=Operation.DOCUMENT_TYPE,
            requester=self.counter.till.cashier.staff,
            approver=approver,
            reason=typed.reason,
        )
        self.story.say(
            "-    a passport has no chip: typed in by {clerk}, approved by {second}",
            clerk=self.counter.till.cashier.staff,
            second=approver.staff,
        )
        return self.counter.check_in.typed(typed, approval)

    def _free_seat(self, zone: str) -> str:
        seats = self.counter.till.records.settings.seats().values()
        free = [seat for seat in seats if seat.label not in self.seats_taken]
        return next((seat.label for seat in free if seat.zone == zone), free[0].label)

    # Sitting.

    def ask(self, seated: Seated, errand: Errand) -> None:
        """A seated customer asks for something."""
        match errand.kind:
            case ErrandKind.ORDER:
                self._order(seated, errand)
            case ErrandKind.CANCEL:
                self._cancel(seated, errand)
            case ErrandKind.REDUCE:
                self._reduce(seated, errand.quantity)
            case ErrandKind.MOVE:
                self._move(seated, errand.what)
            case ErrandKind.PAUSE:
                self.counter.seats.pause(seated.seat)
                self.story.say("{seat}  paused", seat=seated.seat)
            case ErrandKind.RESUME:
                self.counter.seats.resume(seated.seat)
                self.story.say("{seat}  goes on", seat=seated.seat)

    def _order(self, seated: Seated, errand: Errand) -> None:
        line = self.counter.sales.line(errand.what, errand.quantity, visit=seated.seat)
        bill = self.counter.sales.order(seated.seat, [line], request=new_id())
        sold = bill.orders[-1].sold
        if sold.is_saving:
            self.story.say(
                "{seat}  orders {quantity} × {item}, {saving} cheaper than singly; so far {total}",
                seat=seated.seat,
                quantity=sold.quantity,
                item=self._name(sold.code),
                saving=yuan_text(-sold.amount_fen),
                total=yuan_text(bill.total_fen),
            )
            return
        self.story.say(
            "{seat}  orders {quantity} × {item} at {price}; so far {total}",
            seat=seated.seat,
            quantity=sold.quantity,
            item=self._name(sold.code),
            price=yuan_text(sold.unit_fen),
            total=yuan_text(bill.total_fen),
        )

    def _cancel(self, seated: Seated, errand: Errand) -> None:
        bill = self.counter.seats.bill(seated.seat)
        ordered = next(line for line in bill.orders if line.sold.code == errand.what)
        after = self.counter.sales.cancel(
            ordered.order_id, ordered.sold.line, quantity=errand.quantity, reason="customer"
        )
        handed = self.counter.sales.hand_over(ordered.order_id)
        self.story.say(
            "{seat}  takes back {quantity} × {item} before it comes, gets the rest ({count} line); so far {total}",
            seat=seated.seat,
            quantity=errand.quantity,
            item=self._name(errand.what),
            count=len(handed),
            total=yuan_text(after.total_fen),
        )

    def _reduce(self, seated: Seated, fen: int) -> None:
        approver, reason = self.second_person(), ReductionReason.SERVICE_FAULT.value
        approval = approval_of(
            Operation.REDUCTION_GIVE,
            requester=self.counter.till.cashier.staff,
            approver=approver,
            reason=reason,
            amount_fen=fen,
        )
        bill = self.counter.reductions.give(seated.seat, fen, reason=reason, request=new_id(), approval=approval)
        self.story.say(
            "{seat}  the headset crackled: {amount} taken off, approved by {second}; so far {total}",
            seat=seated.seat,
            amount=yuan_text(fen),
            second=approver.staff,
            total=yuan_text(bill.total_fen),
        )

    def _move(self, seated: Seated, zone: str) -> None:
        seat = self._free_seat(zone)
        bill = self.counter.seats.move(seated.seat, seat)
        self.story.say(
            "{seat}  moves to {to}; so far {total}", seat=seated.seat, to=seat, total=yuan_text(bill.total_fen)
        )
        self.seats_taken.discard(seated.seat)
        self.seats_taken.add(seat)
        seated.seat = seat

    def top_up(self, seated: Seated) -> None:
        """A customer whose deposit is nearly used up stays on."""
        tender = self._tender(seated.plan.deposit or Paying.CASH, _TOP_UP_FEN)
        taken = self.counter.deposits.top_up(seated.seat, tender, request=new_id())
        self.drawer.take([tender])
        self.story.say(
            "{seat}  {amount} more deposit by {kind}, receipt {receipt}",
            seat=seated.seat,
            amount=yuan_text(tender.fen),
            kind=self._kind(tender.kind),
            receipt=taken.receipt,
        )

    # Paying.

    def leave(self, seated: Seated) -> None:
        """Show the statement, take the money, give back what is left of the deposit."""
        visit_id = seated.opened.visit_id
        if seated.plan.is_statement_printed:
            shown = self.counter.settlements.print_statement(visit_id, request=new_id())
        else:
            shown = self.counter.settlements.show(visit_id)
        tenders = self._tenders(seated.plan.pays, shown.due_fen)
        settled = self.counter.settlements.settle(visit_id, tenders, request=new_id())
        self.drawer.take(tenders)
        self.drawer.give(settled.returned)
        self.drawer.fen -= settled.change_fen
        self.seats_taken.discard(seated.seat)
        if seated.card is not None:
            self.cards.leave(seated.card)
        self.story.say(
            "{seat}  settled {total}: {paid}; receipt {receipt}",
            seat=seated.seat,
            total=yuan_text(settled.total_fen),
            receipt=settled.receipt,
            paid=self._paid(tenders, settled.change_fen, shown.visit_bill.deposits_fen, settled.returned),
        )

    def bring_back(self, sale_id: str) -> None:
        """The passer-by brings one piece of the first line back."""
        given = self.counter.refunds.give(
            PaidFor(sale_id=sale_id), [RefundLine(line=1)], reason=RefundReason.FAULTY.value, request=new_id()
        )
        self.drawer.give(given.tenders)
        self.story.say(
            "-    {item} was faulty: {amount} go back, receipt {receipt}",
            item=self._name(given.lines[0]["code"]),
            amount=yuan_text(given.amount_fen),
            receipt=given.receipt,
        )

    def buy(self, plan: PlannedSale) -> str:
        """A passer-by buys something; returns the sale."""
        lines = [self.counter.sales.line(code, quantity) for code, quantity in plan.items]
        total_fen = self.counter.sales.total_fen(lines)
        tenders = self._tenders(plan.pays, total_fen)
        sold = self.counter.sales.sell(lines, tenders, request=new_id())
        self.drawer.take(tenders)
        self.drawer.fen -= sold.change_fen
        self.story.say(
            "-    sold {items} for {total}: {paid}; receipt {receipt}",
            items=self.story.words(", ").join(f"{line.quantity} × {self._name(line.code)}" for line in lines),
            total=yuan_text(sold.total_fen),
            receipt=sold.receipt,
            paid=self._paid(tenders, sold.change_fen, 0, ()),
        )
        return sold.sale_id

    def _tenders(self, pays: Paying, due_fen: int) -> list[Tender]:
        if due_fen == 0:
            return []
        if pays is Paying.CASH:
            return [self._tender(pays, -(-due_fen // _NOTE_FEN) * _NOTE_FEN)]
        if pays is Paying.SPLIT and due_fen > _NOTE_FEN:
            by_phone = due_fen // 2
            return [self._tender(Paying.WECHAT, by_phone), *self._tenders(Paying.CASH, due_fen - by_phone)]
        return [self._tender(Paying.WECHAT if pays is Paying.SPLIT else pays, due_fen)]

    def _tender(self, pays: Paying, fen: int) -> Tender:
        kind = TenderKind(pays.value)
        return Tender(
            kind=kind, fen=fen, reference=None if kind is TenderKind.CASH else f"42{next(self.references):08}"
        )

    def _paid(self, tenders: list[Tender], change_fen: int, deposits_fen: int, returned: tuple[Tender, ...]) -> str:
        words = self.story.words
        parts = [words("deposit {amount}").format(amount=yuan_text(deposits_fen))] if deposits_fen else []
        parts += [f"{self._kind(tender.kind)} {yuan_text(tender.fen)}" for tender in tenders]
        if change_fen:
            parts.append(words("change {amount}").format(amount=yuan_text(change_fen)))
        parts += [
            words("back {amount} by {kind}").format(amount=yuan_text(tender.fen), kind=self._kind(tender.kind))
            for tender in returned
        ]
        return words(", ").join(parts) or words("nothing to pay")

    def _name(self, code: str) -> str:
        prices = self.counter.sales.prices()
        named = (prices.goods_by_code, prices.service_by_code, prices.combo_by_code, prices.promotion_by_code)
        return next(things[code].name for things in named if code in things)

    def _kind(self, kind: TenderKind) -> str:
        return self.story.words(_KIND_WORDS[kind])
