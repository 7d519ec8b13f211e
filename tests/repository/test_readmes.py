"""Both READMEs say the same, in two languages, and only what is true."""

import re
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, tracked_files

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
DOCUMENTS = [path for path in tracked_files() if path.suffix == ".md"]


def fenced(text: str) -> list[str]:
    """The contents of the code blocks, in order."""
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    return re.sub(r"^```\w*\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def heading_levels(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(text), re.MULTILINE)]


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose(text))


def commands(text: str) -> list[str]:
    """The lines of code blocks that somebody types: those that begin with a program we ship or name."""
    lines = [line.strip() for block in fenced(text) for line in block.splitlines()]
    return [line for line in lines if re.match(r"(make|mingjia|py|\.venv\\Scripts\\\S+) ", line)]


def test_both_languages_have_the_same_sections() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in (ENGLISH, CHINESE))
    assert heading_levels(english) == heading_levels(chinese)


def test_both_languages_give_the_same_commands() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in (ENGLISH, CHINESE))
    assert commands(english) == commands(chinese)
    assert "make demo" in commands(english)


def test_both_languages_lead_to_the_same_places() -> None:
    english, chinese = (set(links(path.read_text(encoding="utf-8"))) for path in (ENGLISH, CHINESE))
    assert english - {CHINESE.name} == chinese - {ENGLISH.name}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    inside = [link for link in links(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", [ENGLISH, CHINESE], ids=lambda path: path.name)
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets
    assert {"demo", "test", "check"} <= named
