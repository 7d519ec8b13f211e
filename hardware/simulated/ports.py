"""The far end of a line: a pseudo-terminal's master, or a listening socket on the loopback interface.

One client at a time, as a real cable has one. `unplug` may come from another thread.
"""

import os
import select
import socket
import sys
from contextlib import suppress
from typing import Protocol


class Port(Protocol):
    """What a simulated device serves on."""

    name: str
    """What a client opens."""
    unplugged: bool

    def receive(self, timeout_seconds: float | None = None) -> bytes | None:
        """The next bytes; b"" when there are none after all; None when the port was unplugged."""
        ...

    def send(self, block: bytes) -> None:
        """Hand bytes to the client; lost when there is none."""
        ...

    def unplug(self) -> None:
        """The device is gone: the client's line breaks, the port's name vanishes."""
        ...


class _Waker:
    """Lets another thread end a wait; a socket pair, because Windows selects on nothing else."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()

    def fileno(self) -> int:
        return self._near.fileno()

    def wake(self) -> None:
        with suppress(OSError):
            self._far.send(b"!")

    def calm(self) -> None:
        self._near.recv(64)

    def close(self) -> None:
        self._near.close()
        self._far.close()


class PtyPort:
    """A pseudo-terminal; only where the platform has them."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise OSError("this platform has no pseudo-terminals; use a socket")
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        # Held open here: with no one on the slave's side, reading the master fails.
        self.name = os.ttyname(self._slave)
        self._waker = _Waker()
        self.unplugged = False

    def receive(self, timeout_seconds: float | None = None) -> bytes | None:
        """See Port."""
        sources: list[int] = [self._master, self._waker.fileno()]
        ready, _, _ = select.select(sources, [], [], timeout_seconds)
        if self.unplugged:
            self._close()
            return None
        if self._master not in ready:
            self._waker.calm()
            return b""
        try:
            return os.read(self._master, 4096)
        except OSError:
            return b""

    def send(self, block: bytes) -> None:
        """See Port."""
        with suppress(OSError):
            while block and not self.unplugged:
                # A client that does not read fills the terminal; an unplugging must still get through.
                _, writable, _ = select.select([], [self._master], [], 0.1)
                if writable:
                    block = block[os.write(self._master, block[:512]) :]

    def unplug(self) -> None:
        """See Port."""
        self.unplugged = True
        self._waker.wake()

    def _close(self) -> None:
        for descriptor in (self._master, self._slave):
            with suppress(OSError):
                os.close(descriptor)
        self._master = self._slave = -1
        self._waker.close()


class SocketPort:
    """A TCP server on 127.0.0.1; a second client waits until the first one leaves."""

    def __init__(self, *, scheme: str, number: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", number), backlog=1)
        self._address = self._listener.getsockname()
        self.name = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._client: socket.socket | None = None
        self._waker = _Waker()
        self.unplugged = False
        self.connections = 0
        self.is_deaf = False
        self.bite_bytes = 4096
        self._swallows = False
        self._fillers: list[socket.socket] = []

    def receive(self, timeout_seconds: float | None = None) -> bytes | None:
        """See Port."""
        ready = self._wait(timeout_seconds)
        if self.unplugged:
            self._close()
            return None
        if self._waker.fileno() in ready:
            self._waker.calm()
            return b""
        if not ready:
            return b""
        if self._client is None:
            self._accept()
            return b""
        return self._take(self._client)

    def _wait(self, timeout_seconds: float | None) -> list[int]:
        sources = [self._waker.fileno(), *self._watched()]
        try:
            return select.select(sources, [], [], timeout_seconds)[0]
        except OSError:  # A command closed the listener between looking and waiting; look again.
            return []

    def _accept(self) -> None:
        if self._swallows:  # Only our own fillers wait; to take one would make room for a client.
            return
        with suppress(OSError):  # The listener was shut meanwhile: no one is there.
            self._client, _ = self._listener.accept()
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1

    def _take(self, client: socket.socket) -> bytes:
        try:
            block = client.recv(self.bite_bytes)
        except OSError:
            block = b""
        if not block:
            self.hang_up()
        return block

    def send(self, block: bytes) -> None:
        """See Port."""
        if self._client is not None:
            with suppress(OSError):
                self._client.sendall(block)

    def _watched(self) -> list[int]:
        if self._client is not None:
            return [] if self.is_deaf else [self._client.fileno()]
        if self._swallows or self._listener.fileno() < 0:
            return []
        return [self._listener.fileno()]

    def wake(self) -> None:
        """Let `receive` look again at what it waits for."""
        self._waker.wake()

    def stop_listening(self) -> None:
        """As a host on which nothing runs: connecting is refused at once."""
        with suppress(OSError):
            # The serving thread's wait would keep a merely closed socket listening a while.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.wake()

    def listen_again(self) -> None:
        """Undo `stop_listening`, on the same port."""
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(self._address, backlog=1)
            self.wake()

    def swallow_connections(self, *, on: bool) -> None:
        """As a host that lets every packet fall: connecting neither succeeds nor fails."""
        self._swallows = on  # First of all: the serving thread may be waiting for the listener just now.
        if self._listener.fileno() >= 0:
            self._listener.listen(0 if on else 1)
        for filler in self._fillers:
            filler.close()
        self._fillers = []
        if on:
            # The queue takes one or two; from then on new ones are left unanswered.
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(self._address)
                self._fillers.append(filler)
        self.wake()

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the client's connection; with `reset` as a crash would, and what is unread is lost."""
        if self._client is None:
            return
        if reset:
            import struct

            # Linger on, zero seconds: close sends RST.
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._client.close()
        self._client = None

    def unplug(self) -> None:
        """See Port."""
        self.unplugged = True
        self._waker.wake()

    def _close(self) -> None:
        self.hang_up()
        for filler in self._fillers:
            filler.close()
        self._listener.close()
        self._waker.close()
