"""The journal's tail (F10), for the curious: every thing that was done leaves a line here, signed and chained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.widget import Widget

from pos.counter.journal_tail import JournalLine, JournalTail
from pos.languages import noted
from pos.tui.desk.entry_words import actor_words, entry_words
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import clock_time
from pos.tui.widgets.columns import left
from pos.tui.widgets.rows import PickList, Row

_LAST: Final = 300
_LEAF_DIGITS: Final = 12
_ACTOR_CELLS: Final = 9
LOOKS_EVERY_SECONDS: Final = 2.0


class JournalScreen(Flow[Done | None]):
    """The newest entries; amounts are left out, for the drawer is counted blind."""

    TITLE_SENTENCE = noted("Journal")
    WIDE = True
    HELP = noted(
        "Every operation writes an entry, in one chain that is signed: nothing can be changed or taken out afterwards "
        "without it showing. Number, time, kind, who, a few facts, and the beginning of the entry's hash. The head on "
        "every receipt covers all entries before it; `mingjia journal verify` checks them as a stranger would."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f10", "back", show=False)]
    DEFAULT_CSS = """
    JournalScreen #entries { height: 1fr; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._newest = -1

    def body(self) -> Iterable[Widget]:
        """Lay out the entries."""
        return (PickList(id="entries"),)

    def on_mount(self) -> None:
        """Look, and look again every two seconds."""
        super().on_mount()
        self.set_focus(self.query_one(PickList))
        self.set_interval(LOOKS_EVERY_SECONDS, self._look)
        self._look()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("↑↓", self.desk.say("read on")), self.hint_back())

    def _look(self) -> None:
        tail = JournalTail(till=self.desk.counter.till)
        self.ask(lambda: tail.newest(limit=_LAST), then=self._learned, question="tail")

    def _learned(self, lines: Sequence[JournalLine]) -> None:
        if lines and lines[0].seq != self._newest:
            self._newest = lines[0].seq
            self.query_one(PickList).show([self._row(line) for line in lines])

    def _row(self, line: JournalLine) -> Row:
        at = clock_time(self.desk.local(line.at), today=self.desk.local(self.desk.now()))
        words = self.desk.words
        actor = left(actor_words(line.actor, words), _ACTOR_CELLS)
        text = f"{line.seq:>7}  {at:>11}  {actor} {entry_words(line, words)}"
        return Row(text, line.leaf[:_LEAF_DIGITS])
