"""Check a document and register it: the verdict, the sealed record, the entry. No visit begins without one (I-5).

条例 23: check and register everybody's document; 条例 21: admit no minor. A refusal leaves a reason and nothing
else behind (REQ-363-21b).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from members import repository
from members.documents import (
    LONG_TERM,
    AdultFrom,
    Document,
    NumberWarning,
    Verdict,
    examine,
    normal_number,
    number_class,
)
from members.errors import ApprovalMissingError
from privacy.blind_index import IndexKey, registration_token
from privacy.recipients import Recipients
from privacy.sealing import Field, Sealer
from records import turns
from records.ids import new_id
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval
from staff.roles import Operation

LEAST_IDENTITY_DAYS: Final = 60
"""条例 23; the first day is not counted (民法典 201)."""

IDENTITY_DAYS: Final = 184
"""Six calendar months at their longest: the time that network logs are kept (网络安全法 23), identities with them."""

REGISTERED: Final = frozenset(Field) - {Field.SEX, Field.ETHNIC}
"""What is kept where the venue's local profile asks for no more (REQ-PI-1)."""


class Method(StrEnum):
    """How the document came in; the value stands in entries and rows."""

    MACHINE = "machine"  # 机读
    TYPED = "typed"  # 人工


class Refusal(StrEnum):
    """The reasons of `id.refused`; finer verdicts are folded into them, for the entry says as little as it can."""

    MINOR = "minor"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    NO_BIRTH_DATE = "no-birth-date"
    NUMBER_INVALID = "number-invalid"
    SAME_PERSON = "same-person"
    UNREADABLE = "unreadable"


_REFUSALS: Final = {
    Verdict.MINOR: Refusal.MINOR,
    Verdict.EXPIRED: Refusal.EXPIRED,
    Verdict.NOT_YET_VALID: Refusal.NOT_YET_VALID,
    Verdict.NO_BIRTH_DATE: Refusal.NO_BIRTH_DATE,
    Verdict.NUMBER_INVALID: Refusal.NUMBER_INVALID,
    Verdict.BIRTH_MISMATCH: Refusal.NUMBER_INVALID,
    Verdict.NAME_MISSING: Refusal.UNREADABLE,
    Verdict.VALIDITY_UNKNOWN: Refusal.UNREADABLE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Registrar:
    """What the counter registers with. `fields` are those that are kept; `identity_days` is at least 60."""

    sealer: Sealer
    recipients: Recipients
    index: IndexKey
    adult_from: AdultFrom = AdultFrom.DAY_AFTER_BIRTHDAY
    identity_days: int = IDENTITY_DAYS
    fields: frozenset[Field] = field(default=REGISTERED)

    def __post_init__(self) -> None:
        if self.identity_days < LEAST_IDENTITY_DAYS:
            raise ValueError("identities are kept for at least 60 days")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdCheck:
    """A document check that admits. `person_id` is found again with every later check of the same number."""

    check_id: str
    person_id: str
    warnings: tuple[NumberWarning, ...] = ()
    verdict: Verdict = Verdict.ADULT


@dataclass(frozen=True, kw_only=True, slots=True)
class IdRefusal:
    """A document check that does not. Its entry waits in the unit of work: commit it, then tell the customer."""

    verdict: Verdict
    reason: Refusal


def register(
    work: UnitOfWork, registrar: Registrar, document: Document, *, method: Method, approval: Approval | None = None
) -> IdCheck | IdRefusal:
    """Judge a document on the venue's local date and write `id.checked` with its registration, or `id.refused`.

    A typed document needs the approval of a second person, made for this actor (REQ-ID-3): ApprovalMissingError,
    `staff.errors.ApprovalRefusedError`. NoRecipientError where the clock lies before the owner's first key.
    """
    approved = _approved(work, method, approval)
    today = work.reading.at.astimezone(work.records.days.timezone).date()
    examination = examine(document, on=today, adult_from=registrar.adult_from)
    if not examination.is_adult:
        return _refused(work, examination.verdict, method)
    check_id = new_id()
    sealing = registrar.sealer.seal(
        _values(document, registrar.fields),
        record_id=check_id,
        token=_token(registrar, document, document.number.reveal()),
        recipient=registrar.recipients.on(today),
        sealed_ms=work.reading.wall_ms,
        actor=work.actor,
    )
    body = {"check": check_id, "kind": document.kind.value, "method": method.value, "verdict": "adult", **approved}
    entry = work.entry("id.checked", body, commitments=sealing.commitments)
    # Two desks that check the same unknown person at once must not make two of him (I-6).
    turns.take(work.connection, _tokens(registrar, document))
    person_id = person_of(work, registrar, document) or new_id()
    repository.insert_check(work, check_id, kind=document.kind.value, method=method.value, entry=entry)
    repository.insert_registration(
        work,
        sealing.registration,
        person_id=person_id,
        # REQ-363-23c: a record of day D may go from 00:00 of D + 61 on, at the earliest.
        erasable_from=today + timedelta(days=registrar.identity_days + 1),
        entry=entry,
    )
    return IdCheck(check_id=check_id, person_id=person_id, warnings=examination.warnings)


def refuse(work: UnitOfWork, reason: Refusal, *, method: Method) -> None:
    """Write `id.refused` for what no document shows: the same person seated already, a card that cannot be read."""
    work.entry("id.refused", {"reason": reason.value, "method": method.value})


def person_of(work: UnitOfWork, registrar: Registrar, document: Document) -> str | None:
    """Find the person of a document among the registrations that are still kept, or None.

    A foreigner's card of 2023 also finds the holder of the card of 2017 that it replaced.
    """
    return repository.person_of(work.connection, _tokens(registrar, document))


def _tokens(registrar: Registrar, document: Document) -> list[bytes]:
    numbers = [document.number.reveal(), document.former_number.reveal()]
    return [_token(registrar, document, number) for number in numbers if number]


def _refused(work: UnitOfWork, verdict: Verdict, method: Method) -> IdRefusal:
    reason = _REFUSALS[verdict]
    refuse(work, reason, method=method)
    return IdRefusal(verdict=verdict, reason=reason)


def _approved(work: UnitOfWork, method: Method, approval: Approval | None) -> dict[str, object]:
    if method is Method.MACHINE:
        return {}
    if approval is None:
        raise ApprovalMissingError
    approval.check(Operation.DOCUMENT_TYPE, requester=work.actor)
    return {"reason": approval.reason.value, "approval": approval.body()}


def _token(registrar: Registrar, document: Document, number: str) -> bytes:
    return registration_token(
        registrar.index,
        site=registrar.sealer.site,
        series=number_class(document.kind),
        number=normal_number(number),
    )


def _values(document: Document, fields: frozenset[Field]) -> Mapping[Field, str]:
    values = {
        Field.NAME: document.name.reveal(),
        Field.NUMBER: normal_number(document.number.reveal()),
        Field.BIRTH: _iso(None if document.birth is None else document.birth.reveal()),
        Field.VALID_TO: LONG_TERM if document.long_term else _iso(document.valid_to),
        Field.NATIONALITY: document.nationality,
        Field.ADDRESS: document.address.reveal(),
        Field.ISSUER: document.issuer,
        Field.SEX: document.sex,
        Field.ETHNIC: document.ethnic,
    }
    return {name: value for name, value in values.items() if name in fields}


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
