"""A document that no reader reads, typed in with a reason and a second person's PIN (REQ-ID-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from members.documents import DocumentKind
from members.errors import DocumentFileError
from members.typed_documents import LONGEST_TEXT, TypedDocument, parse
from pos.counter.check_in import Admission
from pos.counter.errors import IdRefusedError
from pos.languages import noted
from pos.tui.desk.customer import KIND_NAMES
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import TYPING_WORDS
from pos.tui.desk.refusal_screen import RefusalScreen
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.cycle import Cycle
from staff.approvals import Approval
from staff.roles import Operation

_KINDS: Final = tuple(DocumentKind)
_REASONS: Final = tuple(TYPING_WORDS)
_FIELDS: Final[Mapping[str, str]] = {
    "name": noted("Name"),
    "number": noted("Number"),
    "birth": noted("Date of birth"),
    "valid_to": noted("Valid until"),
    "nationality": noted("Nationality"),
}
_PLACEHOLDERS: Final[Mapping[str, str]] = {
    "birth": "1990-03-07",
    "valid_to": noted("2030-12-31 or long-term"),
    "nationality": "CHN",
}
_FLAWS: Final[Mapping[str, str]] = {
    "not-a-date": noted("{field} is no date. Write it like 2030-12-31 or 20301231."),
    "missing": noted("{field} is needed. Type it."),
    "too-long": noted("{field} is too long. Shorten it."),
    "not-text": noted("{field} holds something that is no text. Type it again."),
}


class TypedDocumentScreen(Flow[Admission | None]):
    """Answers with an admission on a typed document; refusals are shown and end it."""

    TITLE_SENTENCE = noted("Type a document in")
    HELP = noted(
        "Only where the card cannot be read, the reader does not work, or the document has no chip. Kind and reason "
        "are chosen with left and right, everything else is typed as it stands on the document. Dates are year, month "
        "and day: 2030-12-31, 2030.12.31, 20301231; a card without a last day is long-term (长期).\n\n"
        "Enter or Tab goes to the next field. At the end a second member of staff types name and PIN. What was typed "
        "is sealed like a card that was read, and nobody at the counter can open it again."
    )

    LOST_BY_LEAVING = noted("What was typed is not kept. Esc once more leaves.")

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._typed: TypedDocument | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the fields, in the order of a document."""
        say, words = self.desk.say, self.desk.words
        kinds = [words(KIND_NAMES[kind]) for kind in _KINDS]
        yield Horizontal(Label(say("Document")), Cycle(kinds, id="kind"), classes="field")
        for key, name in _FIELDS.items():
            example = words(_PLACEHOLDERS[key]) if key in _PLACEHOLDERS else ""
            field = Input(id=key, max_length=LONGEST_TEXT, placeholder=example)
            yield Horizontal(Label(words(name)), field, classes="field")
        reasons = [words(TYPING_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Why typed")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Begin with the kind."""
        super().on_mount()
        self.set_focus(self.query_one("#kind", Cycle))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (
            KeyHint("⏎ Tab", say("next")),
            KeyHint("◂ ▸", say("choose")),
            KeyHint("Esc", say("back, nothing is kept")),
        )

    def would_be_lost(self) -> bool:
        """Whether anything was typed."""
        return any(field.value for field in self.query(Input))

    async def on_key(self, event: events.Key) -> None:
        """Enter and the arrows go from field to field; from the last one on to the second person."""
        if event.key in {"up", "down"}:
            event.stop()
            (self.focus_previous if event.key == "up" else self.focus_next)()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            if self.query_one("#reason", Cycle).has_focus:
                self._complete()
            else:
                self.focus_next()

    def _complete(self) -> None:
        kind, reason = self.query_one("#kind", Cycle), self.query_one("#reason", Cycle)
        for field in (kind, reason):
            if field.number is None:
                self.lack(self.desk.say("Choose it with left and right."))
                self.set_focus(field)
                return
        assert kind.number is not None
        assert reason.number is not None
        table = {key: value for key in _FIELDS if (value := self.query_one(f"#{key}", Input).value.strip())}
        try:
            self._typed = parse({**table, "kind": _KINDS[kind.number].value, "reason": _REASONS[reason.number].value})
        except DocumentFileError as error:
            self._flawed(error)
            return
        self.hush()
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.DOCUMENT_TYPE,
            reason=_REASONS[reason.number],
            lead=self.desk.say("A second member of staff has seen the document and the person."),
        )
        self.app.push_screen(screen, self._approved)

    def _flawed(self, error: DocumentFileError) -> None:
        sentence = _FLAWS.get(error.problem)
        if sentence is None or error.field not in _FIELDS:
            self.refuse(error)
            return
        self.warn(self.desk.words(sentence).format(field=self.desk.words(_FIELDS[error.field])))
        self.set_focus(self.query_one(f"#{error.field}", Input))

    def _approved(self, approval: Approval | None) -> None:
        typed = self._typed
        if approval is not None and typed is not None:
            check_in = self.desk.counter.check_in
            self.ask(lambda: check_in.typed(typed, approval), then=self.dismiss, refused=self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, IdRefusedError):
            self.app.push_screen(RefusalScreen(self.desk, error), self._over)
        else:
            self.refuse(error)

    def _over(self, _: None) -> None:
        self.dismiss(None)
