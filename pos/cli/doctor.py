"""`mingjia doctor`: examine the data folder; `--repair` rebuilds its state from facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person
from pos.languages import noted

if TYPE_CHECKING:
    from compliance.doctor import Check

_NAMES = {
    "integrity": noted("The database file is whole"),
    "foreign-keys": noted("Rows refer to rows that exist"),
    "durability": noted("The server keeps what it acknowledges"),
    "server-log": noted("The server's log quotes no rows"),
    "schema": noted("The schema is this program's"),
    "guards": noted("The database's protections stand"),
    "facts-without-entry": noted("Every fact has its journal entry"),
    "facts-as-told": noted("Facts say what their entries say"),
    "posted-items": noted("Posted prices are those of the lists"),
    "payment-references": noted("Terminal references were looked through"),
    "state": noted("Open visits, balances and shifts follow from the facts"),
    "journal": noted("The journal's entries are unbroken"),
    "tree": noted("The stored tree is that of the entries"),
    "signed-heads": noted("Signed heads fit the entries"),
    "clocks": noted("The clocks are explained"),
    "desk-computers": noted("Desks that wrote from two computers at once were looked for"),
    "reserve": noted("Room is kept for running visits"),
    "file-modes": noted("Nobody else may read the files"),
}


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--tables", action="store_true", help=_("list the tables and their kinds"))
    what.add_argument("--repair", action="store_true", help=_("rebuild the state from the facts; a person acts"))
    acts_for_person(parser)
    parser.set_defaults(run=examine)


def examine(context: Context) -> int:
    """Examine; 1 if anything is not as it should be."""
    if context.arguments.tables:
        return _list_tables(context)
    if context.arguments.repair:
        _repair(context)
    import pos.schema  # noqa: F401  # Every table.
    from compliance import doctor
    from records.folder import VenueFolder
    from records.schema import metadata

    checks = doctor.examine(VenueFolder(path=context.data), metadata)
    is_ok = all(check.is_ok for check in checks)
    context.answer({"ok": is_ok, "checks": [check.to_json() for check in checks]}, [_line(context, c) for c in checks])
    return 0 if is_ok else 1


def _list_tables(context: Context) -> int:
    import pos.schema  # noqa: F401  # Every table.
    from compliance.doctor import tables
    from records.schema import metadata

    listed = tables(metadata)
    context.answer({"tables": listed}, [f"{table['kind']:9} {table['name']}" for table in listed])
    return 0


def _repair(context: Context) -> None:
    from pos.repair import repair_state

    with context.venue() as venue:
        rebuilt = repair_state(venue, by=context.sign_in(venue))
    sentence = (
        context.say("Rebuilt: {tables}.", tables=", ".join(rebuilt)) if rebuilt else context.say("Nothing to mend.")
    )
    context.warn(sentence)


def _line(context: Context, check: Check) -> str:
    mark = "✓" if check.is_ok else "✗"
    detail = f"  ({_detail(context, check)})" if check.detail else ""
    return f"{mark} {context.say(_NAMES[check.name])}{detail}"


def _detail(context: Context, check: Check) -> str:
    """What programs read, for people where it is more than names and numbers."""
    number, _, unit = check.detail.partition(" ")
    if unit == "bytes free":
        room = f"{int(number) / 1e9:.1f}"
        return context.say("{room} GB free", room=room)
    return context.say("clock changes: {number}", number=number) if unit == "steps" else check.detail
