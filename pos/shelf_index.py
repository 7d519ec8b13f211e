"""What is on sale, indexed in a file beside the records: a look-up reads no price list.

It is made when a list is published, or at the first look-up under it, and holds nothing that the list does not say:
whoever deletes the file loses nothing. `pos.goods_search` is for a desk, which keeps a whole list in memory and
searches at every key.
"""

# ruff: noqa: S608  # Every name in this SQL is one of our own.

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from billing.price_list import PriceList
from pos.goods_search import GoodsIndex, OnSale, fields_of
from pos.pinyin import plain

FILE_NAME: Final = "goods-index.db"
_LISTS_KEPT: Final = 4
_LAST: Final = "\U0010ffff"
_SEPARATOR: Final = "\x00"

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS lists (number INTEGER PRIMARY KEY, sha256 TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS things (list INTEGER, place INTEGER, text TEXT, kind TEXT, code TEXT, name TEXT, spec TEXT,
    unit TEXT, price_fen INTEGER, barcode TEXT, PRIMARY KEY (list, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (list INTEGER, word TEXT, place INTEGER, PRIMARY KEY (list, word, place))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exact (list INTEGER, word TEXT, place INTEGER, PRIMARY KEY (list, word)) WITHOUT ROWID
"""
_COLUMNS: Final = "kind, code, name, spec, unit, price_fen, barcode"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Something on sale, as a shelf label says it; `kind` is goods, service, combo or promotion."""

    kind: str
    code: str
    name: str
    spec: str
    unit: str
    price_fen: int
    barcode: str | None = None


def prepare(folder: Path, prices: PriceList) -> None:
    """Index a list that was just published, so that no look-up waits; where that fails, the first one makes it."""
    with suppress(OSError, sqlite3.Error):  # The list is published; a full disk takes nothing of that back.
        ShelfIndex(folder).make(prices)


class ShelfIndex:
    """The index in a data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def make(self, prices: PriceList) -> None:
        """Index a list unless it is; lists that nobody looks up any more make room."""
        things = GoodsIndex.of(prices).search("", limit=sys.maxsize)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            if _number(connection, prices.sha256) is None:
                _write(connection, prices.sha256, things)
            connection.execute("COMMIT")

    def search(self, sha256: str, typed: str, *, limit: int) -> Sequence[Found] | None:
        """Return at most `limit` things: the exact one, what begins so by the alphabet, else what holds it.

        Several words must all occur. Nothing typed finds everything. None where the list was not indexed.
        """
        if not self._path.exists():
            return None
        with self._open() as connection:
            try:
                number = _number(connection, sha256)
            except sqlite3.OperationalError:  # Another program has just begun the file.
                return None
            return None if number is None else list(_found(connection, number, typed, limit))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        os.close(descriptor)
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            yield connection


def _number(connection: sqlite3.Connection, sha256: str) -> int | None:
    row = connection.execute("SELECT number FROM lists WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else int(row[0])


def _write(connection: sqlite3.Connection, sha256: str, things: Sequence[OnSale]) -> None:
    number = int(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM lists").fetchone()[0])
    connection.execute("INSERT INTO lists VALUES (?, ?)", (number, sha256))
    for place, thing in enumerate(things):
        fields = [plain(field) for field in fields_of(thing)]
        shown = (thing.item.kind.value, thing.item.code, thing.name, thing.spec, thing.unit, thing.price_fen)
        row = (number, place, _SEPARATOR.join(fields), *shown, thing.barcode)
        connection.execute("INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        words = [(number, word, place) for word in {*fields}]
        connection.executemany("INSERT INTO words VALUES (?, ?, ?)", words)
    codes = [(number, plain(thing.item.code), place) for place, thing in enumerate(things)]
    barcodes = [(number, plain(thing.barcode), place) for place, thing in enumerate(things) if thing.barcode]
    connection.executemany("INSERT OR IGNORE INTO exact VALUES (?, ?, ?)", [*codes, *barcodes])
    for table, column in (("lists", "number"), ("things", "list"), ("words", "list"), ("exact", "list")):
        connection.execute(f"DELETE FROM {table} WHERE {column} <= ?", (number - _LISTS_KEPT,))


def _found(connection: sqlite3.Connection, number: int, typed: str, limit: int) -> Iterator[Found]:
    """Yield the exact thing, what begins so, what holds it."""
    words, told = plain(typed).split(), set[int]()
    for place in _places(connection, number, plain(typed), words):
        if len(told) >= limit:
            return
        if place not in told:
            told.add(place)
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM things WHERE list = ? AND place = ?",
                (number, place),
            ).fetchone()
            yield _thing(row)


def _places(connection: sqlite3.Connection, number: int, whole: str, words: Sequence[str]) -> Iterator[int]:
    if not words:
        yield from _column(connection, "SELECT place FROM things WHERE list = ? ORDER BY place", (number,))
        return
    yield from _column(connection, "SELECT place FROM exact WHERE list = ? AND word = ?", (number, whole))
    holding = "".join(" AND instr(things.text, ?)" for _ in words[1:])
    begins = (
        "SELECT words.place FROM words"
        + (" JOIN things ON things.list = words.list AND things.place = words.place" if holding else "")
        + f" WHERE words.list = ? AND words.word >= ? AND words.word < ?{holding} ORDER BY words.word, words.place"
    )
    has_begun = False
    for place in _column(connection, begins, (number, words[0], words[0] + _LAST, *words[1:])):
        has_begun = True
        yield place
    if has_begun:
        return
    holds = f"SELECT place FROM things WHERE list = ? AND instr(text, ?){holding} ORDER BY place"
    yield from _column(connection, holds, (number, words[0], *words[1:]))


def _column(connection: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> Iterator[int]:
    for (place,) in connection.execute(query, values):
        yield place


def _thing(row: tuple[Any, ...]) -> Found:
    kind, code, name, spec, unit, price_fen, barcode = row
    return Found(kind=kind, code=code, name=name, spec=spec, unit=unit, price_fen=price_fen, barcode=barcode)
