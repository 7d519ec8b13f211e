"""Lists of byte strings in one unambiguous form: what is hashed, signed or bound as context is built with this.

`u16 count`, then for each item `u32 length ‖ bytes`, big-endian. Text is UTF-8, a number its decimal digits in
ASCII, so the type of each position is fixed by whoever defines the list.
"""

from __future__ import annotations

from typing import Final

Item = bytes | str | int

_COUNT_BYTES: Final = 2
_LENGTH_BYTES: Final = 4


def encode(*items: Item) -> bytes:
    """Encode a list. No two lists of byte strings have the same encoding."""
    encoded = [_as_bytes(item) for item in items]
    parts = [len(encoded).to_bytes(_COUNT_BYTES, "big")]
    for item in encoded:
        parts += (len(item).to_bytes(_LENGTH_BYTES, "big"), item)
    return b"".join(parts)


def decode_prefix(data: bytes) -> tuple[list[bytes], int]:
    """Read one list from the front; give its items and the number of bytes it took.

    Raises ValueError where the list goes past the end. No message holds any of the bytes.
    """
    place = _COUNT_BYTES
    items: list[bytes] = []
    if len(data) < place:
        raise ValueError("no list")
    for _ in range(int.from_bytes(data[:place], "big")):
        length = int.from_bytes(data[place : place + _LENGTH_BYTES], "big")
        place += _LENGTH_BYTES
        if place + length > len(data):
            raise ValueError("the list goes past the end")
        items.append(data[place : place + length])
        place += length
    return items, place


def _as_bytes(item: Item) -> bytes:
    if isinstance(item, bytes):
        return item
    return str(item).encode() if isinstance(item, int) else item.encode()
