"""A posted package for somebody who is seated: what is on sale now, what it covers, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from billing.course import chart
from billing.packages import Offer, on_sale
from billing.visit_bill import VisitBill
from billing.wall_clock import instant_of
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import clock_time, money
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.rows import PickList, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standing:
    bill: VisitBill
    offers: tuple[Offer, ...]


class PackageScreen(Flow[Done | None]):
    """Sells one package; the first Enter shows what it means, the second one buys it."""

    TITLE_SENTENCE = noted("Buy a package")
    HELP = noted(
        "Choose with up and down; Enter says from when to when it covers the seat and what it costs; Enter again buys "
        "it. A package that was bought is not taken back unless the price list says so."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "buy", show=False)]

    def __init__(self, desk: DeskServices, visit_id: str) -> None:
        super().__init__(desk)
        self._visit_id = visit_id
        self._standing: _Standing | None = None
        self._chosen: Offer | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the offers."""
        yield PickList(id="offers")
        yield Prose("", id="chosen", classes="big")

    def on_mount(self) -> None:
        """Learn what is on sale."""
        super().on_mount()
        self.ask(self._learn, then=self._learned, question="offers")

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if self._chosen is not None:
            return (KeyHint("⏎", say("buy")), self.hint_back())
        return (KeyHint("↑↓ ⏎", say("choose")), self.hint_back())

    def _learn(self) -> _Standing:
        bill = self.desk.counter.seats.bill(self._visit_id)
        visit = bill.visit
        covers = chart(visit.running_usage(), visit.prices).covers
        after = instant_of(covers[-1].end) if covers else None
        offers = on_sale(visit.prices, visit.tier, visit.instant(self.desk.now()), after=after)
        here = tuple(offer for offer in offers if visit.zone in offer.package.zones)
        return _Standing(bill=bill, offers=here)

    def _learned(self, standing: _Standing) -> None:
        self._standing = standing
        offers = self.query_one(PickList)
        offers.show([self._row(offer) for offer in standing.offers])
        self.set_focus(offers)
        if not standing.offers:
            self.warn(self.desk.say("No package is on sale for this seat now. See their sale hours on the price list."))
        self.show_hints()

    def _row(self, offer: Offer) -> Row:
        return Row(f"{offer.package.name}  {self._span(offer)}", money(offer.package.price_fen))

    def _span(self, offer: Offer) -> str:
        today = self.desk.local(self.desk.now())
        begin, end = (clock_time(self.desk.local(at), today=today) for at in (offer.start, offer.end))
        return f"{begin}–{end}"

    @on(PickList.Moved)
    def _moved(self, moved: PickList.Moved) -> None:
        moved.stop()
        self._choose(None)

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        assert self._standing is not None
        offer = self._standing.offers[picked.number]
        if offer is self._chosen:
            self.action_buy()
        else:
            self._choose(offer)

    def _choose(self, offer: Offer | None) -> None:
        if self.is_at_work:
            return  # It is being bought.
        self._chosen = offer
        text = ""
        if offer is not None:
            text = self.desk.say(
                "{name} {span}: {price} yuan",
                name=offer.package.name,
                span=self._span(offer),
                price=money(offer.package.price_fen),
            )
        self.query_one("#chosen", Prose).update(text)
        self.show_hints()

    def action_buy(self) -> None:
        """Buy what was chosen."""
        chosen = self._chosen
        if chosen is not None:
            buy_package = self.desk.counter.seats.buy_package
            self.ask(
                lambda: buy_package(self._visit_id, chosen.package.code), then=lambda bill: self._bought(bill, chosen)
            )

    def _bought(self, bill: VisitBill, offer: Offer) -> None:
        sentence = self.desk.say(
            "{seat} has {name}; the bill comes to {total}.",
            seat=bill.visit.seat,
            name=offer.package.name,
            total=money(bill.total_fen),
        )
        self.dismiss(Done(sentence=sentence))

    def action_back(self) -> None:
        """Back to the choice, then back to the map."""
        if self._chosen is not None:
            self._choose(None)
        elif not self.is_at_work:
            self.dismiss(None)
