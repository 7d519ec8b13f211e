"""A review of forced sales in words: numbers, base rate, chance, what cannot be compared; never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from compliance.forced_sale_looks import SEATS_LEAST, ClerkSeats, Signal
from compliance.forced_sale_watch import Finding, Review, decimals_up
from pos.languages import Words, noted

_SIGNALS: Final = {
    Signal.GOODS_AT_OPENING: noted("something is ordered as the seat is opened"),
    Signal.CANCELLED_SOON: noted("what was ordered at the opening is taken back within minutes"),
    Signal.COMBO_DEARER: noted("the combo costs more than the visit without it"),
}
_SHARES: Final = {
    Signal.GOODS_AT_OPENING: noted(
        "{hits} of {of} seats ({share} %) had something ordered from whoever opened them, within ten minutes; "
        "by the others' share it would be about {expected} ({expected_share} %)."
    ),
    Signal.CANCELLED_SOON: noted(
        "{hits} of {of} seats with such an order ({share} %) had it taken back within ten minutes; "
        "by the others' share it would be about {expected} ({expected_share} %)."
    ),
    Signal.COMBO_DEARER: noted(
        "{hits} of {of} combos with package time ({share} %) made the visit dearer; "
        "by the others' share it would be about {expected} ({expected_share} %)."
    ),
}


def review_lines(review: Review, names: Mapping[str, str], words: Words) -> Iterator[str]:
    """Say a review: how much was looked at, who could be compared, what stands out. `names` are by staff number."""
    counts = {"visits": review.visits, "clerks": len(review.clerks), "looks": review.looks}
    yield words("{visits} seats were opened by {clerks} clerks; {looks} looks were taken.").format(**counts)
    yield from (_clerk_line(clerk, names, words) for clerk in review.clerks)
    if len(review.clerks) == 1:
        yield words("One person opened every seat: there is nobody to compare with, so this review can say nothing.")
    elif not any(clerk.is_compared for clerk in review.clerks):
        yield words("Nobody has enough seats beside those of others: this review can say nothing.")
    elif not review.findings:
        yield words("Nothing stands out.")
    for finding in review.findings:
        yield from _finding_lines(finding, review.looks, names, words)
    if review.findings:
        yield words(
            "These are signs, not proof: a share can be high for good reasons. "
            "Talk to the clerk, ask customers, read docs/forced-sale.md."
        )


def _clerk_line(clerk: ClerkSeats, names: Mapping[str, str], words: Words) -> str:
    if clerk.is_compared:
        sentence = words(
            "  {clerk}: {opened} seats; {comparable} have seats of others "
            "at the same hour, on the same kind of day, in the same zone, under the same list."
        )
    else:
        sentence = words(
            "  {clerk}: {opened} seats, only {comparable} of them beside seats of others; "
            "below {least} nothing is said about anybody."
        )
    return sentence.format(
        clerk=_person(clerk.clerk, names), opened=clerk.opened, comparable=clerk.comparable, least=SEATS_LEAST
    )


def _finding_lines(finding: Finding, looks: int, names: Mapping[str, str], words: Words) -> Iterator[str]:
    clerk, signal = _person(finding.clerk, names), words(_SIGNALS[finding.signal])
    if finding.hour is not None:
        heading = words("{clerk}, {hour}:00 to {hour}:59: {signal}").format(
            clerk=clerk, hour=f"{finding.hour:02}", signal=signal
        )
    elif finding.item is not None:
        heading = words("{clerk}, item {item}: {signal}").format(clerk=clerk, item=finding.item, signal=signal)
    else:
        heading = words("{clerk}: {signal}").format(clerk=clerk, signal=signal)
    yield heading
    share = words(_SHARES[finding.signal]).format(
        hits=finding.hits,
        of=finding.of,
        share=_percent(Fraction(finding.hits, finding.of)),
        expected=round(finding.expected),
        expected_share=_percent(finding.expected / finding.of),
    )
    yield f"    {share}"
    others = words("The others, in all: {hits} of {of}.").format(hits=finding.others_hits, of=finding.others_of)
    chance = words(
        "Chance that any of the {looks} looks shows this by itself, "
        "even for somebody who sells half as much again as the others: at most {p}."
    ).format(looks=looks, p=decimals_up(finding.p_corrected))
    yield f"    {others} {chance}"


def _person(staff: str, names: Mapping[str, str]) -> str:
    return f"{names[staff]} ({staff})" if staff in names else staff


def _percent(share: Fraction) -> int:
    return round(share * 100)
