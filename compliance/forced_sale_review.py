"""The review of a period for signals of forced sale: read, looked at, and said in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from compliance import forced_sale_watch
from compliance.forced_sale_watch import Review
from compliance.seat_openings import DaysDone, read_cases
from records.repeating import repeated
from records.unit_of_work import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """A review, and the number of the entry that tells of it; None where it was only looked at."""

    review: Review
    seq: int | None


def look(records: Records, from_day: date, to_day: date, *, progress: DaysDone | None = None) -> Reviewed:
    """Review the business days `from_day … to_day`, both included, and leave no trace."""
    with records.reading() as connection:
        review = forced_sale_watch.review(read_cases(connection, from_day, to_day, progress=progress))
    return Reviewed(review=review, seq=None)


@repeated
def look_and_record(
    records: Records, from_day: date, to_day: date, *, actor: str, progress: DaysDone | None = None
) -> Reviewed:
    """Review the business days, and write what was found into the journal as `forced_sale.reviewed`.

    An entry is written where nothing was found, too: that somebody looked is worth knowing.
    """
    review = look(records, from_day, to_day, progress=progress).review
    with records.begin(actor=actor) as work:
        work.entry(
            "forced_sale.reviewed",
            {
                "from": from_day.isoformat(),
                "to": to_day.isoformat(),
                "visits": review.visits,
                "looks": review.looks,
                "findings": [finding.to_json() for finding in review.findings],
            },
        )
        committed = work.commit()
    return Reviewed(review=review, seq=committed.seqs[-1])
