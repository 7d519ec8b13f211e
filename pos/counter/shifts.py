"""Shifts: opened with a float, read in between (X), cash moved beside sales, closed by a blind count (Z)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing import cash_moves, shifts
from billing.cash_moves import CashMove, RecordedMove
from billing.shifts import Shift, ShiftReading
from pos import shift_slips
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from pos.shift_slips import ShiftFigures
from records.repeating import repeated
from staff.approvals import Approval
from staff.roles import Operation, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftClosing:
    """A closed shift as the journal has it."""

    shift: int
    z: int
    float_fen: int
    counted_fen: int
    expected_fen: int
    difference_fen: int
    totals_fen: Mapping[str, int]
    sales_fen: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], *, float_fen: int) -> ShiftClosing:
        """Read the body of `shift.closed`; the float stands in the shift's opening."""
        return cls(
            shift=body["shift"],
            z=body["z"],
            float_fen=float_fen,
            counted_fen=body["counted_fen"],
            expected_fen=body["expected_fen"],
            difference_fen=body["difference_fen"],
            totals_fen=body["totals_fen"],
            sales_fen=body["sales_fen"],
        )


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """The shifts of one till."""

    till: Till

    @repeated
    def open(self, *, float_fen: int) -> Shift:
        """Open the shift with a float from the safe. Raises ShiftOpenError or BadCountError."""
        self.till.require(Operation.SHIFT_OPEN)
        with self.till.begin(alone=True) as work:  # Shifts of all desks are numbered without a gap.
            opened = shifts.open_shift(work, float_fen=float_fen)
            work.commit()
        return opened

    def current(self) -> Shift | None:
        """Return the open shift, if there is one."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return shifts.current(connection, till=self.till.records.till)

    @property
    def reads_blind(self) -> bool:
        """Whether this person's X tells nothing from which the drawer's content could be guessed."""
        return self.till.cashier.role is Role.CASHIER

    @repeated
    def read(self, *, request: str) -> ShiftReading:
        """Read the shift without closing it, and print the X slip. Raises NoShiftError."""
        self.till.require(Operation.SHIFT_READ)
        with self.till.begin() as work:
            reading = shifts.read(work, job_id=request)
            entry, figures = work.entries[-1], self._figures(reading, is_blind=self.reads_blind)
            slip = Slip(job_id=request, kind=SlipKind.SHIFT_READING, ref=str(reading.shift.number))
            form = shift_slips.shift_reading(entry.body, figures, self.till.facts(work.now))
            print_jobs.queue_sealed(work, entry, slip, form)
            work.commit()
        self.till.wake()
        return reading

    @repeated
    def move_cash(self, cash: CashMove, *, request: str, approval: Approval | None = None) -> CashMove:
        """Put cash into the drawer or take it out, within the role's limit or with an approval; print the slip.

        `request` is the slip's id: asked again with it, the first answer comes back. Raises NoShiftError,
        BadCountError, UnknownReasonError, DrawerShortError, ApprovalNeededError, ApprovalRefusedError.
        """
        self.till.require(Operation.CASH_MOVE, amount_fen=cash.fen, approval=approval)
        with self.till.begin() as work:
            first = requests.of_job(work.connection, request, type_="cash.moved")
            if first is not None:
                return CashMove.of_entry(first.body)
            cash_moves.move(work, cash, job_id=request, approval=approval)
            entry = work.entries[-1]
            slip = Slip(job_id=request, kind=SlipKind.CASH_MOVE, ref=str(entry.body["shift"]))
            form = shift_slips.cash_move(entry.body, self.till.facts(work.now))
            print_jobs.queue_sealed(work, entry, slip, form)
            work.commit()
        self.till.wake()
        return cash

    def cash_moves(self) -> Sequence[RecordedMove]:
        """Every movement of cash in the open shift, the oldest first; nothing without one."""
        running = self.current()
        if running is None:
            return ()
        with self.till.records.reading() as connection:
            return cash_moves.moves_of(connection, shift=running.number)

    def close(self, *, counted_fen: int, reason: str | None, request: str) -> ShiftClosing:
        """Close the shift by what was counted, and print the Z slip; what was expected is told only by the answer.

        `request` is the slip's id: asked again with it, the first answer comes back. Raises NoShiftError,
        BadCountError, UnknownReasonError, and DifferenceUnexplainedError: there is a difference; how much stays untold.
        """
        self.till.require(Operation.SHIFT_CLOSE)
        closed = self.till.reserve.finish(lambda: self._close(counted_fen, reason, request))
        self.till.wake()
        return closed

    @repeated
    def _close(self, counted_fen: int, reason: str | None, request: str) -> ShiftClosing:
        with self.till.begin(alone=True) as work:  # So are Z slips.
            first = requests.of_job(work.connection, request, type_="shift.closed")
            if first is not None:
                return ShiftClosing.of_entry(
                    first.body, float_fen=requests.float_of(work.connection, first.body["shift"])
                )
            closed = shifts.close(work, counted_fen=counted_fen, reason=reason, job_id=request)
            entry, figures = work.entries[-1], self._figures(closed.reading, is_blind=False)
            slip = Slip(job_id=request, kind=SlipKind.SHIFT_CLOSE, ref=str(closed.reading.shift.number))
            form = shift_slips.shift_close(entry.body, figures, self.till.facts(work.now))
            print_jobs.queue_sealed(work, entry, slip, form)
            work.commit()
        return ShiftClosing.of_entry(entry.body, float_fen=figures.float_fen)

    @staticmethod
    def _figures(reading: ShiftReading, *, is_blind: bool) -> ShiftFigures:
        return ShiftFigures(
            opened_at=reading.shift.opened_at,
            float_fen=reading.shift.float_fen,
            totals_fen=reading.totals.to_json(),
            sales_fen=reading.sales_fen,
            moved_fen=reading.moved_fen,
            refunds_fen=reading.refunds_fen,
            reductions_fen=reading.reductions_fen,
            is_blind=is_blind,
        )
