"""Stock at the counter: goods come in, are counted, are written off; what runs low is told and never blocks a sale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from billing import stock
from billing.stock import Pieces, StockLevel
from pos.counter.till import Till
from records.repeating import repeated
from records.unit_of_work import UnitOfWork
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True)
class Stock:
    """The shelf, as one till works with it."""

    till: Till

    def receive(self, lines: Sequence[Pieces]) -> Sequence[StockLevel]:
        """Goods came in. Raises UnknownItemError, BadQuantityError or NothingSoldError."""
        return self._move(Operation.STOCK_MOVE, lambda work: stock.receive(work, lines))

    def count(self, lines: Sequence[Pieces]) -> Sequence[StockLevel]:
        """Write down what lies there. Raises what `receive` raises."""
        return self._move(Operation.STOCK_MOVE, lambda work: stock.count(work, lines))

    def write_off(self, lines: Sequence[Pieces], *, reason: str) -> Sequence[StockLevel]:
        """Write goods off that are gone without a sale. Raises UnknownReasonError, and what `receive` raises."""
        return self._move(Operation.STOCK_WRITE_OFF, lambda work: stock.write_off(work, lines, reason=reason))

    def levels(self) -> Sequence[StockLevel]:
        """What the books say there is, of goods whose stock is kept."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return stock.levels(connection)

    def low(self, codes: Iterable[str]) -> Sequence[StockLevel]:
        """Which of some goods run low or are sold below nothing: for a word to the clerk after a sale."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return stock.low(connection, codes)

    @repeated
    def _move(self, operation: Operation, move: Callable[[UnitOfWork], list[StockLevel]]) -> Sequence[StockLevel]:
        self.till.require(operation)
        with self.till.begin(alone=True) as work:
            levels = move(work)
            work.commit()
        return levels
