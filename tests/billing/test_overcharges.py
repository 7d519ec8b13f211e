"""Visits rated again by the list that should have counted, and what was paid too much given back (REQ-P-26)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from billing import overcharges, publication
from billing.overcharge_errors import NotOverchargedError
from billing.overcharges import Recomputed, TakenBack, due_fen
from billing.price_list import PriceList
from billing.refund_errors import NotSettledError
from billing.refund_tables import refund_tenders, refunds
from billing.tables import receipts
from billing.usage_errors import UnknownZoneError
from records.ids import new_id
from tests.billing.counter import WINTER, Counter, goods, list_with

MONDAY = date(2026, 11, 23)
CHEAPER = list_with(("fen_per_hour = 400", "fen_per_hour = 300"), ("price_fen = 400", "price_fen = 350"))


def settled(**changes: Any) -> dict[str, Any]:
    """What `visit.settled` says of two hours in the hall and two colas: 8.00 and 8.00."""
    cola = {"order": "o" * 16, "line": 1, "list": 1, "kind": "goods", "code": "cola-330", "qty": 2}
    usage = {
        "tier": "guest",
        "start": "2026-11-23T19:00:00",
        "end": "2026-11-23T21:00:00",
        "stays": [{"from": "2026-11-23T19:00:00", "zone": "hall"}],
    }
    return {"usage": usage, "orders": [{**cola, "unit_fen": 400, "amount_fen": 800}], **changes}


def due(settlement: dict[str, Any], *taken_back: TakenBack, prices: PriceList = CHEAPER) -> int:
    return due_fen(settlement, taken_back, prices)


def test_time_and_goods_are_due_at_the_lists_price() -> None:
    assert due(settled(), prices=WINTER) == 1600
    assert due(settled()) == 600 + 700


def test_goods_are_never_dearer_than_they_were_charged() -> None:
    dearer = list_with(("price_fen = 400", "price_fen = 500"))
    assert due(settled(), prices=dearer) == 1600


def test_what_the_list_does_not_have_was_rightly_charged() -> None:
    renamed = list_with(("cola-330", "cola-500"))
    assert due(settled(), prices=renamed) == 1600


def test_a_saving_stays_as_it_was_charged() -> None:
    saving = {"order": "o" * 16, "line": 2, "list": 1, "kind": "combo", "code": "3h-cola", "qty": 1, "unit_fen": -100}
    line = {**saving, "amount_fen": -100}
    settlement = settled()
    assert due({**settlement, "orders": [*settlement["orders"], line]}) == 600 + 700 - 100


def test_reductions_are_taken_off_and_nobody_owes_less_than_nothing() -> None:
    given = [{"reduction": "r" * 16, "fen": 250, "reason": "goodwill"}]
    assert due(settled(reductions=given)) == 600 + 700 - 250
    assert due(settled(reductions=[{**given[0], "fen": 5000}])) == 0


def test_what_a_refund_took_back_is_not_due_any_more() -> None:
    one_cola = TakenBack(order_id="o" * 16, line=1, quantity=1, amount_fen=400)
    package = TakenBack(order_id=None, line=1, quantity=1, amount_fen=120)
    assert due(settled(), one_cola) == 600 + 350
    assert due(settled(), one_cola, one_cola) == 600
    assert due(settled(), package) == 600 + 700 - 120


def test_a_list_that_cannot_rate_the_visit_says_why() -> None:
    with pytest.raises(UnknownZoneError):
        due({**settled(), "usage": {**settled()["usage"], "stays": [{"from": "2026-11-23T19:00:00", "zone": "vip"}]}})


@pytest.fixture
def paid(counter: Counter) -> str:
    """Two hours in the hall with a cola, 12.00, of which 10.00 were a deposit in cash and 2.00 came by WeChat."""
    return play(counter, deposit="cash=1000", tender="wechat=200:4200002231")


def play(counter: Counter, *, seat: str = "A01", tender: str, deposit: str | None = None) -> str:
    from billing import deposits
    from billing.tenders import Tender

    visit_id = counter.open(seat)
    if deposit is not None:
        counter.do(deposits.take, visit_id, Tender.parse(deposit), job_id=new_id())
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=2)
    counter.settle(visit_id, tender)
    return visit_id


def found(counter: Counter, *, days: tuple[date, date] = (MONDAY, MONDAY), by: PriceList = CHEAPER) -> list[Recomputed]:
    return counter.ask(lambda connection: list(overcharges.find(connection, by, *days)))


def give_back(counter: Counter, visit_id: str, number: int = 2) -> dict[str, Any]:
    published = counter.ask(publication.load, number)
    counter.do(overcharges.refund, visit_id, published, refund_id=new_id(), job_id=new_id())
    return counter.last("overcharge.refunded")


def test_a_period_is_rated_again(counter: Counter, paid: str) -> None:
    (visit,) = found(counter)
    assert (visit.visit_id, visit.seat, visit.receipt) == (paid, "A01", 2)
    assert (visit.charged_fen, visit.due_fen, visit.too_much_fen) == (1200, 950, 250)
    assert found(counter, by=WINTER)[0].too_much_fen == 0
    assert found(counter, by=list_with(("fen_per_hour = 400", "fen_per_hour = 500")))[0].too_much_fen == 0
    tomorrow = MONDAY + timedelta(days=1)
    assert found(counter, days=(tomorrow, tomorrow)) == []


def test_who_cannot_be_rated_is_told_and_not_left_out(counter: Counter, paid: str) -> None:
    (visit,) = found(counter, by=list_with(('"guest"', '"visitor"')))
    assert (visit.visit_id, visit.due_fen, visit.refusal, visit.too_much_fen) == (paid, None, "unknown-tier", 0)


def test_progress_is_told(counter: Counter) -> None:
    for seat in ("A01", "A02"):
        play(counter, seat=seat, tender="cash=1200")
    told: list[tuple[int, int]] = []
    counter.ask(
        lambda connection: list(
            overcharges.find(connection, CHEAPER, MONDAY, MONDAY, progress=lambda done, of: told.append((done, of)))
        )
    )
    assert told == [(1, 2), (2, 2)]


def test_the_difference_goes_back_by_the_way_it_was_paid(counter: Counter, paid: str) -> None:
    counter.publish(CHEAPER)
    body = give_back(counter, paid)
    assert {key: body[key] for key in ("visit", "list", "list_sha256", "charged_fen", "due_fen", "amount_fen")} == {
        "visit": paid,
        "list": 2,
        "list_sha256": CHEAPER.sha256,
        "charged_fen": 1200,
        "due_fen": 950,
        "amount_fen": 250,
    }
    assert body["tenders"] == [{"kind": "wechat", "fen": 200, "ref": "4200002231"}, {"kind": "cash", "fen": 50}]
    assert body["postings"] == [
        {"account": "revenue/overcharges", "fen": 250},
        {"account": "wechat", "fen": -200},
        {"account": "cash/desk-1", "fen": -50},
    ]
    assert body["receipt"] == 3
    assert counter.entries()[-1]["gt"]["refunds_fen"] == 250
    assert [row.amount_fen for row in counter.rows(refunds)] == [250]
    assert [(row.kind, row.amount_fen) for row in counter.rows(refund_tenders)] == [("wechat", 200), ("cash", 50)]
    assert len(counter.rows(receipts)) == 3


def test_given_back_once_nothing_is_left(counter: Counter, paid: str) -> None:
    counter.publish(CHEAPER)
    give_back(counter, paid)
    (visit,) = found(counter)
    assert (visit.charged_fen, visit.too_much_fen) == (950, 0)
    with pytest.raises(NotOverchargedError) as refused:
        give_back(counter, paid)
    assert refused.value.reason is None
    assert len(counter.rows(refunds)) == 1


def test_a_still_cheaper_list_gives_back_the_rest(counter: Counter, paid: str) -> None:
    counter.publish(CHEAPER)
    give_back(counter, paid)
    counter.wait(hours=1)
    counter.publish(list_with(("fen_per_hour = 400", "fen_per_hour = 200"), ("price_fen = 400", "price_fen = 350")))
    body = give_back(counter, paid, 3)
    assert (body["charged_fen"], body["due_fen"], body["amount_fen"]) == (950, 750, 200)
    assert body["tenders"] == [{"kind": "cash", "fen": 200}], "all of what came by WeChat is back"


def test_all_that_was_paid_can_go_back_and_no_fen_more(counter: Counter, paid: str) -> None:
    nothing = (("price_fen = 400", "price_fen = 0"), ("price_fen = 1300", "price_fen = 1000"))
    free = (("fen_per_hour = 400", "fen_per_hour = 0\nfree = true"), ("minimum_fen = 300", "minimum_fen = 0"))
    counter.publish(list_with(*nothing, *free))
    body = give_back(counter, paid)
    assert (body["amount_fen"], body["due_fen"]) == (1200, 0)
    assert sum(tender["fen"] for tender in body["tenders"]) == 1200


def test_refusals_leave_no_trace(counter: Counter, paid: str) -> None:
    counter.publish(CHEAPER)
    running = counter.open("A05")
    before = len(counter.entries())
    for visit_id, error in ((running, NotSettledError), ("nobody", NotSettledError)):
        with pytest.raises(error):
            give_back(counter, visit_id)
    with pytest.raises(NotOverchargedError):
        give_back(counter, paid, 1)
    assert len(counter.entries()) == before
    assert counter.rows(refunds) == []
