"""From a price list to its board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billing.price_list import PriceList
from pos.board.board import Board, Fact, Section
from pos.board.mark import SHORT_DIGITS, mark_text
from pos.board.method import method_section
from pos.board.phrases import Phrases
from pos.board.rates import rate_tables
from pos.board.sold import (
    combo_sections,
    goods_sections,
    package_sections,
    promotion_sections,
    service_sections,
    topup_sections,
)
from pos.languages import Language, words_of

_HOTLINES: Final = ("12315", "12345")


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """What makes a list the law of a house: its number, and since when it counts."""

    number: int
    effective: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A list that nobody published."""

    drawn_up: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Hanger:
    """The house where the board hangs. `is_demo`: hours pass by command there, and the board says so."""

    name: str
    complaint_phone: str = ""
    is_demo: bool = False


NO_HOUSE: Final = Hanger(name="")
"""A draft that is shown without a venue."""


def compose(prices: PriceList, language: Language, *, status: Posting | Draft, hanger: Hanger = NO_HOUSE) -> Board:
    """Make the board of a list. A draft says that it is one."""
    posting = status if isinstance(status, Posting) else None
    phrases = Phrases(words=words_of(language), prices=prices)
    sections = (
        _hourly(phrases),
        *package_sections(phrases),
        *combo_sections(phrases),
        *promotion_sections(phrases),
        *topup_sections(phrases),
        *goods_sections(phrases),
        *service_sections(phrases),
        method_section(phrases),
    )
    return Board(
        language=language,
        venue=hanger.name,
        title=phrases.words("Price list"),
        list_title=prices.title,
        dated=status.effective if isinstance(status, Posting) else status.drawn_up,
        identity="" if posting is None else identity(posting.number, prices.sha256, phrases),
        warning=_warning(phrases, posting, hanger),
        facts=tuple(_facts(phrases, posting, hanger, language)),
        sections=sections,
        mark="" if posting is None else mark_text(number=posting.number, sha256=prices.sha256),
        sha256=prices.sha256,
        page_says=phrases.words("Page {page} of {pages}"),
    )


def identity(number: int, sha256: str, phrases: Phrases) -> str:
    """Say which list it is, as the receipt does."""
    return phrases.say("List {number} {hash}", number=number, hash=sha256[:SHORT_DIGITS])


def _hourly(phrases: Phrases) -> Section:
    tables = tuple(table for zone in phrases.prices.zones for table in rate_tables(zone, phrases))
    return Section(title=phrases.words("Seats by the hour"), blocks=tables)


def _warning(phrases: Phrases, posting: Posting | None, hanger: Hanger) -> str:
    if posting is None:
        return phrases.words("Draft, not in force: nobody may be charged by it")
    return phrases.words("Demo: an invented venue") if hanger.is_demo else ""


def _facts(phrases: Phrases, posting: Posting | None, hanger: Hanger, language: Language) -> Iterator[Fact]:
    say, prices = phrases.say, phrases.prices
    if posting is not None:
        yield Fact(label=say("Counts from"), text=phrases.instant(posting.effective))
    hours = prices.hours
    band = say("all day") if hours.is_all_day else phrases.band(hours.open, hours.close)
    allowed = say("{band} (by {document})", band=band, document=hours.exemption) if hours.exemption else band
    yield Fact(label=say("Opening hours"), text=allowed)
    if prices.calendar.holidays:
        yield Fact(label=say("Holidays"), text=phrases.dates(prices.calendar.holidays))
    if prices.calendar.workdays:
        yield Fact(label=say("Weekend days worked"), text=phrases.dates(prices.calendar.workdays))
    yield Fact(label=say("Complaints"), text=_complaints(phrases, hanger))
    if posting is not None:
        yield Fact(label=say("Proof"), text=say("The code holds this list's number and hash, as receipts name them."))
    if language is not Language.ZH_CN:
        yield Fact(label=say("Language"), text=say("The Chinese board is the one that counts; this one explains it."))


def _complaints(phrases: Phrases, hanger: Hanger) -> str:
    public = phrases.words("12315 (market regulator), 12345 (government hotline)")
    if not hanger.complaint_phone or hanger.complaint_phone in _HOTLINES:
        return public
    return phrases.say("{public}, this venue: {phone}", public=public, phone=hanger.complaint_phone)
