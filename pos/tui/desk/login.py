"""Who is at the counter: logging in, unlocking, changing the clerk. A name and a PIN, both from keys."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from pos.languages import noted
from pos.tui.desk.asking import DeskScreen
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.prose import Prose
from staff.repository import StaffMember


class Why(StrEnum):
    """Why somebody is asked for a name and a PIN."""

    START = "start"
    LOCKED = "locked"
    SWITCH = "switch"
    HAND_OVER = "hand-over"


_TITLES = {
    Why.START: noted("Log in"),
    Why.LOCKED: noted("Locked"),
    Why.SWITCH: noted("Switch clerk"),
    Why.HAND_OVER: noted("Hand over"),
}
_TEXTS = {
    Why.START: noted("Type your name and your PIN."),
    Why.LOCKED: noted("The screen is locked; nothing is lost. Type your PIN to go on, or another name."),
    Why.SWITCH: noted("Type the name and the PIN of the person who takes over. The shift goes on."),
    Why.HAND_OVER: noted("The shift is closed. Whoever takes over types name and PIN and opens the next one."),
}

_CAN_GO_BACK = frozenset({Why.SWITCH, Why.HAND_OVER})


class LoginScreen(DeskScreen[StaffMember | None]):
    """Answers with whoever has logged in; None only where Esc goes back, as somebody is at the counter already.

    Where something half-done lies beneath, it says whose it is: nobody else goes on with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("enter", "next", show=False, priority=True),
    ]
    HELP = noted(
        "Type your name, Enter, your PIN, Enter.\n\n"
        "After five wrong PINs in a row the account waits, after ten it is closed. A manager or the owner gives a new "
        "PIN with `mingjia staff reset-pin`; the owner's own is reset with the owner's key file, `--key FILE`."
    )
    DEFAULT_CSS = """
    LoginScreen { align: center middle; background: $background; }
    LoginScreen .brand { width: 100%; text-align: center; text-style: bold; color: $text-primary; margin-bottom: 1; }
    LoginScreen .lead { margin-bottom: 1; }
    """

    def __init__(self, desk: DeskServices, why: Why, *, has_unfinished: bool = False) -> None:
        super().__init__(desk)
        self._why = why
        self._has_unfinished = has_unfinished

    def compose(self) -> ComposeResult:
        """Lay out two fields in a box."""
        desk = self.desk
        with Vertical(classes="box") as box:
            box.border_title = desk.say(_TITLES[self._why])
            product = desk.say(noted("Mingjia"))
            yield Prose(f"{product} · {desk.venue.settings.name}", classes="brand")
            yield Prose(desk.say(_TEXTS[self._why]), classes="lead quiet")
            if self._has_unfinished and desk.clerk is not None:
                unfinished = noted("{name} has not finished here and can go on. Anybody else's name drops it.")
                yield Prose(desk.say(unfinished, name=desk.clerk.name), classes="lead loud")
            with Horizontal(classes="field"):
                yield Label(desk.say(noted("Name")))
                yield Input(id="name", max_length=64, value=self._known_name(), select_on_focus=True)
            with Horizontal(classes="field"):
                yield Label(desk.say(noted("PIN")))
                yield Input(id="pin", max_length=128, password=True)
            if desk.hint:
                yield Prose(desk.hint, classes="quiet")
            yield Notice()
            yield KeyLine(id="keys").add_class("-inside")

    def _known_name(self) -> str:
        clerk = self.desk.clerk
        return clerk.name if clerk is not None and self._why is Why.LOCKED else ""

    def on_mount(self) -> None:
        """Begin where something is to be typed."""
        self.set_focus(self.query_one("#pin" if self._known_name() else "#name", Input))
        self._show_hints()

    def on_descendant_focus(self) -> None:
        """Show the keys of the field that is typed in now."""
        self._show_hints()

    def _show_hints(self) -> None:
        hints = [KeyHint("⏎", self.desk.say(noted("go on")))]
        if self._is_at_pin:
            hints.append(KeyHint("Esc", self.desk.say(noted("another name"))))
        elif self._why in _CAN_GO_BACK:
            hints.append(KeyHint("Esc", self.desk.say(noted("back"))))
        if self._why is Why.START:
            hints.append(KeyHint("^Q", self.desk.say(noted("quit"))))
        self.query_one(KeyLine).show(hints)

    @property
    def _is_at_pin(self) -> bool:
        return self.focused is self.query_one("#pin", Input)

    def action_next(self) -> None:
        """Go from the name to the PIN, from the PIN on; at once, for the next key may be on its way already."""
        name, pin = self.query_one("#name", Input), self.query_one("#pin", Input)
        if self.focused is not pin:
            self.set_focus(pin)
            return
        # After the keys that the field has not taken yet.
        pin.call_later(self._check, name, pin)

    def _check(self, name: Input, pin: Input) -> None:
        given_name, given_pin = name.value, pin.value
        if not given_name.strip():
            self.set_focus(name)
        elif given_pin and not self.is_asking:
            self.query_one(Notice).wait(self.desk.say(noted("Checking the PIN …")))
            self.ask(lambda: self.desk.log_in(given_name, given_pin), then=self.dismiss, refused=self._refused)

    def _refused(self, error: Exception) -> None:
        field = self.query_one("#pin", Input)
        field.value = ""
        self.set_focus(field)
        self.refuse(error)

    def say_what_is_first(self) -> None:
        """Say what comes before a key that is for whoever is logged in."""
        can_go_back = self._why in _CAN_GO_BACK
        first = (
            noted("Type name and PIN first, or go back with Esc.") if can_go_back else noted("Type name and PIN first.")
        )
        self.warn(self.desk.say(first))

    def action_back(self) -> None:
        """Go back to the name; from there leave everything as it is, where somebody is at the counter already."""
        if self._is_at_pin and not self.is_asking:
            self.query_one("#pin", Input).value = ""
            self.set_focus(self.query_one("#name", Input))
        elif self._why in _CAN_GO_BACK:
            self.dismiss(None)
