"""Where the records lie: a file in the data folder, or a PostgreSQL server that several desks share.

`database.toml` in the folder is the settings file of the address (`database = "postgresql+psycopg://…"`), of the
venue's schema there and of this desk: the other settings lie in that database. A password never stands in it: it is
read from the file it names, from the system's key store, or by libpq from `~/.pgpass`.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from records import passwords
from records.errors import PlaceInvalidError

FILE_NAME: Final = "database.toml"
DRIVER: Final = "postgresql+psycopg"

_KEYS: Final[dict[str, type]] = {
    "database": str,
    "schema": str,
    "desk": str,
    "password_file": str,
    "password_keystore": bool,
}
_SECRETS: Final = frozenset({"password", "sslpassword"})
_SCHEMA: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DESK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerPlace:
    """A venue's schema on a PostgreSQL server, and the desk that works on it from here.

    `url` has neither a password nor a schema. At each connection the password is read in `password_file`, or in the
    system's key store where `is_password_stored`.
    """

    url: str
    schema: str
    desk: str
    password_file: Path | None = None
    is_password_stored: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be written back, or would be SQL. Raises PlaceInvalidError."""
        check_url(self.url)
        if not _SCHEMA.fullmatch(self.schema):
            raise PlaceInvalidError(problem="schema")
        if not is_desk_name(self.desk):
            raise PlaceInvalidError(problem="desk")
        if self.is_password_stored and self.password_file is not None:
            raise PlaceInvalidError(problem="form")

    def password(self) -> str | None:
        """Read the password; None leaves it to libpq. Raises PasswordError."""
        if self.is_password_stored:
            return passwords.in_key_store(self.url)
        return None if self.password_file is None else passwords.in_file(self.password_file)

    def write(self, folder: Path) -> None:
        """Write the file, readable by this user alone, whole or not at all."""
        told: dict[str, str | bool] = {"database": self.url, "schema": self.schema, "desk": self.desk}
        if self.password_file is not None:
            told["password_file"] = str(self.password_file)
        if self.is_password_stored:
            told["password_keystore"] = True
        # A JSON string is a TOML string, and so is a yes.
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
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlaceInvalidError(problem="form") from error
    if told.keys() - _KEYS or any(type(value) is not _KEYS[key] for key, value in told.items()):
        raise PlaceInvalidError(problem="form")
    if not {"database", "schema", "desk"} <= told.keys():
        raise PlaceInvalidError(problem="form")
    password_file = told.get("password_file")
    return ServerPlace(
        url=told["database"],
        schema=told["schema"],
        desk=told["desk"],
        password_file=None if password_file is None else Path(password_file),
        is_password_stored=told.get("password_keystore", False),
    )


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
    if parsed.password is not None or _SECRETS & parsed.query.keys():
        raise PlaceInvalidError(problem="password")


def is_desk_name(name: str) -> bool:
    """Tell whether a desk may have this name: it stands in entries, accounts and prompts."""
    return _DESK.fullmatch(name) is not None
