"""Whoever comes to the counter: a card on the reader becomes a customer or a refusal, and keys wait for its check."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from functools import partial

from textual import events

from hardware.errors import HardwareError
from hardware.id_readers.reader import DocumentRead
from pos.counter.check_in import Admission
from pos.counter.errors import IdRefusedError
from pos.tui.desk.customer import NOBODY, Customer, Stage
from pos.tui.desk.floor_watch import FloorWatch
from pos.tui.desk.reader_service import ReaderReport
from pos.tui.desk.services import DeskServices


class CardDesk(FloorWatch):
    """A screen with a floor and somebody in front of it.

    `_looks_owed` are looks at the floor that must come before what was just done is seen; keys that depend on it wait.
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._looks_owed = 0
        self._held_keys: list[events.Key] = []

    @property
    @abstractmethod
    def is_in_front(self) -> bool:
        """Whether nothing lies over this screen."""

    @abstractmethod
    def on_key(self, event: events.Key) -> None:
        """Do what the key means now."""

    @abstractmethod
    def _render_clock(self) -> None:
        """Show the header anew."""

    @abstractmethod
    def _render_customer(self) -> None:
        """Show whoever stands at the counter anew."""

    def take_report(self, report: ReaderReport) -> None:
        """Take what the reader tells; nothing that is being typed is disturbed."""
        if report.read is not None:
            self._check(report.read)
        elif report.trouble is not None:
            self._say_unread(report.trouble)
        self._render_clock()
        self._render_customer()

    def _say_unread(self, trouble: HardwareError) -> None:
        if self._view.customer.stage is Stage.NOBODY:
            self.warn(self.desk.sentence(trouble))

    def _check(self, read: DocumentRead) -> None:
        self._view = replace(self._view, customer=Customer(stage=Stage.CHECKING))
        check_in = self.desk.counter.check_in
        self.ask(partial(check_in.card, read), then=self.admit, refused=self._turn_away, question="card")

    def admit(self, admission: Admission) -> None:
        """Have somebody at the counter whose document was found good."""
        self._view = replace(self._view, customer=Customer(stage=Stage.ADMITTED, admission=admission))
        self.hush()
        self._render_all()
        self._catch_up()

    def _turn_away(self, error: Exception) -> None:
        self._held_keys = []  # No key goes past a refusal.
        self._view = replace(self._view, customer=Customer(stage=Stage.REFUSED, said=self.desk.sentence(error)))
        self._render_all()
        # While something else is being done the refusal waits in its panel.
        if isinstance(error, IdRefusedError) and self.is_in_front:
            from pos.tui.desk.refusal_screen import RefusalScreen

            self.app.push_screen(RefusalScreen(self.desk, error), self._refusal_read)

    def _refusal_read(self, answer: None) -> None:
        del answer  # There is nothing to answer to a refusal.
        self._view = replace(self._view, customer=NOBODY)
        self._render_all()

    # Keys that wait.

    @property
    def _is_behind(self) -> bool:
        """Whether something was done, or a card laid down, that is not seen here yet: keys are meant for it."""
        return self._looks_owed > 0 or self._view.customer.stage is Stage.CHECKING

    def _catch_up(self) -> None:
        """Let the keys count that waited."""
        if self._is_behind:
            return
        held, self._held_keys = self._held_keys, []
        for event in held:
            self.on_key(event)
