"""Every decision is listed, numbered without gaps, and names its price."""

import re
from pathlib import Path

import pytest

from tests.repository.sources import ROOT

FOLDER = ROOT / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
LIST = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_records_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{number:04d}" for number in range(1, len(RECORDS) + 1)]


def test_the_list_names_every_record_and_no_other() -> None:
    assert re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", LIST) == [path.name for path in RECORDS]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_says_why_what_and_at_what_price(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    title = text.splitlines()[0].removeprefix(f"# {record.name[:4]} ")
    assert f"| {title} |" in LIST
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Why a choice is needed", "Decision", "Price paid"]
