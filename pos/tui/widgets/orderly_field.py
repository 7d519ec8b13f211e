"""A field that has an Enter answered before the next key counts: a scanner's next code is no part of the last one."""

from __future__ import annotations

from textual import events

from pos.tui.widgets.field import Field
from pos.tui.widgets.keys import anew


class OrderlyField(Field):
    """Holds keys back from an Enter until its screen calls `go_on` or `let_go`.

    The Enter reaches the screen over its own queue, and this field is faster: without that it would have taken the next
    digits by then.
    """

    def __init__(self, *, id: str | None = None, max_length: int = 0) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(id=id, max_length=max_length)
        self._held: list[events.Key] = []
        self._is_holding = False

    async def _on_key(self, event: events.Key) -> None:
        front = self.app.screen
        if front is not self.screen:
            event.stop()
            event.prevent_default()
            front._forward_event(anew(event))  # noqa: SLF001  # As the app hands a key on.
        elif self._is_holding:
            event.stop()
            event.prevent_default()
            self._held.append(event)
        elif event.key == "enter":
            self._is_holding = True

    def go_on(self) -> bool:
        """Take the keys that came meanwhile; True where an Enter is among them, which is to be answered next."""
        while self._held:
            event = self._held.pop(0)
            if event.key == "enter":
                return True
            if event.is_printable and event.character is not None:
                self.insert_text_at_cursor(event.character)
            else:
                self._forward_event(anew(event))
        self._is_holding = False
        return False

    def let_go(self) -> list[events.Key]:
        """Return the keys that came meanwhile: they are another screen's."""
        held, self._held, self._is_holding = self._held, [], False
        return [anew(event) for event in held]
