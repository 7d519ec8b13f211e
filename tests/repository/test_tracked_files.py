"""The repository speaks of the product alone, in files of a readable size."""

import re
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, tracked_files

SIZE_MAX = 200_000  # Bytes. Larger things are made by a script, not kept.
LINES_MAX = 450  # Of a module. A longer one is about two things.
TEST_LINES_MAX = 700  # Of a test file: many cases of one thing are still about one thing.
MAY_BE_LONG = frozenset(
    {
        "billing/errors.py",  # A list: every refusal of the counter, a few lines each.
        "compliance/verify/verify.py",  # One file, because it travels in each bundle and runs alone.
    }
)

# Addresses that a reader may meet; anything else would be a mirror, a registry or somebody's machine.
ADDRESSES = frozenset(
    {
        "www.apache.org",  # The licence's own text.
    }
)
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "not " + "implemented", "coming " + "soon")))
HOME_FOLDER = re.compile(r"(?<![\w.])/(home|Users|root|work|opt|mnt)/\w")

TEXTS = [path for path in tracked_files() if path.suffix not in {".mo", ".png", ".zip"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines_max(path: Path) -> int:
    return TEST_LINES_MAX if name(path).startswith("tests/") else LINES_MAX


def test_every_file_is_small() -> None:
    assert [name(path) for path in tracked_files() if path.stat().st_size > SIZE_MAX] == []


def test_every_module_is_about_one_thing() -> None:
    modules = [path for path in TEXTS if path.suffix == ".py"]
    long = {name(path) for path in modules if len(read(path).splitlines()) > lines_max(path)}
    assert long - MAY_BE_LONG == set()


def test_every_text_is_utf_8_with_plain_line_ends() -> None:
    assert [name(path) for path in TEXTS if b"\r" in path.read_bytes()] == []
    assert [name(path) for path in TEXTS if read(path).startswith("\ufeff")] == []


def test_every_address_is_one_we_mean() -> None:
    found = {
        f"{name(path)}: {host}"
        for path in TEXTS
        for host in re.findall(r"https?://([A-Za-z0-9.-]+\.[A-Za-z]{2,})", read(path))
        if host not in ADDRESSES and not host.startswith("example.")
    }
    assert found == set()


def test_no_file_speaks_of_one_machine() -> None:
    assert [name(path) for path in TEXTS if HOME_FOLDER.search(read(path))] == []


def test_nothing_is_left_unfinished() -> None:
    assert [name(path) for path in TEXTS if UNFINISHED.search(read(path))] == []


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "misc", "common"])
def test_no_module_hides_behind_a_word_that_says_nothing(word: str) -> None:
    assert [name(path) for path in TEXTS if path.stem == word] == []


def test_no_two_test_files_share_a_name() -> None:
    """They are imported by their names alone."""
    names = [path.name for path in TEXTS if name(path).startswith("tests/") and path.name != "conftest.py"]
    assert sorted({found for found in names if names.count(found) > 1 and found.endswith(".py")}) == []
