"""`prices check` and `prices quote`: what needs a file and no venue (docs/pricing.md §4, §5).

Both write to the streams they are given, in the words of the reader's language, and return the exit status: 0 done, 1
refused or a finding. A file that cannot be read is the caller's to answer for (OSError).
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from billing.best_price import charge
from billing.bill import Bill
from billing.list_errors import ListInvalidError
from billing.money import yuan_text
from billing.price_checks import CheckResult, check
from billing.price_list import PriceList
from billing.promotion_checks import PriceHistory
from billing.time_left import time_left
from billing.usage import is_blank, parse_usage
from billing.usage_errors import UsageError
from billing.wall_clock import second_of
from pos.languages import Words
from pos.price_wording import bill_lines
from pos.wording import problems_of, said_price_problem, sentence_of

DONE = 0
REFUSED = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Streams:
    """Where a command answers: `out` carries the answer and nothing else, `err` a refusal in words."""

    out: TextIO
    err: TextIO


def check_file(
    path: Path, streams: Streams, *, words: Words, is_json: bool, history: PriceHistory | None = None
) -> int:
    """Answer `prices check FILE`: every problem of the file."""
    result = check(path.read_bytes(), history=history)
    if is_json:
        _write_json(streams.out, _check_json(result, words))
    else:
        streams.out.writelines(f"{line}\n" for line in _check_lines(result, words))
    return REFUSED if result.problems else DONE


def quote_usage(path: Path, usage: bytes, streams: Streams, *, words: Words, is_json: bool) -> int:
    """Answer `prices quote FILE --usage …`: the bill of one usage, or how long its funds last."""
    prices = _priced_by(path, streams, words=words, is_json=is_json)
    if prices is None:
        return REFUSED
    try:
        answer = _answer(usage, prices)
    except UsageError as error:
        _refuse(streams, error, words=words, is_json=is_json)
        return REFUSED
    if is_json:
        _write_json(streams.out, answer.to_json())
    else:
        streams.out.writelines(f"{line}\n" for line in answer.lines(words))
    return DONE


def quote_batch(path: Path, usages: BinaryIO, streams: Streams, *, words: Words, is_json: bool) -> int:
    """Answer `prices quote FILE --batch …`: one answer a line for each usage a line.

    A refused usage is answered like the others and the batch goes on: the status is 0 whenever every line has been
    answered. Blank lines have no answer.
    """
    prices = _priced_by(path, streams, words=words, is_json=is_json)
    if prices is None:
        return REFUSED
    streams.out.writelines(_batch_answers(usages, prices, words=words, is_json=is_json))
    return DONE


def _batch_answers(usages: Iterable[bytes], prices: PriceList, *, words: Words, is_json: bool) -> Iterator[str]:
    for line in usages:
        if is_blank(line):
            continue
        try:
            answer = _answer(line, prices)
        except UsageError as error:
            text = _json_text({"error": _error_json(error, words)}) if is_json else sentence_of(error, words)
        else:
            text = answer.to_json_text() if is_json else answer.summary(words)
        yield f"{text}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class _BillAnswer:
    bill: Bill
    prices: PriceList

    def to_json(self) -> dict[str, Any]:
        return self.bill.to_json()

    def to_json_text(self) -> str:
        return self.bill.to_json_text()

    def summary(self, _words: Words) -> str:
        return yuan_text(self.bill.total_fen)

    def lines(self, words: Words) -> list[str]:
        return bill_lines(self.bill, self.prices, words)


@dataclass(frozen=True, kw_only=True, slots=True)
class _TimeLeftAnswer:
    until: str | None

    def to_json(self) -> dict[str, Any]:
        return {"until": self.until}

    def to_json_text(self) -> str:
        return _json_text(self.to_json())

    def summary(self, words: Words) -> str:
        if self.until is None:
            return words("longer than seven days")
        return words("until {until}").format(until=self.until.replace("T", " "))

    def lines(self, words: Words) -> list[str]:
        return [self.summary(words)]


def _answer(usage_text: bytes, prices: PriceList) -> _BillAnswer | _TimeLeftAnswer:
    usage = parse_usage(usage_text.removeprefix(BOM_UTF8), prices.clock)  # Some editors put a mark at the beginning.
    if usage.funds_fen is None:
        return _BillAnswer(bill=charge(usage, prices), prices=prices)
    until = time_left(usage, prices, funds_fen=usage.funds_fen)
    return _TimeLeftAnswer(until=None if until is None else prices.clock.text(second_of(until)))


def _priced_by(path: Path, streams: Streams, *, words: Words, is_json: bool) -> PriceList | None:
    """The list in a file, or None after saying why nothing can be quoted by it."""
    try:
        prices = check(path.read_bytes()).require()
    except ListInvalidError as error:
        _refuse(streams, error, words=words, is_json=is_json)
        return None
    return prices


def _check_json(result: CheckResult, words: Words) -> dict[str, Any]:
    return {
        "ok": not result.problems,
        "problems": [said_price_problem(problem, words).to_json() for problem in result.problems],
        "not_checked": [code.value for code in result.not_checked],
    }


def _check_lines(result: CheckResult, words: Words) -> list[str]:
    said = [said_price_problem(problem, words) for problem in result.problems]
    lines = [problem.line() for problem in said] or [words("The price list has no problem.")]
    # Only promotions are not checked without a venue's records (G-6).
    if result.not_checked and (result.prices is None or result.prices.promotions):
        lines.append(
            words(
                "The promotions were not compared with what was really paid: that takes the venue's records (--data)."
            )
        )
    return lines


def _error_json(error: Exception, words: Words) -> dict[str, Any]:
    answer: dict[str, Any] = {"code": getattr(error, "code", ""), "message": sentence_of(error, words)}
    if problems := problems_of(error, words):
        answer["problems"] = [problem.to_json() for problem in problems]
    return answer


def _refuse(streams: Streams, error: Exception, *, words: Words, is_json: bool) -> None:
    if is_json:
        _write_json(streams.out, {"error": _error_json(error, words)})
        return
    streams.err.write(f"{sentence_of(error, words)}\n")
    streams.err.writelines(f"  {problem.line()}\n" for problem in problems_of(error, words))


def _write_json(out: TextIO, answer: dict[str, Any]) -> None:
    out.write(f"{_json_text(answer)}\n")


def _json_text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)
