"""What the program itself refuses. Facts and ids only; the sentences are in `pos.wording`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from billing.price_problems import Where


class PosError(Exception):
    """Root of this package's errors."""

    code: ClassVar[str] = "program"


@dataclass(eq=False)
class WrongUseError(PosError):
    """The command line does not say what to do. The message is a person's, from the parser, in their language.

    `command` is what was called, whose `--help` tells more.
    """

    code: ClassVar[str] = "wrong-use"

    message: str
    command: str = ""


@dataclass(eq=False)
class FileTroubleError(PosError):
    """A file that a person named cannot be used.

    Problems: `missing`, `folder-missing` (`path` is the folder then), `denied`, `exists`, `is-a-folder`,
    `not-a-folder`, `not-text`, `not-toml`, `refused` (by the system, for another reason).
    """

    code: ClassVar[str] = "file"

    path: str
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong in a file, at a place. The sentence is written in `pos.wording` by its code.

    Codes of a `venue.toml`: `not-toml`, `unknown-key`, `missing`, `bad-value`, `duplicate-seat`, `duplicate-address`,
    `outside-lan`, `too-many-seats`, `unknown-zone`, `password-in-address`.
    """

    code: str
    where: Where


@dataclass(eq=False)
class SettingsInvalidError(PosError):
    """A `venue.toml` has these problems, all of them; nothing was changed."""

    code: ClassVar[str] = "settings-invalid"

    path: str
    problems: tuple[Problem, ...]


@dataclass(eq=False)
class SecretsFileError(PosError):
    """The secrets file does not have the form of docs; `where` names the key, never a value."""

    code: ClassVar[str] = "secrets-file"

    path: str
    where: str


@dataclass(eq=False)
class SecretNeededError(PosError):
    """A secret is needed and there is nobody to ask: no file, no variable, no terminal.

    `what` is `counter-passphrase`, `owner-passphrase` or `pin`.
    """

    code: ClassVar[str] = "secret-needed"

    what: str


@dataclass(eq=False)
class PersonNeededError(PosError):
    """The command acts for a person and nobody was named with `--as`."""

    code: ClassVar[str] = "person-needed"


@dataclass(eq=False)
class SecondPersonNeededError(PosError):
    """The command needs a second person's word (`--approve`)."""

    code: ClassVar[str] = "second-person-needed"

    operation: str


@dataclass(eq=False)
class FolderInMakingError(PosError):
    """Another program makes this folder just now."""

    code: ClassVar[str] = "folder-in-making"

    folder: str


@dataclass(eq=False)
class FolderTakenError(PosError):
    """A venue is founded in a new or empty folder; this one is neither."""

    code: ClassVar[str] = "folder-taken"

    folder: str


@dataclass(eq=False)
class OwnerKeyPlaceError(PosError):
    """The owner's key file must not lie in the data folder: who takes the computer would take both."""

    code: ClassVar[str] = "owner-key-place"

    path: str


@dataclass(eq=False)
class DatabaseDiffersError(PosError):
    """A `venue.toml` for a venue at work names another database than its records lie in. Nothing was changed."""

    code: ClassVar[str] = "database-differs"


@dataclass(eq=False)
class TimezoneDiffersError(PosError):
    """The price list's time zone is not the venue's."""

    code: ClassVar[str] = "timezone-differs"

    venue: str
    prices: str


@dataclass(eq=False)
class SecretStoreMissingError(PosError):
    """`--secret-store system` was asked for and this computer has no key store that counts."""

    code: ClassVar[str] = "no-system-store"


@dataclass(eq=False)
class NoOwnerError(PosError):
    """A venue is founded with at least one owner."""

    code: ClassVar[str] = "no-owner"


@dataclass(eq=False)
class OwnerKeyForeignError(PosError):
    """The key file opens, and it is not the key of this venue's owner."""

    code: ClassVar[str] = "owner-key-foreign"

    path: str


@dataclass(eq=False)
class OwnerNeededError(PosError):
    """What a card says is shown unmasked only to the venue's owner (`--show`)."""

    code: ClassVar[str] = "owner-needed"


@dataclass(eq=False)
class OutputTroubleError(PosError):
    """The answer cannot be written where it goes: a full disk, a device that is gone. The command itself was done."""

    code: ClassVar[str] = "output"

    trouble: str


@dataclass(eq=False)
class FontMissingError(PosError):
    """No typeface with Chinese letters is installed, so no PDF of the price board can be drawn."""

    code: ClassVar[str] = "font-missing"


@dataclass(eq=False)
class FontUnusableError(PosError):
    """The file named as a font is none that can be used."""

    code: ClassVar[str] = "font-unusable"

    font: str


@dataclass(eq=False)
class LettersMissingError(PosError):
    """The best typeface there is lacks letters of the board; a board with holes is none."""

    code: ClassVar[str] = "letters-missing"

    font: str
    letters: str


@dataclass(eq=False)
class NoServerError(PosError):
    """The records are a file of this computer: a second desk needs a server first."""

    code: ClassVar[str] = "no-server"


@dataclass(eq=False)
class DeskNameError(PosError):
    """A desk cannot have this name, or not join under it. `problem`: form, taken, unknown, used."""

    code: ClassVar[str] = "desk-name"
    desk: str
    problem: str


@dataclass(eq=False)
class MoveRefusedError(PosError):
    """The records are not moved as they are. `problem`: moved, no-file, unsound, differs; `where` names what."""

    code: ClassVar[str] = "move-refused"
    problem: str
    where: tuple[str, ...] = ()
