"""The journal computed again: bytes, chain, clocks, tree, signed heads (`doctor`; journal-format.md §1–3, §7)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from records.canonical import canonical
from records.clock import PROGRAM_BOOT, milliseconds_of
from records.journal import GENESIS
from records.merkle import Frontier, Node, leaf_hash
from records.notes import checkpoint_text, verify_note
from records.schema import checkpoints, journal, tree_nodes

_STEP_MS: Final = 2_000
_ABOUT_CLOCKS: Final = frozenset({"system.booted", "clock.stepped", "clock.regressed"})


@dataclass(kw_only=True)
class LogFindings:
    """What is wrong with the log, by what it is about; each an entry's number or a checkpoint's size."""

    chain: list[str] = field(default_factory=list)
    tree: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    computers: list[str] = field(default_factory=list)  # Where a desk wrote again on a boot it had left for another.
    size: int = 0
    steps: int = 0


def examine_log(connection: sa.Connection) -> LogFindings:
    """Walk the whole log once."""
    findings = LogFindings()
    frontier = Frontier()
    heads = _Heads(connection)
    nodes = _Nodes(connection)
    before: dict[str, dict[str, Any]] = {}  # Each desk has its own clocks.
    boots: dict[str, set[str]] = {}
    prev = GENESIS
    for row in connection.execute(sa.select(journal).order_by(journal.c.seq)).yield_per(1000):
        leaf = leaf_hash(row.entry)
        entry = _parsed(row.entry)
        if entry is None or not _stands_as_told(row, entry, seq=frontier.size, prev=prev, leaf=leaf):
            findings.chain.append(str(row.seq))
        if entry is not None:
            _note_clocks(findings, before.get(entry["till"]), entry)
            _note_computers(findings, before.get(entry["till"]), entry, boots.setdefault(entry["till"], set()))
            before[entry["till"]] = entry
        nodes.expect(frontier.append(leaf), findings)
        heads.compare(frontier, findings)
        prev = leaf.hex()
    nodes.refuse_more(findings)
    heads.refuse_beyond(frontier.size, findings)
    findings.size = frontier.size
    return findings


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(data)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and canonical(entry) == data else None


def _stands_as_told(row: sa.Row[Any], entry: dict[str, Any], *, seq: int, prev: str, leaf: bytes) -> bool:
    told = (entry["seq"], entry["id"], entry["type"], entry["biz_day"], entry["wall"], entry["prev"])
    stored = (row.seq, row.entry_id, row.type, row.biz_day, milliseconds_of(row.wall), prev)
    return told == stored and row.seq == seq and row.leaf == leaf


def _note_clocks(findings: LogFindings, before: dict[str, Any] | None, entry: dict[str, Any]) -> None:
    if entry["type"] in {"clock.stepped", "clock.regressed"}:
        findings.steps += 1
    if before is not None and not _is_clock_explained(before, entry):
        findings.clocks.append(str(entry["seq"]))


def _note_computers(
    findings: LogFindings, before: dict[str, Any] | None, entry: dict[str, Any], boots: set[str]
) -> None:
    """A computer's boot is over when its next one begins: one that comes again is another computer's."""
    is_other = before is None or before["boot"] != entry["boot"]
    if is_other and entry["boot"] in boots and not entry["boot"].startswith(PROGRAM_BOOT):
        findings.computers.append(f"{entry['till']} {entry['seq']}")
    boots.add(entry["boot"])


def _is_clock_explained(before: dict[str, Any], entry: dict[str, Any]) -> bool:
    """Tell whether an entry's clocks follow from those of the one before, or the entry says why not."""
    passed_ms = entry["wall"] - before["wall"]
    if before["boot"] != entry["boot"]:
        return bool(entry["type"] == "system.booted")
    if before["type"] == "system.booted" and entry["type"] == "clock.regressed":
        return True
    mono_us = entry["mono_us"] - before["mono_us"]
    if mono_us < 0:
        return False
    return abs(passed_ms - mono_us // 1000) <= _STEP_MS or entry["type"] in _ABOUT_CLOCKS


class _Nodes:
    """The stored inner nodes, looked up as the tree grows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._count = 0

    def expect(self, made: list[Node], findings: LogFindings) -> None:
        for node in made:
            self._count += 1
            stored = self._connection.execute(_NODE, {"level": node.level, "idx": node.index}).scalar_one_or_none()
            if stored != node.hash:
                findings.tree.append(f"{node.level}/{node.index}")

    def refuse_more(self, findings: LogFindings) -> None:
        stored = self._connection.execute(sa.select(sa.func.count()).select_from(tree_nodes)).scalar_one()
        if stored > self._count:
            findings.tree.append(f"+{stored - self._count}")


class _Heads:
    """The stored checkpoints, oldest first: every root is computed again, the newest one's signatures are checked."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = connection.execute(sa.select(checkpoints).order_by(checkpoints.c.size)).yield_per(1000)
        self._vkeys = _checkpoint_keys(connection)
        self._next = self._rows.fetchone()
        self._newest: sa.Row[Any] | None = None

    def compare(self, frontier: Frontier, findings: LogFindings) -> None:
        while self._next is not None and self._next.size <= frontier.size:
            head, self._next = self._next, self._rows.fetchone()
            origin = head.note.partition("\n")[0]
            if not head.note.startswith(checkpoint_text(origin, frontier.size, frontier.root()) + "\n"):
                findings.heads.append(str(head.size))
            self._newest = head

    def refuse_beyond(self, size: int, findings: LogFindings) -> None:
        # A head of more entries than there are: the end of the log was cut off.
        while self._next is not None:
            findings.heads.append(f"{self._next.size} > {size}")
            self._next = self._rows.fetchone()
        note = None if self._newest is None else self._newest.note
        if note is None or not any(verify_note(note, vkeys) is not None for vkeys in self._vkeys):
            findings.heads.append("signature")


def _checkpoint_keys(connection: sa.Connection) -> list[list[str]]:
    """Return the vkeys that the log itself introduced, of each desk the newest two: both sign."""
    query = sa.select(journal.c.entry).where(journal.c.type == "key.added").order_by(journal.c.seq)
    of_desk: dict[str, list[str]] = {}
    for data in connection.execute(query).scalars():
        entry = json.loads(data)
        if entry["body"]["use"] == "checkpoint":
            of_desk.setdefault(entry["till"], []).append(entry["body"]["vkey"])
    return [vkeys[-2:] for vkeys in of_desk.values()]


_NODE = sa.select(tree_nodes.c.hash).where(
    tree_nodes.c.level == sa.bindparam("level"), tree_nodes.c.idx == sa.bindparam("idx")
)
