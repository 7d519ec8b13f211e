"""The sentences themselves, English; `locale` translates them. Keys are `code` or `code/word` (`pos.wording`)."""

from __future__ import annotations

from typing import Final

from pos.languages import noted as _

SENTENCES: Final = {
    # The records
    "not-a-venue": _("No venue lies in {folder}. Name its folder with --data, or create one with `mingjia init`."),
    "damaged": _(
        "The records are damaged ({detail}). Stop working on this folder, copy it, and run `mingjia doctor`; "
        "restore the last backup if it cannot be read."
    ),
}

PROBLEMS: Final = {
    "not-toml": _("This is not TOML; correct the text here."),
}
