"""Statements that are compiled once and then run at the driver's own speed.

A settlement runs some thirty statements. Going through SQLAlchemy's execution layer each of them costs several times
what the database itself takes; compiled once, with the types' own conversions kept, they cost the driver's call. The
statements stay Core constructs over the one schema, and each dialect compiles its own text. To a server they travel
together (`records.wire`): `ask` and `PreparedInsert.run` do not wait for an answer, `rows`, `one` and `run` do.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from records import database

if TYPE_CHECKING:
    from records.server_statements import ServerInsert, ServerStatement

_Convert = Callable[[Any], Any]
_REQUIRED = object()


class Answer(Protocol):
    """What a statement that was asked will have said. Looking waits for it, where there is something to wait for."""

    def rows(self) -> list[Any]:
        """The rows of a SELECT, as named tuples."""

    def touched(self) -> int:
        """How many rows a change of state touched."""


class Prepared:
    """A SELECT, or a change of state, with `sa.bindparam` parameters."""

    def __init__(self, statement: sa.SelectBase | sa.Insert | sa.Update | sa.Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled | ServerStatement] = {}

    def ask(self, connection: sa.Connection, **parameters: Any) -> Answer:
        """Run it in its turn, before whatever is asked next; on a server it travels with that."""
        return self._for(connection.dialect).ask(connection, parameters)

    def ahead(self, connection: sa.Connection, **parameters: Any) -> None:
        """Let a SELECT travel with others of which it does not depend; `rows` and `one` take its answer, once.

        It answers for this moment: what the transaction writes before they look is not in it. Nothing on a file.
        """
        self._for(connection.dialect).ahead(connection, parameters)

    def ask_for_each(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> Answer:
        """Run a change of state for each of several rows, as `ask`."""
        return self._for(connection.dialect).ask_for_each(connection, rows)

    def rows(self, connection: sa.Connection, **parameters: Any) -> list[Any]:
        """Run a SELECT and return its rows as named tuples."""
        return self._for(connection.dialect).fetch(connection, parameters)

    def one(self, connection: sa.Connection, **parameters: Any) -> Any:
        """Run a SELECT of at most one row and return that, or None."""
        return the_one(self._for(connection.dialect).fetch(connection, parameters))

    def run(self, connection: sa.Connection, **parameters: Any) -> int:
        """Run a change of state and return how many rows it touched."""
        return self._for(connection.dialect).execute(connection, parameters)

    def _for(self, dialect: sa.Dialect) -> _Compiled | ServerStatement:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compiled(self._statement, dialect)
        return compiled


def the_one(rows: Sequence[Any]) -> Any:
    """Return the only row, or None. Raises ValueError for more than one."""
    if len(rows) > 1:
        raise ValueError("more than one row where at most one can be")
    return rows[0] if rows else None


class PreparedInsert:
    """Rows for one table; a column that a row leaves out is NULL.

    `on_server` is what a server evaluates for each row once it is in, and tells nobody.
    """

    def __init__(self, table: sa.Table, *, on_server: sa.ColumnElement[Any] | None = None) -> None:
        self._table = table
        self._evaluated = on_server
        self._names: list[str] = table.columns.keys()
        self._known = frozenset(self._names)
        self._on_file: _Compiled | None = None
        self._on_server: ServerInsert | None = None

    def run(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows, all or none; a server is told with what is asked next.

        Raises ValueError for a column that the table does not have.
        """
        for row in rows:
            if not row.keys() <= self._known:
                raise ValueError(f"{self._table.name} has no column {sorted(row.keys() - self._known)}")
        if database.is_shared(connection):
            self._to_server(connection.dialect).ask(connection, rows)
            return
        if self._on_file is None:
            every: dict[str, Any] = {name: sa.bindparam(name, None) for name in self._names}
            self._on_file = _Compiled(self._table.insert().values(every), connection.dialect)
        self._on_file.execute_many(connection, rows)

    def _to_server(self, dialect: sa.Dialect) -> ServerInsert:
        if self._on_server is None:
            from records.server_statements import ServerInsert

            self._on_server = ServerInsert(self._table, dialect, self._evaluated)
        return self._on_server


def _compiled(statement: Any, dialect: sa.Dialect) -> _Compiled | ServerStatement:
    if dialect.name != database.SERVER:
        return _Compiled(statement, dialect)
    from records.server_statements import ServerStatement

    return ServerStatement(statement, dialect)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answered:
    """The answer of a file, which is there at once."""

    found: list[Any]
    count: int

    def rows(self) -> list[Any]:
        return self.found

    def touched(self) -> int:
        return self.count


class _Compiled:
    def __init__(self, statement: Any, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = compiled.string
        self._binds: list[tuple[str, Any, _Convert | None]] = [
            (
                name,
                _REQUIRED if compiled.binds[name].required else compiled.params[name],
                _bind_converter(compiled.binds[name].type, dialect),
            )
            for name in compiled.positiontup
        ]
        self._columns: list[_Convert | None] = []
        self._row: Any = None
        if isinstance(statement, sa.SelectBase):
            columns = list(statement.selected_columns)
            self._columns = [_result_converter(column.type, dialect) for column in columns]
            make: Any = namedtuple  # noqa: PYI024  # The fields are known only here, to no type checker.
            self._row = make("Row", [column.name for column in columns])._make
        self._converted = [n for n, convert in enumerate(self._columns) if convert is not None]

    def ask(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> Answer:
        if self._row is not None:
            return _Answered(found=self.fetch(connection, parameters), count=0)
        return _Answered(found=[], count=self.execute(connection, parameters))

    def ahead(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> None:
        """A file answers at once when it is asked."""

    def ask_for_each(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> Answer:
        return _Answered(found=[], count=self.execute_many(connection, rows))

    def fetch(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> list[Any]:
        cursor = _cursor(connection)
        cursor.execute(self._sql, self._values(parameters))
        found = cursor.fetchall()
        cursor.close()
        return [self._row(self._converted_row(row)) for row in found]

    def execute(self, connection: sa.Connection, parameters: Mapping[str, Any]) -> int:
        cursor = _cursor(connection)
        cursor.execute(self._sql, self._values(parameters))
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def execute_many(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        cursor = _cursor(connection)
        if len(rows) == 1:
            cursor.execute(self._sql, self._values(rows[0]))
        else:
            cursor.executemany(self._sql, [self._values(row) for row in rows])
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def _values(self, parameters: Mapping[str, Any]) -> Any:
        values = []
        for name, default, convert in self._binds:
            value = parameters.get(name, default)
            if value is _REQUIRED:
                raise ValueError(f"the statement needs {name}")
            values.append(value if convert is None else convert(value))
        return values

    def _converted_row(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._converted:
            return row
        values = list(row)
        for place in self._converted:
            convert = self._columns[place]
            values[place] = convert(values[place]) if convert is not None else values[place]
        return values


def _cursor(connection: sa.Connection) -> Any:
    return connection.connection.cursor()


def _bind_converter(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _result_converter(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
