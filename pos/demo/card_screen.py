"""The demo's hand (F12): it lays a simulated card on the simulated reader, since nobody stands at the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from textual import events, on
from textual.widget import Widget
from textual.widgets import Static

from pos.languages import noted
from pos.tui.desk.actions import Action, AnyFlow, Moment
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.rows import PickList, Row

_CARDS: Final = (
    ("adult-a", noted("a grown-up")),
    ("adult-b", noted("another grown-up")),
    ("adult-c", noted("one more grown-up")),
    ("adult-d", noted("one more grown-up")),
    ("minor", noted("somebody under eighteen")),
    ("expired", noted("a card that has run out")),
    ("born-19700515", noted("somebody who sits on A07 already")),
)


class CardScreen(Flow[Done | None]):
    """Lays the card that was chosen; the reader does the rest, as it would with a real one."""

    TITLE_SENTENCE = noted("Lay a card on the simulated reader")
    HELP = noted("A digit, or the arrows and Enter, lays an invented card on the reader. Nobody here exists.")

    def __init__(self, desk: DeskServices, lay_card: Callable[[str], None]) -> None:
        super().__init__(desk)
        self._lay_card = lay_card

    def body(self) -> Iterable[Widget]:
        """The cards."""
        yield Static(self.desk.say(noted("Who comes to the counter?")), classes="lead", markup=False)
        yield PickList(id="cards")

    def on_mount(self) -> None:
        """Show them."""
        super().on_mount()
        cards = self.query_one(PickList)
        cards.show([Row(f"{number}  {self.desk.say(title)}") for number, (_, title) in enumerate(_CARDS, start=1)])
        cards.focus()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint(f"1–{len(_CARDS)}", self.desk.say(noted("choose"))), self.hint_back())

    def on_key(self, event: events.Key) -> None:
        """Take a digit."""
        if event.key.isdecimal() and 0 < int(event.key) <= len(_CARDS):
            event.stop()
            self._lay(int(event.key) - 1)

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        self._lay(event.number)

    def _lay(self, number: int) -> None:
        name = _CARDS[number][0]
        self.ask(lambda: self._lay_card(name), then=lambda _: self.dismiss(None))


def hand(lay_card: Callable[[str], None]) -> Action:
    """Return the demo's own action."""

    def open_cards(moment: Moment) -> AnyFlow:
        return CardScreen(moment.desk, lay_card)

    return Action(
        name="lay-card",
        key="f12",
        shown="F12",
        title=noted("Demo: lay a card on the simulated reader"),
        short=noted("card"),
        is_possible=lambda moment: True,  # noqa: ARG005  # Somebody may come at any moment.
        open=open_cards,
    )
