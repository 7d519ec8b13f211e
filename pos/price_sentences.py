"""What is said of price lists and usages, English; `locale` translates it.

`FAULTS` has a sentence for each fault of a list, by `Fault.key`; `USAGE_FLAWS` one for each flaw of a usage. They speak
to whoever writes such files: keys, codes and amounts in fen stand as in the file. Places are named beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from billing.calendar import DayKind
from billing.price_faults import Unit
from billing.price_list import ItemKind
from pos.languages import noted as _

FAULTS: Final = {
    "syntax/not-utf-8": _("Line {line} is no UTF-8 text. Save the file as UTF-8."),
    "syntax/not-toml": _("Line {line} is no TOML ({detail}). Correct it there."),
    "forced-purchase": _(
        "`{key_name}` would require or preselect a purchase or set a minimum spend, which is forbidden (rule G-1; "
        "Measures for Punishing Infringements of Consumers' Rights, art. 12(4)). Remove it."
    ),
    "unknown-key": _("`{key_name}` is no key of this table. Remove it, or check its spelling."),
    "missing": _("`{key_name}` is required, and it is absent or empty. Fill it in."),
    "missing/table": _("The list has no [[{table}]]. Add at least one."),
    "missing/quantity": _("It has no qty. Say how many."),
    "missing/item": _("It names no goods, service or package. Name one."),
    "bad-value/text": _("{given} is no text. Write it in quotes."),
    "bad-value/whole": _("{given} is no whole number. Write digits only."),
    "bad-value/range": _("{given} is not between {least} and {most} {unit}. Correct it."),
    "bad-value/flag": _("{given} is neither true nor false. Write one of them, without quotes."),
    "bad-value/only": _("{given} cannot stand here. Write {only}, the only value there is."),
    "bad-value/choice": _("{given} is none of: {choices}. Choose one of them."),
    "bad-value/clock-time": _('{given} is no clock time. Write it like "08:00", up to "24:00".'),
    "bad-value/date": _('{given} is no date. Write it like "2026-10-01".'),
    "bad-value/instant": _('{given} is no instant. Write it like "2026-12-01T00:00:00", in the years from 1970 on.'),
    "bad-value/timezone": _('{given} is no time zone that is known here. Write it like "Asia/Shanghai".'),
    "bad-value/list": _("{given} is no list. Write it in square brackets."),
    "bad-value/table": _("{given} is no table. Write keys with their values."),
    "bad-value/tables": _("There may be many of these. Write each under [[{table}]], in double brackets."),
    "bad-value/empty-codes": _("The list of codes is empty, or a code in it is. Leave the key out to mean every one."),
    "bad-value/empty-days": _("The list of days is empty. Leave the key out to mean every day."),
    "bad-value/several-items": _("It names more than one of goods, service and package. Name one."),
    "bad-value/over-before-it-begins": _("The promotion is over before it begins. Correct `from` or `until`."),
    "calendar-conflict": _("{date} is both a holiday and a workday. Remove it from one of the lists."),
    "calendar-conflict/in-the-week": _("{date} is no Saturday or Sunday, so it is a workday anyway. Remove it."),
    "duplicate-code": _("Entry {first} has the {key_name} {given} already. Give each its own."),
    "unknown-zone": _("There is no zone {zone}. Use the code of one in [[zones]]."),
    "unknown-tier": _("There is no tier {tier}. Use the code of one in [[tiers]]."),
    "unknown-item": _("No {item_kind} {item} is sold singly. Add it to the list, or correct the code."),
    "rate-gap": _("No rate counts in zone {zone} for {tiers} {dates}, {begins} to {ends}. Add one (rule P-3)."),
    "rate-overlap": _(
        "Entries {rates} of [[rates]] count at once in zone {zone} for {tiers} {dates}, {begins} to {ends}. Leave one "
        "(rule P-3)."
    ),
    "zero-rate": _("The rate is 0. If that is meant, add free = true."),
    "minimum-not-multiple": _(
        "The minimum of {minimum_fen} fen is no multiple of round_to_fen ({round_to_fen}). Change one of them."
    ),
    "hours-exemption-missing": _(
        "Opening hours beyond 08:00 to 24:00 need a document that allows them. Name it in `exemption`."
    ),
    "window-outside-hours": _("The package's window reaches beyond the opening hours. Shorten it."),
    "best-price-too-many": _(
        "With best_price a tier may buy {packages_max} packages at most, which fit into a day {places_max} times "
        "at most, each by itself; {tier} has {packages}, which fit {places} times. Take out the shortest (rule P-16)."
    ),
    "combo-dearer-than-parts": _(
        "The combo costs {price_fen} fen, its parts singly {parts_fen} fen. Make it no dearer (rule G-3)."
    ),
    "promotion-dearer-than-item": _(
        "The promotion costs {price_fen} fen, its item singly {item_fen} fen: nobody would be sold it. Make it no "
        "dearer (rule G-6)."
    ),
    "promotion-reference-too-high": _(
        "A reference price of {reference_fen} fen is too high: at most {paid_fen} fen, the lowest paid here in the "
        "seven days before (or else the last paid), may be shown (rule G-6). Lower it."
    ),
    "promotion-reference-too-high/never-paid": _(
        "A reference price of {reference_fen} fen cannot be shown: nobody has bought this here yet (rule G-6). Leave "
        "it out."
    ),
    "raised-before-promotion": _(
        "The list price was raised from {posted_fen} to {price_fen} fen within {days} days before the promotion (rule "
        "G-6). Say why in `raised_reason`."
    ),
}

USAGE_FLAWS: Final = {
    "bad-usage": _("The usage cannot be priced. Correct it."),
    "bad-usage/not-json": _("The usage is no JSON. Correct it."),
    "bad-usage/not-object": _("`{key}` is no JSON object. Correct it."),
    "bad-usage/unknown-key": _("A usage has no key `{key}`. Remove it, or check its spelling."),
    "bad-usage/missing-key": _("The usage has no `{key}`. Add it."),
    "bad-usage/end-or-funds": _("A usage has either `end` or `funds_fen`. Give one of them."),
    "bad-usage/not-text": _("`{key}` is no string. Write it in quotes."),
    "bad-usage/not-array": _("`{key}` is no JSON array. Write it in square brackets."),
    "bad-usage/not-flag": _("`{key}` is neither true nor false. Write one of them."),
    "bad-usage/not-fen": _("`{key}` is no amount. Write a whole number of fen, 0 or more."),
    "bad-usage/time-form": _("`{key}` is no time: {given}. Write it like 2026-11-23T21:00:00."),
    "bad-usage/time-no-such": _("`{key}`: no calendar or clock shows {given}. Correct it."),
    "bad-usage/time-year": _("`{key}`: the year of {given} lies beyond 1970 to 9990. Correct it."),
    "bad-usage/time-left-out": _("`{key}`: the clock of the list's time zone never shows {given}. Correct it."),
    "bad-usage/ends-before-start": _("The visit ends before it begins. Correct `start` or `end`."),
    "bad-usage/first-stay": _("The first stay does not begin with the visit. Let it begin at `start`."),
    "bad-usage/stays-order": _("The stays do not ascend in time. Put them in order."),
    "bad-usage/stay-after-end": _("A stay begins when the visit is over. Correct it."),
    "bad-usage/too-long": _("The visit lasts more than {most} days. Correct its times."),
    "bad-usage/pause-empty": _("A pause does not end after it begins. Correct it."),
    "bad-usage/pauses-overlap": _("A pause begins before the visit, or before another pause is over. Correct it."),
    "bad-usage/pause-after-end": _("A pause ends after the visit. Correct it."),
    "bad-usage/pauses-too-many": _("The customer paused more often than the {most} times that the list allows."),
    "bad-usage/pause-too-long": _("A pause is longer than the {most} minutes that the list allows."),
    "bad-usage/package-outside-visit": _("A package was not bought during the visit. Correct `bought_at`."),
    "bad-usage/after-last-package": _(
        'The visit goes on after its last package, where package_end = "stop" ends it. Correct `end`.'
    ),
}

NAMES: Final[Mapping[Enum, str]] = {
    DayKind.WORKDAY: _("workdays"),
    DayKind.WEEKEND: _("weekends"),
    DayKind.HOLIDAY: _("holidays"),
    ItemKind.GOODS: _("goods"),
    ItemKind.SERVICE: _("service"),
    ItemKind.PACKAGE: _("package"),
    Unit.FEN: _("fen"),
    Unit.MINUTES: _("minutes"),
    Unit.BASIS_POINTS: _("basis points"),
    Unit.PAUSES: _("pauses"),
    Unit.PIECES: _("pieces"),
}
