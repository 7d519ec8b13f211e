"""Four eyes: a second person's name and PIN, for one operation of the clerk's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.prose import Prose
from staff.approvals import Approval, Reason
from staff.roles import Operation


class SecondPersonScreen(Flow[Approval | None]):
    """Answers with an approval that counts; nobody is let through without one."""

    TITLE_SENTENCE = noted("Second person")
    HELP = noted(
        "Somebody else types name and PIN here: a colleague for a typed document, a manager or the owner for money. "
        "The journal names both of you."
    )

    def __init__(
        self, desk: DeskServices, *, operation: Operation, reason: Reason, lead: str, amount_fen: int = 0
    ) -> None:
        super().__init__(desk)
        self._operation = operation
        self._reason = reason
        self._amount_fen = amount_fen
        self._lead = lead

    def body(self) -> Iterable[Widget]:
        """Lay out name and PIN."""
        say = self.desk.say
        yield Prose(self._lead, classes="lead")
        yield Horizontal(Label(say("Name")), Input(id="name", max_length=64, select_on_focus=True), classes="field")
        yield Horizontal(Label(say("PIN")), Input(id="pin", max_length=128, password=True), classes="field")

    def on_mount(self) -> None:
        """Begin with the name."""
        self.set_focus(self.query_one("#name", Input))

    def on_descendant_focus(self) -> None:
        """Show the keys of the field that is typed in now."""
        self.show_hints()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if self._is_at_pin:
            return (KeyHint("⏎", say("approve")), KeyHint("Esc", say("another name")))
        return (KeyHint("⏎", say("go on")), self.hint_back())

    @property
    def _is_at_pin(self) -> bool:
        return self.focused is self.query_one("#pin", Input)

    def action_back(self) -> None:
        """Go back to the name; from there leave, and nothing is approved."""
        if self._is_at_pin and not self.is_asking:
            self.query_one("#pin", Input).value = ""
            self.hush()
            self.set_focus(self.query_one("#name", Input))
        else:
            super().action_back()

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        name, pin = self.query_one("#name", Input), self.query_one("#pin", Input)
        if not name.value.strip():
            self.set_focus(name)
        elif not pin.value:
            self.set_focus(pin)
        elif not self.is_asking:
            self.query_one(Notice).wait(self.desk.say("Checking the PIN …"))
            given_name, given_pin = name.value, pin.value
            self.ask(lambda: self._approve(given_name, given_pin), then=self.dismiss, refused=self._refused)

    def _approve(self, name: str, pin: str) -> Approval:
        approver = self.desk.second_person(name, pin)
        return Approval(
            operation=self._operation,
            requester=self.desk.counter.till.cashier.staff,
            approver=approver,
            reason=self._reason,
            amount_fen=self._amount_fen,
        )

    def _refused(self, error: Exception) -> None:
        pin = self.query_one("#pin", Input)
        pin.value = ""
        self.set_focus(pin)
        self.refuse(error)
