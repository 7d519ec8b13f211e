"""The devices (F6): how each one is, what it last complained of, what to do, and a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.widget import Widget

from hardware.printers.printer import Cause, Outcome, PrintResult, ReceiptPrinter
from hardware.printers.profile import PrinterProfile
from hardware.printers.trial_page import trial_page
from hardware.targets import Target
from pos.counter.print_jobs import PrintJob
from pos.languages import noted
from pos.tui.desk.device_words import CAUSE_SENTENCES
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.prose import lines_of
from pos.tui.widgets.rows import Row, Sheet, Tone
from staff.roles import Operation

STATE_WORDS: Final[Mapping[DeviceState, str]] = {
    DeviceState.ABSENT: noted("○ none is set up"),
    DeviceState.WAITING: noted("… not heard from yet"),
    DeviceState.READY: noted("● ready"),
    DeviceState.TROUBLED: noted("✕ wants a hand"),
}
_TRIAL_SENTENCES: Final[Mapping[Outcome, str]] = {
    Outcome.CONFIRMED: noted("The test page is printed."),
    Outcome.SENT: noted("The test page was sent; this printer never confirms. Look at the paper."),
    Outcome.UNCERTAIN: noted("The test page may or may not be on paper. Look at the printer."),
    Outcome.NOT_STARTED: noted("The test page was not printed."),
    Outcome.FAILED: noted("The test page was not printed."),
}
LOOKS_EVERY_SECONDS: Final = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    reader: DeviceState
    reader_said: str
    printer: DeviceState
    cause: Cause | None
    waiting: int


class DevicesScreen(Flow[Done | None]):
    """Shows the devices as they are; nothing here can stop the desk."""

    TITLE_SENTENCE = noted("Devices")
    HELP = noted(
        "T prints a test page. R tries the printer again at once, after somebody saw to it. The card reader is looked "
        "for by itself every few seconds; lay a card down to test it. Which devices there are stands in venue.toml."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,T", "test", show=False),
        Binding("r,R", "retry", show=False),
    ]

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._waiting: tuple[PrintJob, ...] = ()
        self._seen: _Seen | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the devices."""
        return (Sheet(id="devices"),)

    def on_mount(self) -> None:
        """Look, and look again each second."""
        super().on_mount()
        self.set_interval(LOOKS_EVERY_SECONDS, self._look)
        self._look()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if self.desk.printer.state is DeviceState.ABSENT:
            return (self.hint_back(),)
        return (KeyHint("T", say("test page")), KeyHint("R", say("try again now")), self.hint_back())

    def _look(self) -> None:
        self.ask(lambda: tuple(self.desk.counter.slips.open()), then=self._looked, question="slips")

    def _looked(self, waiting: tuple[PrintJob, ...]) -> None:
        reader, printer = self.desk.reader, self.desk.printer
        trouble = reader.trouble
        seen = _Seen(
            reader=reader.state,
            reader_said="" if trouble is None else self.desk.sentence(trouble),
            printer=printer.state,
            cause=printer.cause,
            waiting=len(waiting),
        )
        if seen != self._seen:
            self._seen = seen
            self._draw()

    def on_resize(self) -> None:
        """Fit the sentences into the new width, once it is known."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self._seen is not None:
            self.query_one("#devices", Sheet).show(list(self._rows(self._seen)))

    def _rows(self, seen: _Seen) -> Iterator[Row]:
        say, words, devices = self.desk.say, self.desk.words, self.desk.venue.devices
        yield self._head(say("Card reader"), seen.reader)
        if devices.id_reader:
            yield Row(f"  {devices.id_reader}", tone=Tone.QUIET)
        else:
            yield self._how_to_set_up()
        if seen.reader_said:
            yield from self._trouble(seen.reader_said)
        yield Row("")
        yield self._head(say("Printer"), seen.printer)
        if devices.printer:
            yield Row(f"  {devices.printer} · {devices.printer_width} mm", tone=Tone.QUIET)
        else:
            yield self._how_to_set_up()
        if seen.cause is not None:
            yield from self._trouble(words(CAUSE_SENTENCES[seen.cause]))
        waiting = say("Slips that wait, or are uncertain")
        yield Row(f"  {waiting}", str(seen.waiting))

    def _how_to_set_up(self) -> Row:
        named = self.desk.say("The owner names it in venue.toml, under [devices].")
        return Row(f"  {named}", tone=Tone.QUIET)

    def _trouble(self, sentence: str) -> Iterator[Row]:
        # Over as many rows as it takes: what is to be done stands at its end.
        width = max(self.query_one("#devices", Sheet).size.width - 2, 1)
        for part in lines_of(sentence, width):
            yield Row(f"  {part.rstrip()}", tone=Tone.LOUD)

    def _head(self, name: str, state: DeviceState) -> Row:
        return Row(name, self.desk.words(STATE_WORDS[state]), Tone.HEAD)

    def action_test(self) -> None:
        """Print a test page."""
        devices = self.desk.venue.devices
        target, width = devices.printer, devices.printer_width
        if target is None:
            self.warn(self.desk.say("No printer is set up. Name one in venue.toml."))
            return
        till = self.desk.counter.till

        def print_page() -> PrintResult:
            till.require(Operation.DEVICE_TEST)
            page = trial_page(PrinterProfile.for_paper(width))
            return ReceiptPrinter(Target.parse(target)).print(page)

        self.query_one(Notice).wait(self.desk.say("The test page is on its way …"))
        self.ask(print_page, then=self._tested, question="test")

    def _tested(self, result: PrintResult) -> None:
        sentence = self.desk.words(_TRIAL_SENTENCES[result.outcome])
        if result.outcome in {Outcome.CONFIRMED, Outcome.SENT}:
            self.tell(sentence)
        else:
            cause = "" if result.cause is None else " " + self.desk.words(CAUSE_SENTENCES[result.cause])
            self.warn(sentence + cause)

    def action_retry(self) -> None:
        """Try the printer again at once."""
        if self.desk.printer.state is not DeviceState.ABSENT:
            self.desk.printer.retry()
            self.tell(self.desk.say("Trying again."))
