"""What every slip has: the venue's letterhead, who wrote it and when, the signed head that covers it.

A slip that a head covers is laid out as a form before the journal's head is held, for everybody waits from there to the
commit: what stands on it then but in its blanks (the receipt's number, the head) is written already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from typing import Any, Final

from billing.money import yuan_text
from hardware.receipt import (
    Align,
    Cut,
    Feed,
    Heading,
    Item,
    Mark,
    Pair,
    Qr,
    ReceiptDocument,
    Rule,
    Text,
    document_json,
    items_json,
)
from records.notes import SignedHead

Body = Mapping[str, Any]
"""The body of a journal entry, or a part of one."""

_NUMBER: Final = "单号 "
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
    """What a slip says besides its entry: who wrote it, when, at which seat."""

    letterhead: Letterhead
    actor: str
    at: datetime
    seat: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Blank:
    """A place on a form for items that are known only once the entry has its number and the head is signed."""

    items: Callable[[SignedHead], Iterable[Item]]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipForm:
    """A slip laid out before the journal's head is held: every item that needs no number, and blanks between them."""

    parts: tuple[Item | Blank, ...]

    def under(self, head: SignedHead) -> ReceiptDocument:
        """Fill the blanks in under the head that covers the slip's entry."""
        items = [part.items(head) if isinstance(part, Blank) else (part,) for part in self.parts]
        return ReceiptDocument(items=tuple(chain.from_iterable(items)))

    def written(self) -> Callable[[SignedHead], str]:
        """Write what is laid out as JSON now; what is returned adds the rest, and gives that of `under`'s document."""
        pieces: list[str | Blank] = []
        known: list[Item] = []
        for part in self.parts:
            if isinstance(part, Blank):
                pieces += items_json(known), part
                known = []
            else:
                known.append(part)
        pieces.append(items_json(known))
        return lambda head: document_json(
            items_json(piece.items(head)) if isinstance(piece, Blank) else piece for piece in pieces
        )


def slip(title: str | Blank, facts: SlipFacts, body: Sequence[Item | Blank]) -> SlipForm:
    """The form of a slip: letterhead, title, body, the signed head that will cover it."""
    said = title if isinstance(title, Blank) else title_line(title)
    return SlipForm(parts=(_name(facts), said, *_time(facts), *body, Blank(items=_proof), *_foot(facts)))


def uncovered_slip(title: str, facts: SlipFacts, body: Sequence[Item]) -> ReceiptDocument:
    """A slip under no head, for it is no receipt."""
    return ReceiptDocument(items=(_name(facts), title_line(title), *_time(facts), *body, *_foot(facts)))


def title_line(title: str) -> Text:
    """What a slip is, under the venue's name."""
    return Text(text=title, align=Align.CENTRE, is_bold=True)


def numbered(body: Body, label: str) -> Blank:
    """A line that ends with the receipt's number, which the entry has not got yet."""
    return Blank(items=lambda _head: [Pair(label=label, value=f"{_NUMBER}{receipt_number(body['receipt'])}")])


def about(document: ReceiptDocument) -> str:
    """What a slip is about, in its own words: seat, counter or shift, and the receipt's number where it has one."""
    first = next((item for item in document.items if isinstance(item, Pair)), None)
    if first is None:
        return ""
    has_number = first.value.startswith(_NUMBER)
    return f"{first.label}  {first.value.removeprefix(_NUMBER)}" if has_number else first.label


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


def _name(facts: SlipFacts) -> Heading:
    return Heading(text=facts.letterhead.venue_name)


def _time(facts: SlipFacts) -> Iterator[Item]:
    local = facts.at.astimezone(facts.letterhead.timezone).replace(tzinfo=None)
    yield Text(text=local.isoformat(sep=" ", timespec="seconds"), align=Align.CENTRE)
    if facts.letterhead.is_demo:
        yield Mark(text="【演示】模拟时钟，非真实交易")
    yield Rule()


def _proof(head: SignedHead) -> Iterable[Item]:
    return (
        Rule(),
        Pair(label=f"账本 {head.size} 条", value=head.root.hex()[:HASH_DIGITS]),
        Feed(lines=1),
        Qr(text=head.receipt_text),
    )


def _foot(facts: SlipFacts) -> Iterator[Item]:
    letterhead = facts.letterhead
    yield Rule()
    if letterhead.address:
        yield Text(text=letterhead.address, align=Align.CENTRE)
    if letterhead.complaint_phone:
        yield Text(text=f"价格投诉 {letterhead.complaint_phone}", align=Align.CENTRE)
    yield Cut()
