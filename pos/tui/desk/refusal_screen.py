"""A refusal: one sentence across the screen, the rule it comes from, and what may be done. No key goes past it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.widget import Widget

from members.registration import Refusal
from pos.counter.errors import IdRefusedError
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.prose import Prose

_RULES: Final[Mapping[str, str]] = {
    Refusal.MINOR.value: noted(
        "Regulations on internet cafés (State Council Decree 363), article 21: no minor may be admitted. Nobody "
        "can approve it."
    ),
    Refusal.SAME_PERSON.value: noted("Article 23: one person, one document, one seat. Nobody is seated twice."),
}
_GENERAL: Final = noted(
    "Regulations on internet cafés (State Council Decree 363), article 23: the document of everybody is checked "
    "before a seat is opened."
)
_NEXT: Final[Mapping[str, str]] = {
    Refusal.MINOR.value: noted("Turn the person away kindly. The journal holds the refusal, and no name."),
    Refusal.SAME_PERSON.value: noted("Settle the running visit first, or ask whose card this is."),
    Refusal.UNREADABLE.value: noted("Try the card once more, or type the document in with a second person."),
}
_NEXT_GENERAL: Final = noted("Ask for another valid document of the same person.")


class RefusalScreen(Flow[None]):
    """Says why nobody is admitted on a document. Enter and Esc go back, and nothing else does anything."""

    TITLE_SENTENCE = noted("Not admitted")
    HELP = noted("Nothing can be done here but go back. The refusal is in the journal, without a name.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", show=False)]
    DEFAULT_CSS = """
    RefusalScreen #refusal { text-style: bold; color: $text-error; margin: 1 0; }
    RefusalScreen #rule { color: $foreground; margin-bottom: 1; }
    """

    def __init__(self, desk: DeskServices, error: IdRefusedError) -> None:
        super().__init__(desk)
        self._error = error

    def body(self) -> Iterable[Widget]:
        """Say it."""
        reason, words = self._error.reason, self.desk.words
        yield Prose(f"✕ {self.desk.sentence(self._error)}", id="refusal")
        yield Prose(words(_RULES.get(reason, _GENERAL)), id="rule")
        yield Prose(words(_NEXT.get(reason, _NEXT_GENERAL)))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("⏎ Esc", self.desk.say("back")),)
