"""What the desk can do: every action, in the order of the footer. A screen is imported when it is opened."""

from __future__ import annotations

from typing import Final

from pos.languages import noted
from pos.tui.desk.actions import Action, AnyFlow, Moment


def _open_seat(moment: Moment) -> AnyFlow:
    from pos.tui.desk.open_seat_screen import OpenSeatScreen

    assert moment.admission is not None
    assert moment.seat is not None
    return OpenSeatScreen(moment.desk, admission=moment.admission, seat=moment.seat.seat)


def _settle(moment: Moment) -> AnyFlow:
    from pos.tui.desk.settlement_screen import SettlementScreen

    return SettlementScreen(moment.desk, [moment.visit_id])


def _move(moment: Moment) -> AnyFlow:
    from pos.tui.desk.move_screen import MoveScreen

    return MoveScreen(moment.desk, moment.visit_id)


def _pause(moment: Moment) -> AnyFlow:
    from pos.tui.desk.pause_screen import PauseScreen

    return PauseScreen(moment.desk, moment.visit_id)


def _package(moment: Moment) -> AnyFlow:
    from pos.tui.desk.package_screen import PackageScreen

    return PackageScreen(moment.desk, moment.visit_id)


def _deposit(moment: Moment) -> AnyFlow:
    from pos.tui.desk.deposit_screen import DepositScreen

    return DepositScreen(moment.desk, moment.visit_id)


def _sale_for_seat(moment: Moment) -> AnyFlow:
    from pos.tui.desk.sale_screen import SaleScreen

    assert moment.seat is not None
    return SaleScreen(moment.desk, visit_id=moment.visit_id, seat=moment.seat.seat.label)


def _sale(moment: Moment) -> AnyFlow:
    from pos.tui.desk.sale_screen import SaleScreen

    return SaleScreen(moment.desk)


def _typed_document(moment: Moment) -> AnyFlow:
    from pos.tui.desk.typed_document_screen import TypedDocumentScreen

    return TypedDocumentScreen(moment.desk)


def _shift(moment: Moment) -> AnyFlow:
    from pos.tui.desk.shift_screen import ShiftScreen

    return ShiftScreen(moment.desk)


def _unsettled(moment: Moment) -> AnyFlow:
    from pos.tui.desk.unsettled_screen import UnsettledScreen

    return UnsettledScreen(moment.desk)


def _slips(moment: Moment) -> AnyFlow:
    from pos.tui.desk.slips_screen import SlipsScreen

    return SlipsScreen(moment.desk)


def _devices(moment: Moment) -> AnyFlow:
    from pos.tui.desk.devices_screen import DevicesScreen

    return DevicesScreen(moment.desk)


def _journal(moment: Moment) -> AnyFlow:
    from pos.tui.desk.journal_screen import JournalScreen

    return JournalScreen(moment.desk)


def _outage(moment: Moment) -> AnyFlow:
    from pos.tui.desk.outage_screen import OutageScreen

    return OutageScreen(moment.desk, is_running=moment.has_outage)


def _seat_use(moment: Moment) -> AnyFlow:
    from pos.tui.desk.seat_use_screen import SeatUseScreen

    assert moment.seat is not None
    return SeatUseScreen(moment.desk, moment.seat)


def _refund(moment: Moment) -> AnyFlow:
    from pos.tui.desk.refund_screen import RefundScreen

    return RefundScreen(moment.desk)


def _stock(moment: Moment) -> AnyFlow:
    from pos.tui.desk.stock_screen import StockScreen

    return StockScreen(moment.desk)


def _always(moment: Moment) -> bool:
    del moment
    return True


_TAKEN_SEAT: Final = noted("Choose a seat with a running visit.")
OPEN_SHIFT: Final = noted("Open the shift first (F4).")

ACTIONS: Final = (
    Action(
        name="open-seat",
        key="enter",
        shown="⏎",
        title=noted("Open the seat for the customer"),
        short=noted("open"),
        is_possible=lambda moment: moment.is_free and moment.admission is not None,
        needs=noted("Lay the customer's card on the reader or type a document in (F3), and choose a free seat."),
        open=_open_seat,
    ),
    Action(
        name="settle",
        key="enter",
        shown="⏎",
        title=noted("Settle the visit: statement, payment, receipt"),
        short=noted("settle"),
        is_possible=lambda moment: moment.is_taken,
        needs=_TAKEN_SEAT,
        open=_settle,
    ),
    Action(
        name="move",
        key="m",
        shown="M",
        title=noted("Move the customer to another seat"),
        short=noted("move"),
        is_possible=lambda moment: moment.is_running,
        needs=_TAKEN_SEAT,
        open=_move,
    ),
    Action(
        name="pause",
        key="p",
        shown="P",
        title=noted("Pause the visit, or let it go on"),
        short=noted("pause"),
        is_possible=lambda moment: moment.is_running and not moment.has_outage,
        needs=noted("Choose a seat with a running visit; while all seats are paused (F7) no single one is."),
        open=_pause,
    ),
    Action(
        name="package",
        key="k",
        shown="K",
        title=noted("Sell a package"),
        short=noted("package"),
        is_possible=lambda moment: moment.is_running,
        needs=_TAKEN_SEAT,
        open=_package,
    ),
    Action(
        name="deposit",
        key="d",
        shown="D",
        title=noted("Take a further deposit"),
        short=noted("deposit"),
        is_possible=lambda moment: moment.is_running,
        needs=_TAKEN_SEAT,
        open=_deposit,
    ),
    Action(
        name="sale-for-seat",
        key="s",
        shown="S",
        title=noted("Sell goods to this seat"),
        short=noted("goods"),
        is_possible=lambda moment: moment.is_running,
        needs=_TAKEN_SEAT,
        open=_sale_for_seat,
    ),
    Action(
        name="close-seat",
        key="x",
        shown="X",
        title=noted("Take the seat out of use"),
        short=noted("out of use"),
        is_possible=lambda moment: moment.is_free,
        needs=noted("Choose a free seat."),
        open=_seat_use,
    ),
    Action(
        name="reopen-seat",
        key="x",
        shown="X",
        title=noted("Put the seat in use again"),
        short=noted("in use again"),
        is_possible=lambda moment: moment.is_out_of_use,
        needs=noted("Choose a seat that is out of use."),
        open=_seat_use,
    ),
    Action(
        name="sale",
        key="f2",
        shown="F2",
        title=noted("Sell over the counter"),
        short=noted("sale"),
        is_possible=lambda moment: moment.has_shift,
        needs=OPEN_SHIFT,
        open=_sale,
    ),
    Action(
        name="typed-document",
        key="f3",
        shown="F3",
        title=noted("Type a document in, with a second person"),
        short=noted("document"),
        is_possible=lambda moment: moment.has_shift,
        needs=OPEN_SHIFT,
        open=_typed_document,
    ),
    Action(
        name="shift",
        key="f4",
        shown="F4",
        title=noted("The shift: open, count, cash in and out, hand over"),
        short=noted("shift"),
        is_possible=_always,
        open=_shift,
    ),
    Action(
        name="unsettled",
        key="f5",
        shown="F5",
        title=noted("All visits that are not settled; several seats for one payer"),
        short=noted("unpaid"),
        is_possible=_always,
        open=_unsettled,
    ),
    Action(
        name="devices",
        key="f6",
        shown="F6",
        title=noted("Devices: how they are, and a test"),
        short=noted("devices"),
        is_possible=_always,
        open=_devices,
    ),
    Action(
        name="slips",
        key="f11",
        shown="F11",
        title=noted("Slips: what was printed, copies, troubles"),
        short=noted("slips"),
        is_possible=_always,
        open=_slips,
    ),
    Action(
        name="refund",
        key="ctrl+r",
        shown="^R",
        title=noted("Give money back for a receipt"),
        short=noted("refund"),
        is_possible=lambda moment: moment.has_shift,
        needs=OPEN_SHIFT,
        open=_refund,
    ),
    Action(
        name="stock",
        key="ctrl+t",
        shown="^T",
        title=noted("Stock: goods that came in, were counted, are gone"),
        short=noted("stock"),
        is_possible=_always,
        open=_stock,
    ),
    Action(
        name="outage",
        key="f7",
        shown="F7",
        title=noted("Power or network failed: pause all seats, or let them go on"),
        short=noted("outage"),
        is_possible=_always,
        open=_outage,
    ),
    Action(
        name="journal",
        key="f10",
        shown="F10",
        title=noted("The journal's newest entries"),
        short=noted("journal"),
        is_possible=_always,
        open=_journal,
    ),
)
