"""What every flow is laid out like: a titled box, the notice line where the eye is, the keys of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from pos.tui.desk.asking import DeskModal
from pos.tui.desk.commands import Command, key_commands
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.widgets.notice import Notice

_Result = TypeVar("_Result")


class Flow(DeskModal[_Result]):
    """A flow answers with what it did, or with None where Esc went back.

    A subclass gives its title, body and hints; it calls `show_hints` when they change. `WIDE` fills the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", show=False)]
    TITLE_SENTENCE: ClassVar[str] = ""
    WIDE: ClassVar[bool] = False
    HELP: ClassVar[str] = ""
    DEFAULT_CSS = """
    Flow .body { height: auto; max-height: 100%; }
    Flow .-wide .body { height: 1fr; }
    Flow .lead { margin-bottom: 1; }
    Flow .big { text-style: bold; text-align: center; width: 100%; height: 3; content-align: center middle; }
    Flow Notice { padding: 0; }
    """

    def compose(self) -> ComposeResult:
        """Lay the flow out."""
        with Vertical(classes="box -wide" if self.WIDE else "box") as box:
            box.border_title = self.heading()
            yield Vertical(*self.body(), classes="body")
            yield Notice()
            yield KeyLine().add_class("-inside")

    def heading(self) -> str:
        """Return the box's title."""
        return self.desk.say(self.TITLE_SENTENCE)

    def body(self) -> Iterable[Widget]:
        """Return the widgets between title and notice."""
        return ()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of this moment."""
        return (self.hint_back(),)

    def hint_back(self) -> KeyHint:
        """Return what Esc does."""
        return KeyHint("Esc", self.desk.say("back"))

    def on_mount(self) -> None:
        """Show the first keys."""
        self.set_class(self.WIDE, "-covers")
        self.show_hints()

    def show_hints(self) -> None:
        """Show the keys of this moment."""
        self.query_one(KeyLine).show(self.hints())

    def commands(self) -> Iterator[Command]:
        """Return the keys of this moment, for the palette."""
        return key_commands(self.hints(), self._press)

    def _press(self, key: events.Key) -> None:
        # A letter is a key of the flow's, also where a text is being typed.
        target = self if key.character is not None and key.character.isalpha() else self.focused or self
        target._forward_event(key)  # noqa: SLF001  # As the app hands a key on.

    def action_back(self) -> None:
        """Go one step back; nothing is done."""
        if not self.is_at_work:
            self.dismiss(None)
