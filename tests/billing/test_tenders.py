"""How deposits and tenders meet a total."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payment_errors import BadTenderError, NonCashAboveDueError, TendersTooLowError
from billing.tenders import Payment, Tender, TenderKind, pay, total
from tests.billing.counter import tenders


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("cash", "amount"),
        ("cash=", "amount"),
        ("cash=0", "amount"),
        ("cash=-5", "amount"),
        ("cash=٣", "amount"),
        ("cash=1e3", "amount"),
        ("cash=100000001", "amount"),
        ("cash=5:ref", "reference"),
        ("wechat=5", "reference"),
        ("wechat=5:", "reference"),
        ("wechat=5: x", "reference"),
        ("wechat=5:" + "x" * 65, "reference"),
        ("gold=5", "kind"),
        ("", "kind"),
    ],
)
def test_what_is_no_tender_is_refused(text: str, flaw: str) -> None:
    with pytest.raises(BadTenderError) as refused:
        Tender.parse(text)
    assert refused.value.flaw == flaw


def test_a_tender_is_written_with_its_reference() -> None:
    assert Tender.parse("cash=500").to_json() == {"kind": "cash", "fen": 500}
    assert Tender.parse("bank=500:a:b").to_json() == {"kind": "bank", "fen": 500, "ref": "a:b"}


@pytest.mark.parametrize(
    ("total_fen", "deposits", "given_now", "returned", "change_fen"),
    [
        (1000, [], ["cash=1000"], [], 0),
        (1000, [], ["cash=2000"], [], 1000),
        (1000, [], ["wechat=700:a", "cash=500"], [], 200),
        (1000, [], ["wechat=400:a", "alipay=300:b", "bank=300:c"], [], 0),
        (1000, ["cash=5000"], [], ["cash=4000"], 0),
        (1000, ["wechat=5000:a"], [], ["wechat=4000:a"], 0),
        (1000, ["wechat=600:a", "cash=600"], [], ["cash=200"], 0),
        (1000, ["cash=600", "wechat=600:a", "bank=100:b"], [], ["wechat=200:a", "bank=100:b"], 0),
        (1000, ["cash=1000"], [], [], 0),
        (1000, ["cash=400"], ["cash=1000"], [], 400),
        (1000, ["cash=400"], ["wechat=600:a"], [], 0),
        (0, ["cash=400"], [], ["cash=400"], 0),
        (0, [], [], [], 0),
        (0, [], ["cash=100"], [], 100),
    ],
)
def test_deposits_are_used_first_and_the_rest_goes_back_as_it_came(
    total_fen: int, deposits: list[str], given_now: list[str], returned: list[str], change_fen: int
) -> None:
    payment = pay(total_fen, deposits=tenders(*deposits), tenders=tenders(*given_now))
    assert payment.returned == tuple(tenders(*returned))
    assert payment.change_fen == change_fen


@pytest.mark.parametrize(
    ("deposits", "given_now"), [([], []), ([], ["cash=999"]), (["cash=500"], ["wechat=499:a"]), (["cash=999"], [])]
)
def test_tenders_that_do_not_cover_the_total_are_refused(deposits: list[str], given_now: list[str]) -> None:
    with pytest.raises(TendersTooLowError) as refused:
        pay(1000, deposits=tenders(*deposits), tenders=tenders(*given_now))
    assert refused.value.total_fen == 1000
    assert refused.value.due_fen == 1000 - total(tenders(*deposits))


@pytest.mark.parametrize(
    ("deposits", "given_now"),
    [([], ["wechat=1001:a"]), (["cash=500"], ["bank=501:a"]), (["cash=1000"], ["alipay=1:a"])],
)
def test_no_change_is_given_for_what_was_not_cash(deposits: list[str], given_now: list[str]) -> None:
    with pytest.raises(NonCashAboveDueError):
        pay(1000, deposits=tenders(*deposits), tenders=tenders(*given_now))


a_tender = st.builds(
    lambda kind, fen: Tender(kind=kind, fen=fen, reference=None if kind is TenderKind.CASH else "ref"),
    st.sampled_from(TenderKind),
    st.integers(1, 3000),
)


@given(st.integers(0, 5000), st.lists(a_tender, max_size=3), st.lists(a_tender, max_size=3))
def test_no_fen_is_lost_between_what_is_given_and_what_is_kept(
    total_fen: int, deposits: list[Tender], given_now: list[Tender]
) -> None:
    try:
        payment = pay(total_fen, deposits=deposits, tenders=given_now)
    except (TendersTooLowError, NonCashAboveDueError):
        return
    assert total(deposits) + total(given_now) == total_fen + total(payment.returned) + payment.change_fen
    assert payment.change_fen <= total(tender for tender in given_now if tender.kind is TenderKind.CASH)
    assert is_by_the_same_way(payment)


def is_by_the_same_way(payment: Payment) -> bool:
    given = [(deposit.kind, deposit.reference) for deposit in payment.deposits]
    return all((back.kind, back.reference) in given for back in payment.returned)
