"""What differs between two price lists, in words: `大厅 22:00–08:00: 3.00 → 3.50 元/小时`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from billing.calendar import EVERY_DAY, DayKind, clock_text
from billing.money import yuan_text
from billing.price_changes import Change, FieldChange, Posted, RateChange, changes_between
from billing.price_faults import Dates
from billing.price_list import PriceList
from pos.board.phrases import Phrases
from pos.languages import Words, noted
from pos.price_sentences import NAMES
from pos.price_wording import dates_text

_TABLES: Final = {
    "zones": noted("zone {name}"),
    "tiers": noted("tier {name}"),
    "packages": noted("package {name}"),
    "goods": noted("goods {name}"),
    "services": noted("service {name}"),
    "combos": noted("combo {name}"),
    "promotions": noted("promotion {name}"),
    "topups": noted("top-up {name}"),
    "hours": noted("opening hours"),
    "calendar": noted("calendar"),
    "method": noted("method"),
    "deposit": noted("deposit"),
    "": noted("list"),
}
_LABELS: Final = {
    "schema": noted("schema"),
    "title": noted("title"),
    "timezone": noted("time zone"),
    "currency": noted("currency"),
    "open": noted("open from"),
    "close": noted("open until"),
    "exemption": noted("document that allows it"),
    "holidays": noted("holidays"),
    "workdays": noted("weekend days worked"),
    "unit_minutes": noted("unit"),
    "grace_minutes": noted("free minutes"),
    "minimum_fen": noted("least charge"),
    "round_to_fen": noted("rounded down to"),
    "package_end": noted("after the last package"),
    "best_price": noted("best price"),
    "wallet_order": noted("spent from a wallet"),
    "pauses_max": noted("pauses at most"),
    "pause_minutes_max": noted("longest pause"),
    "return_minutes": noted("coming back within"),
    "guest_fen": noted("guest's deposit"),
    "name": noted("name"),
    "spec": noted("specification"),
    "discount_bp": noted("discount on hourly time"),
    "conditions": noted("conditions"),
    "kind": noted("kind"),
    "price_fen": noted("price"),
    "zones": noted("zones"),
    "tiers": noted("customers"),
    "days": noted("days"),
    "sold_from": noted("sold from"),
    "sold_until": noted("sold until"),
    "refund": noted("given back"),
    "minutes": noted("duration"),
    "until": noted("until"),
    "start": noted("begins"),
    "end": noted("ends"),
    "unit": noted("sold by the"),
    "barcode": noted("bar code"),
    "origin": noted("origin"),
    "category": noted("category"),
    "content": noted("content"),
    "items": noted("parts"),
    "item": noted("for"),
    "reference_fen": noted("former price"),
    "from": noted("from"),
    "raised_reason": noted("why the list price was raised"),
    "pay_fen": noted("to pay"),
    "bonus_fen": noted("given on top"),
}
_CHOICES: Final = {
    "hourly": noted("by the hour"),
    "stop": noted("the visit ends"),
    "principal_first": noted("top-up money first"),
    "bonus_first": noted("gift first"),
    "pro_rata": noted("in proportion"),
    "none": noted("nothing"),
    "duration": noted("duration"),
    "window": noted("fixed hours"),
}
_CHOICE_KEYS: Final = frozenset({"package_end", "wallet_order", "refund", "kind"})
_ITEM_TABLES: Final = {"goods": "goods", "service": "services", "package": "packages"}


def change_lines(before: PriceList, after: PriceList, words: Words) -> list[str]:
    """Say everything that differs, one thing a line."""
    return list(_Telling(before, after, words).lines(changes_between(before, after)))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a table, or a table without entries."""

    table: str
    code: str


class _Telling:
    """The words for what differs between two lists; names are those of the later list, else of the earlier."""

    def __init__(self, before: PriceList, after: PriceList, words: Words) -> None:
        self.words = words
        self._phrases = Phrases(words=words, prices=after)
        self._lists = [json.loads(prices.canonical_bytes) for prices in (after, before)]

    def lines(self, changes: Iterable[Change]) -> Iterator[str]:
        """Say the changes; what is new in a list or gone from it is one line."""
        for entry, together in groupby(changes, key=_entry_of):
            some = list(together)
            if isinstance(entry, _Entry) and entry.code and not self._is_in_both(entry):
                yield self._whole(entry, [change for change in some if isinstance(change, FieldChange)])
                continue
            for change in some:
                yield self._rate(change) if isinstance(change, RateChange) else self._field(change)

    def say(self, sentence: str, **facts: object) -> str:
        """Put a sentence into the reader's language and fill in its braces."""
        return self.words(sentence).format(**facts)

    def _is_in_both(self, entry: _Entry) -> bool:
        return all(self._find(listed, entry.table, entry.code) for listed in self._lists)

    @staticmethod
    def _find(listed: Mapping[str, Any], table: str, code: str) -> Mapping[str, Any] | None:
        return next((entry for entry in listed[table] if entry["code"] == code), None)

    def _name(self, table: str, code: str) -> str:
        found = (self._find(listed, table, code) for listed in self._lists)
        return next((str(entry["name"]) for entry in found if entry), code)

    def _entry(self, entry: _Entry) -> str:
        named = self._name(entry.table, entry.code) if entry.code else ""
        return self.say(_TABLES[entry.table], name=named)

    def _whole(self, entry: _Entry, fields: list[FieldChange]) -> str:
        is_new = self._find(self._lists[0], entry.table, entry.code) is not None
        values = [(field.key, field.after if is_new else field.before) for field in fields]
        told = [
            f"{self.words(_LABELS[key])} {self._value(key, value)}"
            for key, value in values
            if key != "name" and value not in (None, "", False)
        ]
        sentence = noted("{entry}: new ({what})") if is_new else noted("{entry}: taken off ({what})")
        return self.say(sentence, entry=self._entry(entry), what=self._phrases.joined(told))

    def _field(self, change: FieldChange) -> str:
        return self.say(
            "{entry}, {what}: {before} → {after}",
            entry=self._entry(_Entry(change.table, change.code)),
            what=self.words(_LABELS[change.key]),
            before=self._value(change.key, change.before),
            after=self._value(change.key, change.after),
        )

    def _rate(self, change: RateChange) -> str:
        when = f"{clock_text(change.begins)}–{clock_text(change.ends)}"
        if change.dates != Dates(kinds=EVERY_DAY):
            when = self.say("{time} {days}", time=when, days=dates_text(change.dates, self.words))
        if not change.is_every_tier:
            tiers = self._phrases.joined(self._name("tiers", code) for code in change.tiers)
            when = self.say("{when} for {tiers}", when=when, tiers=tiers)
        return self.say(
            "{zone} {when}: {before} → {after} yuan/h",
            zone=self._name("zones", change.zone),
            when=when,
            before=self._posted(change.before),
            after=self._posted(change.after),
        )

    def _posted(self, posted: Posted | None) -> str:
        if posted is None:
            return self.words("nothing")
        price = yuan_text(posted.fen_per_hour)
        return self.say("{price} (free)", price=price) if posted.free else price

    def _value(self, key: str, value: Any) -> str:
        if value is None or value in ("", []):
            return self.words("nothing")
        if isinstance(value, bool):
            return self.words("yes") if value else self.words("no")
        if key in _CHOICE_KEYS:
            return self.words(_CHOICES[value])
        teller = self._tellers().get(key)
        if teller is not None:
            return teller(value)
        if key.endswith("_fen"):
            return self._phrases.amount(value)
        return self._phrases.minutes(value) if "minutes" in key else str(value)

    def _tellers(self) -> Mapping[str, Callable[[Any], str]]:
        phrases = self._phrases
        return {
            "discount_bp": phrases.percent,
            "from": _instant_text,
            "until": _instant_text,
            "days": lambda kinds: phrases.joined(self.words(NAMES[DayKind(kind)]) for kind in kinds),
            "zones": lambda codes: phrases.joined(self._name("zones", code) for code in codes),
            "tiers": lambda codes: phrases.joined(self._name("tiers", code) for code in codes),
            "holidays": lambda dates: phrases.dates(map(date.fromisoformat, dates)),
            "workdays": lambda dates: phrases.dates(map(date.fromisoformat, dates)),
            "items": lambda items: phrases.joined(f"{item['qty']} × {self._item(item)}" for item in items),
            "item": self._item,
        }

    def _item(self, item: Mapping[str, Any]) -> str:
        return next(self._name(table, item[kind]) for kind, table in _ITEM_TABLES.items() if kind in item)


def _instant_text(instant: str) -> str:
    """A promotion's instant, without offset and empty seconds; a package's clock time as it is."""
    return f"{instant[:10]} {instant[11:19].removesuffix(':00')}" if "T" in instant else instant


def _entry_of(change: Change) -> _Entry | RateChange:
    return change if isinstance(change, RateChange) else _Entry(change.table, change.code)
