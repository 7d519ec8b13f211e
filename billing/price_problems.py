"""What `prices check` finds: a fault at a place in the file.

A fault carries facts; the sentence about it is written in `pos.price_wording`, by `Fault.key`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

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
    BEST_PRICE_TOO_MANY = "best-price-too-many"
    COMBO_DEARER_THAN_PARTS = "combo-dearer-than-parts"
    PROMOTION_DEARER_THAN_ITEM = "promotion-dearer-than-item"
    PROMOTION_REFERENCE_TOO_HIGH = "promotion-reference-too-high"
    RAISED_BEFORE_PROMOTION = "raised-before-promotion"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong, with the facts of its sentence; `billing.price_faults` has them all.

    `kind` tells faults of one code apart. `part` is the item of a combo that is meant, counted from 1.
    """

    code: ClassVar[ProblemCode]
    kind: ClassVar[str] = ""

    part: int | None = None

    @classmethod
    def key(cls) -> str:
        """By what its sentence is found: the code, or `code/kind`."""
        return f"{cls.code.value}/{cls.kind}" if cls.kind else cls.code.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in the file. `entry` counts the tables of `[[table]]` from 1; a top-level key has no table."""

    table: str | None = None
    entry: int | None = None
    key: str | None = None
    line: int | None = None

    def to_json(self) -> dict[str, str | int | None]:
        """The place as `prices check` answers it."""
        return {"table": self.table, "entry": self.entry, "key": self.key, "line": self.line}

    def __str__(self) -> str:
        place = self.path() or "the file"
        return f"{place} (line {self.line})" if self.line else place

    def path(self) -> str:
        """Table, entry and key: `rates[2].to`; empty for the file as a whole."""
        parts = [self.table or "", f"[{self.entry}]" if self.entry else ""]
        if self.key:
            parts.append(f".{self.key}" if self.table else self.key)
        return "".join(parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One mistake in a price list."""

    where: Where
    fault: Fault

    @property
    def code(self) -> ProblemCode:
        """Why the list cannot be published."""
        return self.fault.code


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemLog:
    """Collects problems and finds their lines. `lines` is None for a document that was never a file."""

    lines: TomlLines | None = None
    _problems: list[Problem] = field(default_factory=list)

    def add(self, fault: Fault, *, table: str | None = None, entry: int | None = None, key: str | None = None) -> None:
        """Note a fault at a place."""
        line = self.lines.line(table=table, entry=entry, key=key) if self.lines else None
        self._problems.append(Problem(where=Where(table=table, entry=entry, key=key, line=line), fault=fault))

    def in_file_order(self) -> tuple[Problem, ...]:
        """The problems as one meets them when reading the file; those without a line at the end."""
        return tuple(sorted(self._problems, key=lambda problem: (problem.where.line or 10**9, problem.code)))
