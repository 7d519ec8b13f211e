"""One payer for several seats: all are settled or none, and everything is on its own receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.payment_errors import TendersTooLowError
from billing.visit_errors import StatementNeededError
from pos.counter.counter import Counter
from pos.counter.print_jobs import SlipKind
from pos.counter.settlement import Owed
from records.clock import SimulatedClock
from records.ids import new_id
from tests.pos.counter.venues import cash, seat_someone, wechat


def owed(counter: Counter, visit_id: str) -> Owed:
    shown = counter.settlements.show(visit_id)
    return Owed(visit_id=visit_id, due_fen=shown.due_fen, request=new_id())


def two_friends(counter: Counter, clock: SimulatedClock) -> tuple[str, str]:
    first, second = (
        seat_someone(counter, "adult-a", "A01"),
        seat_someone(counter, "adult-b", "A02", deposit=cash(2_000)),
    )
    clock.advance(timedelta(hours=1))
    return first, second


def test_one_payer_settles_two_seats_at_once(counter: Counter, clock: SimulatedClock) -> None:
    owing = [owed(counter, visit_id) for visit_id in two_friends(counter, clock)]
    assert [one.due_fen for one in owing] == [500, 0]
    settled = counter.settlements.settle_together(owing, [wechat(300), cash(1_000)])
    assert [(one.total_fen, one.change_fen) for one in settled] == [(500, 800), (500, 0)]
    assert [one.receipt for one in settled] == [2, 3]
    assert [tender.fen for tender in settled[1].returned] == [1_500]
    assert not counter.seats.running()
    for one in settled:
        assert SlipKind.SETTLEMENT in {job.kind for job in counter.slips.about(one.visit_id)}
    assert counter.settlements.settle_together(owing, [wechat(300), cash(1_000)]) == settled


def test_what_cannot_be_paid_leaves_every_seat_as_it_was(counter: Counter, clock: SimulatedClock) -> None:
    first, second = two_friends(counter, clock)
    with pytest.raises(TendersTooLowError):
        counter.settlements.settle_together([owed(counter, first), owed(counter, second)], [cash(100)])
    assert len(counter.seats.running()) == 2
    unseen = Owed(visit_id=seat_someone(counter, "adult-c", "A03"), due_fen=300, request=new_id())
    with pytest.raises(StatementNeededError):
        counter.settlements.settle_together([owed(counter, first), unseen], [cash(800)])
    assert len(counter.seats.running()) == 3
