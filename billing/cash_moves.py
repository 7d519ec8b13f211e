"""Cash put into a drawer or taken out of it beside any sale (存取现金): change money, bankings, petty cash.

A movement belongs to the till's open shift and changes what its drawer should hold; takings are not touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from billing import ledger, shifts
from billing.errors import UnknownReasonError
from billing.ledger import Posting
from billing.shift_errors import BadCountError, DrawerShortError
from billing.tables import postings
from billing.tenders import TENDER_FEN_MAX
from records.schema import journal
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval


class CashDirection(StrEnum):
    """Which way the cash goes, seen from the drawer."""

    IN = "in"
    OUT = "out"


class CashPurpose(StrEnum):
    """What the cash is for; the codes are those with which a second person approves it."""

    CHANGE_MONEY = "change-money"
    BANKED = "banked"
    PETTY_CASH = "petty-cash"


PURPOSES: Final[Mapping[CashDirection, tuple[CashPurpose, ...]]] = {
    CashDirection.IN: (CashPurpose.CHANGE_MONEY, CashPurpose.PETTY_CASH),
    CashDirection.OUT: (CashPurpose.CHANGE_MONEY, CashPurpose.BANKED, CashPurpose.PETTY_CASH),
}
"""Nothing comes back from the bank; the rest of petty cash does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CashMove:
    """Cash that is to be moved, or was."""

    direction: CashDirection
    purpose: CashPurpose
    fen: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any]) -> CashMove:
        """Read the body of `cash.moved`."""
        direction, purpose = CashDirection(body["direction"]), CashPurpose(body["purpose"])
        return cls(direction=direction, purpose=purpose, fen=body["fen"])


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedMove:
    """A movement of a shift, when it was made and by whom."""

    move: CashMove
    moved_at: datetime
    actor: str


def move(work: UnitOfWork, cash: CashMove, *, job_id: str, approval: Approval | None) -> None:
    """Write a movement of this till's drawer; the approval was checked by the caller, and the entry holds it.

    Raises NoShiftError, BadCountError, UnknownReasonError, and DrawerShortError for more than the drawer can hold by
    the books.
    """
    shift, till = shifts.require(work).number, work.records.till
    if not 0 < cash.fen <= TENDER_FEN_MAX:
        raise BadCountError(amount_fen=cash.fen)
    known = PURPOSES[cash.direction]
    if cash.purpose not in known:
        raise UnknownReasonError(reason=cash.purpose.value, known=tuple(known))
    if cash.direction is CashDirection.OUT and ledger.balance(work.connection, ledger.drawer(till)) < cash.fen:
        raise DrawerShortError(amount_fen=cash.fen)
    body = {
        "shift": shift,
        "direction": cash.direction.value,
        "purpose": cash.purpose.value,
        "fen": cash.fen,
        "job": job_id,
    }
    entry = work.entry("cash.moved", body if approval is None else {**body, "approval": approval.body()})
    fen = cash.fen if cash.direction is CashDirection.IN else -cash.fen
    other = ledger.PETTY_CASH if cash.purpose is CashPurpose.PETTY_CASH else ledger.SAFE
    amounts = [Posting(account=ledger.drawer(till), fen=fen), Posting(account=other, fen=-fen)]
    ledger.post(work, entry, amounts, shift=shift)


def moves_of(connection: sa.Connection, *, shift: int) -> list[RecordedMove]:
    """The movements of a shift, the oldest first."""
    return [
        RecordedMove(move=CashMove.of_entry(entry["body"]), moved_at=row.wall, actor=entry["actor"])
        for row in connection.execute(_OF_SHIFT, {"wanted": shift})
        for entry in (json.loads(row.entry),)
    ]


_OF_SHIFT = (
    sa.select(journal.c.wall, journal.c.entry)
    .where(
        journal.c.type == "cash.moved",
        journal.c.entry_id.in_(sa.select(postings.c.entry_id).where(postings.c.shift == sa.bindparam("wanted"))),
    )
    .order_by(journal.c.seq)
)
