"""Slips: the last ones, what became of each, copies, and a person's word about those that may not be on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from hardware.receipt import ReceiptDocument, preview
from pos.counter.print_jobs import PrintJob, PrintState, Resolution, SlipKind
from pos.languages import Words, noted
from pos.slip_layout import about
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import with_slip_state
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import clock_time
from pos.tui.widgets.rows import PickList, Row, Sheet, Tone
from records.ids import new_id

_COLUMNS: Final = 32
_LAST: Final = 60
LOOKS_EVERY_SECONDS: Final = 1.0

KIND_WORDS: Final[Mapping[SlipKind, str]] = {
    SlipKind.START: noted("start of the journal"),
    SlipKind.DEPOSIT: noted("deposit"),
    SlipKind.STATEMENT: noted("statement"),
    SlipKind.SETTLEMENT: noted("receipt"),
    SlipKind.SALE: noted("sale"),
    SlipKind.REFUND: noted("refund"),
    SlipKind.OVERCHARGE: noted("overcharge refunded"),
    SlipKind.SHIFT_READING: noted("X slip"),
    SlipKind.SHIFT_CLOSE: noted("Z slip"),
    SlipKind.CASH_MOVE: noted("cash in or out"),
}
STATE_WORDS: Final[Mapping[PrintState, str]] = {
    PrintState.QUEUED: noted("waits"),
    PrintState.SENDING: noted("printing"),
    PrintState.SENT: noted("sent"),
    PrintState.CONFIRMED: noted("printed"),
    PrintState.UNCERTAIN: noted("uncertain"),
    PrintState.FAILED: noted("failed"),
    PrintState.CANCELLED: noted("cancelled"),
}
_PAPERS_WORDS: Final[Mapping[str, str]] = {
    "机位": noted("seat {value}"),
    "班次": noted("shift {value}"),
    "柜台零售": noted("over the counter"),
}
"""By what stands on paper, which speaks the venue's language."""
_OPEN: Final = frozenset({PrintState.QUEUED, PrintState.UNCERTAIN, PrintState.FAILED})
_DOUBTED: Final = frozenset({PrintState.UNCERTAIN, PrintState.FAILED})


def said_about(document: ReceiptDocument, words: Words) -> str:
    """Say what a slip is about in the reader's language; what a later version prints is said as it stands there."""
    label, apart, number = about(document).partition("  ")
    name, _, value = label.partition(" ")
    said = words(_PAPERS_WORDS[name]).format(value=value) if name in _PAPERS_WORDS else label
    return f"{said}{apart}{number}"


class SlipsScreen(Flow[Done | None]):
    """The print journal at the desk."""

    TITLE_SENTENCE = noted("Slips")
    WIDE = True
    HELP = noted(
        "The newest slip stands first, beside it what it says. R prints another copy, marked with its number.\n\n"
        "An uncertain slip may or may not be on paper: look at the printer. Y: it is there. N: it is not, print it "
        "again with its mark. X withdraws a slip that waits. Nothing is ever printed twice unasked."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,R", "reprint", show=False),
        Binding("y,Y", "resolve('on-paper')", show=False),
        Binding("n,N", "resolve('not-on-paper')", show=False),
        Binding("x,X", "resolve('cancelled')", show=False),
    ]
    DEFAULT_CSS = """
    SlipsScreen #sides { height: 1fr; }
    SlipsScreen #slips { width: 1fr; height: 100%; }
    SlipsScreen #paper { width: 36; height: 100%; padding: 0 1; border-left: solid $foreground 35%; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._jobs: tuple[PrintJob, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Lay out the list beside the paper."""
        yield Horizontal(PickList(id="slips"), Sheet(id="paper"), id="sides")

    def on_mount(self) -> None:
        """Look, and look again each second: slips come out meanwhile."""
        super().on_mount()
        self.set_focus(self.query_one(PickList))
        self.set_interval(LOOKS_EVERY_SECONDS, self._look)
        self._look()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of the chosen slip."""
        say, job = self.desk.say, self._chosen
        keys = [KeyHint("↑↓", say("choose"))]
        if job is not None:
            keys.append(KeyHint("R", say("another copy")))
        if job is not None and job.state in _DOUBTED:
            keys += [KeyHint("Y", say("it is on paper")), KeyHint("N", say("it is not: print"))]
        if job is not None and job.state in _OPEN:
            keys.append(KeyHint("X", say("withdraw")))
        return (*keys, self.hint_back())

    @property
    def _chosen(self) -> PrintJob | None:
        cursor = self.query_one(PickList).cursor
        return self._jobs[cursor] if cursor is not None and cursor < len(self._jobs) else None

    def _look(self) -> None:
        self.ask(lambda: self.desk.counter.slips.newest(limit=_LAST), then=self._learned, question="slips")

    def _learned(self, jobs: Sequence[PrintJob]) -> None:
        ordered = tuple(sorted(jobs, key=lambda job: job.state not in _DOUBTED))  # The doubted ones first.
        if ordered == self._jobs:
            return
        chosen, self._jobs = self._chosen, ordered
        slips = self.query_one(PickList)
        slips.show([self._row(job) for job in self._jobs])
        if chosen is not None:  # A newer slip moves it down; the cursor goes with it.
            places = {job.job_id: number for number, job in enumerate(self._jobs)}
            slips.point(places.get(chosen.job_id))
        self._draw_paper()

    def _row(self, job: PrintJob) -> Row:
        words, today = self.desk.words, self.desk.local(self.desk.now())
        at = clock_time(self.desk.local(job.queued_at), today=today)
        copy = f" ×{job.copy_no}" if job.copy_no > 1 else ""
        # Of another desk's slip the paper is to be looked for there.
        elsewhere = "" if job.desk in {None, self.desk.venue.records.till} else f"  {job.desk}"
        subject = "" if job.kind is SlipKind.START else f"  {said_about(job.document, words)}"
        text = f"{at}  {words(KIND_WORDS[job.kind])}{copy}{subject}  {job.operator}{elsewhere}"
        return Row(text, words(STATE_WORDS[job.state]), Tone.LOUD if job.state in _DOUBTED else Tone.PLAIN)

    def _draw_paper(self) -> None:
        job = self._chosen
        lines = [] if job is None else preview(job.document, _COLUMNS)
        self.query_one("#paper", Sheet).show([Row(line) for line in lines])
        self.show_hints()

    @on(PickList.Moved)
    def _moved(self, moved: PickList.Moved) -> None:
        moved.stop()
        self._draw_paper()

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()

    def action_reprint(self) -> None:
        """Print another copy of the chosen slip."""
        job, slips, request = self._chosen, self.desk.counter.slips, new_id()
        if job is not None:
            self.ask(lambda: slips.reprint(job.job_id, request=request), then=self._reprinted)

    def _reprinted(self, copy: PrintJob) -> None:
        copied = self.desk.say("Copy {number} is made.", number=copy.copy_no)
        self.tell(with_slip_state(copied, self.desk))
        self._look()

    def action_resolve(self, resolution: str) -> None:
        """Say what became of the chosen slip."""
        job, slips, said = self._chosen, self.desk.counter.slips, Resolution(resolution)
        if job is None or job.state not in (_OPEN if said is Resolution.CANCELLED else _DOUBTED):
            return
        self.ask(lambda: slips.resolve(job.job_id, said), then=self._resolved)

    def _resolved(self, job: PrintJob) -> None:
        state = self.desk.words(STATE_WORDS[job.state])
        self.tell(self.desk.say("The slip is noted as: {state}.", state=state))
        self._look()
