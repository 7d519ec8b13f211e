"""Damage, by accident or on purpose: any one byte, entry or file; and nothing whatever shows a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.verify import verify as verifier
from tests.compliance.bundles import Change, codes, judged, resigned
from tests.compliance.busy_shop import Shop, busy_days
from tests.compliance.handmade import VERIFIER, Export, write_zip

ANY = st.integers(0, 10**9)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def export() -> Export:
    """A short day."""
    made = resigned(busy_days(1, visits=4, sales=2))
    made.make()
    return made


@pytest.fixture(scope="module")
def folder(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, unpacked."""
    return unpack(export.files, tmp_path_factory.mktemp("unpacked"))


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@FEW
@given(which=ANY, at=ANY, flip=st.integers(1, 255))
def test_any_flipped_byte_is_found(export: Export, folder: Path, which: int, at: int, flip: int) -> None:
    names = sorted(name for name, content in export.files.items() if content)
    name = names[which % len(names)]
    content = export.files[name]
    at %= len(content)
    path = folder / name
    path.write_bytes(content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :])
    try:
        assert not verifier.verify(str(folder))["ok"]
    finally:
        path.write_bytes(content)


@FEW
@given(at=ANY, how=st.sampled_from(["dropped", "swapped", "repeated"]))
def test_any_entry_dropped_swapped_or_repeated_is_found_by_the_tree(
    export: Export, tmp_path: Path, at: int, how: str
) -> None:
    """Even with the manifest made anew around the damage."""
    lines = list(export.lines)
    at %= len(lines) - 1
    match how:
        case "dropped":
            del lines[at]
        case "swapped":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        case "repeated":
            lines.insert(at, lines[at])
    damaged = Export(lines=export.lines, keys=export.keys, lists=export.lists)
    damaged.make()
    damaged.files["log/entries.jsonl"] = b"".join(line + b"\n" for line in lines)
    found = codes(judged(damaged.sign(), tmp_path))
    assert "checkpoint-root" in found, found
    assert "unreadable" not in found
    assert found & {"seq-gap", "prev"}


@FEW
@given(at=ANY, flip=st.integers(1, 255))
def test_any_flipped_byte_of_the_zip_is_found_or_changes_no_file(
    export: Export, tmp_path: Path, at: int, flip: int
) -> None:
    path = write_zip(export.files, tmp_path / "bundle.zip")
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= flip
    path.write_bytes(content)
    if verifier.verify(str(path))["ok"]:
        with zipfile.ZipFile(path) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == export.files


def test_the_unpacked_folder_is_judged_like_the_zip(folder: Path) -> None:
    assert verifier.verify(str(folder))["findings"] == []


def test_a_file_twice_in_the_zip_is_found(export: Export, tmp_path: Path) -> None:
    path = write_zip(export.files, tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("log/entries.jsonl", export.files["log/entries.jsonl"])
    assert codes(verifier.verify(str(path))) == {"file-unlisted"}


@pytest.mark.parametrize("cut", [0, 1, 22, 1000, -1, -30])
def test_a_cut_zip_cannot_be_read(export: Export, cut: int, tmp_path: Path) -> None:
    path = write_zip(export.files, tmp_path / "bundle.zip")
    path.write_bytes(path.read_bytes()[:cut])
    assert codes(verifier.verify(str(path))) == {"unreadable"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_another_method_cannot_be_read(export: Export, method: int, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in export.files.items():
            archive.writestr(name, data)
    assert codes(verifier.verify(str(path))) == {"unreadable"}


NONSENSE = [
    b"",
    b"\n",
    b"{}",
    b"[]",
    b"null",
    b"1e9",
    b"NaN",
    b'"\\ud800"',
    b"\xff\xfe",
    b"[" * 20_000,
    b'{"files":[]}',
    b'{"files":{"a":1}}',
    b'{"first":0,"first":1}',
    b"9" * 5000,
    b"\x00" * 40,
]


@pytest.mark.parametrize(
    "name", ["manifest.json", "manifest.sig", "log/range.json", "log/checkpoints.txt", "log/before.jsonl"]
)
def test_nonsense_in_any_file_is_a_finding(export: Export, folder: Path, name: str) -> None:
    content = export.files[name]
    try:
        for nonsense in NONSENSE:
            if nonsense != content:
                (folder / name).write_bytes(nonsense)
                assert not verifier.verify(str(folder))["ok"], nonsense
    finally:
        (folder / name).write_bytes(content)


def at_the_end_of_time(entries: list[Any]) -> None:
    """The last settlement and what comes after it were written when no calendar has dates any more."""
    settlement = max(at for at, entry in enumerate(entries) if entry["type"] == "visit.settled")
    for entry in entries[settlement:]:
        entry["wall"] = entry["mono_us"] = (1 << 53) - 1


def in_the_year_9999(entries: list[Any]) -> None:
    """The last settlement's statement is of the last second that a calendar has; so the visit took 8000 years."""
    settlement = max(at for at, entry in enumerate(entries) if entry["type"] == "visit.settled")
    body = entries[settlement]["body"]
    for entry in entries[:settlement]:
        if entry["type"] == "statement.shown" and entry["body"]["visit"] == body["visit"]:
            entry["body"]["at"] = body["usage"]["end"] = "9999-12-31T23:59:59"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
@pytest.mark.parametrize(
    ("change", "told"), [(at_the_end_of_time, {"entry-form"}), (in_the_year_9999, {"entry-form", "price"})]
)
def test_an_instant_of_the_far_future_is_a_finding(
    shop: Shop, tmp_path: Path, change: Change, told: set[str], zone: str
) -> None:
    changed = json.loads(shop.lists[1])
    changed["timezone"] = zone
    data = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def both(entries: list[Any]) -> None:
        if zone != "Asia/Shanghai":
            publish_again(entries, data)
            next(one for one in entries if one["type"] == "venue.changed")["body"]["settings"]["timezone"] = zone
        change(entries)

    made, late = resigned(shop), resigned(shop, both)
    made.lists[1] = data if zone != "Asia/Shanghai" else made.lists[1]
    made.make()  # Its tables are the honest log's: no second writer has a date for these instants.
    made.files["log/entries.jsonl"] = b"".join(line + b"\n" for line in late.lines)
    answer = judged(made.sign(), tmp_path)
    assert told <= codes(answer)
    assert "unreadable" not in codes(answer)
    assert {"entries", "prices", "tables"} <= set(answer["checked"])


@pytest.mark.parametrize(
    "setting",
    [{"timezone": 8}, {"timezone": ["UTC"]}, {"timezone": "\x00"}, {"day_starts": 6}, {"day_starts": "25:00"}],
)
def test_settings_that_are_none_are_a_finding(shop: Shop, tmp_path: Path, setting: dict[str, object]) -> None:
    def change(entries: list[Any]) -> None:
        next(one for one in entries if one["type"] == "venue.changed")["body"]["settings"].update(setting)

    answer = judged(resigned(shop, change).make(), tmp_path)
    assert codes(answer) & {"entry-form"} or any(what.startswith("time-zone") for what in answer["not_checked"])
    assert "unreadable" not in codes(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=ANY, where=ANY, value=JSON)
def test_no_value_anywhere_in_an_entry_shows_a_traceback(
    export: Export, tmp_path: Path, number: int, where: int, value: object
) -> None:
    """One value of one entry becomes any JSON value; the bundle is otherwise made and signed as it should be."""
    lines = list(export.lines)
    number %= len(lines)
    entry = json.loads(lines[number])
    found = places(entry)
    place, key = found[where % len(found)]
    place[key] = value
    lines[number] = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    damaged = Export(lines=export.lines, keys=export.keys, lists=export.lists)
    damaged.make()
    damaged.files["log/entries.jsonl"] = b"".join(line + b"\n" for line in lines)
    answer = judged(damaged.sign(), tmp_path)
    assert answer["ok"] is (lines == export.lines)
    assert list(verifier.told("x", answer))


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found.append((value, key))
        found += places(inner)
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=ANY, value=JSON)
def test_no_price_list_shows_a_traceback(shop: Shop, tmp_path: Path, where: int, value: object) -> None:
    document = json.loads(shop.lists[1])
    found = places(document)
    place, key = found[where % len(found)]
    place[key] = value
    try:
        changed = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    made = resigned(shop, lambda entries: publish_again(entries, changed))
    made.lists[1] = changed
    assert judged(made.make(), tmp_path)["checked"]


def publish_again(entries: list[dict[str, object]], changed: bytes) -> None:
    """Have everything name the changed list."""
    import hashlib

    before, after = None, hashlib.sha256(changed).hexdigest()
    for entry in entries:
        body = entry["body"]
        assert isinstance(body, dict)
        if entry["type"] == "prices.published" and body["list"] == 1:
            before, body["sha256"] = body["sha256"], after
        if body.get("list_sha256") == before:
            body["list_sha256"] = after


@pytest.mark.parametrize("python", [sys.executable])
def test_the_command_answers_in_words_and_in_json(export: Export, python: str, tmp_path: Path) -> None:
    path = write_zip(export.files, tmp_path / "bundle.zip")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}  # A console that lacks every Chinese character.

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, "-I", str(VERIFIER), *words], capture_output=True, text=True, check=False, env=environment
        )

    good = run(str(path))
    assert (good.returncode, good.stderr) == (0, "")
    assert "PASS" in good.stdout
    assert json.loads(run(str(path), "--json").stdout)["ok"] is True
    path.write_bytes(b"no zip")
    bad = run(str(path))
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "[unreadable]" in bad.stdout
    wrong = run(str(path), "--anchor", "nonsense")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr
    assert run().returncode == 2


def test_a_bundle_of_thousands_of_findings_is_told_in_a_page(export: Export, tmp_path: Path) -> None:
    files = {**export.files, "log/entries.jsonl": b"x\n" * 5000}
    out = io.StringIO()
    for line in verifier.told("x", judged(files, tmp_path)):
        out.write(line + "\n")
    assert len(out.getvalue()) < 100_000


def test_a_large_bundle_has_its_tables_derived_by_a_second_process(
    export: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "LARGE_BYTES", 0)
    assert verifier.verify(str(folder))["findings"] == []
    path = folder / "csv" / "lines.csv"
    path.write_bytes(export.files["csv/lines.csv"] + b"x")
    try:
        assert codes(verifier.verify(str(folder))) == {"csv-differs", "file-changed"}
    finally:
        path.write_bytes(export.files["csv/lines.csv"])
