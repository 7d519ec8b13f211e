"""Taking something off: how much, why; above the clerk's bound with a second person (G-2)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.money import parse_yuan
from billing.reasons import ReductionReason
from pos.counter.approving import second_reason
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import REDUCTION_NAMES
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import NumberField
from staff.approvals import Approval
from staff.errors import ApprovalNeededError
from staff.roles import Operation

_REASONS: Final = tuple(ReductionReason)
_Answer = TypeVar("_Answer")


class ReductionForm(Flow[_Answer]):
    """Asks for an amount and a reason; what is then done with them is the subclass's."""

    def body(self) -> Iterable[Widget]:
        """Lay out the two fields."""
        say, words = self.desk.say, self.desk.words
        yield Horizontal(Label(say(noted("Amount, yuan"))), NumberField(id="amount"), classes="field")
        reasons = [words(REDUCTION_NAMES[reason]) for reason in _REASONS]
        yield Horizontal(Label(say(noted("Reason"))), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Begin with the amount."""
        super().on_mount()
        self.set_focus(self.query_one(NumberField))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (
            KeyHint("⏎", say(noted("next, take off"))),
            KeyHint("◂ ▸", say(noted("reason"))),
            *self.more_hints(),
            self.hint_back(),
        )

    def more_hints(self) -> Sequence[KeyHint]:
        """Return keys that only one of the forms has."""
        return ()

    async def on_key(self, event: events.Key) -> None:
        """Enter goes from field to field, and from the last one to the books."""
        if event.key != "enter" or self.is_asking:
            return
        event.stop()
        reason = self.query_one(Cycle)
        if self.focused is not reason:
            self.set_focus(reason)
        elif reason.number is None:
            self.lack(self.desk.say(noted("Choose a reason with left and right.")))
        else:
            self._give(_REASONS[reason.number], None)

    def _fen(self) -> int:
        text = self.query_one(NumberField).text.rstrip(".")
        return parse_yuan(f"0{text}") if text else 0

    def _give(self, reason: ReductionReason, approval: Approval | None) -> None:
        fen = self._fen()
        if not fen:
            self.lack(self.desk.say(noted("Type the amount.")))
            self.set_focus(self.query_one(NumberField))
            return
        self.hush()
        self.take_off(fen, reason, approval)

    @abstractmethod
    def take_off(self, fen: int, reason: ReductionReason, approval: Approval | None) -> None:
        """Take it off; a refusal is handed to `refused`."""

    def refused(self, error: Exception, fen: int, reason: ReductionReason) -> None:
        """Have a second person asked where that is what lacks; else say what went wrong."""
        if not isinstance(error, ApprovalNeededError):
            self.refuse(error)
            return
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.REDUCTION_GIVE,
            reason=second_reason(reason.value),
            lead=self.desk.say(noted("Taking off {amount} yuan needs a manager or the owner."), amount=money(fen)),
            amount_fen=fen,
        )
        self.app.push_screen(screen, lambda approval: self._approved(reason, approval))

    def _approved(self, reason: ReductionReason, approval: Approval | None) -> None:
        if approval is not None:
            self._give(reason, approval)
