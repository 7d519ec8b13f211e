"""Opening a seat: the posted prices of its zone for this customer, then the deposit. Nothing else, nothing preselected.

Two steps. A digit chooses by the hour or a package; Enter then takes the posted deposit in cash as it is shown, or
another amount and way of paying is entered, or none. Asked again after a failure, nothing opens twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from textual import events, on
from textual.widget import Widget

from billing.packages import Offer
from billing.tenders import Tender, TenderKind
from pos.counter.check_in import Admission
from pos.counter.seats import OpenedVisit, Opening, Terms
from pos.languages import noted
from pos.settings import Seat
from pos.tui.desk.asked_references import AskedReferences
from pos.tui.desk.flow import Chosen, Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.seat_typing import halfwidth
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_entry import TenderEntry
from pos.tui.desk.times import clock_time, money
from pos.tui.widgets.keys import anew
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.number_field import NumberField
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.rows import PickList, Row, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """By the hour, or a package."""

    offer: Offer | None


class OpenSeatScreen(Flow[Done | None]):
    """Opens one free seat for one admitted person."""

    TITLE_SENTENCE = noted("Open seat {seat}")
    HELP = noted(
        "What is posted for this zone stands here with its conditions. A digit chooses: 1 by the hour, the others are "
        "packages on sale now. T shows the prices of another tier of customers, with its conditions.\n\n"
        "Then the deposit: Enter takes the posted one in cash. C W A B and an amount take another; N opens without. "
        "What is left of a deposit comes back when the visit is settled."
    )
    DEFAULT_CSS = """
    OpenSeatScreen TenderEntry { display: none; }
    OpenSeatScreen.-deposit TenderEntry { display: block; }
    OpenSeatScreen PickList { height: auto; margin-bottom: 1; }
    """

    def __init__(self, desk: DeskServices, *, admission: Admission, seat: Seat) -> None:
        super().__init__(desk)
        self._admission = admission
        self._seat = seat
        self._references = AskedReferences(self)
        self._terms: Terms | None = None
        self._tier = ""
        self._choices: tuple[_Choice, ...] = ()
        self._opening: Opening | None = None
        self._early: list[events.Key] = []

    def heading(self) -> str:
        """Name the seat."""
        return self.desk.say(self.TITLE_SENTENCE, seat=self._seat.label)

    def body(self) -> Iterable[Widget]:
        """Who, what is posted, and the deposit."""
        yield Prose("", id="who", classes="lead")
        yield PickList(id="offers")
        yield Prose("", id="terms", classes="lead quiet")
        yield TenderEntry(self.desk)

    def on_mount(self) -> None:
        """Ask what is posted."""
        super().on_mount()
        self._ask_terms("")

    # What is posted.

    def _ask_terms(self, tier: str) -> None:
        counter = self.desk.counter

        def posted() -> Terms:
            return counter.seats.terms(self._seat.label, tier or counter.sales.prices().tiers[0].code)

        self.ask(posted, then=self._posted)

    def _posted(self, terms: Terms) -> None:
        self._terms = terms
        self._tier = terms.tier
        hourly = () if terms.rate is None else (_Choice(offer=None),)
        self._choices = (*hourly, *(_Choice(offer=offer) for offer in terms.offers))
        offers = self.query_one("#offers", PickList)
        offers.show([self._row(number, choice) for number, choice in enumerate(self._choices, start=1)])
        self.set_focus(offers)
        self.query_one("#who", Prose).update(self._who(terms))
        self.query_one("#terms", Prose).update("\n".join(self._conditions(terms)))
        if not self._choices:
            self.warn(self.desk.say(noted("Nothing is on sale for this seat now: the venue is closed.")))
        self.show_hints()
        self._catch_up()

    def _catch_up(self) -> None:
        """Let keys count that were struck before anything was posted."""
        early, self._early = self._early, []
        for event in early:
            self.on_key(event)

    def _who(self, terms: Terms) -> str:
        zone, tier = terms.prices.zone_by_code[self._seat.zone], terms.prices.tier_by_code[terms.tier]
        return f"{self._admission.document.name.masked()} · {tier.name}\n{zone.name} · {zone.spec}"

    def _row(self, number: int, choice: _Choice) -> Row:
        say, terms, offer = self.desk.say, self._terms, choice.offer
        assert terms is not None
        if offer is None:
            assert terms.rate is not None
            text = f"{number}  {say(noted('by the hour'))}{self._later(terms)}"
            return Row(text, say(noted("{rate} yuan/h"), rate=money(terms.rate.fen_per_hour)), Tone.PLAIN)
        span = f"{self._time(offer.start)}–{self._time(offer.end)}"
        return Row(f"{number}  {offer.package.name}  {span}", money(offer.package.price_fen), Tone.PLAIN)

    def _later(self, terms: Terms) -> str:
        ahead = terms.ahead
        if ahead.next is None or ahead.changes_at is None:
            return ""
        at, rate = self._time(ahead.changes_at), money(ahead.next.fen_per_hour)
        later = self.desk.say(noted("from {time} {rate}"), time=at, rate=rate)
        return f"  ({later})"

    def _time(self, at: datetime) -> str:
        return clock_time(self.desk.local(at), today=self.desk.local(self.desk.now()))

    def _conditions(self, terms: Terms) -> Iterator[str]:
        say, method = self.desk.say, terms.prices.method
        tier = terms.prices.tier_by_code[terms.tier]
        parts = []
        if method.unit_minutes:
            parts.append(say(noted("units of {minutes} min"), minutes=method.unit_minutes))
        if method.minimum_fen:
            parts.append(say(noted("at least {amount}"), amount=money(method.minimum_fen)))
        if method.grace_minutes:
            parts.append(say(noted("{minutes} min free"), minutes=method.grace_minutes))
        if tier.discount_bp:
            parts.append(say(noted("{percent} % off the hourly charge"), percent=f"{tier.discount_bp / 100:g}"))
        if terms.closes_at is not None:
            parts.append(say(noted("closing time {time}"), time=self._time(terms.closes_at)))
        yield " · ".join(parts)
        if tier.conditions:
            yield say(noted("{tier}: {conditions}"), tier=tier.name, conditions=tier.conditions)

    # Keys.

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of the step."""
        say = self.desk.say
        if self._opening is not None:
            return (
                KeyHint("⏎", self._what_enter_does()),
                KeyHint("C W A B", say(noted("another way"))),
                KeyHint("N", say(noted("without deposit"))),
                self.hint_back(),
            )
        numbers = f"1–{len(self._choices)}" if len(self._choices) > 1 else "1"
        more = (KeyHint("T", say(noted("another tier"))),) if self._has_tiers() else ()
        return (KeyHint(numbers, say(noted("choose"))), *more, self.hint_back())

    def _what_enter_does(self) -> str:
        say = self.desk.say
        if not self._has_posted_deposit():
            return say(noted("without deposit"))
        if self.query_one(TenderEntry).takes_accepted:
            return say(noted("{amount} in cash"), amount=money(self._posted_deposit().fen))
        return say("take the amount")

    def _has_tiers(self) -> bool:
        return self._terms is not None and len(self._terms.prices.tiers) > 1

    def on_key(self, event: events.Key) -> None:
        """Choose by digit; change the tier; open without deposit."""
        key = halfwidth(event.character).lower() if event.character else event.key
        if self._opening is not None:
            if key == "n" or (event.key == "enter" and not self._has_posted_deposit()):
                event.stop()
                self._open(self._opening)
            elif self.query_one(TenderEntry).catch(event):
                event.stop()
        elif self._terms is None:
            event.stop()
            self._early.append(anew(event))  # It is meant for what comes in a moment.
        elif key.isdecimal() and 0 < int(key) <= len(self._choices):
            event.stop()
            self._choose(self._choices[int(key) - 1])
        elif key == "t" and self._has_tiers():
            event.stop()
            self._next_tier()

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        if self._opening is None:
            self._choose(self._choices[event.number])

    def _next_tier(self) -> None:
        assert self._terms is not None
        codes = [tier.code for tier in self._terms.prices.tiers]
        self._ask_terms(codes[(codes.index(self._tier) + 1) % len(codes)])

    def action_back(self) -> None:
        """Go back to the offers, or to the map."""
        if self._opening is None or self.is_asking:
            super().action_back()
            return
        self._opening = None
        self.remove_class("-deposit")
        self.hush()
        self._ask_terms(self._tier)

    # The deposit.

    def _choose(self, choice: _Choice) -> None:
        package = None if choice.offer is None else choice.offer.package.code
        self._opening = Opening.new(seat=self._seat.label, tier=self._tier, package=package)
        assert self._terms is not None
        number = self._choices.index(choice) + 1
        offers = self.query_one("#offers", PickList)
        offers.show([self._row(number, choice)])
        self.add_class("-deposit")
        entry = self.query_one(TenderEntry)
        if self._has_posted_deposit():
            deposit = self._posted_deposit()
            entry.offer((deposit.fen, deposit.fen * 2, deposit.fen * 5), accepted=deposit)
        else:
            entry.offer(())
            self.set_focus(offers)
        self.show_hints()

    def _has_posted_deposit(self) -> bool:
        return self._terms is not None and self._terms.deposit_fen > 0

    def _posted_deposit(self) -> Tender:
        assert self._terms is not None
        return Tender(kind=TenderKind.CASH, fen=self._terms.deposit_fen)

    @on(TenderEntry.Given)
    def _given(self, event: TenderEntry.Given) -> None:
        if self._opening is not None:
            self._open(replace(self._opening, deposit=event.tender))

    @on(Chosen)
    @on(NumberField.Changed)
    def _tender_changed(self) -> None:
        self.show_hints()

    @on(TenderEntry.Flawed)
    def _flawed(self, event: TenderEntry.Flawed) -> None:
        self.lack(event.sentence)

    def _open(self, opening: Opening) -> None:
        self.query_one(Notice).wait(self.desk.say(noted("The seat is being opened …")))
        tenders = [] if opening.deposit is None else [opening.deposit]
        open_seat = partial(self.desk.counter.seats.open, self._admission, opening)
        self.ask(self._references.before(tenders, open_seat), then=self._opened, refused=self._references.refused)

    def _opened(self, opened: OpenedVisit) -> None:
        self.desk.masks[opened.visit_id] = self._admission.document.name.masked()
        sentence = (
            self.desk.say(noted("{seat} is open."), seat=opened.seat)
            if opened.deposit is None
            else self.desk.say(
                noted("{seat} is open; deposit {amount}."), seat=opened.seat, amount=money(opened.deposit.fen)
            )
        )
        self.dismiss(Done(sentence=sentence, seated=True))
