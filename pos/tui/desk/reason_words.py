"""Reasons, purposes and outages in words: codes stand in the books, words on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billing.cash_moves import CashPurpose
from billing.reasons import (
    CancelReason,
    DifferenceReason,
    OutageReason,
    ReductionReason,
    RefundReason,
    SeatReason,
    WriteOffReason,
)
from billing.visit_bill import Reduction
from pos.languages import Words, noted
from staff.approvals import Reason

CANCEL_WORDS: Final[Mapping[CancelReason, str]] = {
    CancelReason.CUSTOMER: noted("the customer does not want it"),
    CancelReason.OUT_OF_STOCK: noted("out of stock"),
    CancelReason.FAULTY: noted("faulty goods"),
    CancelReason.KEYED_WRONG: noted("keyed by mistake"),
}
CANCEL_APPROVED_AS: Final[Mapping[CancelReason, Reason]] = {
    CancelReason.CUSTOMER: Reason.CUSTOMER_DECLINED,
    CancelReason.OUT_OF_STOCK: Reason.OUT_OF_STOCK,
    CancelReason.FAULTY: Reason.GOODS_FAULTY,
    CancelReason.KEYED_WRONG: Reason.WRONG_ENTRY,
}
DIFFERENCE_WORDS: Final[Mapping[DifferenceReason, str]] = {
    DifferenceReason.CHANGE_ERROR: noted("wrong change given"),
    DifferenceReason.FLOAT_ERROR: noted("the float was wrong"),
    DifferenceReason.COUNTERFEIT: noted("counterfeit money"),
    DifferenceReason.CASH_TAKEN_OUT: noted("cash was taken out"),
    DifferenceReason.UNKNOWN: noted("not known"),
}
OUTAGE_WORDS: Final[Mapping[OutageReason, str]] = {
    OutageReason.POWER: noted("power cut"),
    OutageReason.NETWORK: noted("network down"),
    OutageReason.EQUIPMENT: noted("equipment failure"),
    OutageReason.INSPECTION: noted("inspection"),
    OutageReason.EMERGENCY: noted("emergency"),
}
SEAT_WORDS: Final[Mapping[SeatReason, str]] = {
    SeatReason.FAULTY: noted("does not work"),
    SeatReason.CLEANING: noted("is being cleaned"),
    SeatReason.INSPECTION: noted("kept for an inspection"),
    SeatReason.WORKS: noted("works on the spot"),
}
PURPOSE_WORDS: Final[Mapping[CashPurpose, str]] = {
    CashPurpose.CHANGE_MONEY: noted("change money"),
    CashPurpose.BANKED: noted("banking, safe drop"),
    CashPurpose.PETTY_CASH: noted("petty cash"),
}
REFUND_WORDS: Final[Mapping[RefundReason, str]] = {
    RefundReason.RETURNED: noted("goods returned"),
    RefundReason.FAULTY: noted("faulty goods"),
    RefundReason.NOT_DELIVERED: noted("never handed over"),
    RefundReason.SERVICE_FAULT: noted("fault of the service"),
    RefundReason.LEFT_EARLY: noted("left early"),
    RefundReason.KEYED_WRONG: noted("keyed by mistake"),
}
WRITE_OFF_WORDS: Final[Mapping[WriteOffReason, str]] = {
    WriteOffReason.DAMAGED: noted("damaged"),
    WriteOffReason.EXPIRED: noted("expired"),
    WriteOffReason.OWN_USE: noted("used by the venue"),
    WriteOffReason.LOST: noted("lost"),
}
TYPING_WORDS: Final[Mapping[Reason, str]] = {
    Reason.CARD_UNREADABLE: noted("the card cannot be read"),
    Reason.READER_BROKEN: noted("the reader does not work"),
    Reason.NO_CHIP: noted("the document has no chip"),
}
REDUCTION_NAMES: Final = {
    ReductionReason.GOODWILL: noted("goodwill"),
    ReductionReason.SERVICE_FAULT: noted("fault of the service"),
    ReductionReason.FAULTY: noted("faulty goods"),
    ReductionReason.KEYED_WRONG: noted("keyed in wrongly"),
}


def reduction_name(reduction: Reduction, words: Words) -> str:
    """Say that something was taken off a bill, and why."""
    reason = words(REDUCTION_NAMES[ReductionReason(reduction.reason)])
    return words(noted("taken off: {reason}")).format(reason=reason)
