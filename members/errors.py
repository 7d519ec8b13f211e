"""What can go wrong with a document or a registration. No class here carries anything a document says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False)
class MembersError(Exception):
    """Root of this package's errors."""

    code: ClassVar[str] = "members"


@dataclass(eq=False)
class CardTextError(MembersError):
    """The chip's text block cannot be a card's: its length is not 256 bytes. Read it again."""

    code: ClassVar[str] = "unreadable"

    length: int


@dataclass(eq=False)
class CardTypeUnknownError(MembersError):
    """The type flag at offset 248 names a kind of card this program does not know.

    `flag` is that one character's code point; it says what kind of card it is, nothing about the person.
    """

    code: ClassVar[str] = "card-type-unknown"

    flag: int


@dataclass(eq=False)
class DocumentFileError(MembersError):
    """The file of a typed-in document cannot be used. `problem` is a code, `field` the key it is about.

    Problems: `unreadable`, `not-toml`, `not-json`, `not-a-table`, `missing`, `unknown-key`, `not-text`,
    `not-a-date`, `kind-unknown`, `reason-unknown`, `too-long`.
    """

    code: ClassVar[str] = "document-file"

    problem: str
    field: str = ""


@dataclass(eq=False)
class ApprovalMissingError(MembersError):
    """A typed-in document was to be registered without a second person's approval (REQ-ID-3)."""

    code: ClassVar[str] = "approval-needed"


@dataclass(eq=False)
class RegistrationUnknownError(MembersError):
    """There is no registration of that id."""

    code: ClassVar[str] = "registration-unknown"

    record_id: str
