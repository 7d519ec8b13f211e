"""The gate, `make check` and `make test` run the same tests, and the gate leaves nothing out."""

import os
import re

import pytest

from tests.repository.sources import ROOT, product_packages

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
GATE = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def recipe(target: str) -> list[str]:
    """The lines of one target, without tabs."""
    match = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert match, target
    return [line.strip() for line in match[1].splitlines()]


def test_the_gate_ends_with_what_contributors_call() -> None:
    assert GATE.rstrip().splitlines()[-1] == "exec make --no-print-directory check"


def test_check_ends_with_the_command_of_make_test() -> None:
    assert recipe("check")[-1] == recipe("test")[0]
    assert "$(TEST)" in recipe("test")[0]


def test_check_lints_types_and_watches_imports_before_the_tests() -> None:
    assert re.search(r"^check: lint$", MAKEFILE, re.MULTILINE)
    lint = "\n".join(recipe("lint"))
    for tool in ("ruff check .", "ruff format --check .", "mypy", "lint-imports"):
        assert tool in lint


def test_make_test_says_what_it_left_out() -> None:
    said = " ".join(line for line in recipe("test") if "echo" in line)
    for target in ("make check", "make bench"):
        assert target in said


def test_the_gate_and_make_look_for_the_same_interpreters() -> None:
    wanted = re.search(r"^PYTHON \?= (.*)$", MAKEFILE, re.MULTILINE)
    assert wanted
    assert f"for python in {wanted[1]}; do" in GATE


@pytest.mark.parametrize("package", product_packages())
def test_every_package_is_typed_watched_and_shipped(package: str) -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    shipped = re.search(r"^include = \[(.*)\]$", settings, re.MULTILINE)
    typed = re.search(r"^files = \[(.*)\]$", settings, re.MULTILINE)
    assert shipped
    assert typed
    assert f'"{package}*"' in shipped[1]
    assert f'"{package}"' in typed[1]
    assert (ROOT / package / "__init__.py").is_file()


def test_the_gate_is_a_program() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
