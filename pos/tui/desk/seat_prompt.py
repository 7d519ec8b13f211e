"""Asking for a seat by its label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices


class SeatPrompt(Flow[str | None]):
    """Answers with what was typed, in capitals; whether there is such a seat is the asker's question."""

    def __init__(self, desk: DeskServices, *, title: str) -> None:
        super().__init__(desk)
        self._title = title

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

    @on(Input.Submitted)
    def _given(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        if submitted.value.strip():
            self.dismiss(submitted.value.strip().upper())
