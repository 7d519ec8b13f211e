"""The top line: venue, shift, clerk, devices, the last head on paper, slips that wait, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from rich.segment import Segment
from textual.strip import Strip

from pos.languages import Words, noted
from pos.tui.desk.printer_service import DeviceState
from pos.tui.widgets.columns import cells, clipped
from pos.tui.widgets.line_view import BareLineView

_SIGNS: Final = {
    DeviceState.ABSENT: "○",
    DeviceState.WAITING: "…",
    DeviceState.READY: "●",
    DeviceState.TROUBLED: "✕",
}
_WEEKDAYS: Final = (
    noted("Mon"),
    noted("Tue"),
    noted("Wed"),
    noted("Thu"),
    noted("Fri"),
    noted("Sat"),
    noted("Sun"),
)

_VENUE: Final = "desk-header--venue"
_CLOCK: Final = "desk-header--clock"
_TROUBLE: Final = "desk-header--trouble"
_WAITING: Final = "desk-header--waiting"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderState:
    """What the line says. `anchor_minutes` is None before any head is on paper; `at` is local time."""

    venue: str
    shift: int | None
    clerk: str
    reader: DeviceState
    printer: DeviceState
    anchor_minutes: int | None
    unsent: int
    at: datetime


class DeskHeader(BareLineView):
    """One line; what does not fit gives way from the middle. Its clock alone has it drawn each second."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {_VENUE, _CLOCK, _TROUBLE, _WAITING}
    DEFAULT_CSS = """
    DeskHeader { height: 1; background: $panel; color: $foreground; }
    DeskHeader > .desk-header--venue { color: $text-primary; text-style: bold; }
    DeskHeader > .desk-header--clock { color: $foreground; text-style: bold; }
    DeskHeader > .desk-header--trouble { color: $text-error; }
    DeskHeader > .desk-header--waiting { color: $text-warning; }
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._shown: HeaderState | None = None

    def show(self, state: HeaderState) -> None:
        """Draw the line again if anything on it changed."""
        if state != self._shown:
            self._shown = state
            self.all_changed()

    def on_resize(self) -> None:
        """Fit the line into the new width."""
        self.all_changed()

    def _draw(self, number: int) -> Strip:
        del number  # There is but one.
        if self._shown is None:
            return self.blank()
        pieces = [Segment(text, self.style(component)) for text, component in self._pieces(self._shown)]
        return Strip(pieces).adjust_cell_length(self.size.width, self.style())

    def _pieces(self, state: HeaderState) -> Iterator[tuple[str, str]]:
        """Return the texts of the line, each with the component that it is painted as."""
        words, width = self._words, self.size.width
        product, venue = f" {words(noted('Mingjia'))} · ", state.venue
        number = state.shift
        shift = words(noted("no shift")) if number is None else words(noted("shift {number}")).format(number=number)
        who = f" · {shift} · {state.clerk}" if state.clerk else f" · {shift}"
        last = [*self._lamps(state), ("  ", ""), (self._clock(state.at), _CLOCK), (" ", "")]
        room = width - cells(who) - sum(cells(text) for text, _ in last) - 1
        if cells(product) + cells(venue) > room:
            product, venue = " ", clipped(venue, max(room - 1, 0))
        yield product, ""
        yield venue, _VENUE
        yield who, ""
        yield " " * max(room - cells(product) - cells(venue) + 1, 1), ""
        yield from last

    def _lamps(self, state: HeaderState) -> Iterator[tuple[str, str]]:
        words = self._words
        for name, device in ((noted("reader"), state.reader), (noted("printer"), state.printer)):
            yield f"{words(name)} {_SIGNS[device]}  ", _TROUBLE if device is DeviceState.TROUBLED else ""
        if state.unsent:
            yield words(noted("unprinted {count}")).format(count=state.unsent) + "  ", _WAITING
        yield self._anchor(state.anchor_minutes), ""

    def _anchor(self, minutes: int | None) -> str:
        words = self._words
        if minutes is None:
            return words(noted("no anchor"))
        if minutes < 60:
            return words(noted("anchor {minutes} min")).format(minutes=minutes)
        return words(noted("anchor {hours} h")).format(hours=minutes // 60)

    def _clock(self, at: datetime) -> str:
        return f"{at:%m-%d} {self._words(_WEEKDAYS[at.weekday()])} {at:%H:%M:%S}"
