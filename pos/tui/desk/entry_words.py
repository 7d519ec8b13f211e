"""The journal in words: what each type of entry says, and the few facts of it that are told at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from members.registration import Refusal
from pos.counter.journal_tail import JournalLine, ToldFact
from pos.counter.print_jobs import Resolution
from pos.languages import Words, noted
from pos.tui.desk.reason_words import (
    CANCEL_WORDS,
    DIFFERENCE_WORDS,
    OUTAGE_WORDS,
    PURPOSE_WORDS,
    REDUCTION_NAMES,
    REFUND_WORDS,
    SEAT_WORDS,
    TYPING_WORDS,
    WRITE_OFF_WORDS,
)
from pos.tui.widgets.columns import cells, clipped
from staff.roles import Role

ENTRY_WORDS: Final[Mapping[str, str]] = {
    "log.started": noted("journal begun"),
    "venue.changed": noted("settings of the venue"),
    "key.added": noted("key added"),
    "desk.added": noted("further desk allowed"),
    "desk.enrolled": noted("further desk joined"),
    "books.moved": noted("books moved to a server"),
    "schema.migrated": noted("books brought to a new version"),
    "guards.restored": noted("missing protections restored"),
    "guards.missing": noted("protections missing"),
    "state.rebuilt": noted("state rebuilt"),
    "store.filled": noted("disk full"),
    "store.recovered": noted("disk has room again"),
    "system.booted": noted("computer started"),
    "clock.stepped": noted("clock was set"),
    "clock.regressed": noted("clock went back"),
    "staff.added": noted("account made"),
    "staff.disabled": noted("account closed"),
    "staff.pin_reset": noted("new PIN given"),
    "staff.logged_in": noted("logged in"),
    "pin.refused": noted("wrong PIN"),
    "prices.published": noted("price list published"),
    "board.posted": noted("price board seen hanging"),
    "id.checked": noted("document checked"),
    "id.refused": noted("turned away"),
    "visit.opened": noted("seat opened"),
    "visit.moved": noted("seat changed"),
    "visit.paused": noted("visit paused"),
    "visit.resumed": noted("visit goes on"),
    "visit.ended": noted("time over"),
    "visit.settled": noted("visit settled"),
    "outage.began": noted("all seats paused"),
    "outage.ended": noted("all seats go on"),
    "package.bought": noted("package bought"),
    "deposit.taken": noted("deposit taken"),
    "order.added": noted("goods ordered"),
    "order.handed_over": noted("goods handed over"),
    "order.cancelled": noted("order taken back"),
    "reduction.given": noted("taken off a bill"),
    "reduction.withdrawn": noted("put back on a bill"),
    "seat.closed": noted("seat out of use"),
    "seat.reopened": noted("seat in use again"),
    "statement.shown": noted("statement shown"),
    "sale.settled": noted("sold over the counter"),
    "refund.given": noted("money given back"),
    "overcharge.refunded": noted("overcharge given back"),
    "stock.received": noted("goods came in"),
    "stock.counted": noted("stock counted"),
    "stock.written_off": noted("goods written off"),
    "forced_sale.reviewed": noted("sales reviewed"),
    "shift.opened": noted("shift opened"),
    "shift.read": noted("X slip made"),
    "shift.closed": noted("shift closed"),
    "cash.moved": noted("cash moved"),
    "receipt.reprinted": noted("slip printed again"),
    "print.resolved": noted("slip looked after"),
    "bundle.exported": noted("period exported"),
}
"""By type, as docs/journal-format.md names them."""

_FACT_WORDS: Final[Mapping[ToldFact, str]] = {
    ToldFact.SEAT: noted("seat {value}"),
    ToldFact.RECEIPT: noted("receipt {value}"),
    ToldFact.SHIFT: noted("shift {value}"),
    ToldFact.LIST: noted("list {value}"),
    ToldFact.CODE: noted("code {value}"),
    ToldFact.COPY: noted("copy {value}"),
    ToldFact.STAFF: noted("staff {value}"),
}
_ALIKE: Final = frozenset({ToldFact.SHIFT, ToldFact.LIST})
_FOUND_BY: Final = frozenset({ToldFact.SEAT, ToldFact.RECEIPT, ToldFact.COPY})
_LEAST_CELLS: Final = 8
REFUSAL_WORDS: Final[Mapping[Refusal, str]] = {
    Refusal.MINOR: noted("a minor"),
    Refusal.EXPIRED: noted("document expired"),
    Refusal.NOT_YET_VALID: noted("document not valid yet"),
    Refusal.NO_BIRTH_DATE: noted("no date of birth"),
    Refusal.NUMBER_INVALID: noted("number wrong"),
    Refusal.SAME_PERSON: noted("sits here already"),
    Refusal.UNREADABLE: noted("not readable"),
}
ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.CASHIER: noted("cashier"),
    Role.MANAGER: noted("manager"),
    Role.OWNER: noted("owner"),
    Role.AUDITOR: noted("auditor"),
}
_OUTCOME_WORDS: Final[Mapping[Resolution, str]] = {
    Resolution.ON_PAPER: noted("it is on paper"),
    Resolution.NOT_ON_PAPER: noted("it is not on paper"),
    Resolution.CANCELLED: noted("withdrawn"),
}
_CODE_WORDS: Final[Mapping[ToldFact, Mapping[str, str]]] = {
    ToldFact.OUTCOME: {one.value: sentence for one, sentence in _OUTCOME_WORDS.items()},
    ToldFact.PURPOSE: {one.value: sentence for one, sentence in PURPOSE_WORDS.items()},
    ToldFact.ROLE: {one.value: sentence for one, sentence in ROLE_WORDS.items()},
}
_END_WORDS: Final = {"closing-time": noted("closing time"), "package-end": noted("package over")}


def code_words(type_: str, fact: ToldFact) -> Mapping[str, str]:
    """Return the sentences, marked with `noted`, for the codes that a fact of a type of entry may be."""
    return _reason_words(type_) if fact is ToldFact.REASON else _CODE_WORDS.get(fact, {})


def _reason_words(type_: str) -> Mapping[str, str]:
    by_type: Mapping[str, Mapping[Any, str]] = {
        "id.checked": TYPING_WORDS,
        "id.refused": REFUSAL_WORDS,
        "visit.ended": _END_WORDS,
        "outage.began": OUTAGE_WORDS,
        "outage.ended": OUTAGE_WORDS,
        "order.cancelled": CANCEL_WORDS,
        "reduction.given": REDUCTION_NAMES,
        "seat.closed": SEAT_WORDS,
        "refund.given": REFUND_WORDS,
        "stock.written_off": WRITE_OFF_WORDS,
        "shift.closed": DIFFERENCE_WORDS,
    }
    return {str(code): sentence for code, sentence in by_type.get(type_, {}).items()}


def actor_words(actor: str, words: Words) -> str:
    """Say who did it: a staff number, or the program by itself."""
    return words(noted("system")) if actor == "system" else actor


def entry_words(line: JournalLine, words: Words) -> str:
    """Say an entry in the reader's language; what a later version writes is said as it stands there."""
    return " · ".join((_what(line, words), *(_said(line, fact, words) for fact in _told(line))))


def brief_entry_words(line: JournalLine, words: Words, width: int) -> str:
    """Say an entry in so many cells: what happened gives way to the number by which it is found again.

    Left out is what stands in many entries alike: the shift and the price list. A seat goes by its label alone. A
    reason or a name, which stand last, may run over.
    """
    told = [fact for fact in _told(line) if fact not in _ALIKE]
    facts = "".join(f" · {line.told[fact] if fact is ToldFact.SEAT else _said(line, fact, words)}" for fact in told)
    what = _what(line, words)
    if told and told[-1] in _FOUND_BY:
        what = clipped(what, max(width - cells(facts), _LEAST_CELLS))
    return what + facts


def _what(line: JournalLine, words: Words) -> str:
    return words(ENTRY_WORDS.get(line.type, line.type))


def _told(line: JournalLine) -> list[ToldFact]:
    """Return the facts that are told; who did it stands beside."""
    return [fact for fact in line.told if not (fact is ToldFact.STAFF and line.told[fact] == line.actor)]


def _said(line: JournalLine, fact: ToldFact, words: Words) -> str:
    value = line.told[fact]
    if fact in _FACT_WORDS:
        return words(_FACT_WORDS[fact]).format(value=value)
    return words(code_words(line.type, fact).get(value, value))
