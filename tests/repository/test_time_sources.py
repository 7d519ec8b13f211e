"""Time comes from one clock (I-10): only `records.clock` asks what time it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, product_modules, tree, where

WALL = frozenset({"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "ctime", "asctime"})
SPAN = frozenset({"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"})
OWNERS = frozenset({"datetime", "date", "dt", "time", "datetime.datetime", "datetime.date", "dt.datetime"})

ASKS_THE_TIME = frozenset({"records/clock.py"})
# A device's patience is a span, no hour of the day; hardware imports nothing of ours and measures its own.
MEASURES_SPANS = frozenset({"records/clock.py", "hardware/"})


def questions(source: ast.Module, attributes: frozenset[str]) -> Iterator[ast.AST]:
    """Every mention of a time source, called or only passed on; `datetime.time(…)` only builds a value."""
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and node.attr in attributes:
            owner = ast.unparse(node.value)
            if owner in OWNERS and (owner, node.attr) not in {("datetime", "time"), ("dt", "time")}:
                yield node
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node for alias in node.names if alias.name in attributes)


def found(attributes: frozenset[str], *, allowed: frozenset[str]) -> list[str]:
    return [
        where(path, node)
        for path in product_modules()
        if not path.relative_to(ROOT).as_posix().startswith(tuple(allowed))
        for node in questions(tree(path), attributes)
    ]


def test_only_the_clock_asks_the_time() -> None:
    assert found(WALL, allowed=ASKS_THE_TIME) == []


def test_only_the_clock_and_the_devices_patience_measure_spans() -> None:
    assert found(SPAN, allowed=MEASURES_SPANS) == []


@pytest.mark.parametrize("name", sorted(MEASURES_SPANS))
def test_an_exception_names_a_place_that_exists(name: str) -> None:
    assert Path(ROOT, name).exists()


@pytest.mark.parametrize(
    "source",
    [
        "time.time()",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "dt.datetime.utcnow()",
        "date.today()",
        "from time import time_ns",
        "def read(clock=time.time): ...",
        "time.localtime()",
    ],
)
def test_a_question_for_the_time_is_seen(source: str) -> None:
    assert len(list(questions(ast.parse(source), WALL))) == 1


@pytest.mark.parametrize("source", ["datetime.time(6, 0)", "clock.now()", "datetime.fromisoformat(text)"])
def test_building_a_value_or_asking_our_clock_is_no_question(source: str) -> None:
    assert list(questions(ast.parse(source), WALL)) == []
