"""From what a customer asks for to lines at posted prices: pieces singly, savings beside them (G-1 … G-3).

A list of what is asked holds what somebody named, and nothing is added to it: a combo stands for its parts because the
customer chose the combo, and a part that is left out makes the rest single pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billing.order_errors import (
    BadQuantityError,
    NothingSoldError,
    NotPromotedError,
    PartNotInComboError,
    UnknownItemError,
)
from billing.price_list import Combo, Item, ItemKind, PriceList, SavingKind
from billing.savings import PostedSaving, combo_saving, promotion_saving
from billing.visit_bill import SoldLine

QUANTITY_MAX: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """What is asked for: so many pieces of an item, or so many of a combo or promotion. The price is the list's."""

    kind: ItemKind | SavingKind
    code: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PackagePart:
    """A package that a combo or promotion holds, and the line of its saving."""

    code: str
    saving_line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """What is sold: lines, numbered from 1, and the packages that a visit buys with them, one by one."""

    lines: tuple[SoldLine, ...]
    packages: tuple[PackagePart, ...]

    @property
    def total_fen(self) -> int:
        """The sum of the lines; the packages stand on the visit's bill."""
        return sum(line.amount_fen for line in self.lines)


def line_for(prices: PriceList, code: str, quantity: int) -> OrderLine:
    """Ask for pieces of what is posted under a code: goods, service, combo or promotion. Raises UnknownItemError."""
    known: tuple[tuple[ItemKind | SavingKind, object], ...] = (
        (ItemKind.GOODS, prices.goods_by_code.get(code)),
        (ItemKind.SERVICE, prices.service_by_code.get(code)),
        (SavingKind.COMBO, prices.combo_by_code.get(code)),
        (SavingKind.PROMOTION, prices.promotion_by_code.get(code)),
    )
    for kind, found in known:
        if found is not None:
            return OrderLine(kind=kind, code=code, quantity=quantity)
    raise UnknownItemError(kind="item", item=code)


def parts_singly(combo: Combo, quantity: int, *, without: Sequence[str]) -> list[OrderLine]:
    """A combo of which the customer leaves parts out: the rest, each at its single price (G-3); packages too.

    Raises PartNotInComboError for a code that is no part of it.
    """
    codes = {part.item.code for part in combo.parts}
    for code in without:
        if code not in codes:
            raise PartNotInComboError(combo=combo.code, part=code)
    return [
        OrderLine(kind=part.item.kind, code=part.item.code, quantity=part.quantity * quantity)
        for part in combo.parts
        if part.item.code not in without
    ]


def priced(prices: PriceList, lines: Sequence[OrderLine], *, at: datetime) -> Priced:
    """The lines at the prices posted in a list, as they are sold at an instant.

    Raises NothingSoldError, BadQuantityError, UnknownItemError, or NotPromotedError for a promotion outside its period.
    """
    if not lines:
        raise NothingSoldError
    sold: list[SoldLine] = []
    packages: list[PackagePart] = []
    for line in lines:
        if not 0 < line.quantity <= QUANTITY_MAX:
            raise BadQuantityError(quantity=line.quantity)
        if isinstance(line.kind, ItemKind):
            sold.append(_single(prices, line.kind, line, number=len(sold) + 1))
        else:
            saving = _saving(prices, line.kind, line.code, at)
            parts = list(_covered(prices, saving, line.quantity, first=len(sold) + 1))
            own = len(sold) + len(parts) + 1
            sold += [_under(part, own) for part in parts]
            sold.append(
                SoldLine(line=own, kind=saving.kind, code=line.code, quantity=line.quantity, unit_fen=saving.saving_fen)
            )
            packages += _packages(saving, line.quantity, own)
    return Priced(lines=tuple(sold), packages=tuple(packages))


def _single(prices: PriceList, kind: ItemKind, line: OrderLine, *, number: int) -> SoldLine:
    if kind is ItemKind.PACKAGE:  # A package is time, and bought by a visit (`visits.buy_package`).
        raise UnknownItemError(kind=kind.value, item=line.code)
    try:
        unit_fen = prices.price_fen(Item(kind=kind, code=line.code))
    except KeyError as error:
        raise UnknownItemError(kind=kind.value, item=line.code) from error
    return SoldLine(line=number, kind=kind, code=line.code, quantity=line.quantity, unit_fen=unit_fen)


def _saving(prices: PriceList, kind: SavingKind, code: str, at: datetime) -> PostedSaving:
    if kind is SavingKind.COMBO:
        combo = prices.combo_by_code.get(code)
        if combo is None:
            raise UnknownItemError(kind=kind.value, item=code)
        return combo_saving(prices, combo)
    promotion = prices.promotion_by_code.get(code)
    if promotion is None:
        raise UnknownItemError(kind=kind.value, item=code)
    saving = promotion_saving(prices, promotion)
    if not saving.is_on(at) or saving.saving_fen > 0:
        raise NotPromotedError(promotion=code)
    return saving


def _covered(prices: PriceList, saving: PostedSaving, quantity: int, *, first: int) -> Iterator[SoldLine]:
    things = (part for part in saving.parts if part.item.kind is not ItemKind.PACKAGE)
    for number, part in enumerate(things, start=first):
        yield SoldLine(
            line=number,
            kind=part.item.kind,
            code=part.item.code,
            quantity=part.quantity * quantity,
            unit_fen=prices.price_fen(part.item),
        )


def _under(line: SoldLine, saving_line: int) -> SoldLine:
    return SoldLine(
        line=line.line,
        kind=line.kind,
        code=line.code,
        quantity=line.quantity,
        unit_fen=line.unit_fen,
        saving_line=saving_line,
    )


def _packages(saving: PostedSaving, quantity: int, saving_line: int) -> list[PackagePart]:
    return [
        PackagePart(code=part.item.code, saving_line=saving_line)
        for part in saving.parts
        if part.item.kind is ItemKind.PACKAGE
        for _ in range(part.quantity * quantity)
    ]


def line_row(line: SoldLine) -> dict[str, object]:
    """The columns of a sold line, in order and sale alike."""
    row: dict[str, object] = {
        "line": line.line,
        "kind": line.kind.value,
        "code": line.code,
        "quantity": line.quantity,
        "unit_fen": line.unit_fen,
    }
    return row if line.is_saving else {**row, "saving_line": line.saving_line}
