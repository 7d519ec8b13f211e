"""Which list counts when, as `prices history`, `show` and `diff` tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.board.mark import mark_text
from tests.pos.conftest import Shop
from tests.pos.counter.venues import DEMO

OWNER = ("--as", "li")
DECEMBER = "2026-12-01T06:00"


@pytest.fixture
def dearer(tmp_path: Path) -> Path:
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    path = tmp_path / "dearer.toml"
    path.write_text(text.replace("fen_per_hour = 300", "fen_per_hour = 350"), encoding="utf-8")
    return path


@pytest.fixture
def two_lists(shop: Shop, dearer: Path) -> Shop:
    """A shop whose prices rise in December."""
    shop.ask("prices", "publish", dearer, "--effective", DECEMBER, *OWNER)
    return shop


def test_history_says_what_counts_what_will_and_whose_board_hangs(two_lists: Shop) -> None:
    two_lists.ask("prices", "posted", "--list", "2", "--as", "chen")
    first, second = two_lists.ask("prices", "history")["lists"]
    assert (first["state"], first["until"], first["posted"]) == ("in-force", "2026-12-01T06:00:00+08:00", None)
    assert (second["state"], second["until"], second["posted"][:16]) == ("coming", None, "2026-11-23T19:00")
    lines = two_lists.run("prices", "history").out.splitlines()
    assert lines[0].startswith("▶   1  2026-11-23 19:00:00  in force · board not confirmed")
    assert lines[1].startswith("    2  2026-12-01 06:00:00  coming · board confirmed")


@pytest.mark.parametrize(
    ("at", "number"),
    [("2026-11-23T19:00", 1), ("2026-12-01T05:59:59", 1), ("2026-12-01T06:00", 2), ("2026-11-30T22:00+00:00", 2)],
)
def test_the_list_of_any_instant_is_shown(two_lists: Shop, at: str, number: int) -> None:
    assert two_lists.ask("prices", "show", "--at", at)["number"] == number


def test_before_the_first_list_there_is_none_to_show(two_lists: Shop) -> None:
    assert two_lists.run("--json", "prices", "show", "--at", "2026-11-23T18:59").error["code"] == "no-price-list"
    assert two_lists.run("--json", "prices", "show", "--at", "soon").error["code"] == "wrong-use"


def test_an_inspector_finds_the_list_of_a_board_or_a_receipt(two_lists: Shop) -> None:
    for listed in two_lists.ask("prices", "history")["lists"]:
        mark = mark_text(number=listed["number"], sha256=listed["hash"])
        for shown in (mark, listed["hash"][:12], listed["hash"]):
            assert two_lists.ask("prices", "show", "--hash", shown)["number"] == listed["number"]
    for strange in (mark_text(number=1, sha256="0" * 64), "0" * 12, "anything"):
        answer = two_lists.run("--json", "prices", "show", "--hash", strange)
        assert (answer.status, answer.error["code"]) == (1, "unknown-list-hash")


def test_a_list_is_shown_as_its_board_with_what_is_known_of_it(two_lists: Shop) -> None:
    shown = two_lists.run("prices", "show", "--list", "2").out
    assert "List 2, coming: counts from 2026-12-01 06:00:00 on." in shown
    assert "mingjia prices posted --list 2" in shown
    assert "3.50 yuan/h" in shown
    assert two_lists.ask("prices", "show", "2")["prices"]["title"] == "2026 年冬季价目"
    assert two_lists.run("--json", "prices", "show", "1", "--list", "2").error["code"] == "wrong-use"


def test_without_names_the_list_in_force_is_compared_with_the_next(two_lists: Shop) -> None:
    raised = [{"where": "rates[hall 23:00-08:00].fen_per_hour", "before": 300, "after": 350}]
    assert two_lists.ask("prices", "diff")["changes"] == raised
    assert two_lists.ask("prices", "diff", "1", "2")["changes"] == raised
    assert two_lists.run("prices", "diff").out == "大厅 23:00–08:00: 3.00 → 3.50 yuan/h\n"
    back = [{"where": "rates[hall 23:00-08:00].fen_per_hour", "before": 350, "after": 300}]
    assert two_lists.ask("prices", "diff", "2")["changes"] == back


def test_lists_that_differ_in_nothing_say_so(two_lists: Shop, tmp_path: Path) -> None:
    assert two_lists.run("prices", "diff", "1", "1").out == "The lists are the same.\n"
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    moved = tmp_path / "moved.toml"
    first = text.index("[[rates]]")
    second = text.index("[[rates]]", first + 1)
    moved.write_text(text[:first] + text[second:] + "\n" + text[first:second], encoding="utf-8")
    assert two_lists.run("prices", "diff", "1", moved).out == "Nothing differs but the order.\n"


def test_a_list_published_for_later_is_taken_back_by_publishing_the_earlier_one_again(two_lists: Shop) -> None:
    again = two_lists.ask("prices", "publish", "1", "--effective", "2026-12-01T06:00:01", *OWNER)
    assert again["number"] == 3
    first, second, third = two_lists.ask("prices", "history")["lists"]
    assert third["hash"] == first["hash"]
    assert (second["state"], second["until"]) == ("coming", "2026-12-01T06:00:01+08:00")
    assert two_lists.ask("prices", "show", "--at", "2026-12-02T00:00")["number"] == 3
    assert two_lists.ask("journal", "verify")["ok"]
