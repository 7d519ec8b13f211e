"""`prices check`: every problem of a price list in one run, or the list (docs/pricing.md §4).

A thing is noted once, under the first code that fits, and what depends on a bad value is not checked on it. A list
with no problem becomes a `PriceList`; there is no other way to make one from a file.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from billing.list_errors import ListInvalidError
from billing.price_building import build_list
from billing.price_faults import NotToml, NotUtf8
from billing.price_list import PriceList
from billing.price_problems import Problem, ProblemCode, ProblemLog, Where
from billing.price_reading import read_document
from billing.price_rules import check_new_rules, check_rules
from billing.promotion_checks import NEEDS_HISTORY, PriceHistory, check_promotions
from billing.rate_coverage import check_coverage
from billing.toml_lines import TomlLines

_ERROR_LINE = re.compile(r"\(at line (\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """What was found, what could not be asked without a venue's records, and the list if nothing was found."""

    problems: tuple[Problem, ...]
    not_checked: tuple[ProblemCode, ...]
    prices: PriceList | None

    def require(self) -> PriceList:
        """The list. Raises ListInvalidError if there is any problem."""
        if self.prices is None:
            raise ListInvalidError(self.problems)
        return self.prices


def check(text: bytes | str, *, history: PriceHistory | None = None) -> CheckResult:
    """Check the text of a price list. With a venue's history the rules of G-6 are checked too."""
    not_checked = NEEDS_HISTORY if history is None else ()
    try:
        text = _decoded(text)
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOML errors and undecodable bytes are ValueErrors.
        problem = _syntax_problem(text, error)
        return CheckResult(problems=(problem,), not_checked=not_checked, prices=None)
    log = ProblemLog(lines=TomlLines(text))
    prices = _check_document(document, log, is_new=True)
    if prices is not None and history is not None:
        check_promotions(prices, history, log)
    problems = log.in_file_order()
    return CheckResult(problems=problems, not_checked=not_checked, prices=None if problems else prices)


def read_canonical(canonical: bytes) -> PriceList:
    """The list in its canonical bytes, as journal and bundle keep it.

    Raises ListInvalidError, perhaps without problems, for anything that is not a list in that form, byte for byte.
    """
    log = ProblemLog()
    try:
        document = json.loads(canonical)
    except (ValueError, RecursionError) as error:
        raise ListInvalidError(()) from error
    prices = _check_document(document, log, is_new=False) if isinstance(document, dict) else None
    if prices is None or prices.canonical_bytes != canonical:
        raise ListInvalidError(log.in_file_order())
    return prices


def _check_document(document: Mapping[str, object], log: ProblemLog, *, is_new: bool) -> PriceList | None:
    """Note every problem of form, references and rules; the list if there is none."""
    entries = read_document(document, log)
    check_rules(entries, log)
    if is_new:
        check_new_rules(entries, log)
    check_coverage(entries, log)
    return None if log.in_file_order() else build_list(entries)


def _decoded(text: bytes | str) -> str:
    """The text without the mark that some editors put at its beginning."""
    return (text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff")


def _syntax_problem(text: bytes | str, error: Exception) -> Problem:
    """Name the line of what is no TOML, also where its bytes are no UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return Problem(where=Where(line=line), fault=NotUtf8(line=line))
    named = _ERROR_LINE.search(str(error))
    line = int(named.group(1)) if named else len(text.splitlines()) or 1
    return Problem(where=Where(line=line), fault=NotToml(line=line, detail=str(error)))
