"""Dates as people write them: off a document, with a Chinese input method, on the command line."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_EIGHT_DIGITS: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
# 。 and 、 are what the keys of . and / write with a Chinese input method.
_THREE_NUMBERS: Final = re.compile(r"(\d{4})\s*[-./。、年]\s*(\d{1,2})\s*[-./。、月]\s*(\d{1,2})\s*[日号]?")
_LONG_TERM: Final = frozenset({"长期", "长期有效", "long-term", "long term", "valid for good"})


def read_date(text: str) -> date:
    """Read year, month and day, in this order: 2030-12-31, 2030.1.5, 2030/12/31, 2030年12月31日, 20301231.

    Full-width characters count as narrow ones. Raises ValueError for any other form, a year of fewer than four digits
    among them, and for a day that the calendar does not have.
    """
    plain = _plain(text)
    found = _EIGHT_DIGITS.fullmatch(plain) or _THREE_NUMBERS.fullmatch(plain)
    if found is None:
        raise ValueError("not a date")  # Without the text: it may be somebody's birth date.
    year, month, day = map(int, found.groups())
    return date(year, month, day)


def is_long_term(text: str) -> bool:
    """Whether it says that a document has no last day, as the identity cards of older people: 长期, long-term."""
    return _plain(text).lower() in _LONG_TERM


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
