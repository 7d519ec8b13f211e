"""What can go wrong with a device, told apart by what a clerk does next.

No error here carries anything read from a card.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar


@dataclass(eq=False)
class HardwareError(Exception):
    """A device did not do its part. `code` is the stable word for scripts and the wording of the desk."""

    code: ClassVar[str] = "hardware"

    def __str__(self) -> str:
        facts = ", ".join(f"{field.name}={getattr(self, field.name)!s}" for field in fields(self))
        return f"{self.code} ({facts})" if facts else self.code


@dataclass(eq=False)
class TargetSyntaxError(HardwareError):
    """The text names no device: it is none of serial:, socket://, tcp://, file: or a bare port."""

    code: ClassVar[str] = "bad-target"

    text: str


class PortTrouble(StrEnum):
    """Why a port cannot be used (any more)."""

    MISSING = "missing"
    """No such port: never plugged in, or unplugged."""
    BUSY = "busy"
    """Another program holds it."""
    DENIED = "denied"
    """The operating system does not let this user open it."""
    NOT_A_PORT = "not-a-port"
    """The path exists and is no serial line."""
    REFUSED = "refused"
    """The host answers, nothing listens."""
    UNREACHABLE = "unreachable"
    """No answer to the connection attempt in time."""
    LOST = "lost"
    """It was open and went away: unplugged, or closed by the other end."""
    STALLED = "stalled"
    """The other end stopped taking bytes."""


@dataclass(eq=False)
class PortUnavailableError(HardwareError):
    """The port cannot be opened, or was lost.

    `handed_over_bytes` counts what `send` had given to the system before; 0 means that nothing left.
    """

    code: ClassVar[str] = "port-unavailable"

    target: str
    trouble: PortTrouble
    handed_over_bytes: int = 0


@dataclass(eq=False)
class NoCardError(HardwareError):
    """No card was laid on the reader in time (one that lies there and was reported counts as none)."""

    code: ClassVar[str] = "no-card"


@dataclass(eq=False)
class CardMovedError(HardwareError):
    """The card was found and left before it was read. Lay it down again and keep it still."""

    code: ClassVar[str] = "card-moved"


@dataclass(eq=False)
class NoAnswerError(HardwareError):
    """Nothing at all came back: no power, the wrong port, or a wrong baud rate."""

    code: ClassVar[str] = "no-answer"

    target: str


@dataclass(eq=False)
class NotAReaderError(HardwareError):
    """Something answers, and it does not speak the ID-card module's language."""

    code: ClassVar[str] = "not-a-reader"

    target: str


@dataclass(eq=False)
class ModuleFaultError(HardwareError):
    """The security module refuses to work: 60 self-test failed, 66 not authorised. Trying again is vain."""

    code: ClassVar[str] = "module-fault"

    status: int

    def __str__(self) -> str:
        return f"{self.code} (status {self.status:02X})"


@dataclass(eq=False)
class UnreadableError(HardwareError):
    """The card lies there and cannot be read; lift it and lay it down again.

    `status` is the module's status byte, None when its answers arrived damaged.
    """

    code: ClassVar[str] = "unreadable"

    status: int | None
