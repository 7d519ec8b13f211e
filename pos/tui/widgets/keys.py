"""A key that is handled anew is still the one that was struck then: what its time decides, waiting does not change."""

from __future__ import annotations

from textual import events


def anew(event: events.Key) -> events.Key:
    """Return the same key, which nobody has handled yet."""
    return meant_as(event, event.key, event.character)


def meant_as(event: events.Key, key: str, character: str | None) -> events.Key:
    """Return another key, struck at the same instant."""
    made = events.Key(key, character)
    made.time = event.time
    return made
