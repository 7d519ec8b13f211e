"""The top line: venue, shift, clerk, devices, the last head on paper, slips that wait, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.text import Text
from textual.widgets import Static

from pos.languages import Words, noted
from pos.tui.desk.printer_service import DeviceState
from pos.tui.widgets.columns import cells, clipped

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


class DeskHeader(Static):
    """One line; what does not fit gives way from the middle."""

    DEFAULT_CSS = """
    DeskHeader { height: 1; background: $panel; color: $foreground; }
    """

    def __init__(self, words: Words) -> None:
        super().__init__("", markup=False)
        self._words = words
        self._shown: HeaderState | None = None

    def show(self, state: HeaderState) -> None:
        """Draw the line again if anything on it changed."""
        if state != self._shown:
            self._shown = state
            self.update(self._line(state), layout=False)

    def on_resize(self) -> None:
        """Fit the line into the new width."""
        if self._shown is not None:
            self.update(self._line(self._shown), layout=False)

    def _line(self, state: HeaderState) -> Text:
        words, colours = self._words, self.app.theme_variables
        clock = Text(self._clock(state.at), style="bold")
        lamps = self._lamps(state, colours)
        line = Text(" ")
        shift = (
            words(noted("no shift"))
            if state.shift is None
            else words(noted("shift {number}")).format(number=state.shift)
        )
        who = f"{shift} · {state.clerk}" if state.clerk else shift
        room = self.size.width - lamps.cell_len - clock.cell_len - cells(who) - 9
        product = words(noted("Mingjia"))
        if cells(product) + 3 + cells(state.venue) <= room:
            line.append(f"{product} · ")
        line.append(clipped(state.venue, max(room, 0)), style=f"bold {colours['text-primary']}")
        line.append(f" · {who}")
        line.append(" " * max(self.size.width - line.cell_len - lamps.cell_len - clock.cell_len - 3, 1))
        return line + lamps + Text("  ") + clock + Text(" ")

    def _lamps(self, state: HeaderState, colours: dict[str, str]) -> Text:
        words, lamps = self._words, Text()
        for name, device in ((noted("reader"), state.reader), (noted("printer"), state.printer)):
            style = colours["text-error"] if device is DeviceState.TROUBLED else ""
            lamps.append(f"{words(name)} {_SIGNS[device]}  ", style=style)
        if state.unsent:
            lamps.append(
                words(noted("unprinted {count}")).format(count=state.unsent) + "  ", style=colours["text-warning"]
            )
        lamps.append(self._anchor(state.anchor_minutes))
        return lamps

    def _anchor(self, minutes: int | None) -> str:
        words = self._words
        if minutes is None:
            return words(noted("no anchor"))
        if minutes < 60:
            return words(noted("anchor {minutes} min")).format(minutes=minutes)
        return words(noted("anchor {hours} h")).format(hours=minutes // 60)

    def _clock(self, at: datetime) -> str:
        return f"{at:%m-%d} {self._words(_WEEKDAYS[at.weekday()])} {at:%H:%M:%S}"
