"""Lines to devices: how targets are written, and what an unplugged, stalled or missing one does."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.deadlines import Deadline
from hardware.errors import HardwareError, PortTrouble, PortUnavailableError, TargetSyntaxError
from hardware.targets import Attachment, Target
from hardware.transports import FileTransport, SerialTransport, TcpTransport, Transport, open_transport
from tests.patience import LONGEST_SECONDS

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")

TARGETS = [
    ("serial:/dev/ttyUSB0", Target(attachment=Attachment.SERIAL, path="/dev/ttyUSB0")),
    ("serial:/dev/ttyUSB0@9600", Target(attachment=Attachment.SERIAL, path="/dev/ttyUSB0", baud=9600)),
    ("serial:COM3@115200", Target(attachment=Attachment.SERIAL, path="COM3", baud=115_200)),
    ("serial:/dev/by-id/reader@desk", Target(attachment=Attachment.SERIAL, path="/dev/by-id/reader@desk")),
    ("/dev/pts/4", Target(attachment=Attachment.SERIAL, path="/dev/pts/4")),
    ("COM3", Target(attachment=Attachment.SERIAL, path="COM3")),
    ("socket://127.0.0.1:9000", Target(attachment=Attachment.TCP, host="127.0.0.1", port=9000)),
    ("tcp://192.168.0.50:9100", Target(attachment=Attachment.TCP, host="192.168.0.50", port=9100)),
    ("tcp://[::1]:9100/", Target(attachment=Attachment.TCP, host="::1", port=9100)),
    ("file:/tmp/receipts.bin", Target(attachment=Attachment.FILE, path="/tmp/receipts.bin")),  # noqa: S108 - only text
    ("file:C:\\out.bin", Target(attachment=Attachment.FILE, path="C:\\out.bin")),
]


@pytest.mark.parametrize(("text", "target"), TARGETS)
def test_a_target_is_read_as_people_write_it(text: str, target: Target) -> None:
    assert Target.parse(text) == target
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "text",
    ["", "serial:", "tcp://host", "tcp://:9100", "tcp:host:9100", "tcp://h:0", "tcp://h:99999", "usb://1", "file:"],
)
def test_what_names_no_device_is_refused(text: str) -> None:
    with pytest.raises(TargetSyntaxError):
        Target.parse(text)


def soon(seconds: float = LONGEST_SECONDS) -> Deadline:
    return Deadline.after(seconds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cable:
    """A serial line on a pseudo-terminal, and the far end that a test holds."""

    line: SerialTransport
    master: int
    slave: int
    path: str

    def unplug(self) -> None:
        os.close(self.slave)
        os.close(self.master)


@contextmanager
def cable() -> Iterator[Cable]:
    import tty

    master, slave = os.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    path = os.ttyname(slave)
    line = SerialTransport(Target.parse(path), baud=115_200, write_stall_seconds=0.1)
    with closing(line):
        yield Cable(line=line, master=master, slave=slave, path=path)


UNPLUGGED_CALLS: list[Callable[[Transport], object]] = [
    lambda line: line.receive(soon()),
    lambda line: line.send(b"\x10\x04\x01", soon()),
    lambda line: line.drain(),
]


@needs_pty
@pytest.mark.parametrize("call", UNPLUGGED_CALLS)
def test_an_unplugged_serial_line_is_lost_whichever_call_meets_it(call: Callable[[Transport], object]) -> None:
    with cable() as pulled:
        pulled.unplug()
        for _ in range(2):
            with pytest.raises(PortUnavailableError) as caught:
                call(pulled.line)
            assert caught.value.trouble is PortTrouble.LOST
        pulled.line.close()
        pulled.line.close()
        with pytest.raises(PortUnavailableError) as again:
            SerialTransport(Target.parse(pulled.path), baud=9600)
        assert again.value.trouble is PortTrouble.MISSING


@needs_pty
def test_a_terminal_error_of_an_unplugged_line_is_the_same_loss() -> None:
    with cable() as pulled:
        pulled.unplug()
        # The one call whose error is neither an OSError nor pyserial's own.
        with pytest.raises(PortUnavailableError) as caught, pulled.line._watched():
            pulled.line._port.reset_input_buffer()
        assert caught.value.trouble is PortTrouble.LOST


@needs_pty
def test_a_serial_line_hears_in_time_and_gives_up_in_time() -> None:
    with cable() as live:
        assert live.line.receive(soon(0.01)) == b""
        os.write(live.master, b"abc")
        assert live.line.receive(soon()) == b"abc"
        live.line.send(b"xyz", soon())
        assert os.read(live.master, 10) == b"xyz"
        os.write(live.master, b"late")
        assert live.line.receive(soon()) == b"late"
        assert live.line.drain() == b""
        live.unplug()


@needs_pty
def test_a_serial_device_that_takes_no_more_bytes_is_stalled() -> None:
    with cable() as full:
        with pytest.raises(PortUnavailableError) as caught:
            full.line.send(bytes(1_000_000), soon())
        assert caught.value.trouble is PortTrouble.STALLED
        assert 0 < caught.value.handed_over_bytes < 1_000_000
        full.unplug()


def test_a_file_that_is_no_serial_port_is_named_so(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    with pytest.raises(PortUnavailableError) as caught:
        SerialTransport(Target(attachment=Attachment.SERIAL, path=str(plain)), baud=9600)
    assert caught.value.trouble is PortTrouble.NOT_A_PORT


def test_an_unknown_kind_of_serial_address_is_no_port() -> None:
    with pytest.raises(PortUnavailableError) as caught:
        SerialTransport(Target.parse("serial:nonsense://x"), baud=9600)
    assert caught.value.trouble is PortTrouble.NOT_A_PORT


@contextmanager
def tcp_pair() -> Iterator[tuple[Transport, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = Target(attachment=Attachment.TCP, host="127.0.0.1", port=server.getsockname()[1])
        line = open_transport(target, soon())
        far, _ = server.accept()
        with far, closing(line):
            yield line, far


def test_a_closed_connection_is_lost_not_silent() -> None:
    with tcp_pair() as (line, far):
        far.sendall(b"ok")
        assert line.receive(soon()) == b"ok"
        assert line.receive(soon(0.01)) == b""
        assert line.drain() == b""
        far.close()
        calls: list[Callable[[], object]] = [lambda: line.receive(soon()), line.drain]
        for call in calls:
            with pytest.raises(PortUnavailableError) as caught:
                call()
            assert caught.value.trouble is PortTrouble.LOST


def test_a_socket_that_takes_no_more_bytes_is_stalled() -> None:
    with tcp_pair() as (line, _), pytest.raises(PortUnavailableError) as caught:
        line.send(bytes(30_000_000), soon(0.2))
    assert caught.value.trouble is PortTrouble.STALLED
    assert caught.value.handed_over_bytes > 0


def test_nobody_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    with pytest.raises(PortUnavailableError) as caught:
        TcpTransport(Target(attachment=Attachment.TCP, host="127.0.0.1", port=number), soon())
    assert caught.value.trouble is PortTrouble.REFUSED


def test_a_file_takes_bytes_and_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    for block in (b"one", b"two"):
        line = FileTransport(Target.parse(f"file:{path}"))
        line.send(block, soon())
        assert line.receive(soon()) == line.drain() == b""
        line.close()
    assert path.read_bytes() == b"onetwo"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PortUnavailableError) as caught:
        FileTransport(Target.parse(f"file:{tmp_path}"))
    assert caught.value.trouble in {PortTrouble.NOT_A_PORT, PortTrouble.DENIED}


def test_a_deadline_follows_its_clock_and_never_goes_negative() -> None:
    now = [100.0]
    deadline = Deadline.after(2.5, lambda: now[0])
    assert (deadline.left, deadline.has_passed) == (2.5, False)
    assert deadline.within(1).left == 1
    assert deadline.within(60).left == 2.5
    now[0] = 110.0
    assert (deadline.left, deadline.has_passed) == (0, True)


def test_an_error_tells_its_code_and_facts() -> None:
    error = PortUnavailableError(target="tcp://h:1", trouble=PortTrouble.REFUSED)
    assert isinstance(error, HardwareError)
    assert str(error) == "port-unavailable (target=tcp://h:1, trouble=refused, handed_over_bytes=0)"
