"""Statements that are compiled once and then run at the driver's own speed.

A settlement runs some twenty statements. Going through SQLAlchemy's execution layer each of them costs several times
what the database itself takes; compiled once, with the types' own conversions kept, they cost the driver's call. The
statements stay Core constructs over the one schema, and each dialect compiles its own text.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

_Convert = Callable[[Any], Any]
_REQUIRED = object()


class Prepared:
    """A SELECT, or a change of state, with `sa.bindparam` parameters."""

    def __init__(self, statement: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: sa.Connection, **parameters: Any) -> list[Any]:
        """Run a SELECT and return its rows as named tuples."""
        return self._for(connection.dialect).fetch(connection, parameters)

    def one(self, connection: sa.Connection, **parameters: Any) -> Any:
        """Run a SELECT of at most one row and return that, or None."""
        rows = self.rows(connection, **parameters)
        if len(rows) > 1:
            raise ValueError("more than one row where at most one can be")
        return rows[0] if rows else None

    def run(self, connection: sa.Connection, **parameters: Any) -> int:
        """Run a change of state and return how many rows it touched."""
        return self._for(connection.dialect).execute(connection, parameters)

    def run_many(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a change of state for each of several rows and return how many rows were touched in all."""
        return self._for(connection.dialect).execute_many(connection, rows)

    def _for(self, dialect: sa.Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        return compiled


class PreparedInsert:
    """Rows for one table; a column that a row leaves out is NULL."""

    def __init__(self, table: sa.Table) -> None:
        self._table = table
        self._names: list[str] = table.columns.keys()
        self._known = frozenset(self._names)
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows, all or none. Raises ValueError for a column that the table does not have."""
        for row in rows:
            if not row.keys() <= self._known:
                raise ValueError(f"{self._table.name} has no column {sorted(row.keys() - self._known)}")
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            every: dict[str, Any] = {name: sa.bindparam(name, None) for name in self._names}
            statement = self._table.insert().values(every)
            compiled = self._compiled[connection.dialect.name] = _Compiled(statement, connection.dialect)
        compiled.execute_many(connection, rows)


class _Compiled:
    def __init__(self, statement: Any, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = compiled.string
        self._is_positional: bool = compiled.positional
        names: list[str] = list(compiled.positiontup) if compiled.positional else list(compiled.params)
        self._binds: list[tuple[str, Any, _Convert | None]] = [
            (
                name,
                _REQUIRED if compiled.binds[name].required else compiled.params[name],
                _bind_converter(compiled.binds[name].type, dialect),
            )
            for name in names
        ]
        self._columns: list[_Convert | None] = []
        self._row: Any = None
        if isinstance(statement, sa.Select):
            columns = list(statement.selected_columns)
            self._columns = [_result_converter(column.type, dialect) for column in columns]
            make: Any = namedtuple  # noqa: PYI024  # The fields are known only here, to no type checker.
            self._row = make("Row", [column.name for column in columns])._make
        self._converted = [n for n, convert in enumerate(self._columns) if convert is not None]

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
        if self._is_positional:
            return values
        return {name: value for (name, _default, _convert), value in zip(self._binds, values, strict=True)}

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
