"""Settling: the itemised statement first (G-5), then the money. One payer may pay for several seats.

F5 opens the same screen: whoever only wants to see the statement, or to have it printed, goes back with Esc.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from billing.statements import Statement
from billing.tenders import Tender, pay, total
from pos.counter.settlement import Owed, Settlement
from pos.languages import noted
from pos.tui.desk.bill_rows import BillRows
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.hand_over_screen import HandOverScreen
from pos.tui.desk.paper_state import followed, slip_state, with_paper_state
from pos.tui.desk.payment_screen import Payable, PaymentScreen
from pos.tui.desk.reduction_screen import ReductionScreen
from pos.tui.desk.seat_prompt import SeatPrompt
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_words import given_back
from pos.tui.desk.times import money
from pos.tui.desk.void_screen import VoidScreen
from pos.tui.widgets.rows import Row, Sheet, Tone
from records.ids import new_id


class SettlementScreen(Flow[Done | None]):
    """Shows what a visit comes to, line by line, and leads on to the payment."""

    TITLE_SENTENCE = noted("Statement")
    WIDE = True
    HELP = noted(
        "Everything that is charged stands here, line by line, with the price list it comes from. Read it together "
        "with the customer.\n\n"
        "Enter: the customer accepts it, take the money. P prints the statement. V takes an ordered piece back, "
        "H notes what was handed over, R takes something off the bill. + (or F2) adds another seat that the same "
        "person pays for.\n\n"
        "The statement is good for five minutes; the stay ends with it. Esc goes back, and the visit goes on."
    )
    DEFAULT_CSS = """
    SettlementScreen #statement { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("p,P,f5", "print", show=False),
        Binding("v,V", "void", show=False),
        Binding("h,H", "hand_over", show=False),
        Binding("r,R", "reduce", show=False),
        Binding("plus,f2", "add", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
    ]

    def __init__(self, desk: DeskServices, visit_ids: Sequence[str]) -> None:
        super().__init__(desk)
        self._visit_ids = tuple(visit_ids)
        self._requests: dict[str, str] = {}
        self._statements: tuple[Statement, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Lay out the statement."""
        return (Sheet(id="statement"),)

    def on_mount(self) -> None:
        """Make the statements; from now on they are good for five minutes."""
        self.ask(self._show_all, then=self._shown)

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if not self._statements:
            return (self.hint_back(),)
        keys = [KeyHint("⏎", say("to the payment")), KeyHint("P", say("print"))]
        if any(one.orders for one in self._statements):
            keys += [KeyHint("V", say("goods back")), KeyHint("H", say("handed over"))]
        if len(self._statements) == 1:
            keys.append(KeyHint("R", say("take off")))
        return (*keys, KeyHint("+", say("another seat")), self.hint_back())

    def _show_all(self) -> tuple[Statement, ...]:
        return tuple(self.desk.counter.settlements.show(visit_id) for visit_id in self._visit_ids)

    def _shown(self, statements: tuple[Statement, ...]) -> None:
        self._statements = statements
        self.query_one("#statement", Sheet).show(list(self._rows()))
        self.show_hints()

    def _rows(self) -> Iterator[Row]:
        desk = self.desk
        bills = BillRows(words=desk.words, timezone=desk.venue.settings.days.timezone, lists=desk.counter.seats.list_of)
        for number, statement in enumerate(self._statements):
            if number:
                yield Row("")
            yield from bills.statement(statement.visit_bill)
        if len(self._statements) > 1:
            yield Row.rule()
            yield Row(desk.say("To pay for {count} seats", count=len(self._statements)), money(self._due_fen), Tone.SUM)

    @property
    def _due_fen(self) -> int:
        return sum(one.due_fen for one in self._statements)

    def action_scroll(self, lines: int) -> None:
        """Read on in a long statement."""
        self.query_one("#statement", Sheet).scroll_relative(y=lines, animate=False)

    def action_print(self) -> None:
        """Print the statements; the printed ones are those that count."""
        if not self._statements or self.is_asking:
            return
        settlements, visit_ids = self.desk.counter.settlements, self._visit_ids
        requests = [new_id() for _ in visit_ids]

        def print_all() -> tuple[Statement, ...]:
            return tuple(
                settlements.print_statement(visit_id, request=request)
                for visit_id, request in zip(visit_ids, requests, strict=True)
            )

        self.ask(print_all, then=self._printed)

    def _printed(self, statements: tuple[Statement, ...]) -> None:
        self._shown(statements)
        self.tell(slip_state(self.desk))

    def action_add(self) -> None:
        """Add another seat for the same payer."""
        if self._statements and not self.is_asking:
            beside = self._statements[-1].visit.seat
            self.app.push_screen(SeatPrompt(self.desk, title=self.desk.say("Another seat"), beside=beside), self._added)

    def _added(self, seat: str | None) -> None:
        if seat is not None:
            self.ask(lambda: self.desk.counter.seats.bill(seat).visit.visit_id, then=self._found)

    def _found(self, visit_id: str) -> None:
        if visit_id not in self._visit_ids:
            self._visit_ids = (*self._visit_ids, visit_id)
            self.ask(self._show_all, then=self._shown)

    def action_void(self) -> None:
        """Take an ordered piece back."""
        orders = [order for statement in self._statements for order in statement.orders]
        if orders and not self.is_asking:
            self.app.push_screen(VoidScreen(self.desk, orders), self._voided)

    def action_hand_over(self) -> None:
        """Note what is in the customer's hands."""
        orders = [order for statement in self._statements for order in statement.orders]
        if orders and not self.is_asking:
            self.app.push_screen(HandOverScreen(self.desk, orders), self._again)

    def action_reduce(self) -> None:
        """Take something off the bill; with several, each on its own statement."""
        if len(self._statements) == 1 and not self.is_asking:
            (statement,) = self._statements
            bill = statement.visit_bill
            screen = ReductionScreen(self.desk, visit_id=bill.visit.visit_id, given=bill.reductions)
            self.app.push_screen(screen, self._voided)

    def _voided(self, done: Done | None) -> None:
        self._again(done)
        if done is not None:
            self.tell(done.sentence)

    def _again(self, done: Done | None) -> None:  # noqa: ARG002  # Whatever was done, the statement is made anew.
        self.hush()
        self.ask(self._show_all, then=self._shown)

    def action_accept(self) -> None:
        """Go on to the payment."""
        if not self._statements or self.is_asking:
            return
        payable = Payable(what=self._what(), due_fen=self._due_fen, returned=self._returned())
        self.app.push_screen(PaymentScreen(self.desk, payable, self._finish), self._paid)

    def _what(self) -> str:
        seats = ", ".join(one.visit.seat for one in self._statements)
        return self.desk.say("To pay for {seats}", seats=seats)

    def _returned(self) -> tuple[Tender, ...]:
        """What goes back where deposits are more than the total; the books say it again when it is done."""
        return tuple(
            tender
            for one in self._statements
            if one.due_fen == 0
            for tender in pay(one.total_fen, deposits=one.deposits, tenders=()).returned
        )

    def _finish(self, tenders: Sequence[Tender]) -> Done:
        owed = [
            Owed(
                visit_id=one.visit.visit_id,
                due_fen=one.due_fen,
                request=self._requests.setdefault(one.visit.visit_id, new_id()),
            )
            for one in self._statements
        ]
        return self._done(self.desk.counter.settlements.settle_together(owed, tenders))

    def _done(self, settled: Sequence[Settlement]) -> Done:
        say = self.desk.say
        seats = ", ".join(one.visit.seat for one in self._statements)
        sentence = say(
            "{seats} settled: {total} yuan, receipt {receipt}.",
            seats=seats,
            total=money(sum(one.total_fen for one in settled)),
            receipt=", ".join(str(one.receipt) for one in settled),
        )
        change_fen = sum(one.change_fen for one in settled)
        returned = [tender for one in settled for tender in one.returned]
        if change_fen:
            sentence = followed(sentence, say("Change {amount}.", amount=money(change_fen)))
        if total(returned):
            back = say("Give back of the deposit: {returned}.", returned=given_back(returned, self.desk.words))
            sentence = followed(sentence, back)
        return Done(sentence=with_paper_state(sentence, self.desk))

    def _paid(self, done: Done | None) -> None:
        if done is None:
            self._again(done)
        else:
            self.dismiss(done)
