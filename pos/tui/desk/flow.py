"""What every flow is laid out like: a titled box, the notice line where the eye is, the keys of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from pos.tui.desk.asking import DeskModal
from pos.tui.desk.commands import Command, key_commands
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.number_field import NumberField
from pos.tui.widgets.rows import PickList

_Result = TypeVar("_Result")


class Chosen(Message):
    """Something was chosen in a part of a flow that is no field of its own."""


class Flow(DeskModal[_Result]):
    """A flow answers with what it did, or with None where Esc went back.

    A subclass gives its title, body and hints; it calls `show_hints` when they change. `WIDE` fills the screen. Where
    leaving would lose what was typed (`would_be_lost`), Esc says `LOST_BY_LEAVING` and leaves only the second time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", show=False)]
    TITLE_SENTENCE: ClassVar[str] = ""
    WIDE: ClassVar[bool] = False
    HELP: ClassVar[str] = ""
    LOST_BY_LEAVING: ClassVar[str] = ""
    DEFAULT_CSS = """
    Flow .body { height: auto; max-height: 100%; }
    Flow .-wide .body { height: 1fr; }
    Flow .lead { margin-bottom: 1; }
    Flow .big { text-style: bold; text-align: center; width: 100%; height: 3; content-align: center middle; }
    Flow Notice { padding: 0; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._is_leaving = False
        self._lacking = ""

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

    def lack(self, sentence: str) -> None:
        """Say what is missing; it is taken back as soon as something is typed or chosen."""
        self._lacking = sentence
        self.warn(sentence)

    def would_be_lost(self) -> bool:
        """Whether leaving now loses what took somebody time."""
        return False

    def action_back(self) -> None:
        """Go one step back; nothing is done."""
        if self.is_at_work:
            return
        if self.would_be_lost() and not self._is_leaving:
            self._is_leaving = True
            self.warn(self.desk.words(self.LOST_BY_LEAVING))
        else:
            self.dismiss(None)

    @on(Input.Changed)
    @on(NumberField.Changed)
    def _go_on_typing(self) -> None:
        if self._is_leaving:
            self._is_leaving = False
            self.retract(self.desk.words(self.LOST_BY_LEAVING))

    @on(PickList.NonePointedAt)
    def _say_how_to_choose(self) -> None:
        if not self.query_one(Notice).sentence:
            self.lack(self.desk.say("Choose a line with up and down first."))

    @on(Input.Changed)
    @on(NumberField.Changed)
    @on(Cycle.Changed)
    @on(PickList.Moved)
    @on(Chosen)
    def _take_back_what_lacked(self) -> None:
        self.retract(self._lacking)
