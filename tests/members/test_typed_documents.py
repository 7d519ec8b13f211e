from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members.documents import AdultFrom, DocumentKind, Verdict, examine
from members.errors import DocumentFileError
from members.typed_documents import load
from staff.approvals import Reason

TABLE: dict[str, Any] = {
    "kind": "passport",
    "name": "TEST SAMPLE",
    "number": "e00000000",
    "birth": "1990-03-07",
    "valid_to": "2030-01-01",
    "nationality": "UTO",
    "reason": "no-chip",
}
TOML = """
kind = "passport"
name = "TEST SAMPLE"
number = "e00000000"
birth = 1990-03-07
valid_to = 2030-01-01
nationality = "UTO"
reason = "no-chip"
"""


def written(tmp_path: Path, content: str | bytes, *, suffix: str = ".toml") -> Path:
    path = tmp_path / f"document{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    from_toml = load(written(tmp_path, TOML))
    from_json = load(written(tmp_path, json.dumps(TABLE), suffix=".json"))
    assert from_toml == from_json
    document = from_toml.document
    assert document.kind is DocumentKind.PASSPORT
    assert document.number.reveal() == "E00000000"
    assert (document.valid_to, document.nationality) == (date(2030, 1, 1), "UTO")
    assert document.birth is not None
    assert document.birth.reveal() == date(1990, 3, 7)
    assert from_toml.reason is Reason.NO_CHIP


def test_long_term_is_written_as_on_the_card(tmp_path: Path) -> None:
    document = load(written(tmp_path, TOML.replace("2030-01-01", '"长期"'))).document
    assert (document.long_term, document.valid_to) == (True, None)


@pytest.mark.parametrize(
    ("left_out", "verdict"), [("birth", Verdict.NO_BIRTH_DATE), ("valid_to", Verdict.VALIDITY_UNKNOWN)]
)
def test_what_is_left_out_is_refused_by_the_check(tmp_path: Path, left_out: str, verdict: Verdict) -> None:
    table = {key: value for key, value in TABLE.items() if key != left_out}
    document = load(written(tmp_path, json.dumps(table), suffix=".json")).document
    found = examine(document, on=date(2026, 11, 23), adult_from=AdultFrom.DAY_AFTER_BIRTHDAY)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("changes", "problem", "field"),
    [
        ({"kind": "library-card"}, "kind-unknown", "kind"),
        ({"reason": "because"}, "reason-unknown", "reason"),
        ({"reason": "goodwill"}, "reason-unknown", "reason"),
        ({"birth": "7 March 1990"}, "not-a-date", "birth"),
        ({"birth": "1990-02-30"}, "not-a-date", "birth"),
        ({"birth": 19900307}, "not-a-date", "birth"),
        ({"name": 7}, "not-text", "name"),
        ({"name": "x" * 201}, "too-long", "name"),
        ({"phone": "1"}, "unknown-key", "phone"),
        ({"110101199003070011": "1"}, "unknown-key", ""),
        ({"name": None}, "not-text", "name"),
        ({"name": "\ud842"}, "not-text", "name"),
        ({"name": "TEST\nSAMPLE"}, "not-text", "name"),
    ],
)
def test_a_mistake_is_named_by_its_key_and_never_by_what_was_typed(
    tmp_path: Path, changes: dict[str, Any], problem: str, field: str
) -> None:
    with pytest.raises(DocumentFileError) as refused:
        load(written(tmp_path, json.dumps(TABLE | changes), suffix=".json"))
    assert (refused.value.problem, refused.value.field) == (problem, field)
    assert refused.value.__cause__ is None
    for value in changes.values():
        assert str(value) not in repr(refused.value).replace(field or "-", "")


@pytest.mark.parametrize("key", ["kind", "name", "number", "reason"])
def test_what_must_be_there_is_missed(tmp_path: Path, key: str) -> None:
    table = {name: value for name, value in TABLE.items() if name != key}
    with pytest.raises(DocumentFileError) as refused:
        load(written(tmp_path, json.dumps(table), suffix=".json"))
    assert (refused.value.problem, refused.value.field) == ("missing", key)


@pytest.mark.parametrize(
    ("content", "suffix", "problem"),
    [
        (b"name = 110101199003070011x", ".toml", "not-toml"),
        (b"{", ".json", "not-json"),
        (b"[1]", ".json", "not-a-table"),
        (b"[" * 50_000, ".json", "not-json"),
        (b"\xff\xfe\x00", ".toml", "not-text"),
        (b"#" * 70_000, ".toml", "too-long"),
    ],
)
def test_a_file_that_is_none_is_refused_without_a_word_of_it(
    tmp_path: Path, content: bytes, suffix: str, problem: str
) -> None:
    with pytest.raises(DocumentFileError) as refused:
        load(written(tmp_path, content, suffix=suffix))
    assert refused.value.problem == problem
    assert refused.value.__cause__ is None


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(DocumentFileError) as refused:
        load(tmp_path / "nowhere.toml")
    assert refused.value.problem == "unreadable"
