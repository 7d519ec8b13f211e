"""Check in: a card's bytes or a typed document become an admission, or a refusal that leaves only its reason.

条例 23: everybody's document is checked; 条例 21: no minor is admitted. What the document says stays in memory until
the seat opens; then it is sealed in the same transaction. Who is turned away leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from billing import visits
from billing.visit_errors import PersonSeatedError
from hardware.id_readers.reader import DocumentRead
from members import card_text, registration
from members.documents import Document, examine
from members.errors import CardTextError, CardTypeUnknownError
from members.registration import IdCheck, IdRefusal, Method, Refusal, Registrar
from members.typed_documents import TypedDocument
from pos.counter.errors import IdRefusedError
from pos.counter.till import Till
from records.repeating import repeated
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """A document on which its holder may be seated now. It shows nothing of what it holds.

    `was_here` says whether a registration of this person is still kept: there are no member accounts.
    """

    document: Document = field(repr=False)
    method: Method
    approval: Approval | None = None
    was_here: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckIn:
    """The check of documents at one till."""

    till: Till
    registrar: Registrar

    def card(self, read: DocumentRead) -> Admission:
        """Judge what a reader read. Raises IdRefusedError; the refusal is in the journal then."""
        self.till.require(Operation.VISIT_OPEN)
        try:
            fields = card_text.parse(read.text_block, read.new_address)
        except (CardTextError, CardTypeUnknownError) as error:
            self._refuse(Refusal.UNREADABLE, Method.MACHINE)
            raise IdRefusedError(reason=Refusal.UNREADABLE.value) from error
        return self._judge(Admission(document=fields.document(), method=Method.MACHINE))

    def typed(self, typed: TypedDocument, approval: Approval) -> Admission:
        """Judge a document that was typed in, with a second person's approval (REQ-ID-3); as `card`."""
        self.till.require(Operation.VISIT_OPEN)
        self.till.require(Operation.DOCUMENT_TYPE, approval=approval)
        return self._judge(Admission(document=typed.document, method=Method.TYPED, approval=approval))

    def register(self, work: UnitOfWork, admission: Admission) -> IdCheck:
        """Seal and register an admitted person in a unit of work that goes on to open the seat.

        Raises IdRefusedError: the day may have turned since the admission, or the person been seated elsewhere.
        """
        check = registration.register(
            work, self.registrar, admission.document, method=admission.method, approval=admission.approval
        )
        if isinstance(check, IdRefusal):
            work.commit()
            raise IdRefusedError(reason=check.reason.value)
        return check

    def refuse_doubled(self, admission: Admission, error: PersonSeatedError) -> IdRefusedError:
        """Write down that a seated person tried to be seated again; the opening itself left no trace."""
        self._refuse(Refusal.SAME_PERSON, admission.method)
        refused = IdRefusedError(reason=Refusal.SAME_PERSON.value, seat=error.seat)
        refused.__cause__ = error
        return refused

    @repeated
    def _judge(self, admission: Admission) -> Admission:
        """Refuse now what `register` would refuse later, so that nobody chooses a seat in vain."""
        with self.till.begin() as work:
            today = work.reading.at.astimezone(work.records.days.timezone).date()
            if not examine(admission.document, on=today, adult_from=self.registrar.adult_from).is_adult:
                self.register(work, admission)
                raise AssertionError("registration refuses whom the examination refuses")
            person_id = registration.person_of(work, self.registrar, admission.document)
            running = None if person_id is None else visits.seated(work.connection, person_id)
            if running is not None:
                seat = visits.find(work.connection, running).seat
                registration.refuse(work, Refusal.SAME_PERSON, method=admission.method)
                work.commit()
        if running is not None:
            raise IdRefusedError(reason=Refusal.SAME_PERSON.value, seat=seat)
        return replace(admission, was_here=person_id is not None)

    @repeated
    def _refuse(self, reason: Refusal, method: Method) -> None:
        with self.till.begin() as work:
            registration.refuse(work, reason, method=method)
            work.commit()
