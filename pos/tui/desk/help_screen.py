"""F1: what a screen is for and which keys count there, in the reader's words."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll

from pos.languages import noted
from pos.tui.desk.asking import DeskModal
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.prose import Prose

_BOX_PERCENT: Final = 96
"""How much of the window a box may take (desk.tcss)."""
_LINES_AROUND: Final = 7
"""Frame, padding, and the keys with a line above them."""
_LEAST_LINES: Final = 3


class HelpScreen(DeskModal[None]):
    """One screen's help; any of the keys that go back goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,f1", "back", show=False)]
    DEFAULT_CSS = """
    HelpScreen VerticalScroll { height: auto; }
    """

    def __init__(self, desk: DeskServices, text: str) -> None:
        super().__init__(desk)
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay the text out in a box that scrolls where it must."""
        with Vertical(classes="box") as box:
            box.border_title = self.desk.say(noted("Help"))
            with VerticalScroll():
                yield Prose(self._text)
            yield Notice()
            yield KeyLine().add_class("-inside")

    def on_resize(self, event: events.Resize) -> None:
        """Let a long text scroll above the keys, where the window is low."""
        self.query_one(VerticalScroll).styles.max_height = max(
            event.size.height * _BOX_PERCENT // 100 - _LINES_AROUND, _LEAST_LINES
        )

    def on_mount(self) -> None:
        """Say how to go back."""
        self.set_focus(self.query_one(VerticalScroll))
        say = self.desk.say
        self.query_one(KeyLine).show([KeyHint("↑↓", say(noted("read on"))), KeyHint("Esc", say(noted("back")))])

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
