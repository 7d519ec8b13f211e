"""What the main screen shows, made from what the desk knows: the top line, the seat in view, the keys of this moment.

Values in, values out; the screen puts them into its widgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from pos.counter.floor import SeatNow
from pos.languages import noted
from pos.tui.desk.actions import Action, Moment, possible
from pos.tui.desk.device_words import CAUSE_SENTENCES
from pos.tui.desk.floor_watch import View
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.header import HeaderState
from pos.tui.desk.seat_lines import PanelLine, SeatLines, Tone
from pos.tui.desk.services import DeskServices
from pos.tui.desk.times import clock_time, duration

_MINUTE: Final = timedelta(minutes=1)


def header_state(desk: DeskServices, view: View) -> HeaderState:
    """Return the top line of a desk at which somebody is."""
    pulse, floor, now = view.pulse, view.floor, desk.now()
    anchored_at = None if pulse is None else pulse.anchored_at
    return HeaderState(
        venue=desk.venue.settings.name,
        shift=None if floor is None or floor.shift is None else floor.shift.number,
        clerk="" if desk.clerk is None else desk.clerk.name,
        reader=desk.reader.state,
        printer=desk.printer.state,
        anchor_minutes=None if anchored_at is None else max(now - anchored_at, timedelta()) // _MINUTE,
        unsent=0 if pulse is None else pulse.unsent,
        at=desk.local(now),
    )


def standing_trouble(desk: DeskServices, view: View, *, ahead: timedelta) -> str:
    """Say what is wrong with the clock or the printer as long as it is; the reader's stands in the customer's panel.

    `ahead` is by how much the clock jumped ahead under running visits.
    """
    last = None if view.floor is None else view.floor.opened_last
    if last is not None and last[1] - desk.now() > _MINUTE:  # Less is what two desks' clocks may differ by.
        seat, opened_at = last
        behind = noted("The clock is behind: {seat} was opened at {time}. Set it right; bills count by it.")
        time = clock_time(desk.local(opened_at), today=desk.local(desk.now()))
        return desk.say(behind, seat=seat.label, time=time)
    if ahead:
        jumped = noted(
            "The clock jumped {time} ahead while customers sat. Set it right, or take it off their bills (R)."
        )
        return desk.say(jumped, time=duration(ahead))
    cause = desk.printer.cause
    return "" if cause is None else desk.words(CAUSE_SENTENCES[cause])


def panel_lines(desk: DeskServices, view: View, one: SeatNow | None, *, width: int) -> Iterable[PanelLine]:
    """Return the lines of the seat in view; of a visit whose bill is not known yet only what the floor tells."""
    floor = view.floor
    if floor is None:
        return ()
    if one is None:
        sentences = (noted("No seat fits."), noted("Esc shows them all."))
        return tuple(PanelLine(desk.words(sentence), Tone.QUIET) for sentence in sentences)
    timezone = desk.venue.settings.days.timezone
    lines = SeatLines(words=desk.words, timezone=timezone, width=width, now=desk.now())
    if one.visit is None:
        return lines.of_free(one, floor)
    bill, who = view.bill, desk.masks.get(one.visit.visit_id, "")
    if bill is not None and bill.visit.visit_id == one.visit.visit_id:
        return lines.of_visit(one, one.visit, bill, who)
    return lines.of_unbilled(one, one.visit, floor)


def key_hints(actions: Sequence[Action], moment: Moment) -> list[KeyHint]:
    """Return the keys of a moment; help and the list of everything stay where others have no room."""
    say = moment.desk.say
    return [
        KeyHint(say(noted("digits")), say(noted("seat"))),
        *(KeyHint(action.shown, say(action.short)) for action in possible(actions, moment)),
        KeyHint("F8", say(noted("lock"))),
        KeyHint("F1", say(noted("help")), stays=True),
        KeyHint("^P", say(noted("all")), stays=True),
    ]
