"""The program `mingjia desk`: it installs screens and global keys, and knows nothing of business.

The first picture is on the screen before the books are open: opening runs in a thread, and what the screens need is
imported there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import constants, events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from pos.languages import Words, noted
from pos.tui.desk.collector import seldom_collected
from pos.tui.desk.key_order import OrderlyApp
from pos.tui.desk.terminal import is_hung_up
from pos.tui.themes import THEMES
from pos.tui.widgets.plain_signs import PlainSigns

if TYPE_CHECKING:
    from pos.tui.desk.commands import Command
    from pos.tui.desk.login import Why
    from pos.tui.desk.main_screen import MainScreen
    from pos.tui.desk.reader_service import ReaderReport
    from pos.tui.desk.services import DeskServices
    from staff.repository import StaffMember

IDLE_SECONDS: Final = 300.0
"""After so long without a key the screen locks itself."""
_LOOKS_EVERY_SECONDS: Final = 5.0

OpenDesk = Callable[[], "AbstractContextManager[DeskServices]"]


class OpeningScreen(Screen[None]):
    """What is seen while the books are being opened."""

    DEFAULT_CSS = """
    OpeningScreen { align: center middle; }
    OpeningScreen Static { width: auto; color: $text-primary; text-style: bold; }
    OpeningScreen .quiet { text-style: none; margin-top: 1; }
    """

    def __init__(self, sentence: str, way_out: str) -> None:
        super().__init__()
        self._sentence = sentence
        self._way_out = way_out

    def compose(self) -> ComposeResult:
        """One sentence, and the way out."""
        yield Static(self._sentence, markup=False)
        yield Static(self._way_out, classes="quiet", markup=False)


class DeskApp(OrderlyApp):
    """The clerk's program. `trouble` is why it ended, where that was no clerk's wish."""

    CSS_PATH = "desk.tcss"
    TITLE = "Mingjia"
    ENABLE_COMMAND_PALETTE = False  # The desk has its own, in the reader's words.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False, priority=True),
        Binding("f8", "lock", show=False, priority=True),
        Binding("f9", "switch_clerk", show=False, priority=True),
        Binding("ctrl+p", "palette", show=False, priority=True),
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "nothing", show=False, priority=True),
    ]

    class Opened(Message):
        """The books are open."""

        def __init__(self, desk: DeskServices) -> None:
            super().__init__()
            self.desk = desk

    class NotOpened(Message):
        """They cannot be opened."""

        def __init__(self, trouble: Exception) -> None:
            super().__init__()
            self.trouble = trouble

    class ReaderTold(Message):
        """The card reader's thread has something to tell."""

        def __init__(self, report: ReaderReport) -> None:
            super().__init__()
            self.report = report

    class JournalGrew(Message):
        """Some desk of the house has written something."""

        def __init__(self, length: int) -> None:
            super().__init__()
            self.length = length

    def __init__(
        self,
        open_desk: OpenDesk,
        words: Words,
        *,
        theme: str = THEMES[0].name,
        idle_seconds: float = IDLE_SECONDS,
        has_plain_signs: bool = False,
    ) -> None:
        super().__init__()
        self._plain_signs = (PlainSigns(),) if has_plain_signs else ()
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme
        self._open_desk = open_desk
        self._words = words
        self._idle_seconds = idle_seconds
        self._held = ExitStack()
        self._main: MainScreen | None = None
        self._desk: DeskServices | None = None
        self._last_key = 0.0
        self.trouble: Exception | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours that a theme may lack."""
        return {"quiet": "#808A95", "rule": "#808A95"}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Filters that every line goes through."""
        return (*super().get_line_filters(), *self._plain_signs)

    def get_driver_class(self) -> type[Driver]:
        """Return what reads and writes the terminal: Textual's, but one that sleeps while nobody types."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from pos.tui.desk.sleeping_input import SleepingInputDriver

        return SleepingInputDriver

    # Opening and closing.

    def on_mount(self) -> None:
        """Show something, then open."""
        words = self._words
        self.push_screen(OpeningScreen(words(noted("Mingjia opens the books …")), f"^Q {words(noted('quit'))}"))
        self.call_after_refresh(self.run_worker, self._open, name="open", thread=True, exit_on_error=False)

    def _open(self) -> None:
        try:
            desk = self._held.enter_context(self._open_desk())
            import pos.tui.desk.login
            import pos.tui.desk.main_screen  # noqa: F401  # Here, so that the first screen does not wait for it.

            self._held.enter_context(seldom_collected())
        except Exception as error:  # noqa: BLE001  # The command says it in a sentence once the terminal is whole again.
            self.post_message(self.NotOpened(error))
        else:
            self.post_message(self.Opened(desk))

    async def on_desk_app_not_opened(self, message: NotOpened) -> None:
        """Give the terminal back."""
        self.trouble = message.trouble
        self.exit()

    async def on_desk_app_opened(self, message: Opened) -> None:
        """Start the devices and ask who is there."""
        from pos.tui.desk.login import Why
        from pos.tui.desk.main_screen import MainScreen

        self._desk = desk = message.desk
        self._main = MainScreen(desk)
        desk.printer.start()
        desk.reader.start(self._tell)
        desk.news.start(self._tell_of_growth)
        self.set_interval(_LOOKS_EVERY_SECONDS, self._lock_if_idle)
        self.set_interval(_LOOKS_EVERY_SECONDS, self._leave_if_nobody_sees)
        await self.pop_screen()
        self._ask_who(Why.START)

    def _tell(self, report: ReaderReport) -> None:
        self.post_message(self.ReaderTold(report))

    def _tell_of_growth(self, length: int) -> None:
        self.post_message(self.JournalGrew(length))

    def _fatal_error(self) -> None:
        # As Textual ends after a bug, but without the variables' values: documents and PINs are among them.
        from rich.traceback import Traceback

        self.bell()
        self.panic(Traceback())

    def _leave_if_nobody_sees(self) -> None:
        if is_hung_up():
            self.exit()

    def close_desk(self) -> None:
        """Let go of devices and books; may be repeated."""
        if self._desk is not None:
            self._desk.news.stop()
            self._desk.reader.stop()
            self._desk.printer.stop()
        self._held.close()

    # Who is there.

    def _ask_who(self, why: Why) -> None:
        from pos.tui.desk.login import LoginScreen, Why

        assert self._desk is not None
        has_unfinished = why is Why.LOCKED and self.screen is not self._main
        self.push_screen(LoginScreen(self._desk, why, has_unfinished=has_unfinished), self._take_place)

    def _take_place(self, member: StaffMember | None) -> None:
        desk, main = self._desk, self._main
        assert desk is not None
        assert main is not None
        if member is None:
            return
        before = desk.clerk
        is_other = before is not None and before.staff != member.staff
        if is_other:
            self._leave_flows()  # What one person began, another does not go on with.
        desk.take_place(member)
        if before is None:
            self.push_screen(main)
        elif is_other:
            main.welcome()

    def _leave_flows(self) -> None:
        while self.screen is not self._main and len(self.screen_stack) > 1:
            self.pop_screen()

    @property
    def is_at_login(self) -> bool:
        """Whether nobody but somebody's name and PIN is waited for."""
        from pos.tui.desk.login import LoginScreen

        return self._main is None or self._desk is None or any(isinstance(s, LoginScreen) for s in self.screen_stack)

    async def on_event(self, event: events.Event) -> None:
        """Note when somebody did something."""
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._last_key = self._seconds()
        await super().on_event(event)

    def _seconds(self) -> float:
        from records.clock import monotonic_seconds

        return monotonic_seconds()

    def _lock_if_idle(self) -> None:
        if not self.is_at_login and self._seconds() - self._last_key >= self._idle_seconds:
            self.action_lock()

    # The reader.

    def on_desk_app_reader_told(self, message: ReaderTold) -> None:
        """Give it to the main screen; a card that comes while nobody is logged in is no check."""
        if self._main is not None and self._main.is_mounted and not self.is_at_login:
            self._main.take_report(message.report)

    # The house.

    def on_desk_app_journal_grew(self, message: JournalGrew) -> None:
        """Give it to the main screen; whoever logs in later sees the floor as it is then."""
        if self._main is not None and self._main.is_mounted:
            self._main.take_news(message.length)

    # Keys.

    def action_lock(self) -> None:
        """Lock the screen; what is open stays open beneath."""
        from pos.tui.desk.login import Why

        if not self.is_at_login:
            self._ask_who(Why.LOCKED)

    def action_switch_clerk(self) -> None:
        """Let another person take over; only where nothing is half-done."""
        from pos.tui.desk.login import Why

        if self.screen is self._main:
            self._ask_who(Why.SWITCH)
        else:
            self._say_what_is_first()

    def _say_what_is_first(self) -> None:
        from pos.tui.desk.flow import Flow
        from pos.tui.desk.login import LoginScreen

        if isinstance(self.screen, LoginScreen):
            self.screen.say_what_is_first()
        elif isinstance(self.screen, Flow) and self._desk is not None and not self.is_at_login:
            self.screen.warn(self._desk.say(noted("Finish this first, or go back with Esc.")))

    def action_help(self) -> None:
        """Explain the screen in front."""
        from pos.tui.desk.asking import DeskScreen
        from pos.tui.desk.help_screen import HelpScreen

        screen = self.screen
        if self._desk is not None and isinstance(screen, DeskScreen) and screen.HELP:
            self.push_screen(HelpScreen(self._desk, self._words(screen.HELP)))
        elif isinstance(screen, HelpScreen):
            screen.dismiss(None)

    def action_palette(self) -> None:
        """Offer everything by its name; over a flow, that flow's keys."""
        from pos.tui.desk.flow import Flow
        from pos.tui.desk.palette import PaletteScreen

        desk, screen = self._desk, self.screen
        if desk is None or isinstance(screen, PaletteScreen):
            return
        if self.is_at_login:
            self._say_what_is_first()
        elif screen is self._main:
            self.push_screen(PaletteScreen(desk, self._main.commands()), self._chosen)
        elif isinstance(screen, Flow):
            self.push_screen(PaletteScreen(desk, screen.commands()), self._chosen)

    async def _chosen(self, command: Command | None) -> None:
        if command is not None:
            answer = command.run()
            if isawaitable(answer):
                await answer

    def action_next_theme(self) -> None:
        """Change between dark and light."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def action_nothing(self) -> None:
        """Ctrl+C ends nothing at a counter."""

    def action_leave(self) -> None:
        """End the program; asked on the main screen, for running visits go on without it."""
        from pos.tui.desk.leave_screen import LeaveScreen

        if self._desk is None or self.screen is not self._main:
            if self.is_at_login and (self._desk is None or self._desk.clerk is None):
                self.exit()
            else:
                self._say_what_is_first()
            return
        self.push_screen(LeaveScreen(self._desk), self._left)

    def _left(self, leaves: bool | None) -> None:  # noqa: FBT001  # Textual gives the answer by position.
        if leaves:
            self.exit()
