"""What a person should hear of although nothing failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class Notice:
    """Something a person should hear of; `pos.wording` has its sentence."""

    code: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class GuardsRestored(Notice):
    """Protections of the database were absent: they stand again, and the journal says which."""

    code: ClassVar[str] = "guards-restored"

    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GuardsMissing(Notice):
    """Protections of the database are absent, and only its owner may set them up again; the journal says which."""

    code: ClassVar[str] = "guards-missing"

    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReserveMissing(Notice):
    """The disk is nearly full: nothing new begins until there is room again (I-11)."""

    code: ClassVar[str] = "reserve-missing"

    free_bytes: int
