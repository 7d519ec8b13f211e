"""The sentence for every error: what happened, and what to do next.

Errors carry facts and a code; below `pos` nobody writes for a cashier. A sentence is found by the error's code, or by
`code/word` where the error tells one trouble from another with a word (`problem`, `reason`, …). Braces are filled with
the error's facts; amounts in fen are said in yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, tzinfo
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from billing.money import yuan_text
from billing.price_problems import Problem as PriceProblem
from pos.errors import Problem, WrongUseError
from pos.languages import Words, noted
from pos.notices import Notice
from pos.price_wording import fault_sentence, place_text
from pos.sentences import PROBLEMS, SENTENCES

INTERNAL: Final = noted(
    "The program failed at {place} ({kind}); nothing was half-written. Do it again; if it happens again, report this."
)
_WRONG_USE: Final = noted("{message}. See `{command} --help`.")
_TELLING: Final = ("problem", "reason", "trouble", "what", "until", "flaw")


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidProblem:
    """A problem of a file in words. `where` is the place for programs, `place` the one for people."""

    code: str
    where: str | Mapping[str, str | int | None]
    place: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """Return the problem as commands answer it."""
        return {"code": self.code, "where": self.where, "message": self.message}

    def line(self) -> str:
        """Return the problem as people read it."""
        return f"{self.place}: {self.code}: {self.message}"


def sentence_of(
    error: Exception | Notice,
    words: Words,
    *,
    timezone: tzinfo | None = None,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the sentence for an error or a notice, in the words' language; instants are said in `timezone`.

    `instead` holds sentences that go before the general ones: at a screen the next step is a key, not a command.
    """
    if isinstance(error, WrongUseError):
        return words(_WRONG_USE).format(message=error.message.rstrip("."), command=error.command or "mingjia")
    facts = facts_of(error, timezone)
    keys = _keys(error, facts)
    sentence = next((known[key] for known in (instead, SENTENCES) for key in keys if key in known), None)
    if sentence is None:
        return words(INTERNAL).format(place=_place(error), kind=type(error).__name__)
    return words(sentence).format_map(facts)


def problems_of(error: Exception, words: Words) -> list[SaidProblem]:
    """Return the problems that an error lists, of settings or of a price list, each with its sentence."""
    listed = [_said_problem(problem, words) for problem in getattr(error, "problems", ())]
    return [problem for problem in listed if problem is not None]


def said_price_problem(problem: PriceProblem, words: Words) -> SaidProblem:
    """Say one problem of a price list."""
    return SaidProblem(
        code=problem.code.value,
        where=problem.where.to_json(),
        place=place_text(problem.where, words),
        message=fault_sentence(problem.fault, words),
    )


def _said_problem(problem: object, words: Words) -> SaidProblem | None:
    if isinstance(problem, PriceProblem):
        return said_price_problem(problem, words)
    if isinstance(problem, Problem):
        message = words(PROBLEMS[problem.code])
        return SaidProblem(
            code=problem.code, where=str(problem.where), place=place_text(problem.where, words), message=message
        )
    return None


def facts_of(error: object, timezone: tzinfo | None = None) -> Mapping[str, str]:
    """Return an error's facts as they stand in a sentence."""
    if not is_dataclass(error) or isinstance(error, type):
        return {}
    return {field.name: _said(field.name, getattr(error, field.name), timezone) for field in fields(error)}


def _keys(error: Exception | Notice, facts: Mapping[str, str]) -> list[str]:
    code = getattr(type(error), "code", "")
    return [*(f"{code}/{facts[name]}" for name in _TELLING if name in facts), code]


def _said(name: str, value: Any, timezone: tzinfo | None) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_said(name, one, timezone) for one in value)
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan_text(value)
    if isinstance(value, datetime):
        if timezone is None:
            return value.isoformat(sep=" ", timespec="seconds")
        return f"{value.astimezone(timezone):%Y-%m-%d %H:%M:%S}"
    return str(value)


def _place(error: Exception | Notice) -> str:
    trace = error.__traceback__ if isinstance(error, Exception) else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
