"""The line where a screen says what happened: errors stay, successes fade; a lasting trouble shows when all is said."""

from __future__ import annotations

from typing import Final

from textual.timer import Timer

from pos.tui.widgets.prose import Prose

FADE_SECONDS: Final = 3.0


class Notice(Prose):
    """One line of plain text; empty most of the time."""

    DEFAULT_CSS = """
    Notice { height: auto; max-height: 3; padding: 0 1; color: $text; }
    Notice.-warning { color: $text-error; text-style: bold; }
    Notice.-done { color: $text-success; }
    Notice.-standing { color: $text-warning; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(id=id)
        self._fading: Timer | None = None
        self.sentence = ""
        self._standing = ""

    def stay(self, sentence: str) -> None:
        """Show a sentence until the next one."""
        self._show(sentence, "-warning")

    def wait(self, sentence: str) -> None:
        """Show what is going on, until it is over."""
        self._show(sentence, None)

    def fade(self, sentence: str) -> None:
        """Show a sentence for three seconds."""
        self._show(sentence, "-done")
        self._fading = self.set_timer(FADE_SECONDS, self.hush)

    def hush(self) -> None:
        """Show nothing."""
        self._show("", None)

    def stand(self, sentence: str) -> None:
        """Show a sentence wherever nothing else is said; nothing where it is empty."""
        if sentence != self._standing:
            self._standing = sentence
            if not self.sentence:
                self._draw(None)

    def retract(self, sentence: str) -> None:
        """Take a sentence back that is no longer true; another one stays."""
        if sentence and sentence == self.sentence:
            self.hush()

    def _show(self, sentence: str, kind: str | None) -> None:
        if self._fading is not None:
            self._fading.stop()
            self._fading = None
        if sentence == self.sentence == "":
            return
        self.sentence = sentence
        self._draw(kind)

    def _draw(self, kind: str | None) -> None:
        self.set_class(kind == "-warning", "-warning")
        self.set_class(kind == "-done", "-done")
        self.set_class(not self.sentence and bool(self._standing), "-standing")
        self.update(self.sentence or self._standing)
