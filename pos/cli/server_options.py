"""The options that name a PostgreSQL server: the program's way in, and the owner's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.parser import CommandParser
from pos.errors import WrongUseError
from pos.languages import Words

if TYPE_CHECKING:
    from records.server import Server


def takes_server(parser: CommandParser) -> None:
    """Add `--database` and `--database-password-file`: a server that holds the records."""
    _ = parser.words
    group = parser.add_argument_group(_("records on a PostgreSQL server"))
    group.add_argument(
        "--database", metavar="URL", help=_("the program's way in: postgresql+psycopg://user@host:5432/database")
    )
    group.add_argument("--database-password-file", metavar=_("FILE"), help=_("where that user's password is read"))


def takes_owner(parser: CommandParser) -> None:
    """Add `--database-owner-url` and its password: the role that owns the tables; no desk keeps it."""
    _ = parser.words
    group = parser.add_argument_group(_("the role that owns the tables; kept nowhere"))
    group.add_argument("--database-owner-url", metavar="URL", help=_("the owner's way in"))
    group.add_argument(
        "--database-owner-password-file", metavar=_("FILE"), help=_("where the owner's password is read")
    )


def server_of(arguments: Any, words: Words, *, url: str | None, password_file: Path | None) -> Server:
    """The server that the options name, for the program's `url`. Raises WrongUseError, PlaceInvalidError."""
    from records.place import check_url
    from records.server import Server

    owner = arguments.database_owner_url
    if url is None or owner is None:
        raise WrongUseError(message=words("--database and --database-owner-url belong together"))
    check_url(url)
    check_url(owner)
    return Server(
        url=url,
        owner_url=owner,
        password_file=password_file,
        owner_password_file=path_of(arguments.database_owner_password_file),
    )


def path_of(given: str | None) -> Path | None:
    """An absolute path, for it is kept and read from other folders."""
    return None if given is None else Path(given).absolute()
