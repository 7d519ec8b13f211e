"""Every command that a document shows is one that the program takes."""

import re
import shlex
from pathlib import Path

import pytest

from pos.cli.main import _parser
from pos.errors import WrongUseError
from pos.languages import Language
from tests.repository.sources import ROOT, tracked_files

DOCUMENTS = [path for path in tracked_files() if path.suffix == ".md"]


def shown_commands() -> list[tuple[str, str]]:
    """The lines of code blocks that begin with `mingjia`, with the document that shows them."""
    return [
        (path.relative_to(ROOT).as_posix(), line.strip())
        for path in DOCUMENTS
        for block in re.findall(r"^```\w*\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for line in block.replace("\\\n", " ").splitlines()
        if re.match(r"(\.venv/bin/)?mingjia ", line)
    ]


@pytest.mark.parametrize(("document", "line"), shown_commands())
def test_a_shown_command_is_one_that_the_program_takes(document: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    parsed = _parser(Language.EN).parse_args(words)
    assert callable(parsed.run), document


def test_the_command_table_names_every_group_and_no_other() -> None:
    help_text = _parser(Language.EN).format_help()
    groups = set(re.findall(r"^    ([a-z-]+)(?: {2,}|$)", help_text, re.MULTILINE))
    for name in ("README.md", "README.zh-CN.md"):
        table = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `([a-z-]+)[ `]", table, re.MULTILINE)) == groups, name


def test_wrong_commands_would_be_seen() -> None:
    with pytest.raises(WrongUseError):
        _parser(Language.EN).parse_args(["visit", "teleport", "A01"])


def test_documents_show_commands() -> None:
    assert {Path(document).name for document, _ in shown_commands()} >= {"README.md", "operations.md"}
