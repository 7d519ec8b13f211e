"""The floor on the main screen: the map, its legend, and what is typed to find a seat.

Keys come from the screen: nothing here has the focus, so that no key ever goes to the wrong place.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from pos.counter.floor import Floor, SeatNow
from pos.languages import noted
from pos.tui.desk.floor_view import FILTER_NAMES, Filter, FloorView
from pos.tui.desk.seat_typing import LONGEST, begins_a_seat, seat_typed
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.columns import cells
from pos.tui.widgets.seat_map import Look, SeatMap

TYPING_SECONDS: Final = 1.5
"""What is struck later than that after the key before begins another seat's number."""

_LEGEND_STYLES: Final = {
    Look.FREE: "$quiet",
    Look.PACKAGE: "$text-secondary",
    Look.SOON: "bold $text-warning",
    Look.NOW: "bold $text-error",
    Look.ENDED: "bold $text-error",
}


class FloorPane(Vertical):
    """All seats, or those that a filter or a search leaves."""

    DEFAULT_CSS = """
    FloorPane { height: 1fr; }
    FloorPane SeatMap { height: 1fr; }
    FloorPane #legend { height: 1; padding: 0 1; }
    """

    class Said(Message):
        """Something is to be said of what was typed; nothing is said any more where `sentence` is None."""

        def __init__(self, sentence: str | None) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, desk: DeskServices) -> None:
        super().__init__()
        self._desk = desk
        self._view = FloorView(words=desk.words, timezone=desk.venue.settings.days.timezone, masks=desk.masks)
        self._floor: Floor | None = None
        self._filter = Filter.ALL
        self._search = ""
        self._is_searching = False
        self._typed = ""
        self._typed_at = self._struck_at = 0.0
        self._lacks_seat = False
        self._silence: Timer | None = None
        self._legend: list[tuple[str, str]] = []
        self._seats = SeatMap()

    def compose(self) -> ComposeResult:
        """The map over its legend."""
        yield self._seats
        yield Static(id="legend", markup=False)

    @property
    def seat(self) -> SeatNow | None:
        """The seat in view."""
        label = self._seats.label
        return None if self._floor is None or label is None else self._floor.by_label.get(label)

    # What is shown.

    def show(self, floor: Floor, now: datetime) -> None:
        """Show a floor as it is at an instant."""
        self._floor = floor
        view = self._view
        seen = view.cells(floor, now)
        self._seats.show(view.blocks(seen, floor.prices, now, shown=self._filter, search=self._search))
        self._show_legend(view.legend(seen))

    def _show_legend(self, counts: list[tuple[Look, str]]) -> None:
        parts: list[tuple[str, str]] = []
        if self._is_searching or self._search:
            cursor = "▏" if self._is_searching else ""
            said = self._desk.say(noted("search: {text}"), text=self._search)
            parts.append((f"{said}{cursor}   ", "$text-accent"))
        elif self._filter is not Filter.ALL:
            parts.append((self._desk.say(FILTER_NAMES[self._filter]) + "   ", "$text-accent"))
        used, room = sum(cells(text) for text, _ in parts), self.size.width - 2
        for look, text in counts:
            if used + cells(text) <= room:  # A half of it would say something else.
                parts.append((text + "  ", _LEGEND_STYLES.get(look, "")))
                used += cells(text) + 2
        if parts != self._legend:
            self._legend = parts
            self.query_one("#legend", Static).update(Content.assemble(*parts), layout=False)

    def _show_again(self) -> None:
        if self._floor is not None:
            before = self._seats.label
            self.show(self._floor, self._desk.now())
            if self._seats.label is not None and self._seats.label != before:
                self.post_message(SeatMap.Moved(self._seats.label))

    # Keys.

    def key_struck(self, at: float) -> None:
        """Know when the key was struck that comes now: that decides which number it belongs to, not when it comes."""
        self._struck_at = at
        if at - self._typed_at > TYPING_SECONDS:
            self.forget_typing()

    def take_key(self, key: str, character: str) -> bool:
        """Take a key that belongs to the floor; False for every other one."""
        if self._is_searching and self._type_search(key, character):
            return True
        return self._move(key) or self._command(character)

    def _move(self, key: str) -> bool:
        seats = self._seats
        steps = {
            "left": partial(seats.step, across=-1),
            "right": partial(seats.step, across=1),
            "up": partial(seats.step, down=-1),
            "down": partial(seats.step, down=1),
            "pageup": partial(seats.step, down=-seats.page_lines()),
            "pagedown": partial(seats.step, down=seats.page_lines()),
            "home": partial(seats.step, across=-len(self._labels())),
            "end": partial(seats.step, across=len(self._labels())),
        }
        if key not in steps:
            return False
        self.forget_typing()
        steps[key]()
        return True

    def _command(self, character: str) -> bool:
        if character == "/":
            self.begin_search()
        elif character.lower() == "f" and not self._typed:
            self.next_filter()
        else:
            return False
        return True

    def step_back(self) -> bool:
        """Take back what was typed, searched or left out; False where all seats are shown."""
        was_typing = bool(self._typed)
        self.forget_typing()
        if not self._search and not self._is_searching and self._filter is Filter.ALL:
            return was_typing
        self._choose(is_searching=False, search="", shown=Filter.ALL)
        return True

    # A seat's number.

    def type_seat(self, character: str) -> None:
        """Go to the seat whose number or letter is being typed."""
        if self._silence is not None:
            self._silence.stop()
        self._silence = self.set_timer(TYPING_SECONDS, self._fall_silent)
        self._typed_at = self._struck_at
        label = None
        # Where nothing fits the whole, the last key begins another seat: 7 and then 23 is no 723.
        for typed in ((self._typed + character)[:LONGEST], character):
            label = seat_typed(typed, self._labels(), beside=self._seats.label)
            self._typed = typed
            if label is not None or begins_a_seat(typed, self._labels()):
                break
        self._lacks_seat = label is None
        if label is not None:
            self.post_message(self.Said(None))
            self._bring(label)
        elif not begins_a_seat(self._typed, self._labels()):
            self.say_what_lacks()

    def begins_seat(self, character: str) -> bool:
        """Whether a seat may come of this key, after what was typed or by itself."""
        labels = self._labels()
        return begins_a_seat(self._typed + character, labels) or begins_a_seat(character, labels)

    def _bring(self, label: str) -> None:
        if not self._seats.go_to(label):
            self._choose(is_searching=False, search="", shown=Filter.ALL)
            self._seats.go_to(label)

    @property
    def lacks_seat(self) -> bool:
        """Whether what was typed just now is no seat: then no key means the seat in view."""
        return self._lacks_seat

    def say_what_lacks(self) -> None:
        """Say that there is no such seat."""
        self.post_message(self.Said(self._desk.say(noted("There is no seat {typed}."), typed=self._typed.upper())))

    def _fall_silent(self) -> None:
        if self._lacks_seat:
            self.say_what_lacks()

    def go_to(self, label: str) -> None:
        """Have a seat in view, if the map shows it."""
        self._seats.go_to(label)

    def forget_typing(self) -> None:
        """Let the next key begin a number of its own."""
        self._typed, self._lacks_seat = "", False

    def _labels(self) -> list[str]:
        return [] if self._floor is None else [one.seat.label for one in self._floor.seats]

    # Search and filter.

    def begin_search(self) -> None:
        """Let what is typed next be a search."""
        self._choose(is_searching=True, search="", shown=self._filter)

    def next_filter(self) -> None:
        """Show the next kind of seats."""
        kinds = list(Filter)
        after = kinds[(kinds.index(self._filter) + 1) % len(kinds)]
        self._choose(is_searching=False, search="", shown=after)

    def _type_search(self, key: str, character: str) -> bool:
        if key == "enter":
            self._choose(is_searching=False, search=self._search, shown=self._filter)
        elif key == "backspace":
            self._choose(is_searching=True, search=self._search[:-1], shown=self._filter)
        elif character:
            search = (self._search + character.upper())[:LONGEST]
            self._choose(is_searching=True, search=search, shown=self._filter)
        else:
            return False
        return True

    def _choose(self, *, is_searching: bool, search: str, shown: Filter) -> None:
        self._is_searching, self._search, self._filter = is_searching, search, shown
        self.post_message(self.Said(None))
        self._show_again()
