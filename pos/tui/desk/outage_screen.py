"""All seats paused for something that is the venue's (F7): nobody pays for a power cut (P-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.reasons import OutageReason
from billing.visit_record import Visit
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import OUTAGE_WORDS
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.prose import Prose

_REASONS: Final = tuple(OutageReason)


class OutageScreen(Flow[Done | None]):
    """Begins an outage with its reason, or ends the one that runs."""

    TITLE_SENTENCE = noted("All seats")
    HELP = noted(
        "Pauses every running visit for a reason that is the venue's: power, network, equipment, an inspection, an "
        "emergency. Paused time costs nothing and does not count against a customer's own pauses. Enter again, when "
        "it is over, lets every seat go on."
    )

    def __init__(self, desk: DeskServices, *, is_running: bool) -> None:
        super().__init__(desk)
        self._ends = is_running

    def body(self) -> Iterable[Widget]:
        """Lay out the question."""
        say = self.desk.say
        if self._ends:
            yield Prose(say("All seats are paused. Is it over?"), classes="lead")
            return
        yield Prose(say("Pause every seat? Nobody pays for this time."), classes="lead")
        reasons = [self.desk.words(OUTAGE_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Begin with the reason."""
        super().on_mount()
        if not self._ends:
            self.set_focus(self.query_one(Cycle))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if self._ends:
            return (KeyHint("⏎", say("let every seat go on")), self.hint_back())
        return (KeyHint("◂ ▸", say("reason")), KeyHint("⏎", say("pause every seat")), self.hint_back())

    async def on_key(self, event: events.Key) -> None:
        """Do it."""
        if event.key != "enter" or self.is_asking:
            return
        event.stop()
        seats = self.desk.counter.seats
        if self._ends:
            self.ask(seats.end_outage, then=self._ended)
            return
        number = self.query_one(Cycle).number
        if number is None:
            self.lack(self.desk.say("Choose a reason with left and right."))
        else:
            self.ask(lambda: seats.begin_outage(_REASONS[number].value), then=self._began)

    def _began(self, visits: Sequence[Visit]) -> None:
        self.dismiss(Done(sentence=self.desk.say("All seats are paused: {count}.", count=len(visits))))

    def _ended(self, visits: Sequence[Visit]) -> None:
        self.dismiss(Done(sentence=self.desk.say("All seats go on: {count}.", count=len(visits))))
