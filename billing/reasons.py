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
