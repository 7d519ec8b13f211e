"""Cash in, cash out, a drop into the safe: which way, what for, how much; above the limit with a second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.cash_moves import PURPOSES, CashDirection, CashMove, CashPurpose
from billing.money import parse_yuan
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import with_slip_state
from pos.tui.desk.reason_words import PURPOSE_WORDS
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import NumberField
from records.ids import new_id
from staff.approvals import Approval, Reason
from staff.errors import ApprovalNeededError
from staff.roles import Operation

_DIRECTIONS: Final = tuple(CashDirection)
_DIRECTION_WORDS: Final = {
    CashDirection.IN: noted("into the drawer"),
    CashDirection.OUT: noted("out of the drawer"),
}


class CashMoveScreen(Flow[Done | None]):
    """Moves cash beside any sale; the slip is signed by both."""

    TITLE_SENTENCE = noted("Cash in, out, drop")
    HELP = noted(
        "Choose with left and right which way the cash goes and what for, type the amount, Enter. Change money and "
        "drops go to and from the safe, petty cash is an expense. A cashier needs a manager or the owner for it; a "
        "slip with room for both signatures prints. The drawer's expected sum follows."
    )

    def __init__(
        self, desk: DeskServices, *, direction: CashDirection | None = None, purpose: CashPurpose | None = None
    ) -> None:
        super().__init__(desk)
        self._direction = direction
        self._purpose = purpose
        self._request = new_id()

    def body(self) -> Iterable[Widget]:
        """Lay out the three fields."""
        say, words = self.desk.say, self.desk.words
        ways = [words(_DIRECTION_WORDS[direction]) for direction in _DIRECTIONS]
        yield Horizontal(Label(say("Which way")), Cycle(ways, id="direction"), classes="field")
        yield Horizontal(Label(say("What for")), Cycle((), id="purpose"), classes="field")
        yield Horizontal(Label(say("Amount, yuan")), NumberField(id="amount"), classes="field")

    def on_mount(self) -> None:
        """Begin with what is not known yet."""
        super().on_mount()
        direction, purpose = self.query_one("#direction", Cycle), self.query_one("#purpose", Cycle)
        if self._direction is not None:
            direction.choose(_DIRECTIONS.index(self._direction))
            self._offer_purposes(self._direction)
            if self._purpose is not None:
                purpose.choose(PURPOSES[self._direction].index(self._purpose))
        first: Widget = direction if self._direction is None else purpose
        self.set_focus(self.query_one("#amount") if self._purpose is not None else first)

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("⏎", say("next, book it")), KeyHint("◂ ▸", say("choose")), self.hint_back())

    @on(Cycle.Changed, "#direction")
    def _turned(self, changed: Cycle.Changed) -> None:
        changed.stop()
        direction = _DIRECTIONS[changed.number]
        if direction is not self._direction:
            self._direction = direction
            self._offer_purposes(direction)

    def _offer_purposes(self, direction: CashDirection) -> None:
        words = self.desk.words
        self.query_one("#purpose", Cycle).offer([words(PURPOSE_WORDS[one]) for one in PURPOSES[direction]])

    async def on_key(self, event: events.Key) -> None:
        """Enter goes from field to field, and from the last one to the books."""
        if event.key in {"up", "down"}:
            event.stop()
            (self.focus_previous if event.key == "up" else self.focus_next)()
        elif event.key == "enter":
            event.stop()
            if self.query_one("#amount", NumberField).has_focus:
                self._complete(None)
            else:
                self.focus_next()

    def _complete(self, approval: Approval | None) -> None:
        say, purpose = self.desk.say, self.query_one("#purpose", Cycle)
        if self._direction is None or purpose.number is None:
            self.lack(say("Choose with left and right which way the cash goes and what for."))
            self.set_focus(self.query_one("#direction" if self._direction is None else "#purpose", Cycle))
            return
        fen = self._fen()
        if not fen:
            self.lack(say("Type the amount."))
            return
        cash = CashMove(direction=self._direction, purpose=PURPOSES[self._direction][purpose.number], fen=fen)
        shifts, request = self.desk.counter.shifts, self._request
        self.hush()

        def move() -> CashMove:
            return shifts.move_cash(cash, request=request, approval=approval)

        self.ask(move, then=self._moved, refused=lambda error: self._refused(error, cash))

    def _fen(self) -> int:
        text = self.query_one("#amount", NumberField).text.rstrip(".")
        return parse_yuan(f"0{text}") if text else 0

    def _moved(self, cash: CashMove) -> None:
        way = self.desk.words(_DIRECTION_WORDS[cash.direction])
        purpose = self.desk.words(PURPOSE_WORDS[cash.purpose])
        sentence = self.desk.say("{amount} yuan {way} ({purpose}).", amount=money(cash.fen), way=way, purpose=purpose)
        self.dismiss(Done(sentence=with_slip_state(sentence, self.desk)))

    def _refused(self, error: Exception, cash: CashMove) -> None:
        if not isinstance(error, ApprovalNeededError):
            self.refuse(error)
            return
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.CASH_MOVE,
            reason=Reason(cash.purpose.value),
            lead=self.desk.say("Moving {amount} yuan needs a manager or the owner.", amount=money(cash.fen)),
            amount_fen=cash.fen,
        )
        self.app.push_screen(screen, self._approved)

    def _approved(self, approval: Approval | None) -> None:
        if approval is not None:
            self._complete(approval)
