"""The options that name a PostgreSQL server: the program's way in, and the owner's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.parser import CommandParser
from pos.errors import WrongUseError
from pos.languages import Words

if TYPE_CHECKING:
    from pos.cli.context import Context
    from records.server import Server


def takes_server(parser: CommandParser) -> None:
    """Add `--database` and its password: a server that holds the records."""
    _ = parser.words
    group = parser.add_argument_group(_("records on a PostgreSQL server"))
    group.add_argument(
        "--database",
        metavar="URL",
        help=_("the program's way in, without a password: postgresql+psycopg://user@host:5432/database"),
    )
    takes_password(group, parser.words)


def takes_password(group: Any, words: Words) -> None:
    """Add `--database-password-file` and `--database-password-keystore`: where the program reads its password."""
    group.add_argument(
        "--database-password-file",
        metavar=words("FILE"),
        help=words("where that user's password is read at each connection; nobody else may read the file"),
    )
    group.add_argument(
        "--database-password-keystore",
        action="store_true",
        help=words("keep the password in the system's key store: asked once, or taken from --database-password-file"),
    )


def takes_owner(parser: CommandParser) -> None:
    """Add `--database-owner-url` and its password: the role that owns the tables; no desk keeps it."""
    _ = parser.words
    group = parser.add_argument_group(_("the role that owns the tables; kept nowhere"))
    group.add_argument("--database-owner-url", metavar="URL", help=_("the owner's way in"))
    group.add_argument(
        "--database-owner-password-file", metavar=_("FILE"), help=_("where the owner's password is read")
    )


def server_of(arguments: Any, words: Words, way: Way | None) -> Server:
    """The server that the options name, with the program's way in. Raises WrongUseError, PlaceInvalidError."""
    from records.place import check_url
    from records.server import Server

    owner = arguments.database_owner_url
    if owner is None and not hasattr(arguments, "database"):
        raise WrongUseError(message=words("--database-owner-url is needed"))
    if way is None or owner is None:
        raise WrongUseError(message=words("--database and --database-owner-url belong together"))
    check_url(owner)
    return Server(
        url=way.url,
        owner_url=owner,
        password_file=way.password_file,
        is_password_stored=way.is_password_stored,
        owner_password_file=path_of(arguments.database_owner_password_file),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """The program's way in: its address, and where its password is read."""

    url: str
    password_file: Path | None
    is_password_stored: bool


def way_of(arguments: Any, url: str | None) -> Way | None:
    """The way that the options name; None without an address. Raises PlaceInvalidError, PasswordError."""
    from records import passwords
    from records.place import check_url

    if url is None:
        return None
    check_url(url)
    is_stored = arguments.database_password_keystore
    if is_stored:
        passwords.require_key_store()  # Nobody is asked for what cannot be kept.
    return Way(
        url=url,
        password_file=None if is_stored else path_of(arguments.database_password_file),
        is_password_stored=is_stored,
    )


def keep_password(context: Context, url: str) -> None:
    """Put the password into the system's key store where that was asked for. Raises PasswordError."""
    from records import passwords

    arguments = context.arguments
    if not arguments.database_password_keystore:
        return
    file = path_of(arguments.database_password_file)
    given = context.secrets.database_password if file is None else passwords.in_file(file)
    question = context.say("Password of the database's user: ")
    passwords.keep_in_key_store(url, given or context.ask_secret("database-password", question))


def path_of(given: str | None) -> Path | None:
    """An absolute path, for it is kept and read from other folders."""
    return None if given is None else Path(given).absolute()
