"""Statements of the one schema as a PostgreSQL server gets them, over each connection's wire (`records.wire`)."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from itertools import count
from operator import index
from typing import Any, Final

import sqlalchemy as sa
from psycopg import pq

from records.wire import Question, Statement, Wire

_Convert = Callable[[Any], Any]
_Write = Callable[[Any], bytes]
_REQUIRED: Final = object()
_NUMBERS: Final = count(1)
_ROWS_TOGETHER: Final = 8

WIRE: Final = "records.wire"
"""The key of a connection's wire in its `info`."""


def wire_of(connection: sa.Connection) -> Wire:
    """The wire of a connection."""
    wire: Wire = connection.info[WIRE]
    return wire


class ServerStatement:
    """A statement with named parameters, compiled once."""

    def __init__(self, statement: Any, dialect: sa.Dialect) -> None:
        numbered = _numbered(dialect)
        compiled = statement.compile(dialect=numbered)
        binds = [compiled.binds[name] for name in compiled.positiontup]
        values = [_Value(bind.type, numbered) for bind in binds]
        asked_for = list(statement.selected_columns) if isinstance(statement, sa.SelectBase) else []
        # Bytes would travel as hexadecimal digits, twice as many, and be turned into each other on both sides.
        has_bytes = any(isinstance(column.type, sa.LargeBinary) for column in asked_for)
        self._format = pq.Format.BINARY if has_bytes else pq.Format.TEXT
        self._statement = _named(compiled, values, answer=self._format)
        self._binds: list[tuple[str, Any, _Write]] = [
            (name, _REQUIRED if bind.required else compiled.params[name], value.write)
            for name, bind, value in zip(compiled.positiontup, binds, values, strict=True)
        ]
        self._columns: list[tuple[str, _Convert | None]] = []
        self._row: Any = None
        if isinstance(statement, sa.SelectBase):
            self._columns = [
                (column.name, column.type.dialect_impl(numbered).result_processor(numbered, None))
                for column in asked_for
            ]
            make: Any = namedtuple  # noqa: PYI024  # The fields are known only here, to no type checker.
            self._row = make("Row", [name for name, _ in self._columns])._make
        self._loaders: list[_Convert] = []

    def ask(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> ServerAnswer:
        """Let it go with the next statement whose answer is needed."""
        wire = wire_of(connection)
        return ServerAnswer(self, wire, [wire.put(self._statement, self._values(parameters))])

    def ahead(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> None:
        """Let it travel already; `fetch` will find its answer."""
        wire_of(connection).put_ahead(self._key(parameters), self._statement, self._values(parameters))

    def ask_for_each(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> ServerAnswer:
        """The same for each of several rows."""
        wire = wire_of(connection)
        return ServerAnswer(self, wire, [wire.put(self._statement, self._values(row)) for row in rows])

    def fetch(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> list[Any]:
        """Run a SELECT and return its rows."""
        wire = wire_of(connection)
        question = wire.taken(self._key(parameters)) or wire.put(self._statement, self._values(parameters))
        return self.rows_of(wire.answer_of(question))

    def execute(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> int:
        """Run a change of state and return how many rows it touched."""
        return self.ask(connection, parameters).touched()

    def execute_many(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a change of state for each row and return how many rows were touched in all."""
        return self.ask_for_each(connection, rows).touched()

    def rows_of(self, answer: Any) -> list[Any]:
        """Turn an answer into named tuples."""
        if not self._loaders:
            of_type = _LOADERS[self._format]
            self._loaders = [
                _loader(of_type[answer.ftype(place)], convert) for place, (_, convert) in enumerate(self._columns)
            ]
        loaders, value_at, make = self._loaders, answer.get_value, self._row
        return [
            make([None if (raw := value_at(row, place)) is None else load(raw) for place, load in enumerate(loaders)])
            for row in range(answer.ntuples)
        ]

    def _key(self, parameters: Mapping[str, Any]) -> Hashable:
        return self._statement.name, *parameters.items()

    def _values(self, parameters: Mapping[str, Any]) -> list[bytes | None]:
        values: list[bytes | None] = []
        for name, default, write in self._binds:
            value = parameters.get(name, default)
            if value is _REQUIRED:
                raise ValueError(f"the statement needs {name}")
            values.append(None if value is None else write(value))
        return values


class ServerAnswer:
    """What the server will say; asking for it sends what waits."""

    def __init__(self, statement: ServerStatement, wire: Wire, questions: Sequence[Question]) -> None:
        self._statement, self._wire, self._questions = statement, wire, questions

    def rows(self) -> list[Any]:
        """The rows of a SELECT, as named tuples."""
        return [row for question in self._questions for row in self._statement.rows_of(self._wire.answer_of(question))]

    def touched(self) -> int:
        """How many rows a change of state touched."""
        return sum(self._wire.answer_of(question).command_tuples or 0 for question in self._questions)


class ServerInsert:
    """Rows for one table, several in one statement, sent when the next answer is needed."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect, evaluated: sa.ColumnElement[Any] | None = None) -> None:
        self._table, self._dialect, self._evaluated = table, _numbered(dialect), evaluated
        self._columns = [(column.key, _Value(column.type, self._dialect)) for column in table.columns]
        self._writes = [(name, value.write) for name, value in self._columns]
        self._of_count: dict[int, Statement] = {}

    def ask(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Let the rows go with the next statement whose answer is needed."""
        wire = wire_of(connection)
        for first in range(0, len(rows), _ROWS_TOGETHER):
            together = rows[first : first + _ROWS_TOGETHER]
            values = [
                None if (value := row.get(name)) is None else write(value)
                for row in together
                for name, write in self._writes
            ]
            wire.put(self._inserting(len(together)), values)

    def _inserting(self, how_many: int) -> Statement:
        if how_many not in self._of_count:
            columns = self._table.columns
            every: list[dict[str, Any]] = [
                {column.key: sa.bindparam(f"{column.key}_{place}", None, type_=column.type) for column in columns}
                for place in range(how_many)
            ]
            inserting: Any = self._table.insert().values(every)
            if self._evaluated is not None:
                inserting = inserting.returning(self._evaluated)
            compiled = inserting.compile(dialect=self._dialect)
            assert compiled.positiontup == [name for row in every for name in (bind.key for bind in row.values())]
            self._of_count[how_many] = _named(compiled, [value for _, value in self._columns] * how_many)
        return self._of_count[how_many]


def _numbered(dialect: sa.Dialect) -> sa.Dialect:
    """The dialect with $1, $2 … in place of the driver's own marks."""
    kind: Any = type(dialect)
    numbered: sa.Dialect = kind(paramstyle="numeric_dollar")
    return numbered


def _named(compiled: Any, values: Sequence[_Value], *, answer: pq.Format = pq.Format.TEXT) -> Statement:
    formats = [value.format for value in values]
    return Statement(name=b"mj_%d" % next(_NUMBERS), sql=compiled.string.encode(), formats=formats, answer=answer)


class _Value:
    """How the values of a column's type travel. What is no number goes as it is: libpq would cut a text at a zero byte.

    A value that is none of its type's is refused by what writes it (TypeError): a float is no number of ours.
    """

    def __init__(self, type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> None:
        self.format, encode = _encoding_of(type_)
        convert = type_.dialect_impl(dialect).bind_processor(dialect)
        self.write: _Write = encode if convert is None else lambda value: encode(convert(value))


def _encoding_of(type_: sa.types.TypeEngine[Any]) -> tuple[pq.Format, _Write]:
    while isinstance(type_, sa.TypeDecorator):
        type_ = type_.impl_instance
    if isinstance(type_, sa.Integer):
        return pq.Format.TEXT, lambda value: b"%d" % index(value)
    if isinstance(type_, sa.LargeBinary):
        return pq.Format.BINARY, bytes.__bytes__
    if isinstance(type_, sa.String):
        return pq.Format.BINARY, str.encode
    raise TypeError(f"no statement takes a {type(type_).__name__}")


def _loader(load: _Convert, convert: _Convert | None) -> _Convert:
    if convert is None:
        return load
    return lambda raw: convert(load(raw))


# By the number that PostgreSQL gives to each type for ever. Sums of whole numbers are numeric: no column of ours is,
# and nobody asks for a sum beside bytes.
_TEXTS: Final[dict[int, _Convert]] = dict.fromkeys((25, 705, 1043, 2278), bytes.decode)
_LOADERS: Final[dict[pq.Format, dict[int, _Convert]]] = {
    pq.Format.TEXT: {
        **_TEXTS,
        **dict.fromkeys((20, 21, 23, 1700), int),
        16: b"t".__eq__,
    },
    pq.Format.BINARY: {
        **_TEXTS,
        **dict.fromkeys((20, 21, 23), partial(int.from_bytes, byteorder="big", signed=True)),
        16: b"\1".__eq__,
        17: bytes.__bytes__,
    },
}
