"""Opening the shift: the float from the safe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.money import parse_yuan
from billing.shifts import Shift
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.number_field import NumberField
from pos.tui.widgets.prose import Prose


class OpenShiftScreen(Flow[Done | None]):
    """Opens the till's shift; after a hand-over `suggested_fen` is what was counted."""

    TITLE_SENTENCE = noted("Open the shift")
    HELP = noted(
        "Count the float that you take from the safe into the drawer, type it in yuan, Enter. 0 is an amount too. At "
        "the shift's end the drawer is counted against it."
    )

    def __init__(self, desk: DeskServices, *, suggested_fen: int | None = None) -> None:
        super().__init__(desk)
        self._suggested_fen = suggested_fen

    def body(self) -> Iterable[Widget]:
        """Lay out the one field."""
        say = self.desk.say
        yield Prose(say("No shift is open. How much is in the drawer to begin with?"), classes="lead")
        hint = "" if self._suggested_fen is None else money(self._suggested_fen)
        yield Horizontal(Label(say("Float, yuan")), NumberField(placeholder=hint, id="float"), classes="field")

    def on_mount(self) -> None:
        """Begin to type."""
        super().on_mount()
        self.set_focus(self.query_one(NumberField))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("⏎", self.desk.say("open the shift")), self.hint_back())

    async def on_key(self, event: events.Key) -> None:
        """Open it."""
        if event.key != "enter":
            return
        event.stop()
        text = self.query_one(NumberField).text.rstrip(".")
        float_fen = self._suggested_fen if not text else parse_yuan(f"0{text}")
        if float_fen is None:
            self.lack(self.desk.say("Type the float in yuan; 0 if the drawer is empty."))
        else:
            shifts = self.desk.counter.shifts
            self.ask(lambda: shifts.open(float_fen=float_fen), then=self._opened)

    def _opened(self, shift: Shift) -> None:
        sentence = self.desk.say(
            "Shift {shift} is open with {amount} yuan in the drawer.",
            shift=shift.number,
            amount=money(shift.float_fen),
        )
        self.dismiss(Done(sentence=sentence))
