"""The documents, the verifier and the product name the same types of entries and the same tables."""

from __future__ import annotations

import re
from pathlib import Path

from compliance.csv_tables import COLUMNS
from compliance.verify import verify as v
from tests.compliance.handmade import HEADERS

DOCS = Path(__file__).parents[2] / "docs"
JOURNAL = (DOCS / "journal-format.md").read_text(encoding="utf-8")
BUNDLE = (DOCS / "bundle-format.md").read_text(encoding="utf-8")


def types_told() -> set[str]:
    """Every type of entry that has a row in a table of journal-format.md §6, or a body of its own below."""
    section = JOURNAL[JOURNAL.index("## 6.") : JOURNAL.index("## 7.")]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row)}
    return told | set(re.findall(r"^`([a-z_]+\.[a-z_]+)`[^\n]*:$", section, re.MULTILINE))


def test_the_verifier_knows_every_type_of_entry_that_the_document_tells() -> None:
    assert types_told() == set(v.BODIES)


def test_the_tables_have_the_columns_that_the_document_tells() -> None:
    told = dict(re.findall(r"^\| `csv/(\w+)\.csv` \|[^|]*\| `([a-z0-9_,]+)`", BUNDLE, re.MULTILINE))
    assert told == dict(v.TABLES) == dict(COLUMNS) == HEADERS


def test_the_codes_are_those_of_the_document() -> None:
    section = BUNDLE[BUNDLE.index("## 3.") : BUNDLE.index("The answer says")]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", section)) - {"gt", "key-added"}
    assert set(v.CODES) <= named
