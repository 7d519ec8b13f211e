"""Two palettes, dark and light, told apart by the colour-blind: blue, orange and yellow carry meaning, never red and
green against each other. The running majority is calm; only what needs a hand is loud.
"""  # noqa: D205  # One thought.

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="mingjia-dark",
    primary="#6FB3E8",
    secondary="#8FCFC4",
    accent="#F0C674",
    warning="#F0B849",
    error="#FF8A65",
    success="#8FCFC4",
    foreground="#D8DEE6",
    background="#10151C",
    surface="#18202A",
    panel="#212C38",
    dark=True,
    variables={"quiet": "#93A0AE", "rule": "#3A4654"},
)
LIGHT: Final = Theme(
    name="mingjia-light",
    primary="#1B5E8C",
    secondary="#1F6F66",
    accent="#7A4B00",
    warning="#8A5A00",
    error="#B23B0E",
    success="#1F6F66",
    foreground="#1C232B",
    background="#FBFAF6",
    surface="#F1EFE8",
    panel="#E3E0D6",
    dark=False,
    variables={"quiet": "#59636E", "rule": "#C5BFB0"},
)
THEMES: Final = (DARK, LIGHT)
