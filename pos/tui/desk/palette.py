"""Ctrl+P: everything by its name, found while one types; by the words, by the key, by the English name.

What cannot be done just now is there too, quiet, and Enter says what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from pos.languages import noted
from pos.tui.desk.commands import Command
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.rows import PickList, Row, Tone


class FoundList(PickList):
    """What fits, chosen by arrows while the field keeps the focus."""

    POINTS_UNFOCUSED = True


class PaletteScreen(Flow[Command]):
    """Answers with the command that was chosen."""

    TITLE_SENTENCE = noted("Everything by its name")
    HELP = noted(
        "Type a part of a name, or a key. Up and down choose, Enter does it. What is quiet lacks something; Enter says "
        "what."
    )
    DEFAULT_CSS = """
    PaletteScreen > .box { width: 64; }
    PaletteScreen Input { margin-bottom: 1; }
    PaletteScreen PickList { height: auto; max-height: 16; }
    """

    def __init__(self, desk: DeskServices, commands: Iterable[Command]) -> None:
        super().__init__(desk)
        self._all = tuple(commands)
        self._found = self._all

    def body(self) -> Iterable[Widget]:
        """A field over a list."""
        yield Input(id="words", max_length=40)
        yield FoundList(id="found")

    def on_mount(self) -> None:
        """Show everything first."""
        super().on_mount()
        self.set_focus(self.query_one(Input))
        self._show()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._found = tuple(command for command in self._all if command.fits(words))
        self.hush()
        self._show()
        if not self._found:
            self.warn(
                self.desk.say(
                    "Nothing here is called {typed}. Try a shorter part of its name, or its key; Esc goes back.",
                    typed=event.value.strip(),
                )
            )

    def _show(self) -> None:
        found = self.query_one(PickList)
        found.show([Row(one.title, one.shown, Tone.QUIET if one.lacks else Tone.PLAIN) for one in self._found])
        found.point(0 if self._found else None)

    def on_key(self, event: events.Key) -> None:
        """Move over the list while the field keeps the focus."""
        if event.key in {"up", "down", "pageup", "pagedown"}:
            event.stop()
            found = self.query_one(PickList)
            found.move({"up": -1, "down": 1, "pageup": -10, "pagedown": 10}[event.key])

    @on(Input.Submitted)
    def _entered(self) -> None:
        at = self.query_one(PickList).cursor
        if at is not None and self._found:
            self._choose(self._found[at])

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        self._choose(self._found[event.number])

    def _choose(self, command: Command) -> None:
        if command.lacks:
            self.warn(command.lacks)
        else:
            self.dismiss(command)

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("↑↓", say(noted("choose"))), KeyHint("⏎", say(noted("do it"))), self.hint_back())
