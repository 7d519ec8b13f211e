"""One desk at work: the books, the person who acts, the room that is left, and the printer to wake after a commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from billing import publication
from billing.price_list import PriceList
from pos.bootstrap import VenueRecords
from pos.counter.errors import NothingNewBeginsError
from pos.receipts import ListNumbered
from pos.reserve import Reserve
from pos.slip_layout import Letterhead, SlipFacts
from records.unit_of_work import LookAhead, UnitOfWork, look_at_nothing
from staff.approvals import Approval
from staff.repository import StaffMember
from staff.roles import Operation, require


def nobody_prints() -> None:
    """Wake no printer: slips wait until a program with one comes."""


@dataclass(frozen=True, kw_only=True)
class Till:
    """What every operation of the counter works with. `wake` is called after each commit that queued a slip."""

    records: VenueRecords
    reserve: Reserve
    cashier: StaffMember
    wake: Callable[[], None] = nobody_prints

    def require(self, operation: Operation, *, amount_fen: int = 0, approval: Approval | None = None) -> None:
        """Raise unless this person may do it, alone or with the approval given.

        Raises RoleRefusedError, ApprovalNeededError or ApprovalRefusedError.
        """
        if approval is not None:
            approval.check(operation, requester=self.cashier.staff, amount_fen=amount_fen)
        require(operation, self.cashier.role, amount_fen=amount_fen, is_approved=approval is not None)

    def begin(self, *, alone: bool = False, ahead: LookAhead = look_at_nothing) -> AbstractContextManager[UnitOfWork]:
        """Begin a unit of work in this person's name; `alone` and `ahead` as in `Records.begin`."""
        return self.records.begin(actor=self.cashier.staff, alone=alone, ahead=ahead)

    def require_room(self) -> None:
        """Raise NothingNewBeginsError while the store is full (I-11)."""
        if not self.reserve.has_room():
            raise NothingNewBeginsError

    def lists(self, connection: sa.Connection, known: Mapping[int, PriceList] | None = None) -> ListNumbered:
        """Return published lists by their numbers; a slip asks for the same one again and again."""
        found = dict(known or {})

        def numbered(number: int) -> PriceList:
            if number not in found:
                found[number] = publication.load(connection, number).prices
            return found[number]

        return numbered

    def facts(self, at: datetime, *, seat: str = "") -> SlipFacts:
        """Return what slips of this till say besides their entries."""
        settings = self.records.settings
        letterhead = Letterhead(
            venue_name=settings.name,
            address=settings.address,
            complaint_phone=settings.complaint_phone,
            timezone=ZoneInfo(settings.timezone),
            is_demo=self.records.clock.is_simulated,
        )
        return SlipFacts(letterhead=letterhead, actor=self.cashier.staff, at=at, seat=seat)
