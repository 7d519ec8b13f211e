"""The main screen: header, seats, the seat in view, whoever stands at the counter, and the keys of this moment.

One small state value is rendered. Every second the times move on; `FloorWatch` asks the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from inspect import isawaitable
from typing import Any, Final

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from billing.visit_bill import VisitBill
from pos.counter.check_in import Admission
from pos.counter.floor import Floor, SeatNow
from pos.counter.journal_tail import JournalTail
from pos.languages import noted
from pos.tui.desk.actions import Action, Moment, find, possible
from pos.tui.desk.card_desk import CardDesk
from pos.tui.desk.catalogue import ACTIONS
from pos.tui.desk.customer import NOBODY, Customer, CustomerPanel
from pos.tui.desk.floor_pane import FloorPane
from pos.tui.desk.footer import KeyHint, KeyLine
from pos.tui.desk.header import DeskHeader, HeaderState
from pos.tui.desk.palette import Command
from pos.tui.desk.scans import ScanCatcher
from pos.tui.desk.seat_lines import PanelLine, SeatLines, Tone
from pos.tui.desk.seat_panel import SeatPanel
from pos.tui.desk.seat_typing import halfwidth
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tail_panel import TailPanel
from pos.tui.widgets.bare import BareHorizontal, BareVertical
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.seat_map import SeatMap

TICK_SECONDS: Final = 1.0
_MINUTE: Final = timedelta(minutes=1)
_SMALLEST: Final = (80, 24)
_WHOLE: Final = (100, 28)
_ROOMY_COLUMNS: Final = 140
_HIGH_LINES: Final = 40
_SEAT_KEYS: Final = frozenset({"enter", *"mpkdsMPKDS"})
"""What they do depends on how the seat in view is."""


class MainScreen(CardDesk):
    """Almost everything happens here; flows lie over it and give their answer back."""

    HELP = noted(
        "Digits go to a seat: 7, or b 1 2. Arrows and the mouse move over the seats.\n\n"
        "Enter does the natural next thing: it opens a free seat for the person whose card was read, and settles a "
        "taken one. Esc goes one step back and loses nothing. Ctrl+Z moves a customer back who was just moved. "
        "X takes a free seat out of use, or puts it in use again.\n\n"
        "Signs: · free, ▶ by the hour, ■ package, ‖ paused, ! at most 10 minutes left, ‼ at most 5, ¥ over and not "
        "paid, × out of use. The time beside a sign is what is left where a package or a deposit ends it, else what "
        "was used.\n\n"
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
        self._actions = (*ACTIONS, *desk.more_actions)
        self._moved: str | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield DeskHeader(self.desk.words)
        with BareHorizontal(id="body"):
            with BareVertical(id="left"):
                yield FloorPane(self.desk)
                yield CustomerPanel(self.desk)
            with BareVertical(id="right"):
                yield SeatPanel()
                yield TailPanel(self.desk)
        yield Notice()
        yield KeyLine(id="keys")
        columns, lines = _SMALLEST
        yield Static(
            self.desk.say(
                noted("This window is too small. Make it at least {columns} × {lines}."), columns=columns, lines=lines
            ),
            id="too-small",
            markup=False,
        )

    def on_mount(self) -> None:
        """Begin to look at the floor."""
        self.set_interval(TICK_SECONDS, self.tick)
        self.look()
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

    # The moment.

    @property
    def seat_in_view(self) -> SeatNow | None:
        """The seat under the cursor."""
        return self._floor_pane.seat

    @property
    def _floor_pane(self) -> FloorPane:
        return self.query_one(FloorPane)

    @property
    def moment(self) -> Moment:
        """What the desk looks like now."""
        floor = self._view.floor
        return Moment(
            desk=self.desk,
            seat=self.seat_in_view,
            admission=self._view.customer.admission,
            has_shift=floor is not None and floor.shift is not None,
            has_outage=floor is not None and floor.has_outage,
        )

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
            self.app.post_message(events.Key(event.key, event.character))
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
            action = find(self._actions, character or event.key, self.moment)
            if floor.lacks_seat and (character or event.key) in _SEAT_KEYS:
                floor.say_what_lacks()
            elif action is not None:
                floor.forget_typing()
                self.do(action)
            elif character.isalnum():
                floor.type_seat(character)
            elif event.key == "enter":
                self._say_why_nothing()

    def _sell_scanned(self, code: str) -> None:
        from pos.tui.desk.sale_screen import SaleScreen

        self.hush()
        self.app.push_screen(SaleScreen(self.desk, scanned=code), self._over)

    def _move_back(self) -> None:
        """Take the move back that was the last thing done here."""
        visit_id, self._moved = self._moved, None
        if visit_id is None:
            self.warn(self.desk.say(noted("There is no move to take back: something else was done since.")))
            return
        seats = self.desk.counter.seats
        self.ask(lambda: seats.move_back(visit_id), then=self._moved_back)

    def _moved_back(self, bill: VisitBill) -> None:
        seat = bill.visit.seat
        self._over(Done(sentence=self.desk.say(noted("Moved back to {seat}."), seat=seat), goes_to=seat))

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
        elif self.query_one(Notice).sentence:
            self.hush()
        else:
            self._view = replace(self._view, customer=NOBODY)
            self._render_all()

    @on(FloorPane.Said)
    def _floor_said(self, event: FloorPane.Said) -> None:
        if event.sentence is None:
            self.hush()
        else:
            self.warn(event.sentence)

    def _say_why_nothing(self) -> None:
        if self.moment.is_out_of_use:
            self.warn(self.desk.say(noted("This seat is out of use. X puts it in use again.")))
        elif self.moment.is_free:
            self.warn(self.desk.say(noted("Nobody's document was read. Lay the card on the reader first.")))

    # Doing.

    def commands(self) -> Iterator[Command]:
        """Return everything that can be done now, for the palette."""
        say, app = self.desk.say, self.app
        for action in possible(self._actions, self.moment):
            yield Command(name=action.name, title=say(action.title), shown=action.shown, run=partial(self.do, action))
        desk_commands: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("filter", noted("Show other seats: free, taken, all"), "F", self._floor_pane.next_filter),
            ("search", noted("Search for a seat or a name"), "/", self._floor_pane.begin_search),
            ("lock", noted("Lock the screen"), "F8", partial(app.run_action, "app.lock")),
            ("switch-clerk", noted("Switch clerk"), "F9", partial(app.run_action, "app.switch_clerk")),
            ("theme", noted("Dark or light colours"), "", partial(app.run_action, "app.next_theme")),
            ("help", noted("Help"), "F1", partial(app.run_action, "app.help")),
            ("close", noted("Close the desk"), "^Q", partial(app.run_action, "app.leave")),
        )
        if self._moved is not None:
            title = say(noted("Move back: take the last move back"))
            yield Command(name="move-back", title=title, shown="^Z", run=self._move_back)
        for name, title, shown, run in desk_commands:
            yield Command(name=name, title=say(title), shown=shown, run=run)

    async def chosen(self, command: Command | None) -> None:
        """Do what was chosen in the palette."""
        if command is not None:
            answer = command.run()
            if isawaitable(answer):
                await answer

    def welcome(self) -> None:
        """Go on with whoever is at the counter now."""
        self._view = replace(self._view, customer=NOBODY)
        self.look()
        self._render_all()

    def do(self, action: Action) -> None:
        """Open an action's screen."""
        self.hush()
        flow: Screen[Any] = action.open(self.moment)
        self.app.push_screen(flow, self._over)

    def _over(self, answer: Done | Admission | None) -> None:
        if isinstance(answer, Admission):
            self.admit(answer)
        elif answer is not None:
            if answer.seated:
                self._view = replace(self._view, customer=NOBODY)
            self._moved = answer.moved
            if answer.goes_to is not None:
                self._floor_pane.go_to(answer.goes_to)
                self._seat_changed()
            self.tell(answer.sentence)
            # A look that is under way may have begun before this was done.
            self._looks_owed = 2 if "floor" in self._asked else 1
            self.look()

    def _read(self, floor: Floor) -> None:
        super()._read(floor)
        self._read_tail()
        self._look_paid()

    def _read_tail(self) -> None:
        """Show the journal's newest entries, where there is room for them."""
        tail = self.query_one(TailPanel)
        if tail.display:
            newest = JournalTail(till=self.desk.counter.till).newest
            self.ask(lambda: newest(limit=tail.rows), then=tail.show, question="tail")

    def _lost(self, error: Exception) -> None:
        super()._lost(error)
        self._look_paid()

    def _look_paid(self) -> None:
        """Look once more where that is owed; after the last look the keys count that waited for it."""
        if not self._looks_owed:
            return
        self._looks_owed -= 1
        if self._looks_owed:
            self.look()
            return
        self._catch_up()

    @on(SeatMap.Moved)
    def _seat_changed(self) -> None:
        self._view = replace(self._view, bill=None)
        self._render_panel()
        self._render_keys()
        self.call_after_refresh(self._ask_bill)

    @on(SeatMap.Chosen)
    def _seat_chosen(self) -> None:
        action = find(self._actions, "enter", self.moment)
        if action is None:
            self._say_why_nothing()
        else:
            self.do(action)

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
        desk, view, now, clerk = self.desk, self._view, self.desk.now(), self.desk.clerk
        if clerk is None:
            return
        pulse, floor = view.pulse, view.floor
        anchored_at = None if pulse is None else pulse.anchored_at
        self.query_one(DeskHeader).show(
            HeaderState(
                venue=desk.venue.settings.name,
                shift=None if floor is None or floor.shift is None else floor.shift.number,
                clerk=clerk.name,
                reader=desk.reader.state,
                printer=desk.printer.state,
                anchor_minutes=None if anchored_at is None else max(now - anchored_at, timedelta()) // _MINUTE,
                unsent=0 if pulse is None else pulse.unsent,
                at=desk.local(now),
            )
        )

    def _render_map(self) -> None:
        if self._view.floor is not None:
            self._floor_pane.show(self._view.floor, self.desk.now())

    def _render_customer(self) -> None:
        self.query_one(CustomerPanel).show(self._view.customer, self.desk.reader.state)

    def _render_panel(self) -> None:
        panel, one, floor = self.query_one(SeatPanel), self.seat_in_view, self._view.floor
        if one is None or floor is None:
            panel.show([PanelLine(self.desk.say(noted("No seat fits.")), Tone.QUIET)] if floor is not None else [])
            return
        lines = SeatLines(
            words=self.desk.words,
            timezone=self.desk.venue.settings.days.timezone,
            width=panel.line_width,
            now=self.desk.now(),
        )
        if one.visit is None:
            panel.show(lines.of_free(one, floor))
            return
        bill, who = self._view.bill, self.desk.masks.get(one.visit.visit_id, "")
        if bill is not None and bill.visit.visit_id == one.visit.visit_id:
            panel.show(lines.of_visit(one, one.visit, bill, who))
        else:
            panel.show(lines.of_unbilled(one, one.visit, floor))

    def _render_keys(self) -> None:
        say, moment = self.desk.say, self.moment
        hints = [KeyHint(say(noted("digits")), say(noted("seat")))]
        hints += [KeyHint(action.shown, say(action.short)) for action in possible(self._actions, moment)]
        hints += [
            KeyHint("F8", say(noted("lock"))),
            KeyHint("F1", say(noted("help"))),
            KeyHint("^P", say(noted("all"))),
        ]
        self.query_one("#keys", KeyLine).show(hints)
