"""The forms in which a board leaves the program, and what each needs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pos.board.board import Board
from pos.board.sheet import Paper


class Form(StrEnum):
    """A form of the board; the value is the option's."""

    TERMINAL = "terminal"
    TEXT = "text"
    HTML = "html"
    PDF = "pdf"


_SUFFIXES = {".txt": Form.TEXT, ".html": Form.HTML, ".htm": Form.HTML, ".pdf": Form.PDF}


def form_of(path: Path) -> Form | None:
    """Tell the form by a file's name; None for a name that tells nothing."""
    return _SUFFIXES.get(path.suffix.casefold())


def written(board: Board, form: Form, *, paper: Paper = Paper.A4, font: Path | None = None) -> bytes:
    """Lay a board out as the bytes of a file.

    Raises, for a PDF, what `fonts.font_for` raises.
    """
    match form:
        case Form.TEXT | Form.TERMINAL:
            from pos.board.text import plain_text

            return plain_text(board).encode()
        case Form.HTML:
            from pos.board.html import html

            return html(board).encode()
        case Form.PDF:
            from pos.board.fonts import font_for
            from pos.board.pdf import DIGITS, pdf

            return pdf(board, font_for([*board.texts(), DIGITS], named=font), paper)
