"""Signals of forced sale (强制搭售): does one clerk's share stand out from that of the others at comparable seats?

Pure statistics over values; docs/forced-sale.md tells the method in words. What comes out is an indication with its
numbers, never an accusation: a share can be high for good reasons, and who forces a sale can stay below every bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Final

from compliance.forced_sale_cases import ComboSold, SeatOpened
from compliance.forced_sale_looks import ClerkSeats, Level, Look, Signal, Tallies, clerk_order

ODDS_ALLOWED: Final = Fraction(3, 2)
"""How much the odds of a clerk may exceed those of the others: who asks "a drink with it?" sells more, and may."""

ERROR_CHANCE: Final = Fraction(1, 20)
"""The most that the chance of any finding may be in a period in which nobody exceeds `ODDS_ALLOWED`."""

_MILLION: Final = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A clerk's share that the others' does not explain. `hour` or `item` say what it was narrowed to, at most one.

    `of` and `others_of` count comparable cases alone. `expected` is what the hits would be at the others' share under
    the same circumstances; `p` is the chance of such a result, or a stronger one, by itself, and `p_corrected` that of
    any such result in the whole review; both are upper bounds.
    """

    signal: Signal
    clerk: str
    hour: int | None
    item: str | None
    of: int
    hits: int
    others_of: int
    others_hits: int
    expected: Fraction
    p: Fraction
    p_corrected: Fraction

    def to_json(self) -> dict[str, Any]:
        """The finding in an entry's body (journal-format.md §6)."""
        narrowed = {"hour": self.hour, "item": self.item}
        return {
            "signal": self.signal.value,
            "staff": self.clerk,
            **{key: value for key, value in narrowed.items() if value is not None},
            "of": self.of,
            "hits": self.hits,
            "others_of": self.others_of,
            "others_hits": self.others_hits,
            "p": decimals_up(self.p_corrected),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What a period showed: how many seats were opened, by whom, how many looks were taken, what stands out."""

    visits: int
    clerks: tuple[ClerkSeats, ...]
    looks: int
    findings: tuple[Finding, ...]


def review(
    cases: Iterable[SeatOpened | ComboSold],
    *,
    odds_allowed: Fraction = ODDS_ALLOWED,
    error_chance: Fraction = ERROR_CHANCE,
) -> Review:
    """Look at each clerk as a whole, at each of his hours and at each item, against the other clerks.

    The chance that a period raises any finding is at most `error_chance` where no clerk's odds are more than
    `odds_allowed` times those of the others under the same circumstances. Findings come as a reader wants them: by
    clerk and signal, the whole before its hours and items.
    """
    tallies = Tallies()
    for case in cases:
        tallies.add(case)
    looks = tallies.looks()
    findings: list[Finding] = []
    for level in Level:
        of_level = [look for look in looks if look.level is level]
        findings += _findings(of_level, odds=odds_allowed, error_chance=error_chance)
    clerks = tuple(tallies.clerk_seats())
    return Review(
        visits=sum(clerk.opened for clerk in clerks),
        clerks=clerks,
        looks=len(looks),
        findings=tuple(sorted(findings, key=_as_read)),
    )


def decimals_up(p: Fraction) -> str:
    """A probability with six decimals, rounded up: never said to be smaller than it is, and never 0."""
    millionths = ceil(p * _MILLION)
    return f"{millionths // _MILLION}.{millionths % _MILLION:06}"


def _findings(looks: Sequence[Look], *, odds: Fraction, error_chance: Fraction) -> list[Finding]:
    """What looks of one level found, corrected by Holm's step-down method, and for there being several levels."""
    ordered = sorted(((look.p(odds), look) for look in looks), key=lambda pair: pair[0])
    found = []
    corrected = Fraction()
    for place, (p, look) in enumerate(ordered):
        corrected = max(corrected, min(p * (len(ordered) - place) * len(Level), Fraction(1)))
        if corrected > error_chance:
            break
        found.append(_finding(look, p, corrected))
    return found


def _finding(look: Look, p: Fraction, p_corrected: Fraction) -> Finding:
    whole = look.whole
    return Finding(
        signal=look.signal,
        clerk=look.clerk,
        hour=look.hour,
        item=look.item,
        of=whole.of,
        hits=whole.hits,
        others_of=whole.others_of,
        others_hits=whole.others_hits,
        expected=look.expected,
        p=p,
        p_corrected=p_corrected,
    )


def _as_read(finding: Finding) -> tuple[object, ...]:
    """By clerk and signal; the whole first, then hours, then items."""
    signal = list(Signal).index(finding.signal)
    return (*clerk_order(finding.clerk), signal, finding.item or "", -1 if finding.hour is None else finding.hour)
