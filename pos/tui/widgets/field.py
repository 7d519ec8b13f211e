"""A field to type in that keeps its place."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class Field(Input):
    """An input whose room does not depend on what is typed, so that no key lays the whole screen out anew."""

    virtual_size = Reactive(Size(0, 0), layout=False)
