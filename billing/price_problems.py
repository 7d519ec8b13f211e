"""What `prices check` finds: problems with a code, a place and a sentence for whoever wrote the file.

The sentences are like a compiler's: they name the file's own keys and values. What a cashier reads is written in
`pos/wording.py`, by the codes.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from billing.toml_lines import TomlLines


class ProblemCode(StrEnum):
    """Why a list cannot be published, in the order of precedence of docs/pricing.md §4."""

    SYNTAX = "syntax"
    FORCED_PURCHASE = "forced-purchase"
    UNKNOWN_KEY = "unknown-key"
    MISSING = "missing"
    BAD_VALUE = "bad-value"
    CALENDAR_CONFLICT = "calendar-conflict"
    DUPLICATE_CODE = "duplicate-code"
    UNKNOWN_ZONE = "unknown-zone"
    UNKNOWN_TIER = "unknown-tier"
    UNKNOWN_ITEM = "unknown-item"
    RATE_GAP = "rate-gap"
    RATE_OVERLAP = "rate-overlap"
    ZERO_RATE = "zero-rate"
    MINIMUM_NOT_MULTIPLE = "minimum-not-multiple"
    HOURS_EXEMPTION_MISSING = "hours-exemption-missing"
    WINDOW_OUTSIDE_HOURS = "window-outside-hours"
    COMBO_DEARER_THAN_PARTS = "combo-dearer-than-parts"
    PROMOTION_REFERENCE_TOO_HIGH = "promotion-reference-too-high"
    RAISED_BEFORE_PROMOTION = "raised-before-promotion"


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in the file. `entry` counts the tables of `[[table]]` from 1; a top-level key has no table."""

    table: str | None = None
    entry: int | None = None
    key: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [self.table or "", f"[{self.entry}]" if self.entry else ""]
        if self.key:
            parts.append(f".{self.key}" if self.table else self.key)
        place = "".join(parts) or "the file"
        return f"{place} (line {self.line})" if self.line else place


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One mistake in a price list."""

    code: ProblemCode
    where: Where
    message: str

    def to_json(self) -> dict[str, Any]:
        """The problem as `prices check` answers it."""
        where = self.where
        return {
            "code": self.code.value,
            "where": {"table": where.table, "entry": where.entry, "key": where.key, "line": where.line},
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemLog:
    """Collects problems and finds their lines. `lines` is None for a document that was never a file."""

    lines: TomlLines | None = None
    _problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        code: ProblemCode,
        message: str,
        *,
        table: str | None = None,
        entry: int | None = None,
        key: str | None = None,
    ) -> None:
        """Note a problem at a place."""
        line = self.lines.line(table=table, entry=entry, key=key) if self.lines else None
        self._problems.append(
            Problem(code=code, where=Where(table=table, entry=entry, key=key, line=line), message=message)
        )

    def in_file_order(self) -> tuple[Problem, ...]:
        """The problems as one meets them when reading the file; those without a line at the end."""
        return tuple(sorted(self._problems, key=lambda problem: (problem.where.line or 10**9, problem.code)))
