"""`prices check` and `prices quote`: what needs a file and no venue (docs/pricing.md §4, §5).

Both write to the streams they are given and return the exit status: 0 done, 1 refused or a finding. A file that cannot
be read is the caller's to answer for (OSError). `sentence` turns an error into the reader's words.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from billing.bill import Bill, PackageLine, TimeLine
from billing.errors import BestPriceUnsupportedError, BillingError, UsageError
from billing.money import yuan_text
from billing.price_checks import CheckResult, check
from billing.price_list import PriceList, refuse_best_price
from billing.promotion_checks import PriceHistory
from billing.rating import rate
from billing.time_left import time_left
from billing.usage import is_blank, parse_usage
from billing.wall_clock import second_of

DONE = 0
REFUSED = 1

Sentence = Callable[[BillingError], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Streams:
    """Where a command answers: `out` carries the answer and nothing else, `err` a refusal in words."""

    out: TextIO
    err: TextIO


def check_file(path: Path, streams: Streams, *, is_json: bool, history: PriceHistory | None = None) -> int:
    """Answer `prices check FILE`: every problem of the file."""
    result = check(path.read_bytes(), history=history)
    if is_json:
        _write_json(streams.out, result.to_json())
    else:
        streams.out.writelines(f"{line}\n" for line in _check_lines(result))
    return REFUSED if result.problems else DONE


def quote_usage(path: Path, usage: bytes, streams: Streams, *, is_json: bool, sentence: Sentence = str) -> int:
    """Answer `prices quote FILE --usage …`: the bill of one usage, or how long its funds last."""
    prices = _priced_by(path, streams, is_json=is_json, sentence=sentence)
    if prices is None:
        return REFUSED
    try:
        answer = _answer(usage, prices)
    except UsageError as error:
        _refuse(streams, {"code": error.code, "message": sentence(error)}, is_json=is_json)
        return REFUSED
    if is_json:
        _write_json(streams.out, answer.to_json())
    else:
        streams.out.writelines(f"{line}\n" for line in answer.lines())
    return DONE


def quote_batch(path: Path, usages: BinaryIO, streams: Streams, *, is_json: bool, sentence: Sentence = str) -> int:
    """Answer `prices quote FILE --batch …`: one answer a line for each usage a line.

    A refused usage is answered like the others and the batch goes on: the status is 0 whenever every line has been
    answered. Blank lines have no answer.
    """
    prices = _priced_by(path, streams, is_json=is_json, sentence=sentence)
    if prices is None:
        return REFUSED
    answers = _batch_answers(usages, prices, is_json=is_json, sentence=sentence)
    streams.out.writelines(answers)
    return DONE


def _batch_answers(usages: Iterable[bytes], prices: PriceList, *, is_json: bool, sentence: Sentence) -> Iterator[str]:
    for line in usages:
        if is_blank(line):
            continue
        try:
            answer = _answer(line, prices)
        except UsageError as error:
            refusal = {"error": {"code": error.code, "message": sentence(error)}}
            yield f"{json.dumps(refusal) if is_json else f'{error.code}: {sentence(error)}'}\n"
        else:
            yield f"{answer.to_json_text() if is_json else answer.summary()}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class _BillAnswer:
    bill: Bill

    def to_json(self) -> dict[str, Any]:
        return self.bill.to_json()

    def to_json_text(self) -> str:
        return self.bill.to_json_text()

    def summary(self) -> str:
        return yuan_text(self.bill.total_fen)

    def lines(self) -> list[str]:
        """The bill as text: amounts in yuan, the total last."""
        return [*(self._line(line) for line in self.bill.lines), f"{yuan_text(self.bill.total_fen):>9}"]

    def _line(self, line: Any) -> str:
        amount = f"{yuan_text(line.amount_fen):>9}"
        match line:
            case TimeLine():
                clock = self.bill.clock
                span = f"{clock.text(line.start_second)} – {clock.text(line.end_second)}"
                return f"{amount}  {line.zone}  {span}  {yuan_text(line.fen_per_hour)}/h"
            case PackageLine():
                return f"{amount}  {line.code}"
            case _:
                return f"{amount}  {line.kind.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _TimeLeftAnswer:
    until: str | None

    def to_json(self) -> dict[str, Any]:
        return {"until": self.until}

    def to_json_text(self) -> str:
        return json.dumps(self.to_json())

    def summary(self) -> str:
        return self.until or "-"

    def lines(self) -> list[str]:
        return [self.summary()]


def _answer(usage_text: bytes, prices: PriceList) -> _BillAnswer | _TimeLeftAnswer:
    usage = parse_usage(usage_text, prices.clock)
    if usage.funds_fen is None:
        return _BillAnswer(bill=rate(usage, prices))
    until = time_left(usage, prices, funds_fen=usage.funds_fen)
    return _TimeLeftAnswer(until=None if until is None else prices.clock.text(second_of(until)))


def _priced_by(path: Path, streams: Streams, *, is_json: bool, sentence: Sentence) -> PriceList | None:
    """The list in a file, or None after saying why nothing can be quoted by it."""
    result = check(path.read_bytes())
    try:
        prices = result.require()
        refuse_best_price(prices)
    except BestPriceUnsupportedError as error:
        _refuse(streams, {"code": error.code, "message": sentence(error)}, is_json=is_json)
    except BillingError as error:
        problems = [problem.to_json() for problem in result.problems]
        _refuse(streams, {"code": error.code, "message": sentence(error), "problems": problems}, is_json=is_json)
        if not is_json:
            streams.err.writelines(f"  {line}\n" for line in _problem_lines(result))
    else:
        return prices
    return None


def _check_lines(result: CheckResult) -> list[str]:
    lines = _problem_lines(result) or ["ok"]
    return lines + [f"{code.value}: not checked without --data" for code in result.not_checked]


def _problem_lines(result: CheckResult) -> list[str]:
    return [f"{problem.where}: {problem.code.value}: {problem.message}" for problem in result.problems]


def _refuse(streams: Streams, error: dict[str, Any], *, is_json: bool) -> None:
    if is_json:
        _write_json(streams.out, {"error": error})
    else:
        streams.err.write(f"{error['message']}\n")


def _write_json(out: TextIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer) + "\n")
