"""What can go wrong when the books are shown. Facts only; the sentence for people is written in `pos.wording`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class ComplianceError(Exception):
    """Root of all errors of this package."""

    code: ClassVar[str] = "compliance"


@dataclass(eq=False)
class NothingToExportError(ComplianceError):
    """No entry has one of the business days asked for. Nothing was written."""

    code: ClassVar[str] = "nothing-to-export"
    from_day: str
    to_day: str


@dataclass(eq=False)
class NotAnAnchorError(ComplianceError):
    """A text that is neither a receipt's QR text, nor a signed note, nor a vkey."""

    code: ClassVar[str] = "not-an-anchor"
    detail: str
