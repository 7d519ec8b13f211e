"""F1: what a screen is for and which keys count there, in the reader's words."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from pos.languages import noted
from pos.tui.desk.asking import DeskModal
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.notice import Notice


class HelpScreen(DeskModal[None]):
    """One screen's help; any of the keys that go back goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,f1", "back", show=False)]
    DEFAULT_CSS = """
    HelpScreen VerticalScroll { height: auto; max-height: 100%; }
    """

    def __init__(self, desk: DeskServices, text: str) -> None:
        super().__init__(desk)
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay the text out in a box that scrolls where it must."""
        with Vertical(classes="box") as box:
            box.border_title = self.desk.say(noted("Help"))
            with VerticalScroll():
                yield Static(self._text, markup=False)
            yield Notice()
            yield KeyLine().add_class("-inside")

    def on_mount(self) -> None:
        """Say how to go back."""
        self.set_focus(self.query_one(VerticalScroll))
        self.query_one(KeyLine).show([KeyHint("Esc", self.desk.say(noted("back")))])

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
