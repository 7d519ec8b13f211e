"""What every screen of the desk is given: the open venue, the person at the counter, the devices, the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pos.bootstrap import Venue
from pos.counter.counter import Counter, counter_at
from pos.languages import Language, Words
from pos.tui.desk.house_news import HouseNews
from pos.tui.desk.printer_service import PrinterService
from pos.tui.desk.reader_service import ReaderService
from pos.tui.desk.sentences import AT_THE_DESK
from pos.wording import sentence_of
from records.clock import Reading
from staff import accounts
from staff.approvals import Signatory
from staff.repository import StaffMember

if TYPE_CHECKING:
    from pos.tui.desk.actions import Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """The answer of a flow that did what it is for; the main screen says the sentence for three seconds.

    `seated` says that whoever stood at the counter has a seat now; `moved` is the visit that was moved: it may be
    moved back as long as nothing else was done. `goes_to` is the seat that is looked at now.
    """

    sentence: str
    seated: bool = False
    moved: str | None = None
    goes_to: str | None = None


@dataclass(kw_only=True)
class DeskServices:
    """The desk behind its screens. Operations may be called from worker threads; the clerk changes in handlers only.

    `masks` are the masked names of those whom this desk seated while it runs, by visit: nothing else here could name
    them, for what was sealed is not opened at a counter (I-8). `more_actions` come after the desk's own, and `hint`
    stands on the login screen: a demo has both.
    """

    venue: Venue
    language: Language
    words: Words
    printer: PrinterService
    reader: ReaderService
    news: HouseNews
    more_actions: tuple[Action, ...] = ()
    hint: str = ""
    masks: dict[str, str] = field(default_factory=dict, repr=False)
    _counter: Counter | None = None

    @property
    def counter(self) -> Counter:
        """The operations of the person at the counter; nobody there is a caller's bug."""
        assert self._counter is not None, "no operation is offered before somebody has logged in"
        return self._counter

    @property
    def clerk(self) -> StaffMember | None:
        """Whoever is at the counter."""
        return None if self._counter is None else self._counter.till.cashier

    @property
    def seat_labels(self) -> tuple[str, ...]:
        """The venue's seats as they are called, in the order of its settings."""
        return tuple(self.venue.settings.seats())

    def log_in(self, name: str, pin: str) -> StaffMember:
        """Check a name and a PIN; slow on purpose. Raises what `staff.accounts.log_in` raises."""
        return accounts.log_in(self.venue.records, name=name, pin=pin, pad=self.venue.pin_pad)

    def second_person(self, name: str, pin: str) -> Signatory:
        """Check the PIN of somebody who approves; as `log_in`."""
        member = self.log_in(name, pin)
        return Signatory(staff=member.staff, role=member.role)

    def take_place(self, member: StaffMember) -> None:
        """Put somebody who has logged in behind the counter."""
        self._counter = counter_at(self.venue, member, wake=self.printer.wake)

    def leave(self) -> None:
        """Leave the counter without anybody."""
        self._counter = None

    def say(self, sentence: str, /, **facts: object) -> str:
        """Put a sentence into the reader's language and fill in its braces. pybabel knows this name."""
        return self.words(sentence).format(**facts)

    def sentence(self, error: Exception) -> str:
        """Say what happened and what to do next."""
        timezone = self.venue.settings.days.timezone
        return sentence_of(error, self.words, timezone=timezone, instead=AT_THE_DESK)

    def now(self) -> datetime:
        """Return the venue's time, to the second."""
        return self.venue.records.clock.read().second

    def clocks(self) -> Reading:
        """Look at the computer's clocks once."""
        return self.venue.records.clock.read()

    def local(self, at: datetime) -> datetime:
        """Return an instant in the venue's time zone."""
        return at.astimezone(self.venue.settings.days.timezone)
