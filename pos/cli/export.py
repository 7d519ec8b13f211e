"""`mingjia export`: the proof of some business days, in one file."""

from __future__ import annotations

from pathlib import Path

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person, takes_days


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    takes_days(parser)
    parser.add_argument("--out", required=True, metavar="FILE.zip", help=_("the file to write"))
    acts_for_person(parser)
    parser.set_defaults(run=export_days)


def export_days(context: Context) -> int:
    """Write the bundle; its manifest's hash goes into the journal."""
    from compliance.bundle import export
    from staff.roles import Operation, require

    arguments = context.arguments
    with context.venue() as venue:
        reader = context.sign_in(venue)
        require(Operation.BUNDLE_EXPORT, reader.role)
        out = Path(arguments.out)
        exported = export(venue.records, arguments.from_day, arguments.to_day, out, actor=reader.staff)
    answer = {
        "bundle": arguments.out,
        "entries": [exported.first, exported.last],
        "sha256": exported.sha256,
        "identities": False,
    }
    first, last = exported.first, exported.last
    said = context.say("Entries {first} to {last} are in {path}.", first=first, last=last, path=out)
    context.answer(answer, [said, f"SHA-256 {exported.sha256}"])
    return 0
