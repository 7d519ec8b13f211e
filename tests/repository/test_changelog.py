"""The changelog is for shop owners and keeps its form, so that the newest change is where one looks first."""

import re

from tests.repository.sources import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = {"Added", "Changed", "Mended", "Removed"}


def test_versions_stand_newest_first() -> None:
    versions = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
    assert versions[0] == "Unreleased"
    released = [tuple(int(part) for part in version.split(" ")[0].split(".")) for version in versions[1:]]
    assert released == sorted(released, reverse=True)


def test_every_change_stands_under_a_known_kind() -> None:
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)) <= KINDS


def test_a_change_is_told_in_a_sentence_or_two() -> None:
    changes = re.findall(r"^- (.+(?:\n  .+)*)", CHANGELOG, re.MULTILINE)
    assert changes
    for change in changes:
        assert len(change) <= 400, change
        assert change.rstrip().endswith((".", "。")), change


def test_a_shop_owner_meets_no_module_names() -> None:
    assert re.findall(r"\b\w+\.py\b|\b\w+/\w+\.\w+", CHANGELOG) == []
