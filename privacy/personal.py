"""A wrapper for plaintext about a person: it shows nothing unless asked by name."""

from __future__ import annotations

from datetime import date
from typing import Generic, NoReturn, TypeVar

from typing_extensions import override

from privacy.masking import mask

HIDDEN = "‹hidden›"

ValueT = TypeVar("ValueT", str, date)


class Personal(Generic[ValueT]):
    """One personal value: a text or a date.

    `str`, `repr`, `format` and so every log line, f-string and traceback show the same placeholder. The value
    leaves by `reveal()` alone, its mask by `masked()`; both words are easy to search for. It is not pickled.
    """

    __slots__ = ("_value",)

    def __init__(self, value: ValueT) -> None:
        self._value: ValueT = value

    def reveal(self) -> ValueT:
        """Give the plaintext itself. Callers: sealing, the number rules, a screen its owner asked for."""
        return self._value

    def masked(self) -> str:
        """Give the first and last character, one `*` for each hidden one; dates in ISO form first."""
        value: str | date = self._value
        return mask(value if isinstance(value, str) else value.isoformat())

    @override
    def __repr__(self) -> str:
        return HIDDEN

    @override
    def __str__(self) -> str:
        return HIDDEN

    @override
    def __format__(self, format_spec: str) -> str:
        return HIDDEN

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and bool(self._value == other._value)

    @override
    def __hash__(self) -> int:
        return hash(("personal", self._value))

    def __bool__(self) -> NoReturn:
        # An empty name is a fact about the person too; ask the revealed value and mean it.
        raise TypeError("a personal value has no truth of its own")

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a personal value is never pickled")
