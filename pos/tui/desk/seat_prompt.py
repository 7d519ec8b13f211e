"""Asking for a seat by its label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.seat_typing import seat_typed
from pos.tui.desk.services import DeskServices


class SeatPrompt(Flow[str | None]):
    """Answers with the label of the seat that was typed; its block is that of `beside` where only a number was."""

    HELP = noted("Type the seat as on the map: 7, or b12. Enter goes on.")

    def __init__(self, desk: DeskServices, *, title: str, beside: str) -> None:
        super().__init__(desk)
        self._title = title
        self._beside = beside

    def heading(self) -> str:
        """Return the box's title."""
        return self._title

    def body(self) -> Iterable[Widget]:
        """Lay out the field."""
        return (Horizontal(Label(self.desk.say("Seat")), Input(id="seat", max_length=16), classes="field"),)

    def on_mount(self) -> None:
        """Begin to type."""
        super().on_mount()
        self.set_focus(self.query_one(Input))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("⏎", self.desk.say("go on")), self.hint_back())

    @on(Input.Changed)
    def _changed(self) -> None:
        self.hush()

    @on(Input.Submitted)
    def _given(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        typed = submitted.value.strip()
        if not typed:
            return
        seat = seat_typed(typed, self.desk.seat_labels, beside=self._beside)
        if seat is None:
            self.warn(self.desk.say(noted("There is no seat {typed}."), typed=typed.upper()))
        else:
            self.dismiss(seat)
