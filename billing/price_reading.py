"""From a parsed document to entries with checked values, noting every problem of form on the way.

The codes found here: `forced-purchase`, `unknown-key`, `missing`, `bad-value`. What a value means together with others
is asked in `billing.price_rules` and `billing.rate_coverage`, of the values that could be read.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from billing.price_fields import LISTS, SETTINGS, TOP_LEVEL, TableForm
from billing.price_problems import ProblemCode, ProblemLog
from billing.price_values import FieldFaultsError, forces_purchase, unknown_key_fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One table of the file: the values that could be read, by the names `billing.price_list` has for them.

    `partial` holds what could be read of the others.
    """

    table: str
    number: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    partial: Mapping[str, Any] = field(default_factory=dict)

    def readable(self, name: str) -> Any:
        """A value of several parts, or those of its parts that could be read."""
        return self.values.get(name, self.partial.get(name, ()))

    def has(self, *names: str) -> bool:
        """Whether all these values could be read (or were left out and have a default)."""
        return all(name in self.values for name in names)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def title(self) -> str:
        """What a message calls this entry."""
        code = self.values.get("code")
        return f"{self.table} {code!r}" if code else f"{self.table} entry {self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """All entries of a list. A list of tables that could not be read at all is not in `lists`."""

    top: Entry
    settings: Mapping[str, Entry]
    lists: Mapping[str, tuple[Entry, ...]]

    def entries(self, table: str) -> tuple[Entry, ...]:
        """The readable entries of a `[[table]]`."""
        return self.lists.get(table, ())

    def codes(self, table: str) -> frozenset[str]:
        """The codes of a `[[table]]` that could be read."""
        return frozenset(entry["code"] for entry in self.entries(table) if entry.has("code"))


def read_document(document: Mapping[str, object], log: ProblemLog) -> Document:
    """Read every table, noting every problem of form."""
    forms = {form.name: form for form in (*SETTINGS, *LISTS)}
    own = {key: value for key, value in document.items() if key not in forms}
    top = _read_entry(TOP_LEVEL, own, log, table=None, number=None)
    settings = {form.name: _read_settings(form, document.get(form.name, {}), log) for form in SETTINGS}
    lists = {}
    for form in LISTS:
        entries = _read_list(form, document.get(form.name, []), log)
        if entries is not None:
            lists[form.name] = entries
    return Document(top=top, settings=settings, lists=lists)


def _read_settings(form: TableForm, value: object, log: ProblemLog) -> Entry:
    if not isinstance(value, dict):
        log.add(ProblemCode.BAD_VALUE, f"[{form.name}] is not a table", table=form.name)
        return Entry(table=form.name)
    return _read_entry(form, value, log, table=form.name, number=None)


def _read_list(form: TableForm, value: object, log: ProblemLog) -> tuple[Entry, ...] | None:
    if not isinstance(value, list):
        log.add(ProblemCode.BAD_VALUE, f"[[{form.name}]] is not a list of tables", table=form.name)
        return None
    if form.is_required and not value:
        log.add(ProblemCode.MISSING, f"the list has no [[{form.name}]]", table=form.name)
        return None
    entries = []
    for number, table in enumerate(value, start=1):
        if isinstance(table, dict):
            entries.append(_read_entry(form, table, log, table=form.name, number=number))
        else:
            log.add(ProblemCode.BAD_VALUE, f"{table!r} is not a table", table=form.name, entry=number)
    return tuple(entries)


def _read_entry(
    form: TableForm, raw: Mapping[str, object], log: ProblemLog, *, table: str | None, number: int | None
) -> Entry:
    values: dict[str, Any] = {}
    partial: dict[str, Any] = {}
    fields = list(form.fields)
    for spec in fields:  # It grows by the fields of the kind, once that is read.
        if _is_empty(raw.get(spec.key), is_required=spec.is_required):
            if spec.is_required:
                log.add(ProblemCode.MISSING, f"{spec.key} is missing or empty", table=table, entry=number, key=spec.key)
            else:
                values[spec.name] = spec.default
            continue
        try:
            values[spec.name] = spec.read(raw[spec.key])
        except FieldFaultsError as error:
            if error.readable is not None:
                partial[spec.name] = error.readable
            for fault in error.faults:
                log.add(fault.code, f"{spec.key}: {fault.message}", table=table, entry=number, key=spec.key)
            continue
        if spec.key == "kind" and form.by_kind is not None:
            fields.extend(form.by_kind[values["kind"]])
    _note_unknown_keys(raw, form.keys(values.get("kind")), log, table=table, number=number)
    return Entry(table=table or "", number=number, values=values, partial=partial)


def _is_empty(value: object, *, is_required: bool) -> bool:
    """Whether a key counts as left out. An empty list of codes or days does not: it says "for nobody"."""
    return value is None or (isinstance(value, str) and not value.strip()) or (is_required and value == [])


def _note_unknown_keys(
    raw: Mapping[str, object], known: AbstractSet[str], log: ProblemLog, *, table: str | None, number: int | None
) -> None:
    for key in raw.keys() - known:
        fault = unknown_key_fault(key)
        log.add(fault.code, fault.message, table=table, entry=number, key=key)
        if fault.code is ProblemCode.UNKNOWN_KEY:
            for inner in _forcing_keys_within(raw[key]):
                inner_fault = unknown_key_fault(inner)
                log.add(inner_fault.code, inner_fault.message, table=table or key, entry=number, key=inner)


def _forcing_keys_within(value: object) -> list[str]:
    """The keys inside an unknown table that try to force a purchase: they are named whatever they stand in."""
    if isinstance(value, dict):
        own = [key for key in value if forces_purchase(key)]
        return own + [key for inner in value.values() for key in _forcing_keys_within(inner)]
    if isinstance(value, list):
        return [key for inner in value for key in _forcing_keys_within(inner)]
    return []
