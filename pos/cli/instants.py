"""Instants on the command line."""

from __future__ import annotations

from datetime import datetime, tzinfo

from pos.cli.context import Context
from pos.errors import WrongUseError


def instant_in(context: Context, text: str | None, timezone: tzinfo, *, option: str) -> datetime | None:
    """Read an option's instant, in the venue's time where it has no offset; raises WrongUseError."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        message = context.say("{option} is an instant like 2026-12-01T06:00, not {text}", option=option, text=text)
        raise WrongUseError(message=message) from error
    return found if found.tzinfo else found.replace(tzinfo=timezone)
