"""From a parsed document to entries with checked values, noting every problem of form on the way.

The codes found here: `forced-purchase`, `unknown-key`, `missing`, `bad-value`. What a value means together with others
is asked in `billing.price_rules` and `billing.rate_coverage`, of the values that could be read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from billing.price_faults import ForcedPurchase, MissingKey, MissingTable, NotTable, NotTables
from billing.price_fields import LISTS, SETTINGS, TOP_LEVEL, Field, TableForm
from billing.price_problems import ProblemLog
from billing.price_values import FieldFaultsError, forces_purchase, shown, unknown_key_faults


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

    @property
    def place(self) -> int:
        """The number of an entry of a list."""
        assert self.number is not None, "entries of a list are numbered"
        return self.number


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

    def has_every_code(self, table: str) -> bool:
        """Whether all codes of a `[[table]]` could be read, so that a reference to another refers to nothing."""
        return table in self.lists and all(entry.has("code") for entry in self.lists[table])


def read_document(document: Mapping[str, object], log: ProblemLog) -> Document:
    """Read every table, noting every problem of form."""
    _note_forcing_keys(document, log)
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
        log.add(NotTable(given=shown(value)), table=form.name)
        return Entry(table=form.name)
    return _read_entry(form, value, log, table=form.name, number=None)


def _read_list(form: TableForm, value: object, log: ProblemLog) -> tuple[Entry, ...] | None:
    if not isinstance(value, list):
        log.add(NotTables(table=form.name), table=form.name)
        return None
    if form.is_required and not value:
        log.add(MissingTable(table=form.name), table=form.name)
        return None
    entries = []
    for number, table in enumerate(value, start=1):
        if isinstance(table, dict):
            entries.append(_read_entry(form, table, log, table=form.name, number=number))
        else:
            log.add(NotTable(given=shown(table)), table=form.name, entry=number)
            entries.append(Entry(table=form.name, number=number))
    return tuple(entries)


def _read_entry(
    form: TableForm, raw: Mapping[str, object], log: ProblemLog, *, table: str | None, number: int | None
) -> Entry:
    values: dict[str, Any] = {}
    partial: dict[str, Any] = {}
    fields = list(form.fields)
    for spec in fields:  # It grows by the fields of the kind, once that is read.
        if _is_left_out(spec, raw.get(spec.key)):
            if spec.is_required:
                log.add(MissingKey(key_name=spec.key), table=table, entry=number, key=spec.key)
            else:
                values[spec.name] = spec.default
            continue
        try:
            values[spec.name] = spec.read(raw[spec.key])
        except FieldFaultsError as error:
            if error.readable is not None:
                partial[spec.name] = error.readable
            for fault in error.faults:
                log.add(fault, table=table, entry=number, key=spec.key)
            continue
        if spec.key == "kind" and form.by_kind is not None:
            fields.extend(form.by_kind[values["kind"]])
    for fault in unknown_key_faults(raw, known=form.keys(values.get("kind"))):
        log.add(fault, table=table, entry=number, key=fault.key_name)
    return Entry(table=table or "", number=number, values=values, partial=partial)


def _is_left_out(spec: Field, value: object) -> bool:
    """Whether a key counts as left out: an empty text does, an empty list of codes or days says "for nobody"."""
    is_empty_text = isinstance(value, str) and not value.strip()
    return value is None or (is_empty_text and spec.may_be_empty) or (spec.is_required and value == [])


def _note_forcing_keys(document: Mapping[str, object], log: ProblemLog) -> None:
    """Keys that try to force a purchase are named whatever table they stand in, and before any other fault."""
    for name, value in document.items():
        if forces_purchase(name):
            log.add(ForcedPurchase(key_name=name), key=name)
            continue
        is_list = isinstance(value, list)
        for entry, table in enumerate(value, start=1) if isinstance(value, list) else ((0, value),):
            for key, forcing in _forcing_keys(table):
                log.add(ForcedPurchase(key_name=forcing), table=name, entry=entry if is_list else None, key=key)


def _forcing_keys(table: object) -> Iterator[tuple[str, str]]:
    """Each forcing key of a table, after the table's own key in which it stands: itself, or what holds it."""
    if not isinstance(table, dict):
        return
    for key, value in table.items():
        if forces_purchase(key):
            yield key, key
        else:
            for inner in value if isinstance(value, list) else [value]:
                yield from ((key, forcing) for _, forcing in _forcing_keys(inner))
