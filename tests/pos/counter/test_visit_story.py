"""Visits from the card to the receipt, on a real database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from billing import ledger
from hardware.receipt import preview
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from pos.counter.print_jobs import SlipKind
from pos.counter.seats import Opening
from records.clock import SimulatedClock
from records.ids import new_id
from records.schema import journal
from tests.pos.counter.venues import card, cash, counter_of, goods, seat_someone, wechat


def entries(venue: Venue, type_: str) -> list[dict[str, Any]]:
    with venue.records.reading() as connection:
        rows = connection.execute(sa.select(journal.c.entry).where(journal.c.type == type_).order_by(journal.c.seq))
        return [json.loads(row.entry) for row in rows]


def slip(counter: Counter, ref: str, kind: SlipKind) -> list[str]:
    job = next(job for job in counter.slips.about(ref) if job.kind is kind)
    return preview(job.document, 32)


def settle(counter: Counter, visit_id: str, *tenders: Any) -> Any:
    counter.settlements.show(visit_id)
    return counter.settlements.settle(visit_id, tenders, request=new_id())


def test_a_visit_from_the_card_to_the_receipt(venue: Venue, counter: Counter, clock: SimulatedClock) -> None:
    admission = counter.check_in.card(card("adult-a"))
    opened = counter.seats.open(admission, Opening.new(seat="A07", tier="guest", deposit=cash(2000)))
    assert opened.opened_at == "2026-11-23T19:00:00"
    assert opened.deposit is not None
    assert opened.deposit.receipt == 1
    clock.advance(timedelta(hours=1))
    so_far = counter.sales.order("A07", [goods("cola-330", 2)], request=new_id())
    assert so_far.total_fen == 500 + 800
    clock.advance(timedelta(minutes=50))
    shown = counter.settlements.show(opened.visit_id)
    assert (shown.total_fen, shown.due_fen) == (1000 + 800, 0)
    settled = counter.settlements.settle(opened.visit_id, (), request=new_id())
    assert (settled.receipt, settled.total_fen, settled.change_fen) == (2, 1800, 0)
    assert [(tender.kind, tender.fen) for tender in settled.returned] == [("cash", 200)]
    assert entries(venue, "visit.settled")[0]["seq"] == settled.seq
    with venue.records.reading() as connection:
        assert ledger.balance(connection, "cash/desk-1") == 20_000 + 1_800
        assert ledger.balance(connection, "deposits") == 0
    paper = slip(counter, opened.visit_id, SlipKind.SETTLEMENT)
    assert "  19:00–21:00 计 2:00" in paper
    assert "  其中补足 0:10" in paper
    assert any(line.startswith("退押金 现金") and line.endswith("2.00") for line in paper)
    assert any(line.startswith("[QR MJ1:") for line in paper)


def test_paper_and_journal_name_nobody(venue: Venue, counter: Counter) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
    settle(counter, visit_id)
    read = card("adult-a").text_block.decode("utf-16-le")
    name, number = read[:15].strip(), read[61:79].strip()
    with venue.records.reading() as connection:
        told = b"".join(row.entry for row in connection.execute(sa.select(journal.c.entry))).decode()
    told += "\n".join(line for job in counter.slips.about(visit_id) for line in preview(job.document, 48))
    assert len(number) == 18
    assert number not in told
    assert name not in told


def test_moving_pausing_and_a_package_show_on_the_receipt(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-b", "A02", tier="gold", package="3h")
    clock.advance(timedelta(hours=1))
    counter.seats.pause("A02")
    clock.advance(timedelta(minutes=10))
    counter.seats.resume("A02")
    clock.advance(timedelta(minutes=50))
    moved = counter.seats.move(visit_id, "B03")  # Where the package does not count.
    assert moved.visit.seat == "B03"
    clock.advance(timedelta(minutes=59))
    settled = settle(counter, visit_id, wechat(1920))
    kinds = [line["kind"] for line in settled.bill["lines"]]
    assert kinds == ["time", "discount", "package"]
    paper = slip(counter, visit_id, SlipKind.SETTLEMENT)
    assert any(line.startswith("套餐 包三小时") and line.endswith("12.00") for line in paper)
    assert any(line.startswith("金卡会员优惠 10%") and line.endswith("-0.80") for line in paper)
    assert paper[5].startswith("机位 B03")


def test_an_outage_pauses_everybody_and_nobody_pays_for_it(counter: Counter, clock: SimulatedClock) -> None:
    visits = [seat_someone(counter, f"adult-{letter}", f"A0{n}") for n, letter in enumerate("abc", start=1)]
    clock.advance(timedelta(minutes=30))
    assert len(counter.seats.begin_outage("power")) == 3
    clock.advance(timedelta(hours=2))
    assert len(counter.seats.end_outage()) == 3
    clock.advance(timedelta(minutes=30))
    for visit_id in visits:
        assert settle(counter, visit_id, cash(500)).total_fen == 500


def test_split_tenders_give_change_from_cash(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "B01")
    clock.advance(timedelta(hours=3))
    settled = settle(counter, visit_id, wechat(1000), cash(2000))
    assert (settled.total_fen, settled.change_fen) == (2400, 600)


def test_whoever_leaves_within_the_grace_pays_nothing(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=wechat(2000))
    clock.advance(timedelta(minutes=4))
    settled = settle(counter, visit_id)
    assert settled.total_fen == 0
    assert [(tender.kind, tender.fen, tender.reference) for tender in settled.returned] == [
        ("wechat", 2000, "4200002231")
    ]
    assert any(line.startswith("5 分钟内免费") for line in slip(counter, visit_id, SlipKind.SETTLEMENT))


def test_a_package_that_ends_the_visit_ends_it_though_nobody_pressed_a_key(
    venue: Venue, counter: Counter, clock: SimulatedClock
) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", package="3h")
    clock.advance(timedelta(hours=2, minutes=52))
    assert [(warning.seat, warning.minutes) for warning in counter.seats.warnings()] == [("A01", 10)]
    clock.advance(timedelta(hours=2))
    assert [ended.seat for ended in counter.seats.end_due()] == ["A01"]
    assert counter.seats.end_due() == []
    assert settle(counter, visit_id, cash(2000)).total_fen == 1200
    assert [entry["body"]["at"] for entry in entries(venue, "visit.ended")] == ["2026-11-23T22:00:00"]
    assert any(line.endswith("套餐到时") for line in slip(counter, visit_id, SlipKind.SETTLEMENT))


def test_a_sale_over_the_counter(venue: Venue, counter: Counter) -> None:
    sold = counter.sales.sell([goods("noodles"), goods("sausage", 2)], [cash(2000)], request=new_id())
    assert (sold.total_fen, sold.change_fen, sold.receipt) == (1100, 900, 1)
    paper = slip(counter, sold.sale_id, SlipKind.SALE)
    assert "  2.50 × 2 根" in paper
    assert any(line.startswith("找零 现金") and line.endswith("9.00") for line in paper)
    assert entries(venue, "sale.settled")[0]["seq"] == sold.seq


def test_a_shift_is_counted_blind_and_its_slip_tells_the_difference(counter: Counter) -> None:
    counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    counter.sales.sell([goods("noodles")], [wechat(600)], request=new_id())
    counter.shifts.read(request=new_id())
    reading = slip(counter, "1", SlipKind.SHIFT_READING)
    assert not any(line.endswith(("12.00", "206.00")) for line in reading)
    closed = counter.shifts.close(counted_fen=20_500, reason="change-error", request=new_id())
    assert (closed.expected_fen, closed.difference_fen, closed.z) == (20_600, -100, 1)
    assert dict(closed.totals_fen) == {"cash": 600, "wechat": 600, "alipay": 0, "bank": 0, "wallet": 0}
    paper = slip(counter, "1", SlipKind.SHIFT_CLOSE)
    assert paper[1].strip() == "班次结算 Z0001"
    assert any(line.startswith("差额 ") and line.endswith("-1.00") for line in paper)
    assert counter.shifts.current() is None


def test_a_manager_sees_the_takings_on_the_x_slip(venue: Venue, counter: Counter) -> None:
    counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    counter_of(venue, "wang").shifts.read(request=new_id())
    assert any(
        line.startswith("营业额") and line.endswith("￥6.00") for line in slip(counter, "1", SlipKind.SHIFT_READING)
    )


def test_the_statement_can_be_printed(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=cash(500))
    clock.advance(timedelta(hours=3))
    shown = counter.settlements.print_statement(visit_id, request=new_id())
    assert shown.due_fen == 1000
    paper = slip(counter, visit_id, SlipKind.STATEMENT)
    assert any(line.startswith("结账应付") and line.endswith("10.00") for line in paper)
    assert counter.settlements.settle(visit_id, [cash(1000)], request=new_id()).total_fen == 1500


def test_what_is_posted_for_a_seat_is_what_can_be_opened(counter: Counter, clock: SimulatedClock) -> None:
    terms = counter.seats.terms("a07", "guest")
    assert terms.rate is not None
    assert (terms.rate.fen_per_hour, terms.deposit_fen) == (500, 2000)
    assert [offer.package.code for offer in terms.offers] == ["3h", "5h"]
    clock.advance(timedelta(hours=2))
    assert [offer.package.code for offer in counter.seats.terms("A07", "guest").offers] == ["3h", "5h", "night"]
