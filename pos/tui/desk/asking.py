"""Screens that ask the counter: operations run in threads, and answers come back as messages.

    self.ask(lambda: self.desk.counter.seats.pause(visit_id), then=self._paused)

`then` is called in the screen's own handler with the answer; an error becomes a sentence on the screen's notice line,
where it stays until the next question. While one question runs, the same question is not asked again: a second Enter
does nothing twice.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from typing import ClassVar, Final, TypeVar

from rich.console import RenderableType
from textual import events, on
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, Screen

from pos.languages import noted
from pos.tui.desk.key_order import OrderlyApp
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.front import FrontCompositor
from pos.tui.widgets.notice import Notice

PATIENCE_SECONDS: Final = 0.6
"""What takes longer than that is said to be under way."""
_WRITING: Final = "operation"
_TAKES_TIME: Final = noted("It is being written down …")
_Answer = TypeVar("_Answer")
_Result = TypeVar("_Result")


class Answered(Message):
    """An operation came back; `deliver` is called by the handler of the screen that asked."""

    def __init__(self, question: str, deliver: Callable[[], object]) -> None:
        super().__init__()
        self.question = question
        self.deliver = deliver


class DeskScreen(Screen[_Result]):
    """A screen of the desk. It has one `Notice`, on which it says what went wrong and what was done.

    `HELP` is what F1 shows: a text marked with `noted`, paragraphs apart by an empty line.
    """

    HELP: ClassVar[str] = ""

    def __init__(self, desk: DeskServices) -> None:
        super().__init__()
        self._compositor = FrontCompositor()
        self.desk = desk
        self._asked: set[str] = set()
        self._is_over = False
        self._late: Callable[[], object] | None = None
        self._is_laid_out = False
        self._early_keys: list[events.Key] = []

    def _forward_event(self, event: events.Event) -> None:
        """Keep keys that come before the screen is laid out: they are meant for what will stand there."""
        if isinstance(event, events.Key) and not self._is_laid_out:
            self._early_keys.append(event)
        else:
            super()._forward_event(event)

    @on(events.Mount)
    def _catch_up_with_keys(self) -> None:
        # After the subclass's own handler, which has put the focus where typing begins.
        self._is_laid_out = True
        early, self._early_keys = self._early_keys, []
        self.strike_again(early)

    def strike_again(self, keys: Sequence[events.Key]) -> None:
        """Have keys count now that came before they could be answered, and before those that came after them."""
        app = self.app
        if keys and isinstance(app, OrderlyApp):
            app.put_first(keys)

    def ask(
        self,
        operation: Callable[[], _Answer],
        *,
        then: Callable[[_Answer], object],
        refused: Callable[[Exception], None] | None = None,
        question: str = _WRITING,
    ) -> None:
        """Run an operation in a thread (module docstring). `refused` takes an error instead of the notice line."""
        if question in self._asked or self._is_over:
            return
        self._asked.add(question)

        def work() -> None:
            try:
                answer = operation()
            except Exception as error:  # noqa: BLE001  # Whatever it is, the clerk gets a sentence and goes on working.
                self.post_message(Answered(question, partial(refused or self.refuse, error)))
            else:
                self.post_message(Answered(question, partial(then, answer)))

        # As `asyncio.to_thread` does. Textual's worker would cost the thread that answers keys as much as a paint.
        get_running_loop().run_in_executor(None, copy_context().run, work)
        if question == _WRITING:
            self.set_timer(PATIENCE_SECONDS, self._say_that_it_takes_time)

    def _say_that_it_takes_time(self) -> None:
        notice = self.query_one(Notice)
        if self.is_at_work and not notice.sentence:
            notice.wait(self.desk.say(_TAKES_TIME))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key reach a screen that is not laid out yet, or has been left: it is meant for another one."""
        if not self.is_mounted or self._is_over:
            return False
        return super().check_action(action, parameters)

    def dismiss(self, result: _Result | None = None) -> AwaitComplete:
        """Leave with an answer, once; beneath another screen (a locked one, a help) only when that has gone.

        Textual would take the screen on top away, whichever it is.
        """
        if self._is_over:
            return AwaitComplete()
        if self.app.screen is not self:
            self._late = partial(self.dismiss, result)
            return AwaitComplete()
        self._is_over = True
        return super().dismiss(result)

    @on(events.ScreenResume)
    def _leave_late(self) -> None:
        if self._late is not None:
            self._late()

    @property
    def is_current(self) -> bool:
        """Whether anybody sees it. Textual paints the screen beneath anew even where the one in front hides it."""
        return super().is_current and (self.is_active or self.app.screen.styles.background.a < 1)

    def render(self) -> RenderableType:
        """Let the screen directly beneath be seen.

        Textual takes the next one of a list, which every screen that is painted anew makes shorter: where one was kept
        as painted, another is taken for it, and two may come to look through each other without an end.
        """
        background, stack = self.styles.background, self.app.screen_stack
        place = stack.index(self) if self in stack else 0
        if place and background.a < 1:
            return BackgroundScreen(stack[place - 1], background)
        return super().render()

    def _compositor_refresh(self) -> None:
        # Textual has only the screen in front painted anew: those between would go on showing what they let through.
        regions, stack = self._compositor._dirty_regions, self.app.screen_stack  # noqa: SLF001  # Textual passes them on.
        if regions and self.is_current:
            for between in stack[stack.index(self) + 1 : -1]:
                between._set_dirty(*regions)  # noqa: SLF001  # Its `refresh` would have the one in front painted twice.
        super()._compositor_refresh()

    @property
    def is_at_work(self) -> bool:
        """Whether something is being done, not only read: until it is answered nobody goes back from it."""
        return _WRITING in self._asked

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still awaited."""
        return bool(self._asked)

    @on(Answered)
    def _deliver(self, answered: Answered) -> None:
        answered.stop()
        self._asked.discard(answered.question)
        if answered.question == _WRITING and self.is_mounted:
            self.retract(self.desk.say(_TAKES_TIME))
        if not self._is_over and self in self.app.screen_stack:  # Whoever has gone back wants no answer.
            answered.deliver()

    def refuse(self, error: Exception) -> None:
        """Say what went wrong; it stays until something else is said."""
        self.warn(self.desk.sentence(error))

    def warn(self, sentence: str) -> None:
        """Say something that stays until something else is said."""
        self.query_one(Notice).stay(sentence)

    def tell(self, sentence: str) -> None:
        """Say something that fades."""
        self.query_one(Notice).fade(sentence)

    def retract(self, sentence: str) -> None:
        """Take back a sentence that is no longer true."""
        self.query_one(Notice).retract(sentence)

    def hush(self) -> None:
        """Take back what was said."""
        self.query_one(Notice).hush()


class DeskModal(DeskScreen[_Result], ModalScreen[_Result]):
    """A flow: a modal screen, typed by its answer."""
