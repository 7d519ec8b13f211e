"""What is said of a receipt the moment its money is booked: nobody waits for paper, but everybody may ask."""

from __future__ import annotations

from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.services import DeskServices


def with_paper_state(sentence: str, desk: DeskServices) -> str:
    """Add whether the receipt is printing or waits; without a printer nothing is to be said."""
    match desk.printer.state:
        case DeviceState.TROUBLED:
            said = desk.say("The receipt waits for the printer (F6).")
        case DeviceState.ABSENT:
            return sentence
        case _:
            said = desk.say("The receipt is printing.")
    return followed(sentence, said)


def with_slip_state(sentence: str, desk: DeskServices) -> str:
    """Add whether a slip that is no receipt is printing or waits."""
    return followed(sentence, slip_state(desk))


def slip_state(desk: DeskServices) -> str:
    """Say whether a slip is printing or waits, and for what."""
    match desk.printer.state:
        case DeviceState.TROUBLED:
            return desk.say("The slip waits for the printer (F6).")
        case DeviceState.ABSENT:
            return desk.say("No printer is set up. Name one in venue.toml.")
        case _:
            return desk.say("The slip is printing.")


def followed(sentence: str, by: str) -> str:
    """Join two sentences; a Chinese full stop brings its own room."""
    return sentence + by if sentence.endswith("。") else f"{sentence} {by}"
