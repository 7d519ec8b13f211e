"""A server that turns a role away says so in its own language and coding; one that is starting turns nobody away."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from records import database
from records.errors import StoreDeniedError, StoreLostError
from records.folder import open_server
from records.place import ServerPlace

_ENCRYPTION: Final = frozenset({80877103, 80877104})  # SSLRequest, GSSENCRequest


def _whole(line: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (more := line.recv(size - len(got))):
        got += more
    return got


def _turn_away(line: socket.socket, severity: bytes, message: bytes) -> None:
    """Answer one start of a session with an ErrorResponse."""
    while True:
        length, code = struct.unpack("!ii", _whole(line, 8))
        if code not in _ENCRYPTION:
            break
        line.sendall(b"N")
    _whole(line, length - 8)
    fields = b"".join(kind + text + b"\0" for kind, text in ((b"S", severity), (b"V", b"FATAL"), (b"M", message)))
    line.sendall(b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0")


@contextmanager
def server_saying(severity: bytes, message: bytes) -> Iterator[ServerPlace]:
    """A server that lets nobody in."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    _turn_away(line, severity, message)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"postgresql+psycopg://mingjia@127.0.0.1:{door.getsockname()[1]}/shop"
        try:
            yield ServerPlace(url=url, schema="venue_test", desk="desk-1")
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
@pytest.mark.parametrize(
    ("severity", "message"),
    [
        ("FATAL", 'password authentication failed for user "mingjia"'),
        ("FATAL", 'permission denied for database "shop"'),
        ("致命错误", '用户 "mingjia" Password 认证失败'),
        ("致命错误", '数据库 "shop" 不存在'),
        ("致命错误", '没有用于主机 "192.168.0.7", 用户 "mingjia", 数据库 "shop", 无加密 的 pg_hba.conf 记录'),
    ],
)
def test_a_role_that_is_turned_away_is_named_whatever_the_servers_language(
    severity: str, message: str, coding: str
) -> None:
    with (
        server_saying(severity.encode(coding), message.encode(coding)) as place,
        pytest.raises(StoreDeniedError) as denied,
        database.snapshot(open_server(place)),
    ):
        pass
    assert denied.value.role == "mingjia"


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
@pytest.mark.parametrize(
    ("severity", "message"),
    [
        ("FATAL", "the database system is starting up"),
        ("FATAL", "sorry, too many clients already"),
        ("致命错误", "数据库系统启动中"),
        ("致命错误", "数据库系统停止中"),
        ("致命错误", "对不起, 已经有太多的客户"),
        ("FATAL", 'could not extend file "base/16386/16577": No space left on device'),
    ],
)
def test_a_server_that_takes_nobody_just_now_is_away(severity: str, message: str, coding: str) -> None:
    with (
        server_saying(severity.encode(coding), message.encode(coding)) as place,
        pytest.raises(StoreLostError),
        database.snapshot(open_server(place)),
    ):
        pass
