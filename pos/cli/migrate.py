"""`mingjia migrate`: the owner brings the tables and their protections to this program's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.cli.server_options import Way, server_of, takes_owner

if TYPE_CHECKING:
    from records.folder import VenueFolder
    from records.place import ServerPlace


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    takes_owner(parser)
    parser.set_defaults(run=migrate)


def migrate(context: Context) -> int:
    """Migrate; what stood before is said, and what was amiss with the protections is journaled."""
    import pos.schema  # noqa: F401  # Every table.
    from pos.mending import note_restored
    from records import migrations
    from records.folder import VenueFolder

    folder = VenueFolder(path=context.data)
    place = folder.place
    before, amiss = (None, []) if place is None else _on_server(context, folder, place)
    with context.venue() as venue:
        if amiss:
            note_restored(venue.records, amiss)
    answer = {"schema": {"from": before or migrations.HEAD, "to": migrations.HEAD}, "restored": amiss}
    lines = [context.say("The tables are of version {version}.", version=migrations.HEAD)]
    if amiss:
        lines.append(context.say("Set right again: {missing}.", missing=", ".join(amiss)))
    context.answer(answer, lines)
    return 0


def _on_server(context: Context, folder: VenueFolder, place: ServerPlace) -> tuple[str | None, list[str]]:
    from records import database, guards, migrations, server
    from records.schema import metadata

    way = Way(url=place.url, password_file=place.password_file, is_password_stored=place.is_password_stored)
    reached = server_of(context.arguments, context.words, way)
    engine = folder.open()
    try:
        with database.snapshot(engine) as connection:
            before = migrations.version_of(connection)
            amiss = guards.missing(connection, metadata) if before == migrations.HEAD else []
        server.migrate(reached, place.schema, metadata)
        with database.snapshot(engine) as connection:
            still = guards.missing(connection, metadata) if amiss else []
    finally:
        engine.dispose()
    return before, [name for name in amiss if name not in still]
