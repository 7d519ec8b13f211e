"""Choosing one of a few things: by arrows and Enter, or by the number before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.widget import Widget
from textual.widgets import Static

from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.rows import PickList, Row


class ChoiceScreen(Flow[int | None]):
    """Answers with the place of what was chosen. The choices are the same each time, so their numbers never move."""

    def __init__(self, desk: DeskServices, *, title: str, lead: str, choices: Sequence[Row]) -> None:
        super().__init__(desk)
        self._title = title
        self._lead = lead
        self._choices = tuple(choices)

    def heading(self) -> str:
        """Return the box's title."""
        return self._title

    def body(self) -> Iterable[Widget]:
        """Lay out the choices."""
        if self._lead:
            yield Static(self._lead, classes="lead", markup=False)
        yield PickList(id="choices")

    def on_mount(self) -> None:
        """Show the choices."""
        choices = self.query_one(PickList)
        numbered = enumerate(self._choices, start=1)
        choices.show([Row(f"{number}  {row.text}", row.amount, row.tone) for number, row in numbered])
        self.set_focus(choices)

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("↑↓ ⏎", self.desk.say("choose")), self.hint_back())

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        self.dismiss(picked.number)

    async def on_key(self, event: events.Key) -> None:
        """Choose by number."""
        if event.key.isdecimal() and 0 < int(event.key) <= len(self._choices):
            event.stop()
            self.dismiss(int(event.key) - 1)
