"""Each form of the board, read back: nothing is missing, nothing is cut, nothing is split, nothing is markup."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont
from pypdf import PdfReader
from rich.cells import cell_len

from billing.money import yuan_text
from billing.price_list import PriceList
from pos.board.board import Board, Points, Table
from pos.board.fonts import Font, font_for
from pos.board.forms import Form, form_of, written
from pos.board.html import html
from pos.board.lines import lines_of
from pos.board.pdf import DIGITS, pdf
from pos.board.sheet import Paper
from pos.board.text import plain_text, terminal_text
from pos.errors import FontMissingError, FontUnusableError, LettersMissingError
from pos.languages import Language
from tests.billing.shop import WINTER, list_with
from tests.pos.board.boards import EVERYTHING, LISTS, bare, board_of
from tests.pos.board.typeface import make_typeface

EACH_LIST = pytest.mark.parametrize("name", LISTS)
EACH_LANGUAGE = pytest.mark.parametrize("language", list(Language))


@pytest.fixture(scope="session")
def typeface(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font with every letter of the boards here."""
    lists = [*LISTS.values(), many_goods(1)]
    boards = [board_of(prices, language) for prices in lists for language in Language]
    letters = "".join(text for board in boards for text in board.texts())
    return make_typeface(tmp_path_factory.mktemp("typeface") / "boxes.ttf", letters + DIGITS)


def drawn(board: Board, typeface: Path, paper: Paper = Paper.A4) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(board, font_for(board.texts(), named=typeface), paper)))


def many_goods(count: int) -> PriceList:
    goods = (
        f'[[goods]]\ncode = "g{number}"\nname = "货品{number}"\nspec = "第{number}种"\nunit = "件"\nprice_fen = 100\n'
        for number in range(count)
    )
    return list_with(more="\n" + "\n".join(goods))


class _Cells(HTMLParser):
    """The cells of each row of a page, by item; a cell that spans rows belongs to the first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.tags: set[str] = set()
        self._item = ""
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self._item = dict(attrs).get("data-item") or ""
            self.rows[self._item] = []
        self._is_cell = tag == "td"
        if self._is_cell:
            self.rows[self._item].append("")

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[self._item][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = self._is_cell and tag != "td"


def posted_texts(prices: PriceList) -> dict[str, list[str]]:
    """What must be read of each item, straight from the list: its name, its content, its price with the unit."""
    return {
        **{f"goods/{g.code}": [g.name, g.spec, f"{yuan_text(g.price_fen)}元/{g.unit}"] for g in prices.goods},
        **{f"service/{s.code}": [s.name, s.content, f"{yuan_text(s.price_fen)}元/{s.unit}"] for s in prices.services},
        **{f"package/{p.code}": [p.name, f"{yuan_text(p.price_fen)}元"] for p in prices.packages},
        **{f"combo/{c.code}": [c.name, f"{yuan_text(c.price_fen)}元"] for c in prices.combos},
        **{f"promotion/{p.code}": [p.name, p.conditions, yuan_text(p.price_fen)] for p in prices.promotions},
        **{f"topup/{t.code}": [t.name, t.conditions, f"{yuan_text(t.pay_fen)}元"] for t in prices.topups},
    }


@EACH_LIST
@EACH_LANGUAGE
@pytest.mark.parametrize("paper", list(Paper))
def test_the_pdf_read_back_says_all_that_the_board_says(
    name: str, language: Language, paper: Paper, typeface: Path
) -> None:
    board = board_of(LISTS[name], language)
    pages = [bare(page.extract_text()) for page in drawn(board, typeface, paper).pages]
    for row in board.rows():
        assert any(all(_has_lines(page, cell) for cell in row.cells) for page in pages), row
    for text in board.texts():
        if text != board.page_says:
            assert any(_has_lines(page, text) for page in pages), text


@EACH_LIST
def test_the_pdf_read_back_holds_the_list_item_by_item(name: str, typeface: Path) -> None:
    prices = LISTS[name]
    pages = [bare(page.extract_text()) for page in drawn(board_of(prices), typeface).pages]
    for item, texts in posted_texts(prices).items():
        assert any(all(bare(text) in page for text in texts) for page in pages), item
    whole = "".join(pages)
    for rate in prices.rates:
        assert f"{yuan_text(rate.fen_per_hour)}元/小时" in whole, rate
    for tier in prices.tiers:
        assert bare(tier.name + tier.conditions) in whole.replace(f"按小时费用减{tier.discount_bp / 100:g}%", "")


@EACH_LIST
@EACH_LANGUAGE
def test_the_page_says_all_that_the_board_says_and_loads_nothing(name: str, language: Language) -> None:
    board = board_of(LISTS[name], language)
    page = html(board)
    cells = _Cells()
    cells.feed(page)
    for row in board.rows():
        shown = cells.rows[row.item]
        assert list(row.cells[len(row.cells) - len(shown) :]) == shown
    assert not cells.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not re.search(r"https?:|url\(|@import", page)


def test_what_a_list_says_is_no_markup_of_the_page() -> None:
    prices = list_with(
        ('name = "可乐"', 'name = "<script>alert(1)</script>"'), ('name = "大厅"', 'name = "A&B\\" onx"')
    )
    page = html(board_of(prices))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "A&amp;B&quot; onx" in page


@EACH_LIST
@EACH_LANGUAGE
@pytest.mark.parametrize("width", [80, 96, 140])
def test_text_and_terminal_say_all_that_the_board_says_in_lines_that_fit(
    name: str, language: Language, width: int
) -> None:
    board = board_of(LISTS[name], language)
    plain, screen = plain_text(board, width=width), terminal_text(board, width=width, has_colours=False)
    for text in (plain, screen):
        lines = [line for line in text.splitlines() if not line.startswith(("MJP1:", "█"))]
        assert max(map(cell_len, lines)) <= width
        for row in board.rows():
            prices = row.cells[2:] if row.item.startswith("rate/") else row.cells[-1:]
            assert all(line in text for cell in prices for line in cell.splitlines()), row
    assert board.mark in plain


def test_colours_are_only_added_to_what_the_terminal_says() -> None:
    board = board_of(WINTER)
    coloured = terminal_text(board, width=100, has_colours=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == terminal_text(board, width=100, has_colours=False)
    assert "\x1b[" in coloured


def test_no_entry_is_split_between_two_pages_and_each_page_names_the_list(typeface: Path) -> None:
    board = board_of(many_goods(200))
    pages = [page.extract_text() for page in drawn(board, typeface).pages]
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert bare(board.identity) in bare(page)
        assert f"第{number}页，共{len(pages)}页" in bare(page)
    for number in range(200):
        (home,) = [page for page in pages if re.search(rf"货品{number}\s", page)]
        assert re.search(rf"第{number}种\s", home)
        assert "品名" in home  # The columns' titles are repeated on each page.


@pytest.mark.parametrize("count", range(44))
def test_what_belongs_together_stands_together_and_no_last_page_is_almost_empty(count: int, typeface: Path) -> None:
    board = board_of(many_goods(count))
    pages = [page.extract_text() for page in drawn(board, typeface).pages]
    for section in board.sections:
        begun = [page for page in pages if section.title in page.splitlines()]
        assert len(begun) == 1
        entries = [
            entry
            for block in section.blocks
            for entry in ([row.cells[0] for row in block.rows] if isinstance(block, Table) else block.sentences)
        ]
        on_it = [entry for entry in entries if bare(entry) in bare(begun[0])]
        assert len(on_it) >= min(2, len(entries)), section.title
    for page in pages[1:]:
        goods = re.findall("^货品[0-9]+", page, re.MULTILINE)
        assert len(goods) != 1 or count == 1, "a last good stands alone on its page"
    method = board.sections[-1].blocks[-1]
    assert isinstance(method, Points)
    assert bare(method.sentences[-1]) in bare(pages[-1]), "the code's text stands alone"
    assert len(pages[-1].splitlines()) > 12


def test_the_same_list_gives_the_same_file_byte_for_byte(typeface: Path) -> None:
    board = board_of(WINTER)
    font = font_for(board.texts(), named=typeface)
    assert pdf(board, font, Paper.A4) == pdf(board, font, Paper.A4)


@pytest.mark.parametrize("paper", list(Paper))
def test_the_sheet_has_the_size_that_was_asked_for(paper: Paper, typeface: Path) -> None:
    box = drawn(board_of(WINTER), typeface, paper).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == paper.value


def test_conditions_and_prices_are_of_one_size(typeface: Path) -> None:
    sizes: dict[str, set[float]] = {}

    def note(text: str, _user: object, matrix: list[float], _font: object, size: float) -> None:
        if bare(text):
            sizes.setdefault(bare(text), set()).add(round(size * matrix[0], 2))

    for page in drawn(board_of(EVERYTHING), typeface).pages:
        page.extract_text(visitor_text=note)
    terms = {next(iter(sizes[text])) for text in ("10.00元", "提前下机，按未用时间比例退款", "限散客", "省3.00元")}
    assert len(terms) == 1


def test_a_font_that_lacks_a_letter_is_refused_by_name(tmp_path: Path) -> None:
    font = make_typeface(tmp_path / "boxes.ttf", "价目")
    with pytest.raises(LettersMissingError) as refused:
        font_for(["价目表"], named=font)
    assert (refused.value.font, refused.value.letters) == (str(font), "表")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "prices.ttf"
    wrong.write_text("schema = 1")
    for path in (wrong, tmp_path / "missing.ttc"):
        with pytest.raises(FontUnusableError):
            font_for(["价"], named=path)


def test_the_system_font_with_every_letter_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    monkeypatch.setattr("pos.board.fonts._folders", lambda: [fonts])
    monkeypatch.setattr("pos.board.fonts.find_spec", lambda _name: None)
    with pytest.raises(FontMissingError):
        font_for(["价目表"])
    make_typeface(fonts / "msyh.ttf", "价目")
    make_typeface(fonts / "SimHei.ttf", "价目表")
    (fonts / "NotoSansCJK-Regular.ttc").write_bytes(b"damaged")
    assert font_for(["价目表"]).path.name == "SimHei.ttf"
    with pytest.raises(LettersMissingError) as refused:
        font_for(["价目表牌"])
    assert refused.value.letters == "牌"


def test_the_face_for_the_mainland_is_taken_from_a_collection(tmp_path: Path) -> None:
    families = ("Boxes JP", "Boxes SC")
    faces = [TTFont(make_typeface(tmp_path / f"{family}.ttf", "价", family=family)) for family in families]
    collection = TTCollection()
    collection.fonts = faces
    collection.save(tmp_path / "boxes.ttc")
    for face in faces:
        face.close()
    found = font_for(["价"], named=tmp_path / "boxes.ttc")
    assert found == Font(path=tmp_path / "boxes.ttc", face=1, letters=frozenset(map(ord, "价 ")))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("单价每小时为4.00元/小时", ["单价每小时为", "4.00元/小时"]),
        ("甲乙丙丁戊己庚辛壬癸。", ["甲乙丙丁戊己庚辛壬", "癸。"]),
        ("工作日及周末和节假日都", ["工作日及周末和节假日", "都"]),
        ("RTX 4070S / 32G / 240Hz", ["RTX 4070S / 32G /", "240Hz"]),
        ("一\n二", ["一", "二"]),
        ("", [""]),
        ("x" * 25, ["x" * 20, "x" * 5]),
    ],
)
def test_lines_are_broken_as_chinese_is_set(text: str, lines: list[str]) -> None:
    broken = lines_of(text, 20, cell_len)
    assert broken == lines


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.pdf", Form.PDF), ("A.PDF", Form.PDF), ("a.html", Form.HTML), ("a.txt", Form.TEXT), ("a.doc", None)],
)
def test_a_file_name_tells_the_form(name: str, form: Form | None) -> None:
    assert form_of(Path(name)) == form


def test_files_are_written_in_utf_8(typeface: Path) -> None:
    board = board_of(WINTER)
    assert written(board, Form.TEXT).decode() == plain_text(board)
    assert written(board, Form.HTML).decode() == html(board)
    assert written(board, Form.PDF, font=typeface).startswith(b"%PDF-")


def _has_lines(page: str, text: str) -> bool:
    return all(bare(line) in page for line in text.splitlines())
