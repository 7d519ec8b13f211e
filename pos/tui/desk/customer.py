"""Whoever stands at the counter: what the panel says of a card that was read, masked as it is everywhere here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from textual.content import Content

from members.documents import DocumentKind
from pos.counter.check_in import Admission
from pos.languages import noted
from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.services import DeskServices
from pos.tui.widgets.prose import Prose

KIND_NAMES: Final = {
    DocumentKind.RESIDENT: noted("resident identity card"),
    DocumentKind.TEMPORARY_RESIDENT: noted("temporary identity card"),
    DocumentKind.HMT_PERMIT: noted("residence permit for Hong Kong, Macao, Taiwan"),
    DocumentKind.FOREIGNER_PR: noted("foreigner's permanent residence card"),
    DocumentKind.PASSPORT: noted("passport"),
    DocumentKind.HM_TRAVEL_PERMIT: noted("travel permit, Hong Kong and Macao"),
    DocumentKind.TW_TRAVEL_PERMIT: noted("travel permit, Taiwan"),
    DocumentKind.FOREIGNER_RESIDENCE: noted("foreigner's residence permit"),
    DocumentKind.MILITARY: noted("military identity card"),
    DocumentKind.ARMED_POLICE: noted("armed police identity card"),
}


class Stage(StrEnum):
    """How far the card at the counter has come."""

    NOBODY = "nobody"
    CHECKING = "checking"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """Who stands at the counter. `said` is the sentence of a refusal, or of a card that could not be read."""

    stage: Stage = Stage.NOBODY
    admission: Admission | None = field(default=None, repr=False)
    said: str = ""

    @property
    def mask(self) -> str:
        """The masked name, empty without an admission."""
        return "" if self.admission is None else self.admission.document.name.masked()


NOBODY: Final = Customer()


class CustomerPanel(Prose):
    """Two lines in a frame: who, and what can be done now."""

    DEFAULT_CSS = """
    CustomerPanel { height: 4; border: round $foreground 35%; border-title-color: $text-primary; padding: 0 1; }
    CustomerPanel.-admitted { border: round $success; }
    CustomerPanel.-refused { border: heavy $error; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__()
        self._desk = desk
        self._shown: tuple[Customer, DeviceState, bool] | None = None

    def show(self, customer: Customer, reader: DeviceState, *, has_shift: bool) -> None:
        """Show who stands there; without anybody, what must come first or what the reader waits for."""
        if (customer, reader, has_shift) == self._shown:
            return
        self._shown = (customer, reader, has_shift)
        self.set_class(customer.stage is Stage.ADMITTED, "-admitted")
        self.set_class(customer.stage is Stage.REFUSED, "-refused")
        self.border_title = self._desk.say(noted("Customer"))
        self.update(self._text(customer, reader, has_shift=has_shift), layout=False)

    def _text(self, customer: Customer, reader: DeviceState, *, has_shift: bool) -> Content:
        say = self._desk.say
        match customer.stage:
            case Stage.CHECKING:
                return Content(say(noted("The card is being checked …")))
            case Stage.REFUSED:
                return Content.styled(customer.said, "bold $text-error")
            case Stage.ADMITTED:
                return self._admitted(customer)
            case _:
                return Content.styled(say(_WAITING[reader] if has_shift else _NO_SHIFT), "$quiet")

    def _admitted(self, customer: Customer) -> Content:
        say, admission = self._desk.say, customer.admission
        assert admission is not None
        document = admission.document
        until = (
            say(noted("valid for good"))
            if document.long_term or document.valid_to is None
            else say(noted("valid until {day}"), day=document.valid_to.isoformat())
        )
        kind, adult = say(KIND_NAMES[document.kind]), say(noted("adult"))
        about = f"  {kind} · {adult} ✓ · {until}"
        seen = (
            say(noted("Was here before; not seated now. Choose a free seat, Enter."))
            if admission.was_here
            else say(noted("Here for the first time. Choose a free seat, Enter."))
        )
        return Content.assemble((customer.mask, "bold"), about, f"\n{seen}")


_NO_SHIFT: Final = noted("No shift is open here. F4 opens one: count the float first.")
_WAITING: Final[Mapping[DeviceState, str]] = {
    DeviceState.READY: noted("Lay the identity card on the reader, or type a document in: F3."),
    DeviceState.WAITING: noted("The card reader is being looked for …"),
    DeviceState.TROUBLED: noted(
        "The card reader does not answer. Check its cable; it is looked for by itself. Meanwhile F3 types documents in."
    ),
    DeviceState.ABSENT: noted("F3 types a document in, with a second person. No card reader is set up."),
}

NOBODY_YET: Final[Mapping[DeviceState, str]] = {
    DeviceState.READY: noted("Lay the customer's card on the reader first, or type a document in: F3."),
    DeviceState.WAITING: noted("Type the customer's document in first: F3. The card reader is still looked for."),
    DeviceState.TROUBLED: noted("Type the customer's document in first: F3. The card reader does not answer."),
    DeviceState.ABSENT: noted("Type the customer's document in first: F3. No card reader is set up."),
}
"""What to do before a free seat is opened."""
