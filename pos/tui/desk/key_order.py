"""Keys count one after the other, however fast they come: what follows an Enter is meant for where it leads to.

Textual hands a key to whoever has the focus now. The Enter before it reaches its screen only when the field and all
around it have had their turn, so that the next digits would still come into the field that was left: pieces of one
note, or a PIN beside a name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import Final

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from pos.tui.desk.line_ends import LineEnds
from pos.tui.widgets.keys import anew

LOOKS_EVERY_SECONDS: Final = 0.1
"""How often it is looked whether who has the key is still there: what is gone with its screen passes nothing on."""
_LEAVES_A_FIELD: Final = frozenset({"enter", "tab", "shift+tab", "up", "down"})


class KeyPassed(Message, bubble=True):
    """Follows a key from the widget that got it to the program: all between have had the key by then."""

    def __init__(self, whose: Widget, *, is_second: bool = False) -> None:
        super().__init__()
        self.whose = whose
        self.is_second = is_second


class OrderlyApp(App[None]):
    """Hands keys on, each when the one before has led where it leads to."""

    class KeysWait(Message):
        """Keys are there to be handed on."""

    def __init__(self) -> None:
        super().__init__()
        self._line_ends = LineEnds()
        self._waiting_keys: deque[events.Key] = deque()
        self._on_its_way: Timer | None = None
        self.struck_at = 0.0
        """When the key was struck, or the button pressed, that is being answered; on the clock of `Message.time`."""

    @property
    def has_keys_to_hand_on(self) -> bool:
        """Whether a key waits, or is under way."""
        return bool(self._waiting_keys) or self._on_its_way is not None

    async def on_event(self, event: events.Event) -> None:
        """Put a key behind those that wait."""
        if isinstance(event, events.MouseDown):
            self.struck_at = event.time
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif (meant := self._line_ends.take(event)) is not None:
            self._waiting_keys.append(meant)
            await self._hand_on()

    def put_first(self, keys: Iterable[events.Key]) -> None:
        """Have keys count before those that wait: they were struck earlier."""
        self._waiting_keys.extendleft(reversed([anew(key) for key in keys]))
        self.post_message(self.KeysWait())

    async def on_orderly_app_keys_wait(self) -> None:
        """Hand on what waits."""
        await self._hand_on()

    async def on_key_passed(self, passed: KeyPassed) -> None:
        """Go on. What a widget says of a key comes behind the key, and this comes behind it the second time."""
        if not passed.is_second and passed.whose.post_message(KeyPassed(passed.whose, is_second=True)):
            return
        await self._go_on()

    async def _go_on_without(self, whose: Widget) -> None:
        # However long a slow machine takes: as long as all of them run, the key is still to come.
        if not all(node.is_running for node in whose.ancestors_with_self):
            await self._go_on()

    async def _go_on(self) -> None:
        if self._on_its_way is not None:
            self._on_its_way.stop()
            self._on_its_way = None
        await self._hand_on()

    async def _hand_on(self) -> None:
        while self._waiting_keys and self._on_its_way is None:
            key, whose = self._waiting_keys.popleft(), self.focused or self.screen
            self.struck_at = key.time
            await super().on_event(key)
            if _leads_elsewhere(key, whose) and whose.post_message(KeyPassed(whose)):
                self._on_its_way = self.set_interval(LOOKS_EVERY_SECONDS, partial(self._go_on_without, whose))


def _leads_elsewhere(key: events.Key, whose: Widget) -> bool:
    """Whether the next key may be for somebody else: a field takes many, and the main screen looks for itself."""
    # Here, for the first picture does not wait for these.
    from textual.widgets import Input

    from pos.tui.widgets.cycle import Cycle
    from pos.tui.widgets.number_field import NumberField
    from pos.tui.widgets.orderly_field import OrderlyField

    if isinstance(whose, OrderlyField):  # It keeps them back itself.
        return False
    if isinstance(whose, Input | NumberField | Cycle):
        return key.key in _LEAVES_A_FIELD
    return whose.screen.is_modal
