"""Documents that no reader reads: typed into a TOML or JSON file, with the reason why.

```toml
kind = "passport"            # a DocumentKind
name = "…"
number = "…"
birth = 1990-03-07           # a date, or a text as people write dates: "1990-03-07", "1990年3月7日"
valid_to = 2030-01-01        # or "长期"
nationality = "UTO"          # optional, alpha-3; so are valid_from, address, issuer, sex, ethnic
reason = "no-chip"           # a reason of `document.type`
```

REQ-ID-3: it counts only with a second person's approval, which `registration.register` asks for.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from members.documents import Document, DocumentKind, normal_number
from members.errors import DocumentFileError
from members.written_dates import is_long_term, read_date
from privacy.personal import Personal
from staff.approvals import REASONS, Reason
from staff.roles import Operation

LARGEST_FILE_BYTES: Final = 65536
LONGEST_TEXT: Final = 200

_REQUIRED: Final = ("kind", "name", "number", "reason")
_KNOWN: Final = frozenset(
    {*_REQUIRED, "birth", "valid_from", "valid_to", "nationality", "address", "issuer", "sex", "ethnic"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedDocument:
    """A typed-in document and the reason why it was not read by machine."""

    document: Document
    reason: Reason


def load(path: Path) -> TypedDocument:
    """Read the file; a name that ends in `.json` is JSON, everything else TOML.

    Raises DocumentFileError with the problem and the key, never with what the file says. A birth date or a last day
    that is left out is no mistake of the file: `documents.examine` refuses such a document.
    """
    return parse(_table(path))


def parse(table: Mapping[str, Any]) -> TypedDocument:
    """Read the file's keys; the errors of `load`."""
    unknown = sorted(set(table) - _KNOWN)
    if unknown:
        # The first unknown key is named only if it cannot be a value that slipped to the left.
        raise DocumentFileError(problem="unknown-key", field=unknown[0] if unknown[0].isidentifier() else "")
    for key in _REQUIRED:
        if key not in table:
            raise DocumentFileError(problem="missing", field=key)
    birth = _day(table, "birth")
    valid_to = table.get("valid_to")
    long_term = isinstance(valid_to, str) and is_long_term(valid_to)
    document = Document(
        kind=_kind(table),
        name=Personal(_text(table, "name")),
        number=Personal(normal_number(_text(table, "number"))),
        birth=None if birth is None else Personal(birth),
        valid_from=_day(table, "valid_from"),
        valid_to=None if long_term else _day(table, "valid_to"),
        long_term=long_term,
        address=Personal(_text(table, "address")),
        issuer=_text(table, "issuer"),
        nationality=_text(table, "nationality"),
        sex=_text(table, "sex"),
        ethnic=_text(table, "ethnic"),
    )
    return TypedDocument(document=document, reason=_reason(table))


def _table(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE_BYTES + 1).decode()
    except OSError as error:
        raise DocumentFileError(problem="unreadable") from error
    except UnicodeDecodeError:
        # Here and below the cause is left out: it would carry the file's own text.
        raise DocumentFileError(problem="not-text") from None
    if len(text.encode()) > LARGEST_FILE_BYTES:
        raise DocumentFileError(problem="too-long")
    is_json = path.suffix.lower() == ".json"
    try:
        table = json.loads(text) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError):
        raise DocumentFileError(problem="not-json" if is_json else "not-toml") from None
    if not isinstance(table, dict):
        raise DocumentFileError(problem="not-a-table")
    return table


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    # Half a surrogate pair, which JSON can spell, has no bytes; a control character is no part of any document.
    if not isinstance(value, str) or any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise DocumentFileError(problem="not-text", field=key)
    if len(value) > LONGEST_TEXT:
        raise DocumentFileError(problem="too-long", field=key)
    return value.strip()


def _day(table: Mapping[str, Any], key: str) -> date | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return read_date(value)
        except ValueError:
            raise DocumentFileError(problem="not-a-date", field=key) from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise DocumentFileError(problem="not-a-date", field=key)
    return value


def _kind(table: Mapping[str, Any]) -> DocumentKind:
    try:
        return DocumentKind(_text(table, "kind"))
    except ValueError:
        raise DocumentFileError(problem="kind-unknown", field="kind") from None


def _reason(table: Mapping[str, Any]) -> Reason:
    text = _text(table, "reason")
    for reason in REASONS[Operation.DOCUMENT_TYPE]:
        if reason.value == text:
            return reason
    raise DocumentFileError(problem="reason-unknown", field="reason")
