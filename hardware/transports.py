"""Byte lines to devices: serial, TCP, file. Every wait ends at a deadline, every failure is one error.

On Linux an unplugged serial adapter shows itself as SerialException, as a plain OSError or as termios.error,
depending on the call that meets it first; here all three become PortUnavailableError.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Protocol

from hardware.deadlines import Deadline
from hardware.errors import HardwareError, PortTrouble, PortUnavailableError
from hardware.targets import Attachment, Target

if TYPE_CHECKING:
    import serial

DEFAULT_BAUD = 115_200
_SLICE_SECONDS = 0.05
"""pyserial waits with the timeout given at opening; short slices let one open port serve every deadline."""
_WRITE_STALL_SECONDS = 2.0
_WRITE_CHUNK_BYTES = 256
_READ_BYTES = 4096


class Transport(Protocol):
    """One open line. Not for two threads at once: the device that owns it holds the lock."""

    @property
    def answers(self) -> bool:
        """Whether the other end can be heard at all; a file cannot."""
        ...

    def send(self, block: bytes, deadline: Deadline) -> None:
        """Hand over all bytes, or raise PortUnavailableError with the count that went before."""
        ...

    def receive(self, deadline: Deadline) -> bytes:
        """What arrives first, at least one byte; b"" when the deadline passes in silence.

        Raises PortUnavailableError (LOST) when the other end is gone.
        """
        ...

    def drain(self) -> bytes:
        """Take what has arrived already, without waiting: late answers of an earlier question."""
        ...

    def close(self) -> None:
        """Let go of the line; never raises, may be repeated."""
        ...


def open_transport(target: Target, deadline: Deadline, *, baud: int | None = None) -> Transport:
    """Open a line. `baud` is used where the target names none. Raises PortUnavailableError."""
    match target.attachment:
        case Attachment.SERIAL:
            return SerialTransport(target, baud=target.baud or baud or DEFAULT_BAUD)
        case Attachment.TCP:
            return TcpTransport(target, deadline)
        case Attachment.FILE:
            return FileTransport(target)


_TROUBLES = {
    errno.ENOENT: PortTrouble.MISSING,
    errno.ENODEV: PortTrouble.MISSING,
    errno.ENXIO: PortTrouble.MISSING,
    errno.EBUSY: PortTrouble.BUSY,
    errno.EAGAIN: PortTrouble.BUSY,
    errno.EACCES: PortTrouble.DENIED,
    errno.EPERM: PortTrouble.DENIED,
    errno.EROFS: PortTrouble.DENIED,
    errno.EISDIR: PortTrouble.NOT_A_PORT,
    errno.ENOTDIR: PortTrouble.MISSING,
    errno.ENOTTY: PortTrouble.NOT_A_PORT,
    errno.EINVAL: PortTrouble.NOT_A_PORT,
    errno.ECONNREFUSED: PortTrouble.REFUSED,
}


def _line_errors() -> tuple[type[Exception], ...]:
    """Every exception a dying serial line raises: SerialException is an OSError, termios.error is not."""
    try:
        import termios
    except ImportError:  # Windows has no termios.
        return (OSError,)
    return (OSError, termios.error)


def _errno_of(error: Exception) -> int | None:
    number = getattr(error, "errno", None) or (error.args[0] if error.args else None)
    return number if isinstance(number, int) else None


class SerialTransport:
    """A serial port or pseudo-terminal through pyserial, 8N1, opened exclusively."""

    answers = True

    def __init__(self, target: Target, *, baud: int, write_stall_seconds: float = _WRITE_STALL_SECONDS) -> None:
        self._target = target
        self._write_stall_seconds = write_stall_seconds
        self._errors = _line_errors()
        self._port = self._open(baud)

    def _open(self, baud: int) -> "serial.Serial":
        import serial

        try:
            return serial.serial_for_url(
                self._target.path,
                baudrate=baud,
                timeout=_SLICE_SECONDS,
                write_timeout=self._write_stall_seconds,
                exclusive=True,
            )
        except ValueError as error:  # An unknown URL scheme, or a rate the driver does not have.
            raise self._unavailable(PortTrouble.NOT_A_PORT) from error
        except self._errors as error:
            raise self._unavailable(self._opening_trouble(error)) from error

    @staticmethod
    def _opening_trouble(error: Exception) -> PortTrouble:
        number = _errno_of(error)
        if number is not None:
            return _TROUBLES.get(number, PortTrouble.MISSING)
        # Without a number the text is all there is: Windows denies a port that another program holds.
        text = str(error)
        if "PermissionError" in text:
            return PortTrouble.BUSY
        return PortTrouble.NOT_A_PORT if "configure" in text else PortTrouble.MISSING

    def _unavailable(self, trouble: PortTrouble, handed_over_bytes: int = 0) -> PortUnavailableError:
        return PortUnavailableError(target=str(self._target), trouble=trouble, handed_over_bytes=handed_over_bytes)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise self._unavailable(PortTrouble.LOST) from error

    def send(self, block: bytes, deadline: Deadline) -> None:
        """See Transport."""
        import serial

        sent = 0
        while sent < len(block):
            chunk = block[sent : sent + _WRITE_CHUNK_BYTES]
            try:
                sent += self._port.write(chunk) or 0
            except serial.SerialTimeoutException as error:
                # How much of the chunk left is not told; all of it is the careful guess.
                raise self._unavailable(PortTrouble.STALLED, sent + len(chunk)) from error
            except self._errors as error:
                raise self._unavailable(PortTrouble.LOST, sent) from error
            if sent < len(block) and deadline.has_passed:
                raise self._unavailable(PortTrouble.STALLED, sent)

    def receive(self, deadline: Deadline) -> bytes:
        """See Transport."""
        while True:
            with self._watched():
                first: bytes = self._port.read(1)
                if first:
                    return first + self.drain()
            if deadline.has_passed:
                return b""

    def drain(self) -> bytes:
        """See Transport."""
        # Reading what is there instead of reset_input_buffer: the caller may want to look at it.
        with self._watched():
            waiting = self._port.in_waiting
            return bytes(self._port.read(waiting)) if waiting else b""

    def close(self) -> None:
        """See Transport."""
        with suppress(*self._errors):
            self._port.close()


class TcpTransport:
    """A socket: network printers, serial-over-TCP gateways, simulators on every platform."""

    answers = True

    def __init__(self, target: Target, deadline: Deadline) -> None:
        self._target = target
        try:
            # A timeout of 0 would mean "non-blocking".
            self._socket = socket.create_connection((target.host, target.port), max(deadline.left, 0.001))
        except OSError as error:
            trouble = PortTrouble.UNREACHABLE
            if isinstance(error, ConnectionRefusedError):
                trouble = PortTrouble.REFUSED
            raise PortUnavailableError(target=str(target), trouble=trouble) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _lost(self, trouble: PortTrouble, sent: int = 0) -> PortUnavailableError:
        return PortUnavailableError(target=str(self._target), trouble=trouble, handed_over_bytes=sent)

    def send(self, block: bytes, deadline: Deadline) -> None:
        """See Transport."""
        sent = 0
        while sent < len(block):
            self._socket.settimeout(max(deadline.left, 0.001))
            try:
                sent += self._socket.send(block[sent:])
            except TimeoutError as error:
                raise self._lost(PortTrouble.STALLED, sent) from error
            except OSError as error:
                raise self._lost(PortTrouble.LOST, sent) from error

    def receive(self, deadline: Deadline) -> bytes:
        """See Transport."""
        self._socket.settimeout(max(deadline.left, 0.001))
        try:
            block = self._socket.recv(_READ_BYTES)
        except TimeoutError:
            return b""
        except OSError as error:
            raise self._lost(PortTrouble.LOST) from error
        if not block:
            raise self._lost(PortTrouble.LOST)
        return block

    def drain(self) -> bytes:
        """See Transport."""
        self._socket.setblocking(False)
        taken = bytearray()
        try:
            while block := self._socket.recv(_READ_BYTES):
                taken += block
        except BlockingIOError:
            return bytes(taken)
        except OSError as error:
            raise self._lost(PortTrouble.LOST) from error
        raise self._lost(PortTrouble.LOST)

    def close(self) -> None:
        """See Transport."""
        # Closing with unread answers in the buffer sends RST, and a printer may then drop the end of the job.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        with suppress(OSError, HardwareError):
            self.drain()
        self._socket.close()


class FileTransport:
    """A file, or a device node such as the Linux kernel's printer port: bytes go out, nothing comes back."""

    answers = False

    def __init__(self, target: Target) -> None:
        self._target = target
        try:
            # Unbuffered: what was handed over is counted, and nothing waits in this process.
            self._file: BinaryIO = open(target.path, "ab", buffering=0)  # noqa: SIM115, PTH123 - held open; device nodes
        except (OSError, ValueError) as error:
            trouble = _TROUBLES.get(_errno_of(error) or 0, PortTrouble.MISSING)
            raise PortUnavailableError(target=str(target), trouble=trouble) from error

    def send(self, block: bytes, deadline: Deadline) -> None:
        """See Transport."""
        sent = 0
        while sent < len(block):
            try:
                sent += self._file.write(block[sent:])
            except OSError as error:
                raise PortUnavailableError(
                    target=str(self._target), trouble=PortTrouble.LOST, handed_over_bytes=sent
                ) from error
            if sent < len(block) and deadline.has_passed:
                raise PortUnavailableError(
                    target=str(self._target), trouble=PortTrouble.STALLED, handed_over_bytes=sent
                )

    def receive(self, deadline: Deadline) -> bytes:  # noqa: ARG002 - nothing ever comes, so nothing is waited for
        """See Transport."""
        return b""

    def drain(self) -> bytes:
        """See Transport."""
        return b""

    def close(self) -> None:
        """See Transport."""
        with suppress(OSError):
            self._file.close()
