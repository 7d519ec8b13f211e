"""The main screen: header, seats, the seat in view, whoever stands at the counter, and the keys of this moment.

One small state value is rendered. Every second the times move on; `FloorWatch` asks the books.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from pos.counter.floor import Floor, SeatNow
from pos.counter.journal_tail import JournalTail
from pos.languages import noted
from pos.tui.desk.action_desk import ActionDesk
from pos.tui.desk.actions import find, needed
from pos.tui.desk.customer import NOBODY, Customer, CustomerPanel
from pos.tui.desk.floor_pane import FloorPane
from pos.tui.desk.footer import KeyLine
from pos.tui.desk.header import DeskHeader
from pos.tui.desk.main_picture import header_state, key_hints, panel_lines, standing_trouble
from pos.tui.desk.scans import ScanCatcher
from pos.tui.desk.seat_panel import SeatPanel
from pos.tui.desk.seat_typing import halfwidth
from pos.tui.desk.services import DeskServices
from pos.tui.desk.tail_panel import TailPanel
from pos.tui.widgets.keys import anew
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.seat_map import SeatMap

TICK_SECONDS: Final = 1.0
_SMALLEST: Final = (80, 24)
_WHOLE: Final = (100, 28)
_ROOMY_COLUMNS: Final = 140
_HIGH_LINES: Final = 40
_SEAT_KEYS: Final = frozenset({"enter", *"mpkdsxMPKDSX"})
"""What they do depends on how the seat in view is."""


class MainScreen(ActionDesk):
    """Almost everything happens here; flows lie over it and give their answer back."""

    HELP = noted(
        "Digits go to a seat: 7, or b 1 2. Arrows and the mouse move over the seats.\n\n"
        "Enter does the natural next thing: it opens a free seat for the person whose card was read, and settles a "
        "taken one. Esc goes one step back and loses nothing. Ctrl+Z moves a customer back who was just moved. "
        "X takes a free seat out of use, or puts it in use again.\n\n"
        "Signs: · free, ▶ by the hour, ■ package, ‖ paused, ! at most 10 minutes left, ‼ at most 5, ¥ over and not "
        "paid, × out of use. The time beside a sign is what is left where a package or a deposit ends it, or closing "
        "time within ten minutes, else what was used.\n\n"
        "Top line: ● works, ✕ wants a hand, ○ is not set up. The anchor tells how long ago a slip with the journal's "
        "head came out: what is before it nobody can change unseen. Unprinted slips wait in F11.\n\n"
        "/ searches for a seat or a name, F shows free seats, taken ones, or those that want a hand. "
        "Ctrl+P finds everything by its name; Tab opens the seat's panel where the screen is narrow.\n\n"
        "A card may be laid on the reader at any moment: nothing that is being typed is disturbed."
    )
    DEFAULT_CSS = """
    MainScreen #body { height: 1fr; }
    MainScreen #left { width: 1fr; }
    MainScreen #right { width: 32; }
    MainScreen.-roomy #right { width: 46; }
    MainScreen.-narrow #right { display: none; }
    MainScreen.-narrow.-panel #right { display: block; width: 100%; }
    MainScreen SeatPanel { height: 1fr; }
    MainScreen TailPanel { display: none; }
    MainScreen.-roomy.-high TailPanel { display: block; }
    MainScreen.-narrow.-panel #left { display: none; }
    MainScreen Notice { height: 1; }
    MainScreen #too-small { display: none; width: 100%; height: 100%; content-align: center middle; }
    MainScreen.-tiny > * { display: none; }
    MainScreen.-tiny > #too-small { display: block; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._scans = ScanCatcher()
        # What each tick paints is not looked for each time.
        self._header = DeskHeader(desk.words)
        self._floor_pane = FloorPane(desk)
        self._seat_panel = SeatPanel()
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield self._header
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield self._floor_pane
                yield CustomerPanel(self.desk)
            with Vertical(id="right"):
                yield self._seat_panel
                yield TailPanel(self.desk)
        yield self._notice
        yield KeyLine(id="keys")
        columns, lines = _SMALLEST
        yield Prose(
            self.desk.say(
                noted("This window is too small. Make it at least {columns} × {lines}."), columns=columns, lines=lines
            ),
            id="too-small",
        )

    def on_mount(self) -> None:
        """Begin to look at the floor."""
        self.set_interval(TICK_SECONDS, self.tick)
        self.look()
        self._recall_clocks()
        self._render_all()

    def on_screen_resume(self) -> None:
        """Look again when a flow has gone."""
        if self.desk.clerk is not None:
            self.look()
            self._render_all()

    def on_resize(self, event: events.Resize) -> None:
        """Choose what has room."""
        columns, lines = event.size
        self.set_class(columns < _SMALLEST[0] or lines < _SMALLEST[1], "-tiny")
        self.set_class(columns < _WHOLE[0] or lines < _WHOLE[1], "-narrow")
        self.set_class(columns >= _ROOMY_COLUMNS, "-roomy")
        self.set_class(lines >= _HIGH_LINES, "-high")
        self.call_after_refresh(self._render_all)
        self.call_after_refresh(self._read_tail)  # There may be room for it now.

    # The moment.

    @property
    def seat_in_view(self) -> SeatNow | None:
        """The seat under the cursor."""
        return self._floor_pane.seat

    @property
    def is_in_front(self) -> bool:
        """Whether nothing lies over this screen."""
        front: object = self.app.screen
        return front is self

    @property
    def customer(self) -> Customer:
        """Whoever stands at the counter."""
        return self._view.customer

    # Keys.

    def on_key(self, event: events.Key) -> None:
        """Do what the key means now."""
        event.stop()
        if not self.is_in_front:  # It was pressed while the key before it opened something: it is meant for that.
            self.app.post_message(anew(event))
            return
        if self._is_behind and (self._held_keys or event.key in _SEAT_KEYS):
            self._held_keys.append(event)
            return
        self._take_key(event)

    def _take_key(self, event: events.Key) -> None:
        before = self.seat_in_view
        self._do_key(event, halfwidth(event.character) if event.character and event.is_printable else "")
        if self.seat_in_view is not before:
            self._seat_changed()  # Now and not by a message: the map and the panel are one paint.

    def _do_key(self, event: events.Key, character: str) -> None:
        floor = self._floor_pane
        floor.key_struck(event.time)
        scanned = self._scans.take(event.key, character, event.time)
        if scanned is not None and self.moment.has_shift:
            floor.forget_typing()
            self._sell_scanned(scanned)
        elif event.key == "escape":
            self._step_back()
        elif event.key == "ctrl+z":
            self._move_back()
        elif event.key == "tab":
            self._show_panel(is_open=not self._view.has_panel_open)
        elif not floor.take_key(event.key, character):
            self._act_or_type(character or event.key, character)

    def _act_or_type(self, key: str, character: str) -> None:
        """Do the action of a key, say what it needs, or take it for a part of a seat's number."""
        floor = self._floor_pane
        action = find(self._actions, key, self.moment)
        if floor.lacks_seat and key in _SEAT_KEYS:
            floor.say_what_lacks()
        elif action is not None:
            floor.forget_typing()
            self.do(action)
        elif key == "enter":
            self.do_natural()
        elif (needs := needed(self._actions, key)) and not floor.begins_seat(character):
            floor.forget_typing()
            self._say_of_seat(self.desk.words(needs))
        elif character.isalnum():
            floor.type_seat(character)

    def _show_panel(self, *, is_open: bool) -> None:
        """Let the seat's panel cover the map, where there is no room for both."""
        self._view = replace(self._view, has_panel_open=is_open)
        self.set_class(is_open, "-panel")
        self.call_after_refresh(self._render_all)

    def _step_back(self) -> None:
        """Go one step back: from the panel, the search, the filter, what was said, the customer."""
        if self._view.has_panel_open:
            self._show_panel(is_open=False)
        elif self._floor_pane.step_back():
            pass
        elif self._notice.sentence:
            self.hush()
        else:
            self._view = replace(self._view, customer=NOBODY)
            self._render_all()

    @on(FloorPane.Said)
    def _floor_said(self, event: FloorPane.Said) -> None:
        if event.sentence is None:
            self._retract_said_of_seat()
        else:
            self._say_of_seat(event.sentence)

    def _bring_into_view(self, seat: str) -> None:
        self._floor_pane.go_to(seat)
        self._seat_changed()

    def _own_commands(self) -> dict[str, Callable[[], object]]:
        return {"filter": self._floor_pane.next_filter, "search": self._floor_pane.begin_search}

    def _read(self, floor: Floor) -> None:
        super()._read(floor)
        self._read_tail()

    def _read_tail(self) -> None:
        """Show the journal's newest entries, where there is room for them."""
        tail = self.query_one(TailPanel)
        if tail.display:
            newest = JournalTail(till=self.desk.counter.till).newest
            self.ask(lambda: newest(limit=tail.rows), then=tail.show, question="tail")

    @on(SeatMap.Moved)
    def _seat_changed(self) -> None:
        self._retract_said_of_seat()
        self._view = replace(self._view, bill=None)
        self._render_panel()
        self._render_keys()
        self.call_after_refresh(self._ask_bill)

    @on(SeatMap.Chosen)
    def _seat_chosen(self) -> None:
        self.do_natural()

    # Rendering.

    def _render_all(self) -> None:
        if self.desk.clerk is None:
            return
        self._render_clock()
        self._render_map()
        self._render_customer()
        self._render_panel()
        self._render_keys()

    def _render_clock(self) -> None:
        if self.desk.clerk is not None:
            self._header.show(header_state(self.desk, self._view))
            self._notice.stand(standing_trouble(self.desk, self._view, ahead=self._clock.ahead(self.desk.clocks())))

    def _render_map(self) -> None:
        if self._view.floor is not None:
            self._floor_pane.show(self._view.floor, self.desk.now())

    def _render_customer(self) -> None:
        floor = self._view.floor
        has_shift = floor is None or floor.shift is not None
        self.query_one(CustomerPanel).show(self._view.customer, self.desk.reader.state, has_shift=has_shift)

    def _render_panel(self) -> None:
        panel = self._seat_panel
        panel.show(panel_lines(self.desk, self._view, self.seat_in_view, width=panel.line_width))

    def _render_keys(self) -> None:
        self.query_one("#keys", KeyLine).show(key_hints(self._actions, self.moment))
