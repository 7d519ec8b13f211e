"""What combos and promotions take off the single prices of what they cover (G-3, G-6, G-7).

Goods, services and packages always stand on a bill at their single posted prices; what a combo or a promotion makes
cheaper is a line of its own, so that both prices are shown. A promotion at 0 is a gift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.price_list import Combo, ComboPart, PriceList, Promotion, SavingKind


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedSaving:
    """A combo or promotion of a list: its parts and what one of it saves (≤ 0). A promotion has its period."""

    kind: SavingKind
    code: str
    parts: tuple[ComboPart, ...]
    saving_fen: int
    begins_at: datetime | None = None
    ends_at: datetime | None = None

    def is_on(self, at: datetime) -> bool:
        """Whether it is sold at an instant: a combo always, a promotion within `[from, until)`."""
        return (self.begins_at is None or self.begins_at <= at) and (self.ends_at is None or at < self.ends_at)


def posted_savings(prices: PriceList) -> list[PostedSaving]:
    """Every combo and promotion of a list that saves something or nothing.

    A promotion that is dearer than its item is none: the item is sold singly.
    """
    every = [
        *(combo_saving(prices, combo) for combo in prices.combos),
        *(promotion_saving(prices, promotion) for promotion in prices.promotions),
    ]
    return [saving for saving in every if saving.saving_fen <= 0]


def combo_saving(prices: PriceList, combo: Combo) -> PostedSaving:
    """What a combo saves."""
    return PostedSaving(
        kind=SavingKind.COMBO,
        code=combo.code,
        parts=combo.parts,
        saving_fen=combo.price_fen - _single_fen(prices, combo.parts),
    )


def promotion_saving(prices: PriceList, promotion: Promotion) -> PostedSaving:
    """What a promotion saves; above 0 where it is dearer than its item."""
    parts = (ComboPart(item=promotion.item, quantity=1),)
    return PostedSaving(
        kind=SavingKind.PROMOTION,
        code=promotion.code,
        parts=parts,
        saving_fen=promotion.price_fen - _single_fen(prices, parts),
        begins_at=promotion.begins_at,
        ends_at=promotion.ends_at,
    )


def _single_fen(prices: PriceList, parts: Sequence[ComboPart]) -> int:
    return sum(part.quantity * prices.price_fen(part.item) for part in parts)


def whole_savings(pieces_left: Sequence[int], *, pieces_each: Sequence[int]) -> int:
    """How many of a combo or promotion still have all their parts, given what is left of each covered line."""
    return min(left // each for left, each in zip(pieces_left, pieces_each, strict=True))
