"""Small pieces of the board's language: amounts, clock times, days, lists of names.

Amounts are Arabic digits with their unit, `4.00元/小时`, as the rules for marked prices ask (REQ-P-9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.calendar import DAY_SECONDS, EVERY_DAY, DayKind, clock_text
from billing.money import yuan_text
from billing.price_list import PriceList
from pos.languages import Words
from pos.price_sentences import NAMES


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """The language of one board, and the names that its list gives to things."""

    words: Words
    prices: PriceList

    def say(self, sentence: str, **facts: object) -> str:
        """Put a sentence into the board's language and fill in its braces."""
        return self.words(sentence).format(**facts)

    def amount(self, fen: int) -> str:
        """Say an amount: `4.00元`."""
        return self.say("{yuan} yuan", yuan=yuan_text(fen))

    def per_hour(self, fen: int) -> str:
        """Say a price an hour: `4.00元/小时`."""
        return self.say("{yuan} yuan/h", yuan=yuan_text(fen))

    def per_unit(self, fen: int, unit: str) -> str:
        """Say a price for one unit: `4.00元/罐`."""
        return self.say("{yuan} yuan/{unit}", yuan=yuan_text(fen), unit=unit)

    def percent(self, basis_points: int) -> str:
        """Say a share: 1000 is `10%`, 1250 `12.5%`."""
        return f"{basis_points // 100}.{basis_points % 100:02}".rstrip("0").rstrip(".") + "%"

    def band(self, begins: int, ends: int) -> str:
        """Say clock times from a day's midnight on; after 24:00 they are the next day's, as an end not later is."""
        if ends <= begins:
            ends += DAY_SECONDS
        if begins >= DAY_SECONDS:
            start, end = clock_text(begins - DAY_SECONDS), clock_text(ends - DAY_SECONDS)
            return self.say("next day {start}–{end}", start=start, end=end)
        if ends > DAY_SECONDS:
            return self.say("{start}–next day {end}", start=clock_text(begins), end=clock_text(ends - DAY_SECONDS))
        return f"{clock_text(begins)}–{clock_text(ends)}"

    def days(self, kinds: Sequence[DayKind]) -> str:
        """Say day kinds."""
        if set(kinds) == set(EVERY_DAY):
            return self.words("every day")
        return self.joined(self.words(NAMES[kind]) for kind in EVERY_DAY if kind in kinds)

    def zones(self, codes: Sequence[str]) -> str:
        """Say zones by name."""
        if set(codes) == set(self.prices.zone_by_code):
            return self.words("every zone")
        return self.joined(zone.name for zone in self.prices.zones if zone.code in codes)

    def tiers(self, codes: Sequence[str]) -> str:
        """Say tiers by name."""
        if set(codes) == set(self.prices.tier_by_code):
            return self.words("every customer")
        return self.joined(tier.name for tier in self.prices.tiers if tier.code in codes)

    def joined(self, texts: Iterable[str]) -> str:
        """Put a list in a row."""
        return self.words(", ").join(texts)

    def terms(self, texts: Iterable[str]) -> str:
        """Put terms in a row."""
        return self.words("; ").join(texts)

    def minutes(self, minutes: int) -> str:
        """Say a duration: whole hours as hours."""
        hours, rest = divmod(minutes, 60)
        if not rest and hours:
            return self.say("{hours} h", hours=hours)
        return self.say("{minutes} min", minutes=minutes)

    def instant(self, at: datetime) -> str:
        """Say an instant on the list's own clock, seconds only where there are any."""
        text = self.prices.clock.text(int(at.timestamp()))
        day, clock_time, offset = text[:10], text[11:19], text[19:]
        return f"{day} {clock_time.removesuffix(':00')}{offset}"

    def dates(self, dates: Iterable[date]) -> str:
        """Say dates, neighbours as a span."""
        spans: list[tuple[date, date]] = []
        for one in sorted(dates):
            if spans and one - spans[-1][1] == timedelta(days=1):
                spans[-1] = (spans[-1][0], one)
            else:
                spans.append((one, one))
        return self.joined(
            first.isoformat() if first == last else self.say("{first} to {last}", first=first, last=last)
            for first, last in spans
        )
