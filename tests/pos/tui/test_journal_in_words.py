"""The journal at the desk: every type of entry and every code in it is said in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing import reasons
from billing.cash_moves import CashPurpose
from compliance.verify import verify
from members.registration import Refusal
from pos.counter.journal_tail import JournalLine, ToldFact
from pos.counter.print_jobs import Resolution
from pos.languages import Language, words_of
from pos.tui.desk.entry_words import ENTRY_WORDS, brief_entry_words, code_words
from pos.tui.widgets.columns import cells
from records.clock import SimulatedClock
from staff.roles import Role
from tests.pos.counter.venues import cash, seat_someone
from tests.pos.tui.desks import play, sitting_at

ROOT = Path(__file__).parents[3]
ROOMS = ("records", "staff", "privacy", "members", "billing", "compliance", "pos")
WRITTEN = re.compile(r"\.entry\(\s*\"([a-z_]+\.[a-z_]+)\"")


def test_every_type_that_the_document_and_the_verifier_know_has_words() -> None:
    assert set(ENTRY_WORDS) == set(verify.BODIES)


def test_every_type_that_the_program_writes_has_words() -> None:
    sources = (path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    written = {name for source in sources for name in WRITTEN.findall(source)}
    assert len(written) > 30
    assert written <= set(ENTRY_WORDS)


@pytest.mark.parametrize(
    ("type_", "fact", "codes"),
    [
        ("id.refused", ToldFact.REASON, Refusal),
        ("outage.began", ToldFact.REASON, reasons.OutageReason),
        ("order.cancelled", ToldFact.REASON, reasons.CancelReason),
        ("reduction.given", ToldFact.REASON, reasons.ReductionReason),
        ("seat.closed", ToldFact.REASON, reasons.SeatReason),
        ("refund.given", ToldFact.REASON, reasons.RefundReason),
        ("stock.written_off", ToldFact.REASON, reasons.WriteOffReason),
        ("shift.closed", ToldFact.REASON, reasons.DifferenceReason),
        ("cash.moved", ToldFact.PURPOSE, CashPurpose),
        ("print.resolved", ToldFact.OUTCOME, Resolution),
        ("staff.added", ToldFact.ROLE, Role),
    ],
)
def test_every_code_has_words_in_both_languages(type_: str, fact: ToldFact, codes: type[Role]) -> None:
    chinese = words_of(Language.ZH_CN)
    told = code_words(type_, fact)
    assert set(told) == {code.value for code in codes}
    assert all(not chinese(sentence).isascii() for sentence in told.values())


def test_every_type_is_said_in_chinese() -> None:
    chinese = words_of(Language.ZH_CN)
    assert [type_ for type_, sentence in ENTRY_WORDS.items() if chinese(sentence).isascii()] == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("width", [24, 30, 60])
def test_where_a_line_is_short_the_receipt_still_stands_whole(language: Language, width: int) -> None:
    facts = {ToldFact.SHIFT: "1", ToldFact.RECEIPT: "4016"}
    words, at = words_of(language), datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    for type_ in ("sale.settled", "overcharge.refunded", "deposit.taken"):
        line = JournalLine(seq=1, type=type_, at=at, actor="s3", told=facts, leaf="")
        said = brief_entry_words(line, words, width)
        assert said.endswith(words("receipt {value}").format(value="4016"))
        assert cells(said) <= width


def test_where_a_line_is_short_a_reason_runs_over_and_what_happened_stands() -> None:
    at = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    facts = {ToldFact.SEAT: "A20", ToldFact.REASON: "faulty"}
    line = JournalLine(seq=1, type="seat.closed", at=at, actor="s3", told=facts, leaf="")
    assert brief_entry_words(line, words_of(Language.EN), 28).startswith("seat out of use · A20 · ")
    facts = {ToldFact.ROLE: "cashier", ToldFact.STAFF: "s3"}
    line = JournalLine(seq=1, type="staff.added", at=at, actor="system", told=facts, leaf="")
    assert brief_entry_words(line, words_of(Language.EN), 23).startswith("account made · cashier")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.EN, ("seat opened · seat A07", "deposit taken · receipt", "turned away · a minor")),
        (Language.ZH_CN, ("开台 · 机位 A07", "收押金 · 小票", "拒绝上机 · 未成年")),
    ],
)
@pytest.mark.parametrize("is_whole_screen", [True, False])
def test_what_was_done_is_read_in_the_shops_words(
    venue_path: Path, clock: SimulatedClock, language: Language, told: tuple[str, ...], *, is_whole_screen: bool
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language, size=(160, 45)) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=cash(2_000))
            await desk.lay("minor")
            await desk.press("escape")
            desk.main.look()
            await desk.settle()
            if is_whole_screen:
                await desk.press("f10")
            for words in told:
                await desk.until(words if is_whole_screen else re.sub("(seat|机位) A07", "A07", words))
            assert re.search(r"\b(visit|id|deposit|staff|shift)\.[a-z]+", desk.text()) is None

    play(story)
