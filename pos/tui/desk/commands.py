"""What the palette offers, by its name: every action, also those that lack something now, and the desk's own.

Over a flow it offers that flow's keys: an input method may swallow letters, and Ctrl+P still reaches what they do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual import events

from pos.languages import Words, noted
from pos.tui.desk.actions import Action, Moment, titled
from pos.tui.desk.footer import KeyHint


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One line of the palette; `name` is English and stable, for those whose keyboard types no Chinese now.

    `lacks` is a sentence: what must be so before it can be done. Empty where it can be done now.
    """

    name: str
    title: str
    shown: str
    run: Callable[[], object]
    lacks: str = ""

    def fits(self, words: Sequence[str]) -> bool:
        """Tell whether every word is in the title, the name or the key."""
        text = f"{self.title} {self.name} {self.shown}".casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class DeskCommand:
    """Something of the desk itself that is no action on books; `title` is marked with `noted`.

    `app_action` is what the program does for it; empty where the screen does it.
    """

    name: str
    shown: str
    title: str
    app_action: str = ""

    def command(self, words: Words, run: Callable[[], object], *, lacks: str = "") -> Command:
        """Return its line."""
        return Command(name=self.name, title=words(self.title), shown=self.shown, run=run, lacks=lacks)


MOVE_BACK: Final = DeskCommand("move-back", "^Z", noted("Move back: take the last move back"))
DESK_COMMANDS: Final = (
    DeskCommand("filter", "F", noted("Show other seats: free, taken, all")),
    DeskCommand("search", "/", noted("Search for a seat or a name")),
    DeskCommand("lock", "F8", noted("Lock the screen"), "app.lock"),
    DeskCommand("switch-clerk", "F9", noted("Switch clerk"), "app.switch_clerk"),
    DeskCommand("theme", "", noted("Dark or light colours"), "app.next_theme"),
    DeskCommand("help", "F1", noted("Help"), "app.help"),
    DeskCommand("close", "^Q", noted("Close the desk"), "app.leave"),
)


def action_commands(actions: Sequence[Action], moment: Moment, do: Callable[[Action], object]) -> Iterator[Command]:
    """Return a line for each action, those first that can be done now."""
    words = moment.desk.words
    for action in sorted(actions, key=lambda one: not one.is_possible(moment)):
        lacks = "" if action.is_possible(moment) else words(action.needs)
        title = titled(action, words)
        yield Command(name=action.name, title=title, shown=action.shown, run=partial(do, action), lacks=lacks)


_KEYS: Final = {"⏎": "enter", "Esc": "escape", "+": "plus", "/": "slash"}


def key_commands(hints: Sequence[KeyHint], press: Callable[[events.Key], object]) -> Iterator[Command]:
    """Return a line for each hint of one key; what several keys do the arrows do too."""
    for hint in hints:
        key = _KEYS.get(hint.key) or (hint.key.lower() if _ONE_KEY.fullmatch(hint.key) else "")
        if key:
            event = events.Key(key, hint.key.lower() if len(hint.key) == 1 and hint.key.isascii() else None)
            yield Command(name=key, title=hint.does, shown=hint.key, run=partial(press, event))


_ONE_KEY: Final = re.compile(r"[A-Z]|F\d{1,2}")
