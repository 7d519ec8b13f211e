"""Money is a whole number of fen (分). This module alone divides it, and says which way it rounds.

An hourly charge is exact until the end: it is kept as a numerator over `EXACT_DENOMINATOR`, seconds × fen an hour,
so that sums of parts never lose anything (P-8).
"""

import re

EXACT_DENOMINATOR = 3600
"""One fen, in units of one second at one fen an hour."""

BASIS_POINTS = 10_000

_YUAN = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


def floor_fen(exact: int) -> int:
    """The whole fen in an exact hourly sum (seconds × fen an hour), rounded down."""
    return exact // EXACT_DENOMINATOR


def discounted_floor_fen(exact: int, *, discount_bp: int) -> int:
    """The whole fen in an exact hourly sum less a discount in basis points (P-11), rounded down once."""
    return exact * (BASIS_POINTS - discount_bp) // (EXACT_DENOMINATOR * BASIS_POINTS)


def round_down_fen(amount_fen: int, *, multiple_fen: int) -> int:
    """The greatest multiple of `multiple_fen` that is not above the amount (抹零, P-13)."""
    return amount_fen - amount_fen % multiple_fen


def yuan_text(amount_fen: int) -> str:
    """An amount in yuan with two places: 1250 is `12.50`, −5 is `-0.05`."""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{yuan}.{fen:02}"


def parse_yuan(text: str) -> int:
    """The fen in an amount such as `12`, `12.5` or `12.50`; never a third place, a comma or a sign but `-`.

    Raises ValueError for anything else.
    """
    match = _YUAN.fullmatch(text)
    if match is None:
        raise ValueError(f"not an amount in yuan: {text!r}")
    sign, yuan, places = match.groups()
    amount_fen = int(yuan) * 100 + int((places or "0").ljust(2, "0"))
    return -amount_fen if sign else amount_fen
