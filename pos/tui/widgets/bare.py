"""Containers that paint nothing: what their children leave free shows the screen's own ground.

The compositor cuts every line of every widget again, the hidden ones too, whenever something above them is painted.
Without lines there is nothing to cut.
"""

from __future__ import annotations

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip


class BareHorizontal(Horizontal):
    """Children side by side."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return nothing."""
        del crop
        return []


class BareVertical(Vertical):
    """Children below one another."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return nothing."""
        del crop
        return []
