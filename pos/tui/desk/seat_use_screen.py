"""A seat out of use (停用), and in use again: a broken computer is not sold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.reasons import SeatReason
from billing.seats_out_of_use import SeatOutOfUse
from pos.counter.floor import SeatNow
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import SEAT_WORDS
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.prose import Prose

_REASONS: Final = tuple(SeatReason)


class SeatUseScreen(Flow[Done | None]):
    """Takes a free seat out of use with its reason, or puts it in use again."""

    TITLE_SENTENCE = noted("Seat {seat}: in use or not")
    HELP = noted(
        "Choose the reason with left and right, Enter: from then on nobody can be seated there and nobody moved there. "
        "Enter puts it in use again. The journal holds who did it, when and why."
    )

    def __init__(self, desk: DeskServices, seat: SeatNow) -> None:
        super().__init__(desk)
        self._seat = seat

    def heading(self) -> str:
        """Name the seat."""
        return self.desk.say(self.TITLE_SENTENCE, seat=self._seat.seat.label)

    def body(self) -> Iterable[Widget]:
        """Lay out the question."""
        say, words = self.desk.say, self.desk.words
        if self._seat.closed is not None:
            why = words(SEAT_WORDS[self._seat.closed.reason])
            yield Prose(say("Out of use: {why}. Put it in use again?", why=why), classes="lead")
            return
        yield Prose(say("Nobody can be seated there until it is put in use again."), classes="lead")
        reasons = [words(SEAT_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Begin with the reason."""
        super().on_mount()
        if self._seat.closed is None:
            self.set_focus(self.query_one(Cycle))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if self._seat.closed is not None:
            return (KeyHint("⏎", say("in use again")), self.hint_back())
        return (KeyHint("◂ ▸", say("reason")), KeyHint("⏎", say("out of use")), self.hint_back())

    async def on_key(self, event: events.Key) -> None:
        """Do it."""
        if event.key != "enter" or self.is_asking:
            return
        event.stop()
        seats, label = self.desk.counter.seats, self._seat.seat.label
        if self._seat.closed is not None:
            self.ask(lambda: seats.reopen_seat(label), then=self._put_back)
            return
        number = self.query_one(Cycle).number
        if number is None:
            self.lack(self.desk.say("Choose a reason with left and right."))
        else:
            self.ask(lambda: seats.close_seat(label, _REASONS[number].value), then=self._taken_out)

    def _taken_out(self, closed: SeatOutOfUse) -> None:
        self.dismiss(Done(sentence=self.desk.say("{seat} is out of use.", seat=closed.seat)))

    def _put_back(self, seat: str) -> None:
        self.dismiss(Done(sentence=self.desk.say("{seat} is in use again.", seat=seat)))
