"""What the desk says where the general sentence names a command: here the next step is a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pos.languages import noted as _

AT_THE_DESK: Final[Mapping[str, str]] = {
    "approval-needed": _("This needs a second person's approval. Have somebody with the right to it do it."),
    "approval-refused/same-person": _(
        "Nobody approves what they do themselves. Have another person type name and PIN."
    ),
    "approval-refused/role": _("This person's role may not approve it. Ask a manager or the owner."),
    "not-allowed": _("Your role may not do this. Ask somebody whose role may."),
    "no-price-list": _("No price list counts at {at}. Ask the owner to publish one."),
    # The watch over the floor says these too, and has one line of 98 cells for them.
    "store-lost": _("The database server does not answer; nothing was written. See that it runs; then do it again."),
    "store-denied": _("The database server refuses the role {role}. Have the owner check its password for this desk."),
    "database-password/file": _("The file of the database's password cannot be read. Have the owner look after it."),
    "database-password/file-open": _("Others may read the file of the database's password. Have the owner close it."),
    "database-password/no-store": _("The system's key store is away. Log in to the desktop again, or ask the owner."),
    "database-password/not-stored": _("The key store holds no password for the database. Ask the owner for it."),
    "database-password/store": _("The system's key store is locked. Unlock it, or log in to the desktop again."),
    "outcome-unknown": _(
        "The database server went away: nobody can say yet whether this was written. Once it answers, look at the "
        "visit or the slip; the same once more does nothing twice."
    ),
    "reference-used": _(
        "The number {reference} was taken already: {at}, receipt {receipt}. Enter books it all the same, Esc goes back."
    ),
    "no-shift": _("No shift is open. Open it with F4."),
    "unknown-visit": _("Nobody's visit is on {visit}. Look at the map for the seat."),
    "unknown-item": _("{item} is not on sale any more: the price list has changed. Search for it again."),
    "statement-needed": _("The customer has not seen an itemised statement yet. Go back with Esc; it is shown anew."),
    "statement-stale": _("The statement of {shown_at} no longer stands. Go back with Esc; it is shown anew."),
    "seat-unknown": _("There is no seat {seat} in this venue. Look at the map for its label."),
    "staff-unknown": _("Nobody of that name has an account. Check how it is written."),
}
"""By code, like `pos.sentences`; in braces the error's facts."""
