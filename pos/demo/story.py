"""Telling what happens at the counter, line by line, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pos.languages import Words
from records.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Story:
    """Writes lines that begin with the simulated time."""

    words: Words
    write: Callable[[str], None]
    clock: Clock
    timezone: ZoneInfo

    def say(self, sentence: str, /, **facts: object) -> None:
        """Say what happened now. pybabel knows this name."""
        local: datetime = self.clock.read().at.astimezone(self.timezone)
        self.write(f"{local:%H:%M}  {self.words(sentence).format(**facts)}")

    def head(self, sentence: str, **facts: object) -> None:
        """Say what the following lines are about."""
        self.write("")
        self.write(self.words(sentence).format(**facts))
