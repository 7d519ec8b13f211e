"""`secrets.toml`: what a person would be asked for, given in a file. It is only read, never kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pos.errors import FileTroubleError, SecretsFileError

_KEYS: Final = frozenset(
    {"owner_passphrase", "counter_passphrase", "database_password", "enrolment_passphrase", "staff"}
)
_STAFF_KEYS: Final = frozenset({"name", "role", "pin"})
_ROLES: Final = frozenset({"owner", "manager", "cashier", "auditor"})


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffSecret:
    """One person: how they log in, and the role that `init` gives them."""

    name: str
    role: str
    pin: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretsFile:
    """The file's content; what it leaves out is asked for in another way."""

    owner_passphrase: str | None = field(default=None, repr=False)
    counter_passphrase: str | None = field(default=None, repr=False)
    database_password: str | None = field(default=None, repr=False)
    enrolment_passphrase: str | None = field(default=None, repr=False)
    staff: tuple[StaffSecret, ...] = ()

    @classmethod
    def load(cls, path: Path) -> SecretsFile:
        """Read a file; raises FileTroubleError or SecretsFileError, which name no secret."""
        try:
            found = tomllib.loads(read_text(path))
        except tomllib.TOMLDecodeError:
            # The cause is left out: it quotes the line.
            raise FileTroubleError(path=str(path), problem="not-toml") from None
        _refuse_unknown(path, found, _KEYS, "")
        people = found.get("staff", [])
        if not isinstance(people, list):
            raise SecretsFileError(path=str(path), where="staff")
        return cls(
            owner_passphrase=_text(path, found, "owner_passphrase"),
            counter_passphrase=_text(path, found, "counter_passphrase"),
            database_password=_text(path, found, "database_password"),
            enrolment_passphrase=_text(path, found, "enrolment_passphrase"),
            staff=tuple(_person(path, number, person) for number, person in enumerate(people)),
        )

    def pin_of(self, name: str) -> str | None:
        """Return a person's PIN if the file has one."""
        return next((person.pin for person in self.staff if person.name == name), None)


def read_text(path: Path) -> str:
    """Read a UTF-8 file that a person named; raises FileTroubleError, or OSError with the file's name."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        # The cause would carry the file's bytes.
        raise FileTroubleError(path=str(path), problem="not-text") from None


def _person(path: Path, number: int, found: Any) -> StaffSecret:
    where = f"staff[{number}]"
    if not isinstance(found, dict):
        raise SecretsFileError(path=str(path), where=where)
    _refuse_unknown(path, found, _STAFF_KEYS, f"{where}.")
    name, role, pin = (_text(path, found, key, f"{where}.") for key in ("name", "role", "pin"))
    for key, value in (("name", name), ("role", role), ("pin", pin)):
        if not value or (key == "role" and value not in _ROLES):
            raise SecretsFileError(path=str(path), where=f"{where}.{key}")
    assert name is not None
    assert role is not None
    assert pin is not None
    return StaffSecret(name=name, role=role, pin=pin)


def _text(path: Path, found: Mapping[str, Any], key: str, prefix: str = "") -> str | None:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise SecretsFileError(path=str(path), where=prefix + key)
    return value


def _refuse_unknown(path: Path, found: Mapping[str, Any], known: frozenset[str], prefix: str) -> None:
    for key in found:
        if key not in known:
            raise SecretsFileError(path=str(path), where=prefix + key)
