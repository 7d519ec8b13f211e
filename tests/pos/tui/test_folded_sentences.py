"""Sentences on several lines: no line begins with punctuation that closes, or ends with what opens."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from rich._wrap import divide_line
from textual.app import App, ComposeResult
from textual.content import Content

from pos.languages import LOCALE_FOLDER
from pos.tui.widgets.columns import cells
from pos.tui.widgets.prose import Prose, breaks_of, lines_of
from tests.pos.tui.desks import play

CLOSES = "，。、；：？！）”"
OPENS = "（“￥"
PIECES = st.sampled_from([*CLOSES, *OPENS, *"上机押金 ", "F3", "Ctrl+P", "12.00", "\n"])


@given(st.lists(PIECES).map("".join), st.integers(min_value=1, max_value=40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = lines_of(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(cells(line.rstrip()) <= max(width, 2) for line in lines)


@given(st.lists(st.text("abcdefgh,.", min_size=1, max_size=9)).map(" ".join), st.integers(min_value=9, max_value=40))
def test_english_breaks_at_blanks_as_everywhere_in_a_terminal(text: str, width: int) -> None:
    assert breaks_of(text, width) == divide_line(text, width)


@pytest.mark.parametrize("width", [30, 44, 58, 70])
def test_no_chinese_sentence_of_the_desk_begins_a_line_with_what_closes(width: int) -> None:
    with (LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "mingjia.po").open("rb") as file:
        sentences = [str(message.string) for message in read_po(file) if len(str(message.string)) > 1]
    lines = [line for sentence in sentences for line in lines_of(sentence, width)]
    assert len(lines) > len(sentences) > 500
    assert [line for line in lines if line[:1] in set(CLOSES)] == []
    assert [line for line in lines if line[-1:] in set(OPENS)] == []


def test_a_widget_that_shows_sentences_breaks_them_so_and_is_as_high_as_they_are() -> None:
    class Shown(App[None]):
        CSS = "Prose { width: 10; }"

        def compose(self) -> ComposeResult:
            yield Prose("请先办完这一项，或者按键返回。")

    async def story() -> None:
        app = Shown()
        async with app.run_test(size=(40, 10)) as pilot:
            prose = app.query_one(Prose)

            def seen() -> list[str]:
                return [strip.text.rstrip() for strip in prose.render_lines(prose.region.reset_offset)]

            assert seen() == ["请先办完这", "一项，或者", "按键返回。"]
            prose.update(Content.styled("请先办完这里，再走。", "bold"))
            await pilot.pause()
            assert seen() == ["请先办完这", "里，再走。"]
            assert prose.size.height == 2

    play(story)
