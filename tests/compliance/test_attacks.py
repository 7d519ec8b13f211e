"""What an owner with his own keys can do, and which copies outside his reach catch him; "missed" is told too."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.verify import verify as verifier
from tests.compliance.bundles import codes, judged, of_type, resigned
from tests.compliance.busy_shop import HOUR_MS, Shop, busy_days
from tests.compliance.handmade import Entry, Export, Leaves, keys

DAYS = 4


@pytest.fixture(scope="module")
def long_shop() -> Shop:
    return busy_days(DAYS, visits=10, sales=4)


@pytest.fixture(scope="module")
def honest(long_shop: Shop) -> Export:
    return resigned(long_shop)


def receipt(honest: Export, size: int) -> str:
    """The QR text of a customer's receipt whose entry is the last of `size`."""
    return keys().receipt(size, Leaves(honest.lines).root(0, size))


def receipts(honest: Export, step: int) -> list[str]:
    return [receipt(honest, size) for size in range(step, len(honest.lines) + 1, step)]


def edited(entries: list[Entry]) -> None:
    of_type(entries[len(entries) // 2 - 5 :], "statement.shown")[0]["actor"] = "s3"


def deleted(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "id.refused")[1])


def truncated(entries: list[Entry]) -> None:
    del entries[-len(entries) // 12 :]


def a_second_set_of_books(entries: list[Entry]) -> None:
    entries[:] = busy_days(DAYS, visits=10, sales=3).entries


RESIGNED = {
    "edited": edited,
    "deleted": deleted,
    "truncated": truncated,
    "every fourth sale dropped": a_second_set_of_books,
}


@pytest.mark.parametrize("attack", RESIGNED)
def test_chain_and_signature_alone_miss_what_was_signed_anew(long_shop: Shop, attack: str, tmp_path: Path) -> None:
    answer = judged(resigned(long_shop, RESIGNED[attack]).make(), tmp_path)
    assert answer["ok"], "this is why receipts carry the head"
    assert {"key-origin", "outside-anchors"} <= set(answer["not_checked"])


@pytest.mark.parametrize(
    ("attack", "code"), [("edited", "fork"), ("deleted", "fork"), ("every fourth sale dropped", "fork")]
)
def test_one_later_receipt_catches_it(long_shop: Shop, honest: Export, attack: str, code: str, tmp_path: Path) -> None:
    anchor = receipt(honest, len(honest.lines) * 3 // 5)
    assert codes(judged(resigned(long_shop, RESIGNED[attack]).make(), tmp_path, [anchor])) == {code}


def test_one_earlier_receipt_misses_a_cut_tail(long_shop: Shop, honest: Export, tmp_path: Path) -> None:
    anchor = receipt(honest, len(honest.lines) * 3 // 5)
    assert judged(resigned(long_shop, truncated).make(), tmp_path, [anchor])["ok"]


@pytest.mark.parametrize("attack", RESIGNED)
def test_many_receipts_catch_everything(long_shop: Shop, honest: Export, attack: str, tmp_path: Path) -> None:
    rewritten = resigned(long_shop, RESIGNED[attack])
    newest_receipt = len(honest.lines) // 7 * 7
    expected = {"fork"} if attack != "truncated" else set()
    if newest_receipt > len(rewritten.lines):  # The last customer's receipt covers more than the books now hold.
        expected.add("truncated")
    assert expected
    assert codes(judged(rewritten.make(), tmp_path, receipts(honest, 7))) == expected


def test_an_edit_in_place_breaks_chain_and_tree(honest: Export, tmp_path: Path) -> None:
    lines = list(honest.lines)
    at = next(n for n, line in enumerate(lines) if b'"type":"sale.settled"' in line)
    lines[at] = lines[at].replace(b'"actor":"s2"', b'"actor":"s3"')
    files = Export(lines=honest.lines, keys=keys(), lists=honest.lists).make()
    files["log/entries.jsonl"] = b"".join(line + b"\n" for line in lines)
    assert {"prev", "checkpoint-root", "file-changed", "csv-differs"} <= codes(judged(files, tmp_path))


def test_a_clock_set_back_a_day_within_one_boot_is_found_without_anchor(long_shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        for entry in entries[len(entries) * 3 // 5 :]:
            entry["wall"] -= 24 * HOUR_MS

    assert "clock-back" in codes(judged(resigned(long_shop, change).make(), tmp_path))


def other_books(shop: Shop) -> Export:
    """The same story under other keys, which the log introduces as its own."""

    def change(entries: list[Entry]) -> None:
        for entry, vkey in zip(of_type(entries, "key.added"), keys(2).vkeys, strict=False):
            entry["body"]["vkey"] = vkey

    return resigned(shop, change, by=keys(2))


def test_another_key_is_found_by_the_start_slips_key_or_a_receipt(
    long_shop: Shop, honest: Export, tmp_path: Path
) -> None:
    files = other_books(long_shop).make()
    assert judged(files, tmp_path)["ok"], "without an anchor the keys are the bundle's own word"
    assert codes(judged(files, tmp_path, [keys().vkeys[0]])) == {"signature"}
    assert codes(judged(files, tmp_path, [receipt(honest, 100)])) == {"signature", "fork"}


@pytest.mark.parametrize("which", [0, 1])
def test_either_key_of_the_start_slip_pins_an_honest_log(honest: Export, which: int, tmp_path: Path) -> None:
    answer = judged(honest.make(), tmp_path, [keys().vkeys[which], receipt(honest, 50)])
    assert answer["ok"]
    assert not {"key-origin", "outside-anchors"} & set(answer["not_checked"])


def test_a_signed_note_is_an_anchor_as_well(long_shop: Shop, honest: Export, tmp_path: Path) -> None:
    note = keys().checkpoint(90, Leaves(honest.lines).root(0, 90))
    assert judged(honest.make(), tmp_path, [note])["ok"]
    assert codes(judged(resigned(long_shop, a_second_set_of_books).make(), tmp_path, [note])) == {"fork"}


def test_a_receipt_of_another_log_does_not_fit(honest: Export, tmp_path: Path) -> None:
    other = receipt(honest, 90).replace(":", ":B", 1)
    text = other[:4] + "BBBBBBBBBB" + other[15:]
    assert codes(judged(honest.make(), tmp_path, [text])) == {"fork"}


def test_an_anchor_before_the_range_is_said_to_be_unchecked(honest: Export, tmp_path: Path) -> None:
    part = Export(lines=honest.lines, keys=keys(), lists=honest.lists, first=200)
    answer = judged(part.make(), tmp_path, [receipt(honest, 90)])
    assert answer["ok"]
    assert "anchor-outside-range" in answer["not_checked"]


@pytest.mark.parametrize("text", ["", "MJ1:", "MJ1:A:1:B:C", "nonsense", "a+b+c", "one\ntwo\n\nthree\n", "— x y\n"])
def test_an_anchor_that_is_none_is_wrong_use(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        verifier.parse_anchor(text)
