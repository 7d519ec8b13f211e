"""An ID-card reader that misbehaves, over real pseudo-terminals and sockets, in a process of its own."""

import sys
import threading
from dataclasses import replace
from typing import Any

import pytest

from hardware.deadlines import Deadline
from hardware.errors import (
    CardMovedError,
    HardwareError,
    ModuleFaultError,
    NoAnswerError,
    NoCardError,
    NotAReaderError,
    PortTrouble,
    PortUnavailableError,
    UnreadableError,
)
from hardware.id_readers.conversation import Conversation
from hardware.id_readers.reader import DocumentRead, IdReader
from hardware.simulated.people import CARDS
from hardware.targets import Target
from tests.hardware.simulators import READER_TIMES, Simulator, id_reader
from tests.patience import LONGEST_SECONDS

has_pty = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")
ON_BOTH = [pytest.param("pty", marks=has_pty), "socket"]


def opened(simulator: Simulator) -> IdReader:
    return IdReader.open(simulator.target, times=READER_TIMES)


def soon(seconds: float = LONGEST_SECONDS) -> Deadline:
    return Deadline.after(seconds)


def read(reader: IdReader) -> DocumentRead:
    document = reader.wait_for_card(soon())
    assert document is not None
    return document


HARMLESS = [
    "chunks-1",
    "chunks-7",
    "chunks-64",
    "chunks-random",
    "junk",
    "leading-aa",
    "heartbeat",
    "timeout-marker",
    "huge-length",
    "zero-length",
    "stale-frame",
    "duplicate",
    "finds-again",
    "serial-bytes",
    "no-new-address",
    "forgets-reading",
]


@pytest.mark.parametrize("on", ON_BOTH)
def test_a_card_is_read_through_every_harmless_fault(on: str) -> None:
    with (
        id_reader(on=on) as simulator,
        IdReader.open(simulator.target, times=replace(READER_TIMES, gap=LONGEST_SECONDS)) as reader,
    ):
        for fault in HARMLESS:
            assert simulator.tell("clear") == "ok clear"
            assert simulator.tell(f"fault {fault}") == f"ok fault {fault}"
            simulator.tell("place adult-b")
            assert read(reader).text_block == CARDS["adult-b"].block, fault
            simulator.tell("lift")
            assert reader.wait_until_lifted(soon()), fault


IMPATIENT = replace(READER_TIMES, find=0.3, new_address=0.3)
"""A find that is not answered is asked again: also on a busy machine one of several comes in time."""
HEALED = {
    "drop-byte": READER_TIMES,
    "insert-byte": READER_TIMES,
    "flip-bit": READER_TIMES,
    "stall-mid-read": READER_TIMES,
    "late-reply": IMPATIENT,
    "refuse-frame": READER_TIMES,
    "silence": IMPATIENT,
    "noise": READER_TIMES,
}


@pytest.mark.parametrize("fault", HEALED)
def test_a_fault_that_strikes_once_is_healed_without_the_clerk(fault: str) -> None:
    with id_reader(on="socket") as simulator, IdReader.open(simulator.target, times=HEALED[fault]) as reader:
        simulator.tell(f"fault {fault} once")
        simulator.tell("place adult-c")
        assert read(reader).text_block == CARDS["adult-c"].block


def test_the_first_answers_after_opening_may_be_garbage() -> None:
    with id_reader("--card", "adult-a") as simulator:
        simulator.tell("fault noise once")
        with opened(simulator) as reader:
            assert read(reader).text_block == CARDS["adult-a"].block


SOMETHING_COMES = replace(READER_TIMES, gap=0.03)
NO_READER = [
    ("silence", NoAnswerError, replace(READER_TIMES, status=0.1)),
    ("echo", NotAReaderError, SOMETHING_COMES),
    ("other-device", NotAReaderError, SOMETHING_COMES),
    ("noise", NotAReaderError, SOMETHING_COMES),
    ("module-60", ModuleFaultError, SOMETHING_COMES),
    ("module-66", ModuleFaultError, SOMETHING_COMES),
]


@pytest.mark.parametrize("on", ON_BOTH)
def test_what_is_no_working_reader_is_named_for_what_it_is(on: str) -> None:
    with id_reader("--card", "adult-a", on=on) as simulator:
        for fault, error, times in NO_READER:
            simulator.tell("clear")
            simulator.tell(f"fault {fault}")
            with pytest.raises(error):
                IdReader.open(simulator.target, times=times)


def test_a_module_fault_says_which() -> None:
    with id_reader("--fault", "module-66") as simulator, pytest.raises(ModuleFaultError) as caught:
        opened(simulator)
    assert caught.value.status == 0x66
    assert str(caught.value) == "module-fault (status 66)"


def test_a_module_that_breaks_while_it_waits_stops_at_once() -> None:
    with id_reader() as simulator, opened(simulator) as reader:
        simulator.tell("fault module-60")
        with pytest.raises(ModuleFaultError):
            reader.wait_for_card(soon())


UNREAD = [
    ("lift-after-find", CardMovedError),
    ("lift-after-select", CardMovedError),
    ("lift-in-transfer", CardMovedError),
    ("flip-bit", UnreadableError),
    ("drop-byte", UnreadableError),
    ("stall-mid-read", UnreadableError),
]


@pytest.mark.parametrize(("fault", "error"), UNREAD)
def test_a_card_that_cannot_be_read_is_told_from_one_that_left(fault: str, error: type[HardwareError]) -> None:
    with id_reader() as simulator, opened(simulator) as reader:
        simulator.tell(f"fault {fault}")
        simulator.tell("place adult-d")
        with pytest.raises(error):
            reader.wait_for_card(soon())
        simulator.tell("clear")
        simulator.tell("lift")
        assert reader.wait_until_lifted(soon())
        simulator.tell("place adult-d")
        assert read(reader).text_block == CARDS["adult-d"].block


def test_an_unreadable_card_left_lying_is_not_tried_for_ever() -> None:
    with id_reader() as simulator, opened(simulator) as reader:
        simulator.tell("fault flip-bit")
        simulator.tell("place adult-d")
        with pytest.raises(UnreadableError):
            reader.wait_for_card(soon())
        with pytest.raises(NoCardError):
            reader.wait_for_card(soon(0.1))


@pytest.mark.parametrize("on", ON_BOTH)
def test_a_cable_pulled_in_the_middle_of_a_card_is_a_lost_port(on: str) -> None:
    with id_reader("--fault", "unplug-mid-read", "--card", "adult-e", on=on) as simulator, opened(simulator) as reader:
        with pytest.raises(PortUnavailableError) as caught:
            reader.wait_for_card(soon())
        assert caught.value.trouble is PortTrouble.LOST


def test_a_reader_plugged_in_again_is_found_again() -> None:
    with id_reader() as first:
        number = first.port.rpartition(":")[2]
    with id_reader("--number", number) as simulator, opened(simulator) as reader:
        simulator.tell("unplug")
        with pytest.raises(PortUnavailableError):
            reader.wait_for_card(soon())
        assert not reader.reconnect(soon(0.05))
        assert simulator.tell("plug") == f"ok port {simulator.port}"
        assert reader.reconnect(soon())
        simulator.tell("place adult-f")
        assert read(reader).text_block == CARDS["adult-f"].block


def test_a_card_that_lay_there_while_the_line_was_lost_is_no_new_visit() -> None:
    with id_reader() as first:
        number = first.port.rpartition(":")[2]
    with id_reader("--number", number, "--card", "adult-m") as simulator, opened(simulator) as reader:
        assert read(reader).text_block == CARDS["adult-m"].block
        simulator.tell("unplug")
        with pytest.raises(PortUnavailableError):
            reader.wait_for_card(soon())
        simulator.tell("plug")
        assert reader.reconnect(soon())
        with pytest.raises(NoCardError):
            reader.wait_for_card(soon(0.1))
        simulator.tell("lift")
        assert reader.wait_until_lifted(soon())
        simulator.tell("place adult-m")
        assert read(reader).text_block == CARDS["adult-m"].block


def test_no_card_in_time_is_said_and_changes_nothing() -> None:
    with id_reader() as simulator, opened(simulator) as reader:
        with pytest.raises(NoCardError):
            reader.wait_for_card(soon(0.05))
        simulator.tell("place adult-g")
        assert read(reader).text_block == CARDS["adult-g"].block


@pytest.mark.parametrize("trait", ["", "finds-again", "no-new-address", "forgets-reading"])
def test_a_card_left_lying_is_reported_once(trait: str) -> None:
    with id_reader() as simulator, opened(simulator) as reader:
        if trait:
            simulator.tell(f"fault {trait}")
        simulator.tell("place adult-h")
        assert read(reader).text_block == CARDS["adult-h"].block
        with pytest.raises(NoCardError):
            reader.wait_for_card(soon(0.1))
        # A module that tells a card it has read from no card by nothing seems empty; that costs nothing.
        if trait != "no-new-address":
            assert not reader.wait_until_lifted(soon(0.05))
        simulator.tell("lift")
        assert reader.wait_until_lifted(soon())
        simulator.tell("place adult-h")
        assert read(reader).text_block == CARDS["adult-h"].block


def test_the_same_card_counts_again_after_it_failed() -> None:
    with id_reader("--card", "adult-l") as simulator, opened(simulator) as reader:
        assert read(reader).text_block == CARDS["adult-l"].block
        simulator.tell("lift")
        assert reader.wait_until_lifted(soon())
        simulator.tell("fault flip-bit")
        simulator.tell("place adult-l")
        with pytest.raises(UnreadableError):
            reader.wait_for_card(soon())
        simulator.tell("clear")
        # Lifted and laid down again between two looks of the reader.
        simulator.tell("place adult-l")
        assert read(reader).text_block == CARDS["adult-l"].block


def test_a_swapped_card_is_a_new_one() -> None:
    with id_reader("--card", "adult-i") as simulator, opened(simulator) as reader:
        assert read(reader).text_block == CARDS["adult-i"].block
        simulator.tell("place adult-j")
        assert read(reader).text_block == CARDS["adult-j"].block


def test_a_card_that_lay_there_before_the_program_started_is_read() -> None:
    with id_reader("--card", "adult-k") as simulator:
        for _ in range(2):
            with opened(simulator) as reader:
                assert read(reader).text_block == CARDS["adult-k"].block


@pytest.mark.parametrize("name", ["vector-a", "vector-j", "vector-i", "vector-y", "minor", "expired", "long-term"])
def test_every_kind_of_card_is_the_same_to_the_reader(name: str) -> None:
    with id_reader("--card", name) as simulator, opened(simulator) as reader:
        document = read(reader)
    assert document == DocumentRead(text_block=CARDS[name].block)


def test_a_later_address_comes_along() -> None:
    with id_reader("--card", "moved-house") as simulator, opened(simulator) as reader:
        assert read(reader).new_address == CARDS["moved-house"].new_address


def test_what_was_read_shows_nothing_of_itself() -> None:
    assert repr(DocumentRead(text_block=CARDS["vector-a"].block, new_address=b"x" * 70)) == "DocumentRead()"


def test_a_waiting_thread_stops_when_told() -> None:
    stop = threading.Event()
    results: list[Any] = []
    with id_reader() as simulator, opened(simulator) as reader:
        thread = threading.Thread(target=lambda: results.append(reader.wait_for_card(soon(60), stop)))
        thread.start()
        stop.set()
        thread.join(timeout=LONGEST_SECONDS)
    assert results == [None]


@has_pty
def test_a_port_that_another_program_holds_is_busy() -> None:
    with id_reader(on="pty") as simulator, opened(simulator), pytest.raises(PortUnavailableError) as caught:
        opened(simulator)
    assert caught.value.trouble is PortTrouble.BUSY


def test_a_port_that_is_not_there_is_missing() -> None:
    with pytest.raises(PortUnavailableError) as caught:
        IdReader.open(Target.parse("serial:/no/such/port"))
    assert caught.value.trouble is PortTrouble.MISSING


def test_baud_rates_are_tried_only_where_none_is_given_on_a_real_port() -> None:
    def rates(text: str) -> tuple[int, ...]:
        return Conversation(Target.parse(text), times=READER_TIMES, clock=lambda: 0.0)._bauds()

    assert rates("serial:/dev/ttyUSB0") == (115_200, 57_600, 38_400, 19_200, 9_600)
    assert rates("serial:/dev/ttyUSB0@9600") == (9_600,)
    assert rates("serial:/dev/pts/3") == (115_200,)
    assert rates("socket://127.0.0.1:1") == (115_200,)
