"""`mingjia move-to-postgres`: the records leave the file for a server, so that more desks can work."""

from __future__ import annotations

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person
from pos.cli.server_options import keep_password, server_of, takes_owner, takes_server, way_of


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    takes_server(parser)
    takes_owner(parser)
    acts_for_person(parser)
    parser.set_defaults(run=move)


def move(context: Context) -> int:
    """Copy, compare, examine, mark."""
    from pos.moving import move as move_records
    from records.folder import VenueFolder

    arguments = context.arguments
    target = server_of(arguments, context.words, way_of(arguments, arguments.database))
    keep_password(context, target.url)
    moved = move_records(
        VenueFolder(path=context.data),
        target,
        passphrase=context.counter_passphrase,
        sign_in=context.sign_in,
    )
    context.answer(
        {"rows": moved.rows, "entries": moved.entries, "original": moved.original},
        [
            context.say(
                "{rows} rows and {entries} entries lie on the server now.", rows=moved.rows, entries=moved.entries
            ),
            context.say("The original is {path}; no program works on it any more.", path=moved.original),
        ],
    )
    return 0
