"""What the desk says where the general sentence names a command: here the next step is a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pos.languages import noted as _

AT_THE_DESK: Final[Mapping[str, str]] = {
    "approval-needed": _("This needs a second person's approval. Have somebody with the right to it do it."),
    "no-price-list": _("No price list counts at {at}. Ask the owner to publish one."),
    "no-shift": _("No shift is open. Open it with F4."),
    "unknown-visit": _("Nobody's visit is on {visit}. Look at the map for the seat."),
    "unknown-item": _("{item} is not on sale any more: the price list has changed. Search for it again."),
    "statement-needed": _("The customer has not seen an itemised statement yet. Go back with Esc; it is shown anew."),
    "statement-stale": _("The statement of {shown_at} no longer stands. Go back with Esc; it is shown anew."),
    "seat-unknown": _("There is no seat {seat} in this venue. Look at the map for its label."),
    "staff-unknown": _("Nobody of that name has an account. Check how it is written."),
}
"""By code, like `pos.sentences`; in braces the error's facts."""
