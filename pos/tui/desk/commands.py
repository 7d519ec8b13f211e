"""What the palette offers: everything that can be done by its name, the actions of the moment and the desk's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from pos.languages import Words, noted
from pos.tui.desk.actions import Action, Moment, possible, titled


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One line of the palette; `name` is English and stable, for those whose keyboard types no Chinese now."""

    name: str
    title: str
    shown: str
    run: Callable[[], object]

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

    def command(self, words: Words, run: Callable[[], object]) -> Command:
        """Return its line."""
        return Command(name=self.name, title=words(self.title), shown=self.shown, run=run)


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
    """Return a line for each action that can be done now."""
    for action in possible(actions, moment):
        title = titled(action, moment.desk.words)
        yield Command(name=action.name, title=title, shown=action.shown, run=partial(do, action))
