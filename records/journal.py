"""The append-only journal: entries in the form of docs/journal-format.md and the Merkle tree over them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from records import database
from records.announcements import ANNOUNCED
from records.canonical import Form, Json, blank, canonical
from records.clock import Reading, instant_of
from records.merkle import Frontier, Node, ReadNode, leaf_hash
from records.schema import journal, log_shards, tree_nodes
from records.statements import Prepared, PreparedInsert

VERSION: Final = 1
GENESIS: Final = "0" * 64

_CLOCK_TOLERANCE_MS: Final = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """The perpetual totals, never reset (journal-format.md §5); also one entry's share of them."""

    sales_fen: int = 0
    voids_fen: int = 0
    refunds_fen: int = 0
    used_seconds: int = 0

    def __add__(self, share: Totals) -> Totals:
        return Totals(
            sales_fen=self.sales_fen + share.sales_fen,
            voids_fen=self.voids_fen + share.voids_fen,
            refunds_fen=self.refunds_fen + share.refunds_fen,
            used_seconds=self.used_seconds + share.used_seconds,
        )

    def to_json(self) -> dict[str, Json]:
        """Return the `gt` object of an entry."""
        return {
            "sales_fen": self.sales_fen,
            "voids_fen": self.voids_fen,
            "refunds_fen": self.refunds_fen,
            "used_seconds": self.used_seconds,
        }


@dataclass(kw_only=True, slots=True)
class Entry:
    """An entry that is being written: its id is fixed, its number and bytes come at the commit."""

    id: str
    type: str
    body: dict[str, Any]
    commitments: Mapping[str, str] = field(default_factory=dict)
    share: Totals = field(default_factory=Totals)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """The end of the log as the last entry tells it."""

    size: int
    leaf_hex: str
    entry: bytes | None
    frontier: Frontier

    @property
    def totals(self) -> Totals:
        """The perpetual totals so far."""
        if self.entry is None:
            return Totals()
        # Keys are sorted: from `gt` on there are only short members, and most of an entry is its body.
        begins = self.entry.rindex(b'"gt":') + len(b'"gt":')
        return Totals(**json.loads(self.entry[begins : self.entry.index(b"}", begins) + 1].decode()))

    @property
    def reading(self) -> Reading | None:
        """What the clocks read at the last entry; None: there is none."""
        if self.entry is None:
            return None
        last = json.loads(self.entry)
        return Reading(wall_ms=last["wall"], boot=last["boot"], mono_us=last["mono_us"], discipline=last["clk"])


def clock_entries(last: Reading | None, now: Reading) -> list[tuple[str, dict[str, Any]]]:
    """Return type and body of what must be said about a desk's clocks before its next entry (§7).

    `last` is what they read at the desk's entry before; None: it has none.
    """
    if last is None:
        return []
    passed_ms = now.wall_ms - last.wall_ms
    if last.boot != now.boot:
        said: list[tuple[str, dict[str, Any]]] = [("system.booted", {"boot": now.boot})]
        if passed_ms < 0:
            said.append(("clock.regressed", {"behind_ms": -passed_ms}))
        return said
    step_ms = passed_ms - (now.mono_us - last.mono_us) // 1000
    return [("clock.stepped", {"step_ms": step_ms})] if abs(step_ms) > _CLOCK_TOLERANCE_MS else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """What the envelope says besides the facts: which log and venue, who, when, where."""

    origin: str
    venue_code: str
    till: str
    actor: str
    reading: Reading
    biz_day: str


def ask_for_tail(connection: sa.Connection) -> None:
    """Let the question for the end of the log travel with others; `read_tail` takes the answer."""
    if database.is_shared(connection):
        _END_ON_SERVER.ahead(connection)


def read_tail(connection: sa.Connection) -> Tail:
    """Read the end of the log inside the caller's transaction; never keep it across transactions."""
    is_shared = database.is_shared(connection)
    row = (_END_ON_SERVER if is_shared else _LAST_ENTRY).one(connection)
    if row is None:
        return Tail(size=0, leaf_hex=GENESIS, entry=None, frontier=Frontier())
    size = row.seq + 1
    if is_shared:
        hashes = [row.hashes[first : first + 32] for first in range(0, len(row.hashes or b""), 32)]
    else:
        hashes = [node.hash for node in _FRONTIER.rows(connection)]
    return Tail(size=size, leaf_hex=row.leaf.hex(), entry=row.entry, frontier=Frontier(size, hashes))


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An entry laid out before the head is held: all of its bytes but what follows from its place in the log."""

    entry: Entry
    stamp: Stamp
    _form: Form
    _numbers: Collection[str]

    @classmethod
    def of(cls, entry: Entry, stamp: Stamp, *, numbers: Collection[str] = ()) -> Draft:
        """Lay an entry out; `numbers` are the keys that its body still gets, and then has."""
        reading = stamp.reading
        laid_out: dict[str, Json] = {
            "v": VERSION,
            "log": stamp.origin,
            "venue": stamp.venue_code,
            "id": entry.id,
            "type": entry.type,
            "wall": reading.wall_ms,
            "boot": reading.boot,
            "mono_us": reading.mono_us,
            "clk": reading.discipline,
            "till": stamp.till,
            "actor": stamp.actor,
            "biz_day": stamp.biz_day,
            "commit": dict(entry.commitments),
            "body": {**entry.body, **{key: blank(f"body.{key}") for key in numbers}},
            **{key: blank(key) for key in ("seq", "gt", "prev")},
        }
        return cls(entry=entry, stamp=stamp, _form=Form(laid_out), _numbers=numbers)

    def bytes_at(self, seq: int, *, totals: Totals, prev_hex: str) -> bytes:
        """Return the bytes that are stored, hashed and exported, once the body has its numbers."""
        known: dict[str, Json] = {"seq": seq, "gt": totals.to_json(), "prev": prev_hex}
        known |= {f"body.{key}": self.entry.body[key] for key in self._numbers}
        return self._form.filled({name: canonical(value) for name, value in known.items()})


@dataclass(kw_only=True, slots=True)
class Appending:
    """Entries made in memory under the lock of the head, to be written last of all."""

    seq: int
    prev_hex: str
    totals: Totals
    frontier: Frontier
    rows: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    @classmethod
    def after(cls, tail: Tail) -> Appending:
        """Begin after the log's tail."""
        return cls(seq=tail.size, prev_hex=tail.leaf_hex, totals=tail.totals, frontier=tail.frontier)

    def append(self, draft: Draft) -> int:
        """Make the next entry's bytes and nodes, and return its number."""
        entry, stamp, seq = draft.entry, draft.stamp, self.seq
        self.totals += entry.share
        data = draft.bytes_at(seq, totals=self.totals, prev_hex=self.prev_hex)
        leaf = leaf_hash(data)
        self.nodes += self.frontier.append(leaf)
        self.rows.append(
            {
                "seq": seq,
                "entry_id": entry.id,
                "type": entry.type,
                "biz_day": stamp.biz_day,
                "wall": instant_of(stamp.reading.wall_ms),
                "entry": data,
                "leaf": leaf,
            }
        )
        self.seq, self.prev_hex = seq + 1, leaf.hex()
        return seq

    def write_nodes(self, connection: sa.Connection) -> None:
        """Write the nodes of the tree that became complete."""
        _INSERT_NODES.run(connection, [{"level": n.level, "idx": n.index, "hash": n.hash} for n in self.nodes])

    def write_entries(self, connection: sa.Connection) -> None:
        """Write the entries, last of all: their trigger looks at everything that names them. Other desks hear of it."""
        _INSERT_ENTRIES.run(connection, self.rows)


def node_reader(connection: sa.Connection) -> ReadNode:
    """Return a reader of stored tree nodes, for roots and proofs of any size up to the log's."""

    def read(level: int, index: int) -> bytes:
        hash_: bytes = _NODE.one(connection, level=level, idx=index).hash
        return hash_

    return read


def read_origin(connection: sa.Connection) -> str:
    """Return the origin of the newest shard."""
    origin: str = connection.execute(_ORIGIN).scalar_one()
    return origin


_LAST = journal.c.seq, journal.c.entry, journal.c.leaf
_LAST_ENTRY = Prepared(sa.select(*_LAST).order_by(journal.c.seq.desc()).limit(1))
# Each level has its last complete subtree; where the size has the level's bit, that one belongs to the frontier.
_levels = (
    sa.values(sa.column("level", sa.Integer), name="levels", literal_binds=True)
    .data([(level,) for level in range(53)])
    .cte()
)
_log = sa.select((sa.func.coalesce(sa.func.max(journal.c.seq), -1) + 1).label("size")).subquery("log")
_FRONTIER = Prepared(
    sa.select(
        sa.select(tree_nodes.c.hash)
        .where(
            tree_nodes.c.level == _levels.c.level, tree_nodes.c.idx == _log.c.size.bitwise_rshift(_levels.c.level) - 1
        )
        .scalar_subquery()
        .label("hash")
    )
    .select_from(_levels.join(_log, _log.c.size.bitwise_rshift(_levels.c.level).bitwise_and(1) == 1))
    .order_by(_levels.c.level.desc())
)
# A server tells both in one answer, and counts the levels itself: each row of VALUES is an expression to set up.
_ONE = sa.literal_column("1", sa.Integer)
_last = sa.select(*_LAST).order_by(journal.c.seq.desc()).limit(_ONE).subquery("last")
_counted = (
    sa.func.generate_series(sa.literal_column("0"), sa.literal_column("52"))
    .table_valued(sa.column("level", sa.Integer), name="levels")
    .render_derived()
)
_complete = (_last.c.seq + _ONE).bitwise_rshift(_counted.c.level)
_END_ON_SERVER = Prepared(
    sa.select(
        *_last.c,
        sa.select(
            sa.func.string_agg(
                tree_nodes.c.hash, sa.literal_column("''::bytea"), type_=sa.LargeBinary
            ).aggregate_order_by(_counted.c.level.desc())
        )
        .where(
            _complete.bitwise_and(_ONE) == _ONE,
            tree_nodes.c.level == _counted.c.level,
            tree_nodes.c.idx == _complete - _ONE,
        )
        .scalar_subquery()
        .label("hashes"),
    )
)
_INSERT_ENTRIES = PreparedInsert(journal, on_server=ANNOUNCED)
_INSERT_NODES = PreparedInsert(tree_nodes)
_NODE = Prepared(
    sa.select(tree_nodes.c.hash).where(
        tree_nodes.c.level == sa.bindparam("level"), tree_nodes.c.idx == sa.bindparam("idx")
    )
)
_ORIGIN = sa.select(log_shards.c.origin).order_by(log_shards.c.shard.desc()).limit(1)
