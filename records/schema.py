"""The one MetaData: kinds of tables, column types, and the records' own tables.

Every table of the product has a kind (architecture: facts and state), and `records.guards` makes its protection from
it. A package declares its rows in its own `tables.py` with the builders of this module. All of it is dialect-neutral:
SQLite renders STRICT tables without a hidden rowid, PostgreSQL plain ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.schema import SchemaItem

from records.clock import instant_of, milliseconds_of

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Kind(StrEnum):
    """What a table's rows are, and so how they are protected."""

    JOURNAL = "journal"  # the log itself; only grows
    FACT = "fact"  # made by a journal entry; only grows (I-1, I-2)
    STATE = "state"  # changes freely, rebuilt from facts
    PERSONAL = "personal"  # made by an entry; erasable after the legal floor, else unchanging (I-7)


class Integer64(sa.TypeDecorator[int]):
    """A 64-bit integer; in a STRICT table of SQLite its name is INTEGER."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """Choose the type's name by dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Integer())
        return dialect.type_descriptor(sa.BigInteger())


Fen = Integer64
"""Money in fen."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, stored as milliseconds since 1970 UTC."""

    impl = Integer64
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002  # SQLAlchemy's signature.
        """Turn an instant into milliseconds."""
        return None if value is None else milliseconds_of(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature.
        """Turn milliseconds into an instant in UTC."""
        return None if value is None else instant_of(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A condition under which the database refuses a row, in SQL with NEW. and OLD.; becomes a trigger.

    `only_when` is cheaper and holds for every row that `refused_when` refuses: a server asks it first.
    """

    name: str
    event: str  # INSERT, UPDATE or DELETE
    refused_when: str
    only_when: str | None = None


def fact_table(
    name: str,
    *items: SchemaItem,
    rules: Sequence[Rule] = (),
    entry_rules: Sequence[Rule] = (),
    entry_is_key: bool = False,
    at_once: bool = False,
    implied: Sequence[str] = (),
) -> sa.Table:
    """Declare a table whose rows only grow and name the entry that made them (I-1, I-2).

    `entry_rules` are the journal's: an entry is refused while the rows that name it do not make a whole. NEW is the
    entry, which is written after them; such rules look rows up by entry, so the table has an index of it.
    `entry_is_key`: the entry belongs to the primary key. Its column then stands first: in a table without rowid,
    SQLite's integrity_check (3.40) misreads the columns that stand before one of the key.
    `at_once`: a server judges all rows of a statement together, CHECKs and references included (`records.carried`). Its
    own rows are in already when a rule of such a table looks; and none is an EXISTS, which a server may answer for many
    rows by reading the other table whole: (SELECT …) IS NOT NULL looks one row up. `implied` are the names of its
    references that a rule asks for as well.
    """
    columns = [item for item in items if isinstance(item, sa.Column)]
    constraints = [item for item in items if not isinstance(item, sa.Column)]  # They may name the entry's column.
    ordered = [_entry_column(), *columns] if entry_is_key else [*columns, _entry_column()]
    facts = {"rules": rules, "entry_rules": tuple(entry_rules), "at_once": at_once, "implied": tuple(implied)}
    return _table(name, Kind.FACT, *ordered, *constraints, **facts)


def state_table(
    name: str, *items: SchemaItem, is_kept: bool = False, rules: Sequence[Rule] = (), guards_check: bool = False
) -> sa.Table:
    """Declare a table whose rows change freely, but for their keys.

    `is_kept`: a repair keeps it, for no fact could rebuild it. `guards_check`: on a server the guards on its INSERT and
    UPDATE ask what its CHECKs say (`records.carried`).
    """
    return _table(name, Kind.STATE, *items, rules=rules, is_kept=is_kept, guards_check=guards_check)


def personal_table(
    name: str, *items: SchemaItem, changeable: Sequence[str] = (), rules: Sequence[Rule] = ()
) -> sa.Table:
    """Declare a table of personal data: `record_id` names what an erasure erases, from `erasable_from` on.

    `changeable` are the columns that an UPDATE may touch (the wrapped key, its month and its HPKE info).
    """
    return _table(
        name,
        Kind.PERSONAL,
        *items,
        sa.Column("erasable_from", sa.Text),  # YYYY-MM-DD; NULL: not before the account is closed
        _entry_column(),
        rules=rules,
        changeable=tuple(changeable),
    )


def _journal_table(name: str, *items: SchemaItem, rules: Sequence[Rule] = ()) -> sa.Table:
    return _table(name, Kind.JOURNAL, *items, rules=rules)


def _entry_column() -> sa.Column[str]:
    return sa.Column("entry_id", sa.Text, sa.ForeignKey("entry_marks.entry_id"), nullable=False)


def _table(name: str, kind: Kind, *items: SchemaItem, **facts: Any) -> sa.Table:
    table = sa.Table(name, metadata, *items, info={"kind": kind, **facts}, sqlite_strict=True)
    key = list(table.primary_key.columns)
    has_rowid = len(key) == 1 and isinstance(key[0].type, (sa.Integer, Integer64))
    table.dialect_options["sqlite"]["with_rowid"] = has_rowid
    return table


def kind_of(table: sa.Table) -> Kind:
    """Return the kind that a table was declared with."""
    kind: Kind = table.info["kind"]
    return kind


journal = _journal_table(
    "journal",
    sa.Column("seq", Integer64, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.Text, nullable=False, unique=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("biz_day", sa.Text, nullable=False),
    sa.Column("wall", Instant, nullable=False),
    sa.Column("entry", sa.LargeBinary, nullable=False),  # the exact hashed bytes
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Index("ix_journal_biz_day", "biz_day"),
    sa.Index("ix_journal_type", "type"),
    rules=[
        Rule(
            name="gap",
            event="INSERT",
            refused_when="NEW.seq <> 0 AND (SELECT 1 FROM journal WHERE journal.seq = NEW.seq - 1) IS NULL",
        )
    ],
)

# Facts refer to their entry through its mark: the one deferred reference, for the entry is written last, and by then
# known to be the only one (architecture §3). Were each table's reference deferred, SQLite would look through every
# one of them at each entry, and a settlement would take longer with each year of records.
entry_marks = _journal_table(
    "entry_marks",
    sa.Column(
        "entry_id",
        sa.Text,
        sa.ForeignKey("journal.entry_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
)

tree_nodes = _journal_table(
    "tree_nodes",
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("idx", Integer64, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

checkpoints = _journal_table(
    "checkpoints",
    sa.Column("size", Integer64, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
)

log_shards = _journal_table(
    "log_shards",
    sa.Column("shard", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("origin", sa.Text, nullable=False, unique=True),
)

public_keys = fact_table(
    "public_keys",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("use", sa.Text, nullable=False),
    sa.Column("public", sa.Text, nullable=False),  # a vkey, or base64 of the DER
    sa.Column("month", sa.Text),
)

venue_settings = fact_table(
    "venue_settings",
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("settings", sa.Text, nullable=False),  # canonical JSON
)

erasures = fact_table(
    "erasures",
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("erased_on", sa.Text, nullable=False),  # business day by records.clock
)


# Whoever appends holds this one row until the commit (architecture §3): on PostgreSQL it is the journal's lock. `epoch`
# grows with each unit of work that stood alone, so that whoever began before it notices, and begins anew.
journal_head = state_table(
    "journal_head",
    sa.Column(
        "number", sa.Integer, sa.CheckConstraint("number = 1", name="single"), primary_key=True, autoincrement=False
    ),
    sa.Column("epoch", Integer64, nullable=False),
    is_kept=True,
)

# The clocks of each desk's last entry (journal-format.md §7); holding its row keeps a desk's units in order.
desk_clocks = state_table(
    "desk_clocks",
    sa.Column("till", sa.Text, primary_key=True),
    sa.Column("wall_ms", Integer64, nullable=False),
    sa.Column("boot", sa.Text, nullable=False),
    sa.Column("mono_us", Integer64, nullable=False),
    sa.Column("discipline", sa.Text, nullable=False),
)
