"""One payer for several seats: tenders are shared out so that each bill is met and change comes from cash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.tenders import Tender, pay, share, total


def tenders(*texts: str) -> list[Tender]:
    return [Tender.parse(text) for text in texts]


def shared(dues_fen: list[int], *texts: str) -> list[list[tuple[str, int]]]:
    return [[(one.kind.value, one.fen) for one in part] for part in share(dues_fen, tenders(*texts))]


@pytest.mark.parametrize(
    ("dues_fen", "given", "parts"),
    [
        ([900, 600], ["cash=1500"], [[("cash", 900)], [("cash", 600)]]),
        ([900, 600], ["cash=2000"], [[("cash", 900)], [("cash", 1100)]]),
        ([900, 600], ["cash=1000", "wechat=500:1"], [[("wechat", 500), ("cash", 400)], [("cash", 600)]]),
        ([900, 0], ["cash=1000"], [[("cash", 1000)], []]),
        ([0, 0], [], [[], []]),
        ([900, 600], ["bank=1500:1"], [[("bank", 900)], [("bank", 600)]]),
        ([900, 600], ["cash=500", "bank=1500:1"], [[("bank", 900)], [("bank", 600), ("cash", 500)]]),
    ],
)
def test_tenders_are_shared_out(dues_fen: list[int], given: list[str], parts: list[list[tuple[str, int]]]) -> None:
    assert shared(dues_fen, *given) == parts


@given(
    st.lists(st.integers(min_value=0, max_value=50_000), min_size=1, max_size=5),
    st.integers(min_value=0, max_value=100),
    st.integers(min_value=0, max_value=20_000),
)
def test_every_bill_is_met_and_nothing_is_lost(dues_fen: list[int], percent: int, surplus_fen: int) -> None:
    due_fen = sum(dues_fen)
    bank_fen = due_fen * percent // 100
    cash_fen = due_fen - bank_fen + surplus_fen
    texts = [f"bank={bank_fen}:1"] * (bank_fen > 0) + [f"cash={cash_fen}"] * (cash_fen > 0)
    parts = share(dues_fen, tenders(*texts))
    payments = [pay(due, deposits=(), tenders=part) for due, part in zip(dues_fen, parts, strict=True)]
    assert sum(payment.change_fen for payment in payments) == surplus_fen
    assert sum(total(part) for part in parts) == bank_fen + cash_fen
