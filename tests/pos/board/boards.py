"""Boards of two lists: the winter list, and one that posts everything there is."""

from __future__ import annotations

import re
from pathlib import Path

from billing.price_checks import check
from billing.price_list import PriceList
from pos.board.board import Board
from pos.board.composing import Draft, Hanger, Posting, compose
from pos.languages import Language
from tests.billing.shop import WINTER, local

EVERYTHING = check((Path(__file__).parent / "everything.toml").read_bytes()).require()
POSTED = Posting(number=7, effective=local("2026-11-23 19:00"))
DRAFT = Draft(drawn_up=local("2026-11-20 10:00"))
CAFE = Hanger(name="明价演示网咖", complaint_phone="020-12345678")

LISTS = {"winter": WINTER, "everything": EVERYTHING}


def board_of(prices: PriceList, language: Language = Language.ZH_CN, status: Posting | Draft = POSTED) -> Board:
    return compose(prices, language, status=status, hanger=CAFE)


def cells_of(board: Board, item: str) -> tuple[str, ...]:
    """What the board says of one item."""
    (row,) = [row for row in board.rows() if row.item == item]
    return row.cells


def bare(text: str) -> str:
    """A text without spaces and line ends, in which lines that were broken are whole again."""
    return re.sub(r"\s+", "", text)
