"""`mingjia watch forced-sale`: signs that a clerk puts goods on customers' bills unasked (docs/forced-sale.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person, takes_days
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from compliance.forced_sale_review import Reviewed
    from compliance.forced_sale_watch import Finding
    from pos.bootstrap import Venue
    from staff.repository import StaffMember


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    forced = parser.command("forced-sale", help=_("signs of forced sale, compared among the clerks"), run=forced_sale)
    takes_days(forced)
    forced.add_argument("--dry-run", action="store_true", help=_("only look; write no review into the journal"))
    acts_for_person(forced)


def forced_sale(context: Context) -> int:
    """Review a period; 1 if anything stands out. Staff have their names where the reader may see them."""
    from compliance.forced_sale_review import look, look_and_record
    from pos.cli.progress import Progress
    from pos.forced_sale_wording import review_lines
    from staff.roles import Operation, require

    arguments = context.arguments
    if arguments.from_day > arguments.to_day:
        raise WrongUseError(message=context.say("--from lies after --to"))
    days = (arguments.from_day, arguments.to_day)
    with context.venue() as venue:
        reader = context.sign_in(venue)
        require(Operation.BOOKS_READ, reader.role)
        if arguments.dry_run:
            reviewed = look(venue.records, *days, progress=Progress())
        else:
            reviewed = look_and_record(venue.records, *days, actor=reader.staff, progress=Progress())
        names = _names(venue, reader)
    lines = list(review_lines(reviewed.review, names, context.words))
    if reviewed.seq is None:
        lines.append(context.say("Only looked at: no review was written."))
    else:
        lines.append(context.say("Written as entry {seq} of the journal.", seq=reviewed.seq))
    context.answer(_answer(context, reviewed, names), lines)
    return 1 if reviewed.review.findings else 0


def _answer(context: Context, reviewed: Reviewed, names: Mapping[str, str]) -> dict[str, Any]:
    review, arguments = reviewed.review, context.arguments
    clerks = [
        {
            "staff": clerk.clerk,
            "name": names.get(clerk.clerk),
            "seats": clerk.opened,
            "comparable": clerk.comparable,
            "compared": clerk.is_compared,
        }
        for clerk in review.clerks
    ]
    return {
        "from": arguments.from_day.isoformat(),
        "to": arguments.to_day.isoformat(),
        "visits": review.visits,
        "looks": review.looks,
        "clerks": clerks,
        "findings": [_finding(finding, names) for finding in review.findings],
        "journal": None if reviewed.seq is None else {"seq": reviewed.seq},
    }


def _finding(finding: Finding, names: Mapping[str, str]) -> dict[str, Any]:
    """The finding of the entry, with the name, the hits at the others' share, and the chance of this look alone."""
    from compliance.forced_sale_watch import decimals_up

    more = {
        "name": names.get(finding.clerk),
        "expected_hits": round(finding.expected),
        "p_of_this_look": decimals_up(finding.p),
    }
    return finding.to_json() | more


def _names(venue: Venue, reader: StaffMember) -> dict[str, str]:
    from staff import repository
    from staff.roles import Operation, may

    if not may(Operation.STAFF_READ, reader.role):
        return {}
    with venue.records.reading() as connection:
        return {member.staff: member.name for member in repository.all_members(connection)}
