"""What is done at the desk: actions and commands open flows, and what a flow did is said and looked for in the books.

A move of a customer may be taken back as long as nothing else was done.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from textual.screen import Screen

from billing.visit_bill import VisitBill
from pos.counter.check_in import Admission
from pos.counter.floor import Floor
from pos.languages import noted
from pos.tui.desk.actions import Action, Moment, find
from pos.tui.desk.card_desk import CardDesk
from pos.tui.desk.catalogue import ACTIONS, OPEN_SHIFT
from pos.tui.desk.commands import DESK_COMMANDS, MOVE_BACK, Command, action_commands
from pos.tui.desk.customer import NOBODY, NOBODY_YET
from pos.tui.desk.services import DeskServices, Done

_NO_MOVE: Final = noted("There is no move to take back: something else was done since.")


class ActionDesk(CardDesk):
    """A screen with a floor from which everything is done."""

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._actions = (*ACTIONS, *desk.more_actions)
        self._moved: str | None = None
        self._said_of_seat = ""

    @abstractmethod
    def _bring_into_view(self, seat: str) -> None:
        """Have another seat in view."""

    @abstractmethod
    def _own_commands(self) -> dict[str, Callable[[], object]]:
        """What the screen does by the names of `DESK_COMMANDS`, beside what the program does."""

    @property
    def moment(self) -> Moment:
        """What the desk looks like now."""
        floor = self._view.floor
        return Moment(
            desk=self.desk,
            seat=self.seat_in_view,
            admission=self._view.customer.admission,
            has_shift=floor is not None and floor.shift is not None,
            has_outage=floor is not None and floor.has_outage,
        )

    # Actions.

    def do(self, action: Action) -> None:
        """Open an action's screen."""
        self.hush()
        flow: Screen[Any] = action.open(self.moment)
        self.app.push_screen(flow, self._over)

    def do_natural(self) -> None:
        """Do what Enter means for the seat in view, or say why it means nothing."""
        action = find(self._actions, "enter", self.moment)
        if action is None:
            self._say_why_nothing()
        else:
            self.do(action)

    def _say_why_nothing(self) -> None:
        if self.moment.is_out_of_use:
            self._say_of_seat(self.desk.say(noted("This seat is out of use. X puts it in use again.")))
        elif self.moment.is_free and not self.moment.has_shift:
            self._say_of_seat(self.desk.words(OPEN_SHIFT))
        elif self.moment.is_free:
            self._say_of_seat(self.desk.say(NOBODY_YET[self.desk.reader.state]))

    def _say_of_seat(self, sentence: str) -> None:
        """Say something that is true until another seat is in view."""
        self._said_of_seat = sentence
        self.warn(sentence)

    def _retract_said_of_seat(self) -> None:
        self.retract(self._said_of_seat)
        self._said_of_seat = ""

    def _sell_scanned(self, code: str) -> None:
        from pos.tui.desk.sale_screen import SaleScreen

        self.hush()
        self.app.push_screen(SaleScreen(self.desk, scanned=code), self._over)

    def _over(self, answer: Done | Admission | None) -> None:
        if isinstance(answer, Admission):
            self.admit(answer)
        elif answer is not None:
            if answer.seated:
                self._view = replace(self._view, customer=NOBODY)
            self._moved = answer.moved
            if answer.goes_to is not None:
                self._bring_into_view(answer.goes_to)
            self.tell(answer.sentence)
            # A look that is under way may have begun before this was done.
            self._looks_owed = 2 if "floor" in self._asked else 1
            self.look()

    def _lost(self, error: Exception) -> None:
        super()._lost(error)
        self._look_paid()

    def _read(self, floor: Floor) -> None:
        super()._read(floor)
        self._look_paid()

    def _look_paid(self) -> None:
        """Look once more where that is owed; after the last look the keys count that waited for it."""
        if not self._looks_owed:
            return
        self._looks_owed -= 1
        if self._looks_owed:
            self.look()
            return
        self._catch_up()

    # Taking a move back.

    def _move_back(self) -> None:
        """Take the move back that was the last thing done here."""
        visit_id, self._moved = self._moved, None
        if visit_id is None:
            self.warn(self.desk.say(_NO_MOVE))
            return
        seats = self.desk.counter.seats
        self.ask(lambda: seats.move_back(visit_id), then=self._moved_back)

    def _moved_back(self, bill: VisitBill) -> None:
        seat = bill.visit.seat
        self._over(Done(sentence=self.desk.say(noted("Moved back to {seat}."), seat=seat), goes_to=seat))

    # The palette.

    def commands(self) -> Iterator[Command]:
        """Return everything that is done from here, for the palette."""
        app, own = self.app, self._own_commands()
        yield from action_commands(self._actions, self.moment, self.do)
        lacks = "" if self._moved is not None else self.desk.say(_NO_MOVE)
        yield MOVE_BACK.command(self.desk.words, self._move_back, lacks=lacks)
        for one in DESK_COMMANDS:
            yield one.command(self.desk.words, own.get(one.name) or partial(app.run_action, one.app_action))

    # Whoever comes next.

    def welcome(self) -> None:
        """Go on with whoever is at the counter now."""
        self._view = replace(self._view, customer=NOBODY)
        self.look()
        self._render_all()
