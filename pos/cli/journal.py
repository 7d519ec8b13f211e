"""`mingjia journal head|verify`."""

from __future__ import annotations

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.cli.verify import takes_anchors, tell


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    parser.command("head", help=_("size and root of the journal, and its newest signed head"), run=head)
    verifying = parser.command("verify", help=_("check every entry, as a stranger would"), run=verify)
    takes_anchors(verifying)


def head(context: Context) -> int:
    """Answer with the head as it stands and the newest checkpoint, which may be of a smaller size."""
    import sqlalchemy as sa

    from records.journal import read_tail
    from records.schema import checkpoints

    with context.books() as books:
        tail = read_tail(books.connection)
        newest = sa.select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
        note = books.connection.execute(newest).scalar_one()
        origin, size, root = books.origin, tail.size, tail.frontier.root().hex()
    answer = {"origin": origin, "size": size, "root": root, "checkpoint": note}
    lines = [
        context.say("Log: {origin}", origin=origin),
        context.say("Entries: {size}", size=size),
        context.say("Root: {root}", root=root),
        "",
        context.say("The newest signed head, which may be of fewer entries:"),
        *note.splitlines(),
    ]
    context.answer(answer, lines)
    return 0


def verify(context: Context) -> int:
    """Check the whole journal by the verifier of exports; 1 if anything is found."""
    from compliance.verification import verify_journal

    with context.venue() as venue:
        return tell(context, verify_journal(venue.records, context.arguments.anchors))
