"""Stock (库存) of goods: received, counted, written off; sold pieces go, cancelled ones come back.

It is kept for goods that were received or counted once, from that entry on. It never stands in the way of a sale: where
the books say that nothing is left, the shelf may know better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billing.order_errors import BadQuantityError, NothingSoldError, UnknownItemError
from billing.price_list import Item, ItemKind
from billing.publication import in_force
from billing.reasons import WriteOffReason, reason_of
from billing.stock_tables import stock_levels, stock_moves
from billing.visit_bill import SoldLine
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

LOW_PIECES: Final = 5
"""So few pieces of a thing are told as running low."""

PIECES_MAX: Final = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """So many pieces of goods."""

    code: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StockLevel:
    """What the books say there is of goods; below 0 where more was sold than they had."""

    code: str
    pieces: int

    @property
    def is_low(self) -> bool:
        """Whether somebody should look at the shelf."""
        return self.pieces <= LOW_PIECES


def receive(work: UnitOfWork, lines: Sequence[Pieces]) -> list[StockLevel]:
    """Goods came in. Raises NothingSoldError, BadQuantityError or UnknownItemError."""
    _require_goods(work, lines, least=1)
    body = {"lines": [{"code": line.code, "qty": line.quantity} for line in lines]}
    moves = [{"kind": "received", "code": line.code, "pieces": line.quantity} for line in lines]
    return _move(work, "stock.received", body, moves)


def write_off(work: UnitOfWork, lines: Sequence[Pieces], *, reason: str) -> list[StockLevel]:
    """Goods are gone without a sale. Raises UnknownReasonError, and what `receive` raises."""
    why = reason_of(WriteOffReason, reason).value
    _require_goods(work, lines, least=1)
    body = {"lines": [{"code": line.code, "qty": line.quantity} for line in lines], "reason": why}
    moves = [{"kind": "written-off", "code": line.code, "pieces": -line.quantity, "reason": why} for line in lines]
    return _move(work, "stock.written_off", body, moves)


def count(work: UnitOfWork, lines: Sequence[Pieces]) -> list[StockLevel]:
    """So much lies there; the entry says what the books expected. Raises what `receive` raises."""
    _require_goods(work, lines, least=0)
    expected = {line.code: _level(work.connection, line.code) for line in lines}
    body = {"lines": [{"code": line.code, "counted": line.quantity, "expected": expected[line.code]} for line in lines]}
    moves = [
        {
            "kind": "counted",
            "code": line.code,
            "pieces": line.quantity - expected[line.code],
            "counted": line.quantity,
        }
        for line in lines
    ]
    return _move(work, "stock.counted", body, moves)


def levels(connection: sa.Connection) -> list[StockLevel]:
    """What there is of all goods whose stock is kept, by code."""
    return [StockLevel(code=row.code, pieces=row.pieces) for row in _ALL.rows(connection)]


def low(connection: sa.Connection, codes: Iterable[str]) -> list[StockLevel]:
    """Which of some goods run low, for a word to the clerk after a sale."""
    found = (_ONE.one(connection, wanted=code) for code in sorted(set(codes)))
    told = [StockLevel(code=row.code, pieces=row.pieces) for row in found if row is not None]
    return [level for level in told if level.is_low]


def sell(work: UnitOfWork, lines: Iterable[SoldLine]) -> None:
    """Take what was sold off the levels of goods whose stock is kept."""
    for line in lines:
        if line.kind is ItemKind.GOODS:
            _MOVE.run(work.connection, wanted=line.code, moved=-line.quantity)


def take_back(work: UnitOfWork, item: Item, quantity: int) -> None:
    """Put what was cancelled back."""
    if item.kind is ItemKind.GOODS:
        _MOVE.run(work.connection, wanted=item.code, moved=quantity)


def _require_goods(work: UnitOfWork, lines: Sequence[Pieces], *, least: int) -> None:
    if not lines:
        raise NothingSoldError
    known = in_force(work.connection, work.now).prices.goods_by_code
    seen: set[str] = set()
    for line in lines:
        if not least <= line.quantity <= PIECES_MAX:
            raise BadQuantityError(quantity=line.quantity)
        # Goods that are no longer sold can still be counted and written off.
        is_known = line.code in known or _ONE.one(work.connection, wanted=line.code) is not None
        if not is_known or line.code in seen:
            raise UnknownItemError(kind=ItemKind.GOODS.value, item=line.code)
        seen.add(line.code)


def _move(work: UnitOfWork, type_: str, body: dict[str, Any], moves: Sequence[dict[str, Any]]) -> list[StockLevel]:
    entry = work.entry(type_, body)
    work.insert(stock_moves, [{"line": number, **move} for number, move in enumerate(moves, start=1)], entry=entry)
    for move in moves:
        if not _MOVE.run(work.connection, wanted=move["code"], moved=move["pieces"]):
            work.insert(stock_levels, {"code": move["code"], "pieces": move["pieces"]})
    return [StockLevel(code=move["code"], pieces=_level(work.connection, move["code"])) for move in moves]


def _level(connection: sa.Connection, code: str) -> int:
    row = _ONE.one(connection, wanted=code)
    return 0 if row is None else int(row.pieces)


_WANTED = sa.bindparam("wanted", type_=sa.Text)
_ALL = Prepared(sa.select(stock_levels.c.code, stock_levels.c.pieces).order_by(stock_levels.c.code))
_ONE = Prepared(sa.select(stock_levels.c.code, stock_levels.c.pieces).where(stock_levels.c.code == _WANTED))
_MOVE = Prepared(
    stock_levels.update()
    .where(stock_levels.c.code == _WANTED)
    .values(pieces=stock_levels.c.pieces + sa.bindparam("moved", type_=sa.Integer))
)
