"""Documents name files and modules that exist."""

import re
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, product_packages, tracked_files

DOCUMENTS = [path for path in tracked_files() if path.suffix == ".md"]
JOURNAL = (ROOT / "docs" / "journal-format.md").read_text(encoding="utf-8")
_EVENTS = frozenset(re.findall(r"`([a-z]+\.[a-z_]+)`", JOURNAL))  # Entries have dotted names too, such as staff.added.
PLACES = tuple(f"{folder}/" for folder in (*product_packages(), "docs", "tests", "bench"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`([a-z_]+/[A-Za-z0-9_./-]*)`", document.read_text(encoding="utf-8"))
    assert [name for name in named if name.startswith(PLACES) and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_that_a_document_names_exists(document: Path) -> None:
    packages = "|".join(product_packages())
    named = re.findall(rf"`((?:{packages})(?:\.(?!md)[a-z_]+)+)`", document.read_text(encoding="utf-8"))
    assert [name for name in named if not _is_code(name) and name not in _EVENTS] == []


def _is_code(dotted: str) -> bool:
    """Whether a dotted name is a module or a package, or something in one."""
    path = ROOT / dotted.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file() or path.parent.with_suffix(".py").is_file()
