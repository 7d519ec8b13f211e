"""The one door through which anything changes.

A unit of work is one transaction: facts first, and entries and slips laid out with blanks; then the journal's head is
taken and, under its lock, the blanks are filled in: numbers, root and signature, in memory; then the rows that carry
them are written (receipt, print job), the entries last; commit. Every desk waits for the head, so what needs no number
is done before it is held. Leaving without `commit` leaves no trace. Where several desks work, a unit may be overtaken
before its commit: whoever begins one is `records.repeating.repeated`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from records import database, desk_clocks, head
from records.clock import BusinessDays, Clock, Reading
from records.errors import (
    OutcomeUnknownError,
    OvertakenError,
    RefusedByGuardError,
    StoreLockedError,
    StoreLostError,
)
from records.ids import new_entry_id
from records.journal import Appending, Draft, Entry, Stamp, Totals, ask_for_tail, clock_entries, read_tail
from records.notes import HeadSigner, SignedHead
from records.repeating import Patience
from records.schema import Kind, checkpoints, entry_marks, journal, kind_of
from records.statements import Prepared, PreparedInsert

SYSTEM: Final = "system"
"""The actor of what no person did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """What is known once the entries have their bytes: the signed head that covers them."""

    head: SignedHead
    last_seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Committed:
    """What a commit made: numbers of its entries in order, and the signed head if one was asked for."""

    seqs: tuple[int, ...]
    head: SignedHead | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Numbering:
    entry: Entry
    key: str
    column: sa.Column[Any]


LookAhead = Callable[[sa.Connection], None]
"""Puts the first questions of a unit of work ahead (`Prepared.ahead`)."""


def look_at_nothing(_connection: sa.Connection) -> None:
    """Put no question ahead."""


@dataclass(kw_only=True)
class Records:
    """The open books of one venue: its database, its clock, the keys that sign its heads."""

    engine: sa.Engine
    clock: Clock
    signer: HeadSigner
    till: str
    venue_code: str
    days: BusinessDays

    @contextmanager
    def begin(
        self, *, actor: str = SYSTEM, alone: bool = False, ahead: LookAhead = look_at_nothing
    ) -> Iterator[UnitOfWork]:
        """Begin a unit of work for a staff number or `SYSTEM`; it must be committed to leave a trace.

        `alone`: it changes what other desks go by (prices, settings, outages) or counts over several visits; nobody's
        commit comes between its beginning and its own. `ahead` lets the first questions travel with the beginning;
        they are answered behind the desk's turn. Raises StoreBusyError, StoreFullError,
        OvertakenError, StoreLostError or DamagedError; then nothing was written.
        """
        with database.writing(self.engine) as connection:
            desk_clocks.ask_to_hold(connection, self.till)
            ahead(connection)
            turn = desk_clocks.hold(connection, self.till)
            last, epoch = turn.reading, turn.epoch
            if alone and epoch is not None:
                epoch = head.hold(connection)
            # Read under the desk's lock, so that time and sequence agree between its programs.
            work = UnitOfWork(
                records=self,
                connection=connection,
                actor=actor,
                reading=self.clock.read(),
                _last_reading=last,
                _epoch=epoch,
                _is_alone=alone,
            )
            try:
                with database.translated():
                    yield work
            except RefusedByGuardError as error:
                # What this unit read may hold no more since another one stood alone; the guards were the first to see.
                if epoch is not None and not alone and self._epoch() != epoch:
                    raise OvertakenError from error
                raise
            finally:
                if not work.is_committed:  # An answer that was there, a refusal: both tell what others committed.
                    database.wait_for_disk(connection)

    def _epoch(self) -> int:
        with self.reading() as connection:
            return head.epoch(connection)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read one state of the books without holding up a writer."""
        with database.snapshot(self.engine) as connection:
            yield connection


@dataclass(kw_only=True)
class UnitOfWork:
    """One transaction. `reading` is its only look at the clock, `connection` its only connection."""

    records: Records
    connection: sa.Connection
    actor: str
    reading: Reading
    _last_reading: Reading | None = None  # of this desk's last entry
    _epoch: int | None = None  # of the journal's head when this began; None on SQLite
    _is_alone: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _numberings: list[_Numbering] = field(default_factory=list)
    _when_held: list[Callable[[], None]] = field(default_factory=list)
    _when_numbered: list[Callable[[], None]] = field(default_factory=list)
    _when_sealed: list[Callable[[Sealed], None]] = field(default_factory=list)
    _marked: set[str] = field(default_factory=set)
    _is_committed: bool = False

    @property
    def epoch(self) -> int | None:
        """How many units had stood alone when this began (`records.head`); None on a file, which tells nothing so."""
        return self._epoch

    @property
    def now(self) -> datetime:
        """The instant of this unit, cut to the whole second: charges count whole seconds."""
        return self.reading.second

    @property
    def has_entries(self) -> bool:
        """Whether anything was announced: a unit of work without an entry is not committed."""
        return bool(self._entries)

    @property
    def is_committed(self) -> bool:
        """Whether it was committed, and the disk has it."""
        return self._is_committed

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries announced so far, in order."""
        return tuple(self._entries)

    def entry(
        self,
        type_: str,
        body: dict[str, Any],
        *,
        commitments: Mapping[str, str] | None = None,
        share: Totals | None = None,
    ) -> Entry:
        """Announce a journal entry; its body may be completed until the commit, which lays it out."""
        made = Entry(
            id=new_entry_id(),
            type=type_,
            body=body,
            commitments=commitments or {},
            share=share or Totals(),
        )
        self._entries.append(made)
        return made

    def insert(
        self, table: sa.Table, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]], *, entry: Entry | None = None
    ) -> None:
        """Insert rows; those of facts and personal data name the entry that makes them (I-1).

        On a server they travel with the next question or the commit, and what it refuses is raised there.
        """
        several = [rows] if isinstance(rows, Mapping) else rows
        if not several:
            return
        if kind_of(table) in _NAMES_ENTRY:
            if entry is None or entry not in self._entries:
                raise ValueError(f"a row of {table.name} names an entry of this unit of work")
            several = [{**row, "entry_id": entry.id} for row in several]
            self._mark(entry)
        _insert_of(table).run(self.connection, several)

    def _mark(self, entry: Entry) -> None:
        if entry.id not in self._marked:
            self._marked.add(entry.id)
            _insert_of(entry_marks).run(self.connection, [{"entry_id": entry.id}])

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Run a query or a change of state."""
        return self.connection.execute(statement, parameters)

    def number(self, entry: Entry, key: str, column: sa.Column[Any]) -> None:
        """Give `entry.body[key]` the next gap-free number of `column` when the head is held."""
        self._numberings.append(_Numbering(entry=entry, key=key, column=column))

    def when_held(self, write: Callable[[], None]) -> None:
        """Have rows written that every desk writes (balances): while the head is held nobody waits for them in turn."""
        self._when_held.append(write)

    def when_numbered(self, write: Callable[[], None]) -> None:
        """Have rows written that carry a number, before the entries get their bytes."""
        self._when_numbered.append(write)

    def when_sealed(self, write: Callable[[Sealed], None]) -> None:
        """Have rows written that carry the signed head; asking for it makes the commit sign."""
        self._when_sealed.append(write)

    def commit(self) -> Committed:
        """Seal the entries and commit; return when the disk has them.

        Where the connection is lost at the commit, another one tells whether it happened. Raises OvertakenError or
        StoreLostError where nothing was written, OutcomeUnknownError where nobody can tell, and ValueError if nothing
        was recorded, or twice.
        """
        if self._is_committed or not self._entries:
            raise ValueError("a unit of work is committed once, and with at least one entry")
        with database.translated():
            committed = self._seal()
        try:
            with database.translated():
                self.connection.commit()
        except StoreLostError:
            if not self._was_committed():
                raise
        self._is_committed = True
        return committed

    def _was_committed(self) -> bool:
        """Look for this unit's entry once the head is free: the lost connection's transaction holds it to its end."""
        patience = Patience()
        while True:
            try:
                with database.writing(self.records.engine) as connection:
                    head.hold(connection)
                    is_there = _ENTRY.one(connection, wanted=self._entries[-1].id) is not None
                    database.wait_for_disk(connection)
                    return is_there
            except (StoreLostError, StoreLockedError) as error:
                if not patience.pause():
                    raise OutcomeUnknownError from error

    def _hold_head(self) -> None:
        """Hold the head, and ask all that can only be known under it in the same go."""
        others = self._epoch is not None and not self._is_alone
        if others:
            head.ask_to_hold(self.connection)
        for write_held in self._when_held:
            write_held()
        ask_for_tail(self.connection)
        for column in {numbering.column for numbering in self._numberings}:
            _newest_of(column).ahead(self.connection)
        if others:
            assert self._epoch is not None
            head.require(self.connection, self._epoch)
        elif self._epoch is not None:
            head.raise_epoch(self.connection)

    def _seal(self) -> Committed:
        desk_clocks.note(self.connection, self.records.till, self.reading, is_first=self._last_reading is None)
        about_clocks, drafts = self._laid_out()
        if not self._is_alone:  # What many go by is kept in mind by its epoch: it is on the disk before it has one.
            database.unlock_early(self.connection)
        self._hold_head()
        appending = Appending.after(read_tail(self.connection))
        self._number()
        for write_numbered in self._when_numbered:
            write_numbered()
        for said in about_clocks:
            appending.append(said)
        seqs = tuple(appending.append(draft) for draft in drafts)
        appending.write_nodes(self.connection)
        signed = self._sign(appending, last_seq=seqs[-1]) if self._when_sealed else None
        appending.write_entries(self.connection)
        return Committed(seqs=seqs, head=signed)

    def _laid_out(self) -> tuple[list[Draft], list[Draft]]:
        """What must be said about the clocks first, and this unit's entries: written but for what the head tells."""
        stamp = self._stamp()
        about_clocks = [
            Draft.of(Entry(id=new_entry_id(), type=type_, body=body), stamp)
            for type_, body in clock_entries(self._last_reading, self.reading)
        ]
        drafts = [
            Draft.of(entry, stamp, numbers=[one.key for one in self._numberings if one.entry is entry])
            for entry in self._entries
        ]
        return about_clocks, drafts

    def _number(self) -> None:
        newest: dict[sa.Column[Any], int] = {}
        for numbering in self._numberings:
            column = numbering.column
            newest[column] = newest[column] + 1 if column in newest else self._next(column)
            numbering.entry.body[numbering.key] = newest[column]

    def _sign(self, appending: Appending, *, last_seq: int) -> SignedHead:
        signed = self.records.signer.sign_head(appending.seq, appending.frontier.root())
        sealed = Sealed(head=signed, last_seq=last_seq)
        for write in self._when_sealed:
            write(sealed)
        note = self.records.signer.checkpoint(signed)
        _insert_of(checkpoints).run(self.connection, [{"size": signed.size, "note": note}])
        return signed

    def _next(self, column: sa.Column[Any]) -> int:
        row = _newest_of(column).one(self.connection)
        return 1 if row is None else int(row.newest) + 1

    def _stamp(self) -> Stamp:
        records = self.records
        return Stamp(
            origin=records.signer.origin,
            venue_code=records.venue_code,
            till=records.till,
            actor=self.actor,
            reading=self.reading,
            biz_day=records.days.day_of(self.reading.at).isoformat(),
        )


_NAMES_ENTRY: Final = frozenset({Kind.FACT, Kind.PERSONAL})
_ENTRY = Prepared(sa.select(journal.c.seq).where(journal.c.entry_id == sa.bindparam("wanted")))


@lru_cache(maxsize=256)
def _insert_of(table: sa.Table) -> PreparedInsert:
    return PreparedInsert(table)


@lru_cache(maxsize=64)
def _newest_of(column: sa.Column[Any]) -> Prepared:
    return Prepared(sa.select(column.label("newest")).order_by(column.desc()).limit(1))
