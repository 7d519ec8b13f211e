"""Question and answer with a module, step by step: what is late is dropped, what was damaged is asked again."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hardware.id_readers.conversation import Conversation
from hardware.id_readers.samv import Command, request
from hardware.simulated.samv_module import framed
from hardware.targets import Attachment, Target
from tests.hardware.simulators import READER_TIMES
from tests.patience import LONGEST_SECONDS

READY = framed(0x90)
_REQUEST_BYTES = 10


@dataclass(kw_only=True)
class Module:
    """A module that says what it was told to, whatever the question."""

    target: Target
    asked: list[bytes] = field(default_factory=list)
    is_heard: threading.Event = field(default_factory=threading.Event)
    """Set by the host when it has the first piece of an answer; the others wait for it."""
    has_said_all: threading.Event = field(default_factory=threading.Event)


@contextmanager
def module_saying(*answers: tuple[bytes, ...]) -> Iterator[Module]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        module = Module(target=Target(attachment=Attachment.TCP, host="127.0.0.1", port=server.getsockname()[1]))

        def run() -> None:
            client, _ = server.accept()
            with client:
                for pieces in answers:
                    module.asked.append(client.recv(_REQUEST_BYTES, socket.MSG_WAITALL))
                    client.sendall(pieces[0])
                    for piece in pieces[1:]:
                        module.is_heard.wait(LONGEST_SECONDS)
                        client.sendall(piece)
                    module.has_said_all.set()
                client.recv(1)  # Until the host hangs up.

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield module
        thread.join(timeout=LONGEST_SECONDS)


def opened(module: Module) -> Conversation:
    conversation = Conversation(module.target, times=READER_TIMES, clock=time.monotonic)
    conversation.open()
    return conversation


def test_an_answer_that_came_too_late_is_not_taken_for_the_next_one() -> None:
    late = framed(0x9F, bytes(4))
    with module_saying((READY, late), (framed(0x80),)) as module:
        conversation = opened(module)
        module.is_heard.set()
        assert module.has_said_all.wait(LONGEST_SECONDS)
        reply = conversation.ask(Command.FIND)
        conversation.close()
    assert reply.status == 0x80


def test_a_question_that_arrived_damaged_is_asked_once_more() -> None:
    for complaint in (0x10, 0x11):
        with module_saying((READY,), (framed(complaint),), (framed(0x81),)) as module:
            conversation = opened(module)
            assert conversation.ask(Command.SELECT).status == 0x81
            conversation.close()
        assert module.asked[1:] == [request(Command.SELECT)] * 2


def test_a_module_that_always_complains_is_not_asked_for_ever() -> None:
    with module_saying((READY,), (framed(0x10),), (framed(0x10),)) as module:
        conversation = opened(module)
        assert conversation.ask(Command.SELECT).status == 0x10
        conversation.close()


def test_the_probe_asks_nothing_but_the_status() -> None:
    with module_saying((b"\x00garbage",), (READY,)) as module:
        opened(module).close()
    assert module.asked == [request(Command.STATUS)] * 2
