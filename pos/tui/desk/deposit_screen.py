"""More deposit for a running visit: it comes back in full, less posted charges (G-8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from billing.tenders import Tender
from billing.visit_bill import VisitBill
from pos.counter.deposits import DepositTaken
from pos.languages import noted
from pos.tui.desk.asked_references import AskedReferences
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_entry import TenderEntry
from pos.tui.desk.times import money
from pos.tui.widgets.rows import Row, Sheet, Tone
from records.ids import new_id

_LIKELY_FEN: Final = (2_000, 5_000, 10_000)


class DepositScreen(Flow[Done | None]):
    """Takes one deposit."""

    TITLE_SENTENCE = noted("Add to the deposit")
    HELP = noted(
        "C W A B choose the way of paying, left and right too. Type the amount, or go through likely ones with up and "
        "down; Enter takes it and prints the slip. What is not used comes back when the visit is settled, by the way "
        "it was paid."
    )

    def __init__(self, desk: DeskServices, visit_id: str) -> None:
        super().__init__(desk)
        self._visit_id = visit_id
        self._request = new_id()
        self._references = AskedReferences(self)
        self._seat = ""

    def body(self) -> Iterable[Widget]:
        """Lay out how the visit stands, and the fields."""
        yield Sheet(id="standing")
        yield Static("")
        yield TenderEntry(self.desk)

    def on_mount(self) -> None:
        """Learn how the visit stands."""
        super().on_mount()
        self.ask(lambda: self.desk.counter.seats.bill(self._visit_id), then=self._learned, question="bill")

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("C W A B", say("way of paying")), KeyHint("⏎", say("take it, print")), self.hint_back())

    def _learned(self, bill: VisitBill) -> None:
        say = self.desk.say
        self._seat = bill.visit.seat
        self.query_one("#standing", Sheet).show(
            [
                Row(self._seat, tone=Tone.HEAD),
                Row(say("So far"), money(bill.total_fen)),
                Row(say("Deposit"), money(bill.deposits_fen), Tone.SUM),
            ]
        )
        posted_fen = bill.visit.prices.deposit.guest_fen
        amounts = dict.fromkeys((posted_fen, *_LIKELY_FEN) if posted_fen else _LIKELY_FEN)
        self.query_one(TenderEntry).propose(tuple(amounts))

    @on(TenderEntry.Given)
    def _given(self, given: TenderEntry.Given) -> None:
        given.stop()
        self.hush()
        tender = given.tender
        self.ask(
            self._references.before([tender], lambda: self._take(tender)),
            then=self._taken,
            refused=self._references.refused,
        )

    def _take(self, tender: Tender) -> DepositTaken:
        return self.desk.counter.deposits.top_up(self._visit_id, tender, request=self._request)

    def _taken(self, taken: DepositTaken) -> None:
        sentence = self.desk.say(
            "{amount} yuan more deposit for {seat}, receipt {receipt}.",
            amount=money(taken.fen),
            seat=self._seat,
            receipt=taken.receipt,
        )
        self.dismiss(Done(sentence=sentence))

    @on(TenderEntry.Flawed)
    def _flawed(self, flawed: TenderEntry.Flawed) -> None:
        flawed.stop()
        self.lack(flawed.sentence)
