"""What every slip has: the venue's letterhead, who wrote it and when, the signed head that covers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Final

from billing.money import yuan_text
from hardware.receipt import Align, Cut, Feed, Heading, Item, Mark, Pair, Qr, ReceiptDocument, Rule, Text
from records.notes import SignedHead

Body = Mapping[str, Any]
"""The body of a journal entry, or a part of one."""

TENDER_NAMES: Final = {
    "cash": "现金",
    "wechat": "微信支付",
    "alipay": "支付宝",
    "bank": "银行卡",
    "wallet": "储值账户",
}
HASH_DIGITS: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """What stands on every slip of a venue. `is_demo`: hours pass by command here, and the paper says so."""

    venue_name: str
    address: str
    complaint_phone: str
    timezone: tzinfo
    is_demo: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipFacts:
    """What a slip says besides its entry: who wrote it, when, at which seat, under which signed head."""

    letterhead: Letterhead
    actor: str
    at: datetime
    seat: str = ""
    head: SignedHead | None = None

    def under(self, head: SignedHead) -> SlipFacts:
        """Return the same facts under the head that covers the slip's entry."""
        return replace(self, head=head)


def slip(title: str, facts: SlipFacts, body: Sequence[Item]) -> ReceiptDocument:
    """The slip of a title: letterhead, body, the signed head that covers it."""
    letterhead = facts.letterhead
    local = facts.at.astimezone(letterhead.timezone)
    items: list[Item] = [
        Heading(text=letterhead.venue_name),
        Text(text=title, align=Align.CENTRE, is_bold=True),
        Text(text=f"{local:%Y-%m-%d %H:%M:%S}", align=Align.CENTRE),
        *([Mark(text="【演示】模拟时钟，非真实交易")] if letterhead.is_demo else []),
        Rule(),
        *body,
        *_proof(facts.head),
        Rule(),
        *([Text(text=letterhead.address, align=Align.CENTRE)] if letterhead.address else []),
        *(
            [Text(text=f"价格投诉 {letterhead.complaint_phone}", align=Align.CENTRE)]
            if letterhead.complaint_phone
            else []
        ),
        Cut(),
    ]
    return ReceiptDocument(items=tuple(items))


def receipt_number(number: int) -> str:
    """A receipt's number as paper has it."""
    return f"{number:06}"


def tender_pairs(label: str, tender: Body, *, says_amount: bool = True) -> Iterator[Item]:
    """One way of paying: its amount where it is said, its reference number where it has one."""
    name = TENDER_NAMES[tender["kind"]]
    yield (
        Pair(label=f"{label} {name}", value=yuan_text(tender["fen"])) if says_amount else Pair(label=label, value=name)
    )
    if "ref" in tender:
        yield Pair(label="  流水号", value=tender["ref"])


def _proof(head: SignedHead | None) -> Iterator[Item]:
    if head is None:
        return
    yield Rule()
    yield Pair(label=f"账本 {head.size} 条", value=head.root.hex()[:HASH_DIGITS])
    yield Feed(lines=1)
    yield Qr(text=head.receipt_text)
