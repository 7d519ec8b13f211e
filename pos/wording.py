"""The sentence for every error: what happened, and what to do next.

Errors carry facts and a code; below `pos` nobody writes for a cashier. A sentence is found by the error's code, or by
`code/word` where the error tells one trouble from another with a word (`problem`, `reason`, …). Braces are filled with
the error's facts; amounts in fen are said in yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, tzinfo
from enum import Enum
from typing import Any, Final

from pos.errors import Problem, WrongUseError
from pos.languages import Words, noted
from pos.notices import Notice
from pos.sentences import PROBLEMS, SENTENCES

INTERNAL: Final = noted(
    "The program failed at {place} ({kind}); nothing was half-written. Do it again; if it happens again, report this."
)
_WRONG_USE: Final = noted("{message}. See `mingjia --help`.")
_TELLING: Final = ("problem", "reason", "trouble", "what", "until")


def sentence_of(error: Exception | Notice, words: Words, *, timezone: tzinfo | None = None) -> str:
    """Return the sentence for an error or a notice, in the words' language; instants are said in `timezone`."""
    if isinstance(error, WrongUseError):
        return words(_WRONG_USE).format(message=error.message.rstrip("."))
    facts = facts_of(error, timezone)
    sentence = next((SENTENCES[key] for key in _keys(error, facts) if key in SENTENCES), None)
    if sentence is None:
        return words(INTERNAL).format(place=_place(error), kind=type(error).__name__)
    return words(sentence).format_map(facts)


def problems_of(error: Exception, words: Words) -> list[Problem]:
    """Return the problems that an error lists, each with its sentence."""
    listed = [problem for problem in getattr(error, "problems", ()) if isinstance(problem, Problem)]
    return [
        Problem(code=p.code, where=p.where, message=p.message or words(PROBLEMS[p.code]).format(where=p.where))
        for p in listed
    ]


def facts_of(error: object, timezone: tzinfo | None = None) -> Mapping[str, str]:
    """Return an error's facts as they stand in a sentence."""
    if not is_dataclass(error) or isinstance(error, type):
        return {}
    return {field.name: _said(field.name, getattr(error, field.name), timezone) for field in fields(error)}


def yuan(fen: int) -> str:
    """Say an amount in yuan: `12.50`, `-0.05`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _keys(error: Exception | Notice, facts: Mapping[str, str]) -> list[str]:
    code = getattr(type(error), "code", "")
    return [*(f"{code}/{facts[name]}" for name in _TELLING if name in facts), code]


def _said(name: str, value: Any, timezone: tzinfo | None) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_said(name, one, timezone) for one in value)
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan(value)
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
