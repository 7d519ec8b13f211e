"""Taking one tender: the way of paying, the amount, the terminal's number where it is no cash.

C W A B choose the way, left and right too (an input method swallows letters); up and down go through likely amounts,
Enter takes the amount that is shown. Nothing is chosen beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from billing.money import parse_yuan
from billing.payment_errors import BadTenderError
from billing.tenders import REFERENCE_LENGTH_MAX, Tender, TenderKind
from pos.tui.desk.flow import Chosen
from pos.tui.desk.seat_typing import halfwidth
from pos.tui.desk.services import DeskServices
from pos.tui.desk.tender_words import TENDER_KEYS, TENDER_WORDS
from pos.tui.desk.times import money
from pos.tui.widgets.keys import anew
from pos.tui.widgets.number_field import NumberField

_KINDS: Final = tuple(TENDER_KEYS.values())


class TenderEntry(Vertical):
    """Fields for one tender. When `is_closed` nothing more is to be paid, and Enter is the screen's."""

    class Given(Message):
        """A tender was entered."""

        def __init__(self, tender: Tender) -> None:
            super().__init__()
            self.tender = tender

    class Flawed(Message):
        """Something is missing; `sentence` says what to do."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    DEFAULT_CSS = """
    TenderEntry { height: auto; }
    TenderEntry .kinds { margin-bottom: 1; }
    TenderEntry #amount { width: 16; }
    TenderEntry .quick { width: 1fr; padding-left: 1; color: $foreground 65%; }
    TenderEntry #reference-field { display: none; }
    TenderEntry.-needs-reference #reference-field { display: block; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__()
        self._desk = desk
        self._kind: TenderKind | None = None
        self._offered: tuple[int, ...] = ()
        self._accepted: Tender | None = None
        self.is_closed = False

    def compose(self) -> ComposeResult:
        """Lay out the ways of paying and the two fields."""
        yield Static("", classes="kinds", id="kinds", markup=False)
        with Horizontal(classes="field"):
            yield Label(self._desk.say("Amount"))
            yield NumberField(id="amount")
        with Horizontal(classes="field"):
            yield Label("")
            yield Static("", classes="quick", id="quick", markup=False)
        with Horizontal(classes="field", id="reference-field"):
            yield Label(self._desk.say("Terminal's number"))
            yield Input(id="reference", max_length=REFERENCE_LENGTH_MAX)

    def on_mount(self) -> None:
        """Begin with the amount, where it is shown already."""
        self._draw()
        if self.display:
            self._take_focus()

    def _take_focus(self) -> None:
        # At once, not when the screen is painted next: a key may be on its way already.
        self.screen.set_focus(self._amount)

    @property
    def _amount(self) -> NumberField:
        return self.query_one("#amount", NumberField)

    @property
    def _reference(self) -> Input:
        return self.query_one("#reference", Input)

    @property
    def takes_accepted(self) -> bool:
        """Whether Enter takes what was accepted beforehand: nothing at all has been chosen or typed."""
        return self._accepted is not None and self._kind is None and not self._amount.text

    def offer(self, amounts_fen: Sequence[int], *, accepted: Tender | None = None) -> None:
        """Begin anew, with these likely amounts; the first is what Enter alone takes.

        `accepted` is what Enter takes while nothing at all has been chosen or typed; the screen shows it.
        """
        self._offered = tuple(amounts_fen)
        self._accepted = accepted
        self._kind = None
        self._amount.set_text("")
        self._amount.hint(money(self._offered[0]) if self._offered else "")
        self._reference.value = ""
        self._take_focus()
        self._draw()

    def propose(self, amounts_fen: Sequence[int]) -> None:
        """Offer likely amounts beside what may have been chosen and typed already."""
        self._offered = tuple(amounts_fen)
        self._amount.hint(money(self._offered[0]) if self._offered else "")
        self._draw()

    def close(self) -> None:
        """Take nothing more."""
        self.is_closed = True
        self.offer(())

    def reopen(self) -> None:
        """Take tenders again."""
        self.is_closed = False

    def catch(self, event: events.Key) -> bool:
        """Take a key that was addressed to another widget just before the focus came here; False for one of no use."""
        has_use = event.key in {"enter", "up", "down", "left", "right", "full_stop"} or event.key.lower() in TENDER_KEYS
        if self.screen.focused is not self._amount or not (has_use or (event.character or "").isdecimal()):
            return False
        self._amount._forward_event(anew(event))  # noqa: SLF001  # As the app hands a key on.
        return True

    async def on_key(self, event: events.Key) -> None:
        """Choose the way of paying and the amount."""
        if self.is_closed:
            return
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._enter()
        elif event.key in {"left", "right"} and not self._reference.has_focus:
            event.stop()
            self._choose(self._neighbour(1 if event.key == "right" else -1))
        elif event.key in {"up", "down"}:
            event.stop()
            self._next_amount(1 if event.key == "down" else -1)
        elif (kind := TENDER_KEYS.get(event.key.lower())) is not None and not self._reference.has_focus:
            event.stop()
            self._choose(kind)

    def _neighbour(self, step: int) -> TenderKind:
        if self._kind is None:
            return _KINDS[0 if step > 0 else -1]
        return _KINDS[(_KINDS.index(self._kind) + step) % len(_KINDS)]

    def _choose(self, kind: TenderKind) -> None:
        self._kind = kind
        self._draw()
        self.post_message(Chosen())

    def _next_amount(self, step: int) -> None:
        if not self._offered:
            return
        shown = [money(fen) for fen in self._offered]
        number = shown.index(self._amount.text) + step if self._amount.text in shown else 0
        self._amount.set_text(shown[number % len(shown)])

    def _enter(self) -> None:
        if self._accepted is not None and self.takes_accepted:
            self.post_message(self.Given(self._accepted))
            return
        if self._kind is None:
            keys = "C W A B"
            self._flaw(self._desk.say("Choose how it is paid first: {keys}, or the arrows.", keys=keys))
            return
        fen = self._typed_fen()
        if not fen:
            self._flaw(self._desk.say("Type the amount that is given."))
            return
        reference = halfwidth(self._reference.value).strip() or None
        if self._kind is not TenderKind.CASH and reference is None:
            if self._reference.has_focus:
                self._flaw(self._desk.say("Type the number that the payment terminal shows."))
            self._reference.focus()
            return
        try:
            tender = Tender(kind=self._kind, fen=fen, reference=None if self._kind is TenderKind.CASH else reference)
        except BadTenderError:
            self._flaw(self._desk.say("That is no amount or number that can be taken. Type it again."))
            return
        self.post_message(self.Given(tender))

    def _typed_fen(self) -> int:
        text = self._amount.text.rstrip(".")
        if not text:
            return self._offered[0] if self._offered else 0
        return parse_yuan(f"0{text}")

    def _flaw(self, sentence: str) -> None:
        self.post_message(self.Flawed(sentence))

    def _draw(self) -> None:
        self.set_class(self._kind not in {None, TenderKind.CASH}, "-needs-reference")
        self.query_one("#kinds", Static).update(self._kinds_line())
        quick = "" if len(self._offered) < 2 else "↑↓ " + "  ".join(money(fen) for fen in self._offered)
        self.query_one("#quick", Static).update(quick)

    def _kinds_line(self) -> Content:
        parts: list[tuple[str, str]] = []
        for key, name, kind in self._named_kinds():
            chosen = kind is self._kind
            style = "bold $background on $primary" if chosen else ""
            parts += [(f" {'▶' if chosen else ' '}{key} {name} ", style), ("  ", "")]
        return Content.assemble(*parts)

    def _named_kinds(self) -> Iterator[tuple[str, str, TenderKind]]:
        for key, kind in TENDER_KEYS.items():
            yield key.upper(), self._desk.words(TENDER_WORDS[kind]), kind
