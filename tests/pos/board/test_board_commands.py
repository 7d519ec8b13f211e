"""`prices board`, `prices posted`, and the board that publishing leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from pos.board.mark import mark_text
from tests.pos.board.typeface import make_typeface
from tests.pos.conftest import Shop, Terminal
from tests.pos.counter.venues import DEMO

DRAFT = DEMO / "prices.toml"
OWNER = ("--as", "li")
LATER = ("--effective", "2026-12-01T06:00")


@pytest.fixture
def dearer(tmp_path: Path) -> Path:
    text = DRAFT.read_text(encoding="utf-8")
    path = tmp_path / "dearer.toml"
    path.write_text(text.replace("fen_per_hour = 400", "fen_per_hour = 450"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one font, which has every letter that Chinese needs here."""
    everything = "".join(map(chr, [*range(0x20, 0x7F), *range(0x2010, 0x2020), *range(0x3000, 0x3020)]))
    everything += "".join(map(chr, [*range(0x4E00, 0x9FA6), *range(0xFF00, 0xFF60)])) + "×·−"
    fonts = tmp_path_factory.mktemp("fonts")
    make_typeface(fonts / "simhei.ttf", everything)
    return fonts


@pytest.fixture
def only_font(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with one font."""
    monkeypatch.setattr("pos.board.fonts._folders", lambda: [fonts])
    monkeypatch.setattr("pos.board.fonts.find_spec", lambda _name: None)
    return fonts / "simhei.ttf"


@pytest.fixture
def no_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.board.fonts._folders", lambda: [tmp_path / "none"])
    monkeypatch.setattr("pos.board.fonts.find_spec", lambda _name: None)


def test_the_board_of_the_list_in_force_names_venue_number_and_hash(shop: Shop) -> None:
    (listed,) = shop.ask("prices", "history")["lists"]
    said = shop.run("--lang", "zh_CN", "prices", "board", "--format", "text").out
    assert "明价演示网咖 价目表" in said
    assert f"价目 第1号 {listed['hash'][:12]}" in said
    assert mark_text(number=1, sha256=listed["hash"]) in said
    assert "4.00元/罐" in said
    assert "【演示：虚构场所】" in said


def test_the_board_of_a_draft_needs_no_venue_and_says_that_it_is_a_draft(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.run("--lang", "zh_CN", "prices", "board", DRAFT).out
    assert "【草稿 · 未公布 · 不得据此收费】" in said
    assert "MJP1:" not in said
    page = tmp_path / "board.html"
    answer = terminal.run("--json", "prices", "board", DRAFT, "--out", page).json
    assert (answer["format"], answer["mark"]) == ("html", None)
    assert "Draft, not in force" in page.read_text(encoding="utf-8")


def test_the_board_of_any_published_list_can_be_had_again(shop: Shop, dearer: Path) -> None:
    shop.ask("prices", "publish", dearer, *LATER, *OWNER)
    first, second = (shop.run("prices", "board", "--list", number, "--format", "text").out for number in "12")
    assert ("4.00 yuan/h" in first, "4.50 yuan/h" in first) == (True, False)
    assert ("4.00 yuan/h" in second, "4.50 yuan/h" in second) == (False, True)
    assert shop.run("--json", "prices", "board", "--list", "3").error["code"] == "unknown-list"


def test_a_pdf_is_written_with_the_font_that_there_is(shop: Shop, tmp_path: Path, only_font: Path) -> None:
    path = tmp_path / "board.pdf"
    for words in ((), ("--paper", "a3"), ("--font", only_font)):
        answer = shop.ask("prices", "board", "--out", path, *words)
        assert answer["format"] == "pdf"
        first = PdfReader(path).pages[0]
        assert "明价演示网咖" in first.extract_text()
        assert round(float(first.mediabox.width)) == (842 if words == ("--paper", "a3") else 595)


def test_without_a_chinese_font_one_sentence_says_what_to_do(shop: Shop, tmp_path: Path, no_font: None) -> None:
    del no_font
    path = tmp_path / "board.pdf"
    answer = shop.run("prices", "board", "--out", path)
    assert (answer.status, answer.out, path.exists()) == (1, "", False)
    assert "fonts-noto-cjk" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [("--format", "pdf"), ("--out", "board.doc"), (str(DRAFT), "--list", "1")],
)
def test_a_board_that_cannot_be_meant_is_wrong_use(shop: Shop, words: tuple[str, ...]) -> None:
    answer = shop.run("--json", "prices", "board", *words)
    assert (answer.status, answer.error["code"]) == (2, "wrong-use")


def test_publishing_leaves_the_board_and_says_what_to_do_with_it(shop: Shop, dearer: Path, tmp_path: Path) -> None:
    path = tmp_path / "board.html"
    answer = shop.run("prices", "publish", dearer, *LATER, "--board", path, *OWNER)
    assert answer.status == 0
    assert str(path) in answer.out
    assert "mingjia prices posted --list 2" in answer.out
    page = path.read_text(encoding="utf-8")
    assert "MJP1:2:" in page
    assert "Draft" not in page
    assert list(tmp_path.glob(".*")) == []


def test_a_board_that_cannot_be_written_keeps_the_list_from_being_published(
    shop: Shop, dearer: Path, tmp_path: Path, no_font: None
) -> None:
    del no_font
    for path, code in ((tmp_path / "board.pdf", "font-missing"), (tmp_path / "no" / "board.html", "file")):
        answer = shop.run("--json", "prices", "publish", dearer, *LATER, "--board", path, *OWNER)
        assert (answer.status, answer.error["code"]) == (1, code)
    assert len(shop.ask("prices", "history")["lists"]) == 1


def test_staff_confirm_that_the_board_hangs_and_the_journal_proves_it(shop: Shop, dearer: Path) -> None:
    published = shop.ask("prices", "publish", dearer, *LATER, *OWNER)
    assert shop.ask("prices", "posted", "--list", "2", "--as", "chen") == {"list": 2, "hash": published["hash"]}
    assert shop.ask("prices", "posted", "--as", "wang")["list"] == 1
    assert shop.ask("journal", "verify")["ok"]
    assert shop.ask("doctor")["ok"]


def test_nobody_confirms_a_board_that_never_was_and_no_auditor_confirms_any(shop: Shop) -> None:
    assert shop.run("--json", "prices", "posted", "--list", "3", "--as", "chen").error["code"] == "unknown-list"
    assert shop.run("--json", "prices", "posted", "--as", "sun").error["code"] == "not-allowed"
