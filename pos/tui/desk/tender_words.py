"""Ways of paying at the desk: their keys and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from billing.tenders import Tender, TenderKind
from pos.languages import Words, noted
from pos.tui.desk.times import money

TENDER_KEYS: Final[Mapping[str, TenderKind]] = {
    "c": TenderKind.CASH,
    "w": TenderKind.WECHAT,
    "a": TenderKind.ALIPAY,
    "b": TenderKind.BANK,
}
TENDER_WORDS: Final[Mapping[TenderKind, str]] = {
    TenderKind.CASH: noted("cash"),
    TenderKind.WECHAT: noted("WeChat"),
    TenderKind.ALIPAY: noted("Alipay"),
    TenderKind.BANK: noted("bank card"),
}


def given_back(tenders: Sequence[Tender], words: Words) -> str:
    """Say what goes back, each by the way it was paid."""
    return words(", ").join(f"{words(TENDER_WORDS[one.kind])} {money(one.fen)}" for one in tenders)
