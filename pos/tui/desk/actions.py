"""The one table of what can be done at the desk: keys, footer and command palette are made from it.

An action belongs to the seat in view, or to the desk. It is offered exactly while it can be done; a screen that it
opens gets its facts from the moment in which the key was pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual.screen import ModalScreen

from pos.counter.check_in import Admission
from pos.counter.floor import SeatNow
from pos.languages import Words
from pos.tui.desk.services import DeskServices, Done


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What the desk looks like when a key is pressed. `seat` is the one in view."""

    desk: DeskServices
    seat: SeatNow | None
    admission: Admission | None
    has_shift: bool
    has_outage: bool

    @property
    def visit_id(self) -> str:
        """The visit on the seat in view; asked only where there is one."""
        assert self.seat is not None
        assert self.seat.visit is not None
        return self.seat.visit.visit_id

    @property
    def is_free(self) -> bool:
        """Whether the seat in view is free, and in use."""
        return self.seat is not None and self.seat.visit is None and self.seat.closed is None

    @property
    def is_out_of_use(self) -> bool:
        """Whether nobody may sit on the seat in view."""
        return self.seat is not None and self.seat.closed is not None

    @property
    def is_taken(self) -> bool:
        """Whether somebody's unsettled visit is on the seat in view."""
        return self.seat is not None and self.seat.visit is not None

    @property
    def is_running(self) -> bool:
        """Whether that visit has not ended by itself."""
        return self.seat is not None and self.seat.visit is not None and not self.seat.visit.has_ended


AnyFlow = ModalScreen[Done | None] | ModalScreen[Admission | None]
"""A flow that did something says so; a document that was typed in and found good is a customer at the counter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One thing that can be done. `key` is Textual's name for the key (`m`, `f2`, `enter`), `shown` the footer's.

    `title` is a sentence for the palette, `short` a word or two for the footer, `needs` what to do first where it
    cannot be done; all are marked with `noted`.
    """

    name: str
    key: str
    shown: str
    title: str
    short: str
    is_possible: Callable[[Moment], bool]
    open: Callable[[Moment], AnyFlow]
    needs: str = ""


def possible(actions: Sequence[Action], moment: Moment) -> Iterator[Action]:
    """Return what can be done in a moment, in the table's order."""
    return (action for action in actions if action.is_possible(moment))


def find(actions: Sequence[Action], key: str, moment: Moment) -> Action | None:
    """Find what a key does in a moment; letters count in either case."""
    return next((action for action in possible(actions, moment) if action.key == key.lower()), None)


def needed(actions: Sequence[Action], key: str) -> str:
    """Tell what to do before a key does anything, for a key that does nothing in this moment; empty for no key."""
    return next((action.needs for action in actions if action.key == key.lower() and action.needs), "")


def titled(action: Action, words: Words) -> str:
    """Return the action's name in the reader's language."""
    return words(action.title)
