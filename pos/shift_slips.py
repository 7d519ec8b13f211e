"""What the slips of a shift say: its readings, its close, cash that goes in and out. For both hands that sign them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billing.cash_moves import CashDirection, CashPurpose
from billing.money import yuan_text
from billing.reasons import DifferenceReason
from hardware.receipt import Feed, Item, Pair, Rule, Total
from pos.slip_layout import TENDER_NAMES, Blank, Body, SlipFacts, SlipForm, receipt_number, slip, title_line

_DIFFERENCE_REASONS: Final = {
    DifferenceReason.CHANGE_ERROR: "找零差错",
    DifferenceReason.FLOAT_ERROR: "备用金差错",
    DifferenceReason.COUNTERFEIT: "收到假币",
    DifferenceReason.CASH_TAKEN_OUT: "现金支出",
    DifferenceReason.UNKNOWN: "原因不明",
}
_CASH_DIRECTIONS: Final = {CashDirection.IN: "存入钱箱", CashDirection.OUT: "取出钱箱"}
_CASH_PURPOSES: Final = {
    CashPurpose.CHANGE_MONEY: "零钱兑换",
    CashPurpose.BANKED: "缴款",
    CashPurpose.PETTY_CASH: "零星支出",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftFigures:
    """What an X or Z slip adds up; `totals_fen` by tender. `is_blind`: for someone who has yet to count the drawer."""

    opened_at: datetime
    float_fen: int
    totals_fen: Mapping[str, int]
    sales_fen: int
    moved_fen: int = 0
    refunds_fen: int = 0
    reductions_fen: int = 0
    is_blind: bool = False

    @property
    def deposits_fen(self) -> int:
        """Deposits taken, less those that paid a bill or went back: what was taken beyond sales less refunds."""
        return sum(self.totals_fen.values()) - self.sales_fen + self.refunds_fen


def shift_reading(body: Body, figures: ShiftFigures, facts: SlipFacts) -> SlipForm:
    """The X slip: what the shift took so far."""
    return slip("班次读数 X", facts, [*_shift_head(body, figures, facts), Rule(), *_taken(figures)])


def shift_close(body: Body, figures: ShiftFigures, facts: SlipFacts) -> SlipForm:
    """The Z slip of `shift.closed`."""
    receipts = body["receipts"]
    difference_fen = body["difference_fen"]
    reason = [Pair(label="差额原因", value=_DIFFERENCE_REASONS[body["reason"]])] if "reason" in body else []
    return slip(
        Blank(items=lambda _head: [title_line(f"班次结算 Z{body['z']:04}")]),
        facts,
        [
            *_shift_head(body, figures, facts),
            Rule(),
            *_taken(figures),
            Rule(),
            Pair(label="备用金", value=yuan_text(figures.float_fen)),
            *([Pair(label="现金存取", value=_signed(figures.moved_fen))] if figures.moved_fen else []),
            Pair(label="应有现金", value=yuan_text(body["expected_fen"])),
            Pair(label="实点现金", value=yuan_text(body["counted_fen"])),
            Total(label="差额", amount=_signed(difference_fen)),
            *reason,
            Pair(
                label="单号",
                value=f"{receipt_number(receipts['first'])}–{receipt_number(receipts['last'])}" if receipts else "无",
            ),
            Feed(lines=1),
            Pair(label="交班________", value="接班________"),
        ],
    )


def cash_move(body: Body, facts: SlipFacts) -> SlipForm:
    """The slip of `cash.moved`, signed by both hands."""
    approval = [Pair(label="批准", value=f"员工 {body['approval']['by']}")] if "approval" in body else []
    return slip(
        "现金存取单",
        facts,
        [
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            Pair(label="用途", value=_CASH_PURPOSES[CashPurpose(body["purpose"])]),
            *approval,
            Rule(),
            Total(label=_CASH_DIRECTIONS[CashDirection(body["direction"])], amount=f"￥{yuan_text(body['fen'])}"),
            Feed(lines=1),
            Pair(label="经手________", value="复核________"),
        ],
    )


def _shift_head(body: Body, figures: ShiftFigures, facts: SlipFacts) -> Iterator[Item]:
    opened = figures.opened_at.astimezone(facts.letterhead.timezone)
    yield Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}")
    yield Pair(label="开班", value=f"{opened:%m-%d %H:%M}")


def _taken(figures: ShiftFigures) -> Iterator[Item]:
    """What was taken by each tender, net, zeros left out. Blind, nothing is told from which cash could be guessed."""
    if figures.is_blind:
        yield Pair(label="营业额、现金", value="清点后显示")
    else:
        yield Total(label="营业额", amount=f"￥{yuan_text(figures.sales_fen)}")
        if figures.reductions_fen:
            yield Pair(label="其中已减免", value=yuan_text(figures.reductions_fen))
        if figures.refunds_fen:
            yield Pair(label="退款", value=yuan_text(-figures.refunds_fen))
        if figures.deposits_fen:
            yield Pair(label="押金收退", value=_signed(figures.deposits_fen))
    for kind, name in TENDER_NAMES.items():
        if figures.totals_fen.get(kind) and not (figures.is_blind and kind == "cash"):
            yield Pair(label=f"  {name}", value=yuan_text(figures.totals_fen[kind]))


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{yuan_text(fen)}"
