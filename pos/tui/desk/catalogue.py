"""What the desk can do: every action, in the order of the footer. A screen is imported when it is opened."""

from __future__ import annotations

from typing import Final

from pos.languages import noted
from pos.tui.desk.actions import Action, FlowScreen, Moment


def _open_seat(moment: Moment) -> FlowScreen:
    from pos.tui.desk.open_seat_screen import OpenSeatScreen

    assert moment.admission is not None
    assert moment.seat is not None
    return OpenSeatScreen(moment.desk, admission=moment.admission, seat=moment.seat.seat)


ACTIONS: Final = (
    Action(
        name="open-seat",
        key="enter",
        shown="⏎",
        title=noted("Open the seat for the customer"),
        short=noted("open"),
        is_possible=lambda moment: moment.is_free and moment.admission is not None,
        open=_open_seat,
    ),
)
