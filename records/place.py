"""Where the records lie: a file in the data folder, or a PostgreSQL server that several desks share.

`database.toml` in the folder names the server, the venue's schema there and this desk. A password never stands in it:
it is read from the file it names, from the system's key store, or by libpq from `~/.pgpass`.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from records.errors import PlaceInvalidError

FILE_NAME: Final = "database.toml"
DRIVER: Final = "postgresql+psycopg"

_SCHEMA: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DESK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerPlace:
    """A venue's schema on a PostgreSQL server, and the desk that works on it from here.

    `url` has neither a password nor a schema; `password_file` is where the password is read at each connection.
    """

    url: str
    schema: str
    desk: str
    password_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be written back, or would be SQL. Raises PlaceInvalidError."""
        check_url(self.url)
        if not _SCHEMA.fullmatch(self.schema):
            raise PlaceInvalidError(problem="schema")
        if not is_desk_name(self.desk):
            raise PlaceInvalidError(problem="desk")

    def write(self, folder: Path) -> None:
        """Write the file, readable by this user alone, whole or not at all."""
        told = {"url": self.url, "schema": self.schema, "desk": self.desk}
        if self.password_file is not None:
            told["password_file"] = str(self.password_file)
        # A JSON string is a TOML string.
        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items())
        draft = folder / f"{FILE_NAME}.new"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE_NAME)


def read_place(folder: Path) -> ServerPlace | None:
    """Read the folder's `database.toml`; None where the records are a file. Raises PlaceInvalidError."""
    try:
        data = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    try:
        told: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        password_file = told.pop("password_file", None)
        return ServerPlace(**told, password_file=None if password_file is None else Path(password_file))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise PlaceInvalidError(problem="form") from error


def check_url(url: str) -> None:
    """Refuse an address that is not one of this driver's, or that holds a password. Raises PlaceInvalidError."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise PlaceInvalidError(problem="url") from error
    if parsed.drivername != DRIVER or not parsed.database or not parsed.username:
        raise PlaceInvalidError(problem="url")
    if parsed.password is not None or "password" in parsed.query:
        raise PlaceInvalidError(problem="password")


def is_desk_name(name: str) -> bool:
    """Tell whether a desk may have this name: it stands in entries, accounts and prompts."""
    return _DESK.fullmatch(name) is not None


def read_password(path: Path) -> str:
    """Read the first line of a password file."""
    return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
