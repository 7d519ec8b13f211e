"""The board's QR code: `MJP1:<number>:<base32 of the list's SHA-256>` (docs/pricing.md §10).

Capital letters and digits only, so that the code stays coarse and is read from afar.
"""

from __future__ import annotations

import base64
import re
from typing import Final

PREFIX: Final = "MJP1"
SHORT_DIGITS: Final = 12
"""So many digits of the hash stand on board and receipt."""

_MARK = re.compile(rf"{PREFIX}:([1-9][0-9]{{0,8}}):([A-Z2-7]{{52}})")
_HASH = re.compile(r"[0-9a-f]{12,64}")


def mark_text(*, number: int, sha256: str) -> str:
    """Return the text of the code."""
    return f"{PREFIX}:{number}:{base64.b32encode(bytes.fromhex(sha256)).decode().rstrip('=')}"


def sha256_of(given: str) -> str | None:
    """Return the hash, or its beginning, that a mark, a board or a receipt shows; None if it is nothing of the kind."""
    text = given.strip()
    if mark := _MARK.fullmatch(text.upper()):
        return base64.b32decode(mark.group(2) + "====").hex()
    digits = text.lower().replace(" ", "")
    return digits if _HASH.fullmatch(digits) else None


def matrix(text: str) -> list[list[bool]]:
    """Return the code's modules, dark ones true, without the quiet zone of four."""
    import segno

    code = segno.make_qr(text, error="m")
    return [[bool(module) for module in row] for row in code.matrix]
