"""Taking the money: what is due, one tender after the other, the change in large figures, done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Digits

from billing.tenders import Tender, TenderKind, total
from pos.cash_in_hand import quick_amounts
from pos.languages import noted
from pos.tui.desk.asked_references import AskedReferences
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_entry import TenderEntry
from pos.tui.desk.tender_words import TENDER_WORDS, given_back
from pos.tui.desk.times import money
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.rows import Row, Sheet, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Payable:
    """What is to be paid now: `due_fen` beside the deposits; `returned` is what is left of those and goes back."""

    what: str
    due_fen: int
    returned: tuple[Tender, ...] = ()


Finish = Callable[[Sequence[Tender]], Done]
"""Takes the tenders in a worker thread and says what was done."""


class PaymentScreen(Flow[Done | None]):
    """Takes tenders until everything is paid, and then has them booked, all or nothing."""

    TITLE_SENTENCE = noted("Payment")
    HELP = noted(
        "C cash, W WeChat, A Alipay, B bank card; or left and right.\n\n"
        "Type the amount, or press Enter for the amount that is still due; up and down go through likely notes. "
        "Several tenders may follow each other. What is not cash needs the number from the payment terminal.\n\n"
        "When everything is paid the change stands in large figures: give it, then press Enter. Esc takes the last "
        "tender back. Nothing is booked before that last Enter."
    )
    DEFAULT_CSS = """
    PaymentScreen #outcome { width: 100%; text-align: center; margin-top: 1; }
    PaymentScreen #figures { width: 100%; text-align: center; text-style: bold; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "finish", show=False)]

    def __init__(self, desk: DeskServices, payable: Payable, finish: Finish) -> None:
        super().__init__(desk)
        self._payable = payable
        self._finish = finish
        self._tenders: tuple[Tender, ...] = ()
        self._references = AskedReferences(self)

    def body(self) -> Iterable[Widget]:
        """Lay out what is due, what was given, and the fields."""
        yield Sheet(id="paid")
        yield Prose("", id="outcome")
        yield Digits("", id="figures")
        yield TenderEntry(self.desk)

    def on_mount(self) -> None:
        """Show what is due."""
        self.draw()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of this moment."""
        say = self.desk.say
        back = KeyHint("Esc", say("take back") if self.has_steps_back else say("back"))
        if self._rest_fen <= 0:
            return (KeyHint("⏎", say("book it, print")), back)
        return (
            KeyHint("C W A B", say("way of paying")),
            KeyHint("⏎", say("take the amount")),
            *self.more_hints(),
            back,
        )

    def more_hints(self) -> Sequence[KeyHint]:
        """Return keys that only one kind of payment has."""
        return ()

    @property
    def due_fen(self) -> int:
        """What is to be paid, whatever was paid of it."""
        return self._payable.due_fen

    @property
    def has_tenders(self) -> bool:
        """Whether something was paid."""
        return bool(self._tenders)

    @property
    def _rest_fen(self) -> int:
        return self.due_fen - total(self._tenders)

    @on(TenderEntry.Given)
    def _given(self, given: TenderEntry.Given) -> None:
        given.stop()
        tender = given.tender
        if tender.kind is not TenderKind.CASH and tender.fen > self._rest_fen:
            self.warn(
                self.desk.say(
                    "Only {rest} is due, and change is given from cash only. Charge no more.",
                    rest=money(self._rest_fen),
                )
            )
            return
        self._tenders = (*self._tenders, tender)
        self.hush()
        self.draw()

    @on(TenderEntry.Flawed)
    def _flawed(self, flawed: TenderEntry.Flawed) -> None:
        flawed.stop()
        self.lack(flawed.sentence)

    def action_finish(self) -> None:
        """Book it, once everything is paid."""
        if self._rest_fen <= 0 and not self.is_asking:
            tenders = self._tenders
            self.ask(
                self._references.before(tenders, lambda: self._finish(tenders)),
                then=self.dismiss,
                refused=self._references.refused,
            )

    def action_back(self) -> None:
        """Take the last thing back, or leave."""
        if self.is_asking:
            return
        if self.has_steps_back:
            self.take_back()
            self.hush()
            self.draw()
        else:
            self.dismiss(None)

    @property
    def has_steps_back(self) -> bool:
        """Whether Esc takes something back before it leaves."""
        return self.has_tenders

    def take_back(self) -> None:
        """Take the last tender back."""
        self._tenders = self._tenders[:-1]

    def rows_before_tenders(self) -> Sequence[Row]:
        """Return what is to be paid for."""
        return (Row(self._payable.what, money(self._payable.due_fen), Tone.SUM),)

    def draw(self) -> None:
        """Show what is due and what was given."""
        say, entry = self.desk.say, self.query_one(TenderEntry)
        rows = list(self.rows_before_tenders())
        rows += [Row(f"  {self._named(tender)}", money(-tender.fen)) for tender in self._tenders]
        self.query_one("#paid", Sheet).show(rows)
        outcome = self.query_one("#outcome", Prose)
        rest_fen = self._rest_fen
        if rest_fen > 0:
            entry.reopen()
            outcome.update(say("still due"))
            entry.offer(quick_amounts(rest_fen))
        else:
            entry.close()
            outcome.update(self._outcome(-rest_fen))
        self.query_one("#figures", Digits).update(money(rest_fen if rest_fen > 0 else self._handed_out_fen))
        entry.display = rest_fen > 0
        if rest_fen <= 0:
            self.set_focus(None)
        self.show_hints()

    def _named(self, tender: Tender) -> str:
        name = self.desk.words(TENDER_WORDS[tender.kind])
        return name if tender.reference is None else f"{name} {tender.reference}"

    @property
    def _handed_out_fen(self) -> int:
        """The cash that leaves the drawer: change, and what goes back of cash deposits."""
        return -self._rest_fen + total(one for one in self._payable.returned if one.kind is TenderKind.CASH)

    def _outcome(self, change_fen: int) -> str:
        say = self.desk.say
        returned = self._payable.returned
        if not returned:
            return say("change to give") if change_fen else say("paid exactly")
        back = say("Give back of the deposit: {returned}", returned=given_back(returned, self.desk.words))
        handed_out = say("cash to hand out")
        return f"{back}\n{handed_out}" if self._handed_out_fen else back
