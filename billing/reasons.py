"""Why something was done, as codes: nobody types free text into the books (I-7)."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from billing.errors import UnknownReasonError


class OutageReason(StrEnum):
    """Why the venue paused all seats."""

    POWER = "power"
    NETWORK = "network"
    EQUIPMENT = "equipment"
    INSPECTION = "inspection"
    EMERGENCY = "emergency"


class SeatReason(StrEnum):
    """Why a seat is out of use."""

    FAULTY = "faulty"
    CLEANING = "cleaning"
    INSPECTION = "inspection"
    WORKS = "works"


class CancelReason(StrEnum):
    """Why an ordered piece is taken back."""

    CUSTOMER = "customer"
    OUT_OF_STOCK = "out-of-stock"
    FAULTY = "faulty"
    KEYED_WRONG = "keyed-wrong"


class ReductionReason(StrEnum):
    """Why something is taken off a bill."""

    GOODWILL = "goodwill"
    SERVICE_FAULT = "service-fault"
    FAULTY = "faulty"
    KEYED_WRONG = "keyed-wrong"


class RefundReason(StrEnum):
    """Why something that was paid goes back."""

    RETURNED = "returned"
    FAULTY = "faulty"
    NOT_DELIVERED = "not-delivered"
    SERVICE_FAULT = "service-fault"
    LEFT_EARLY = "left-early"
    KEYED_WRONG = "keyed-wrong"


class WriteOffReason(StrEnum):
    """Why goods are gone without a sale."""

    DAMAGED = "damaged"
    EXPIRED = "expired"
    OWN_USE = "own-use"
    LOST = "lost"


class DifferenceReason(StrEnum):
    """Why the drawer does not hold what it should."""

    CHANGE_ERROR = "change-error"
    FLOAT_ERROR = "float-error"
    COUNTERFEIT = "counterfeit"
    CASH_TAKEN_OUT = "cash-taken-out"
    UNKNOWN = "unknown"


_Reason = TypeVar("_Reason", bound=StrEnum)


def reason_of(known: type[_Reason], code: str) -> _Reason:
    """Return the reason with a code. Raises UnknownReasonError."""
    try:
        return known(code)
    except ValueError as error:
        raise UnknownReasonError(reason=code, known=tuple(known)) from error
