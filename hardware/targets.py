"""Where a device is attached, as people write it in `venue.toml` and after `--port` and `--to`."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from hardware.errors import TargetSyntaxError

_BAUD_SUFFIX = re.compile(r"^(?P<path>.+)@(?P<baud>[0-9]{3,7})$")
_HOST_PORT = re.compile(r"^(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]]+)):(?P<port>[0-9]{1,5})/?$")
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")


class Attachment(StrEnum):
    """The kind of line a device hangs on."""

    SERIAL = "serial"
    TCP = "tcp"
    FILE = "file"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One device's address.

    `path` is set for serial and file, `host` and `port` for TCP; `baud` is None where none was given.
    """

    attachment: Attachment
    path: str = ""
    baud: int | None = None
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `serial:PATH[@BAUD]`, `socket://HOST:PORT`, `tcp://HOST:PORT`, `file:PATH` or a bare port.

        `socket://` and `tcp://` are the same line; both spellings are in use. A text without scheme
        (`/dev/ttyUSB0`, `COM3`) is a serial port. Raises TargetSyntaxError.
        """
        text = text.strip()
        scheme, colon, rest = text.partition(":")
        if colon and scheme in {"tcp", "socket"}:
            return cls._tcp(text, rest)
        if colon and scheme == "file" and rest:
            return cls(attachment=Attachment.FILE, path=rest)
        if colon and scheme == "serial":
            return cls._serial(text, rest)
        if _SCHEME.match(text):
            raise TargetSyntaxError(text=text)
        return cls._serial(text, text)

    @classmethod
    def _serial(cls, text: str, rest: str) -> Self:
        if not rest:
            raise TargetSyntaxError(text=text)
        match = _BAUD_SUFFIX.match(rest)
        if match is None:
            return cls(attachment=Attachment.SERIAL, path=rest)
        return cls(attachment=Attachment.SERIAL, path=match["path"], baud=int(match["baud"]))

    @classmethod
    def _tcp(cls, text: str, rest: str) -> Self:
        match = _HOST_PORT.match(rest.removeprefix("//")) if rest.startswith("//") else None
        if match is None or not 0 < int(match["port"]) < 65536:
            raise TargetSyntaxError(text=text)
        return cls(attachment=Attachment.TCP, host=match["v6"] or match["host"], port=int(match["port"]))

    def __str__(self) -> str:
        if self.attachment is Attachment.TCP:
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"tcp://{host}:{self.port}"
        speed = f"@{self.baud}" if self.baud else ""
        return f"{self.attachment}:{self.path}{speed}"
