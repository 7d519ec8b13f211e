"""Ending the program: one question, for a key pressed by mistake at three in the morning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.widgets.prose import Prose


class LeaveScreen(Flow[bool]):
    """Answers whether the program ends."""

    TITLE_SENTENCE = noted("Close the desk")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", show=False)]
    HELP = noted("Closing the desk ends no visit and no shift. Time runs on, and slips that wait print next time.")

    def body(self) -> Iterable[Widget]:
        """Say what goes on without the program."""
        yield Prose(self.desk.say(self.HELP))

    def hints(self) -> Sequence[KeyHint]:
        """Enter or Esc."""
        return (KeyHint("⏎", self.desk.say(noted("close the desk"))), self.hint_back())

    def action_leave(self) -> None:
        """End it."""
        self.dismiss(True)
