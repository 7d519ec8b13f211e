"""How long the tests wait."""

from __future__ import annotations

from typing import Final

LONGEST_SECONDS: Final = 60.0
"""For what must come: on a busy machine that takes its time, and on any other it comes at once."""
