"""What is wrong with a printer, and what to do, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hardware.printers.printer import Cause
from pos.languages import noted

CAUSE_SENTENCES: Final[Mapping[Cause, str]] = {
    Cause.PAPER_OUT: noted("The printer is out of paper. What waits prints by itself once it is filled."),
    Cause.COVER_OPEN: noted("The printer's cover is open. Close it."),
    Cause.CUTTER: noted("The printer's cutter is stuck. Switch it off, clear the paper, switch it on."),
    Cause.HOT_HEAD: noted("The print head is too hot. It goes on by itself when it has cooled down."),
    Cause.UNRECOVERABLE: noted("The printer reports a fault it cannot mend. Switch it off and on."),
    Cause.OFFLINE: noted("The printer is offline. Press its feed or online key."),
    Cause.UNREACHABLE: noted("The printer cannot be reached. Check power, network cable and address."),
    Cause.PORT_UNAVAILABLE: noted("The printer's port cannot be opened. Check the cable and the name of the port."),
    Cause.CLOSED: noted("The connection to the printer broke. Check the cable."),
    Cause.TIMEOUT: noted("The printer did not answer in time. Look whether it prints."),
    Cause.NO_ANSWER: noted("The printer tells nothing. Look whether it prints."),
}
