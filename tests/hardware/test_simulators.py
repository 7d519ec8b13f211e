"""The shipped simulators as people use them: a port on the first line, commands, scripts; and a foreign encoder."""

import subprocess
import sys
from pathlib import Path

import pytest

from hardware.deadlines import Deadline
from hardware.id_readers.reader import IdReader
from hardware.printers.printer import Outcome, ReceiptPrinter
from hardware.simulated.escpos_stream import StreamCutter
from hardware.simulated.paper import Paper
from hardware.simulated.people import CARDS
from hardware.simulated.printer_machine import PrinterMachine
from hardware.targets import Target
from tests.hardware.simulators import PRINTER_TIMES, READER_TIMES, id_reader, printer
from tests.patience import LONGEST_SECONDS


def paper_of(stream: bytes, *, columns: int = 32) -> str:
    receipts: list[str] = []
    machine = PrinterMachine(columns=columns, tell=lambda _: None, cut_off=receipts.append)
    machine.take(stream)
    return "".join(receipts) + machine.tear_off()


def test_the_first_line_is_a_port_that_can_be_opened() -> None:
    with id_reader(on="socket") as reader, printer(on="socket") as paper:
        assert reader.port.startswith("socket://127.0.0.1:")
        assert paper.port.startswith("tcp://127.0.0.1:")
        assert Target.parse(reader.port).port != Target.parse(paper.port).port


def test_a_script_waits_for_the_host_at_every_step(tmp_path: Path) -> None:
    script = tmp_path / "day.txt"
    script.write_text("# a short day\nplace adult-a\nlift\n\nplace minor\nplace adult-b\nlift\n", encoding="utf-8")
    names = ["adult-a", "minor", "adult-b"]
    with (
        id_reader("--script", str(script)) as simulator,
        IdReader.open(simulator.target, times=READER_TIMES) as reader,
    ):
        for name in names:
            document = reader.wait_for_card(Deadline.after(LONGEST_SECONDS))
            assert document is not None
            assert document.text_block == CARDS[name].block


def test_several_cards_are_laid_down_in_turn() -> None:
    with (
        id_reader("--card", "adult-x", "--card", "adult-y") as simulator,
        IdReader.open(simulator.target, times=READER_TIMES) as reader,
    ):
        for name in ("adult-x", "adult-y"):
            document = reader.wait_for_card(Deadline.after(LONGEST_SECONDS))
            assert document is not None
            assert document.text_block == CARDS[name].block


def test_commands_are_answered_and_mistakes_named() -> None:
    with id_reader() as simulator:
        assert simulator.tell("place adult-a") == "ok place adult-a"
        assert simulator.tell("state") == "ok card=adult-a reads=0 empty_finds=0"
        assert simulator.tell("place nobody") == "error no card is called nobody; ask for `cards`"
        assert simulator.tell("fault nothing") == "error no fault is called nothing; ask for `faults`"
        assert simulator.tell("plug") == "error it is plugged in"
        assert simulator.tell("dance").startswith("error commands: place NAME")
        assert "adult-az" in simulator.tell("cards").split()
        assert "unplug-mid-read" in simulator.tell("faults").split()
        assert simulator.tell("quit") == "ok quit"
        assert simulator.process.wait(timeout=LONGEST_SECONDS) == 0


def test_the_printer_obeys_too() -> None:
    with printer() as simulator:
        assert simulator.tell("fault no-paper") == "ok fault no-paper"
        assert simulator.tell("state") == "ok no-paper waiting=0 cuts=0 kicks=0"
        assert simulator.tell("clear") == "ok clear"
        assert simulator.tell("fault confetti").startswith("error no fault is called confetti")
        assert simulator.tell("quit") == "ok quit"
        assert simulator.process.wait(timeout=LONGEST_SECONDS) == 0


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("id_reader", ["--card", "nobody"]),
        ("id_reader", ["--fault", "nothing"]),
        ("id_reader", ["--script", "/no/such/script"]),
        ("printer", ["--fault", "nothing"]),
        ("printer", ["--on", "pty", "--fault", "black-hole"]),
    ],
)
def test_what_names_nothing_is_said_before_anything_is_served(module: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", f"hardware.simulated.{module}", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LONGEST_SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{module}: ")


def test_paper_can_be_shown_on_standard_output() -> None:
    with printer("--width", "80") as simulator:
        job = b"\x1b@\x1ba\x01" + "明价".encode("gb18030") + b"\n\x1dV\x00"
        assert ReceiptPrinter(simulator.target, times=PRINTER_TIMES).print(job).outcome is Outcome.CONFIRMED
        assert simulator.next_line() == " " * 22 + "明价"


STREAMS = [
    (b"\x1b@\x1c&abc\n", "abc\n"),
    (b"\x1ba\x02" + b"right\n", " " * 27 + "right\n"),
    (b"\x1ba\x01\x1d!\x11AB\x1d!\x00\n", " " * 14 + "AB\n"),
    (b"12345678901234567890123456789012345\n", "12345678901234567890123456789012\n345\n"),
    (b"name\x1b$\x20\x01" + b"  7.00\n", "name" + " " * 22 + "7.00\n"),
    (b"wrong\x1b$\x00\x00right\n", "right\n"),
    (b"\x1c.\x82\n", "é\n"),
    ("㙓😀".encode("gb18030") + b"\n", "㙓😀\n"),
    (b"\x1d(k\x08\x001P0MJ1:A\x1d(k\x03\x001Q0", "[QR MJ1:A]\n"),
    (b"a\n\x1dv0\x00\x02\x00\x03\x00" + b"\x10\x04\x01\x1b@\x00" + b"b\n", "a\n[picture 16 x 3]\nb\n"),
    (b"\x1bM\x00\x1c(A\x02\x00\x30\x00\x1b \x00\x1b2\x1b{\x00\x1b-\x00\x1c-\x00\x1dB\x00\x1cC0ok\n", "ok\n"),
    (b"\x1dk\x0412345\x00\x1dkI\x03abcok\n", "ok\n"),
    (b"\x1bD\x08\x10\x00\x1b*\x21\x01\x00abcok\n", "ok\n"),
    (b"one\x1bd\x02two\x1dVB\x00three\n", "one\n\ntwo\nthree\n"),
]


@pytest.mark.parametrize(("stream", "shown"), STREAMS)
def test_the_simulated_printer_understands_the_command_set(stream: bytes, shown: str) -> None:
    assert paper_of(stream) == shown


@pytest.mark.parametrize(("stream", "shown"), STREAMS)
def test_it_understands_it_byte_by_byte_too(stream: bytes, shown: str) -> None:
    receipts: list[str] = []
    machine = PrinterMachine(columns=32, tell=lambda _: None, cut_off=receipts.append)
    for byte in stream:
        machine.take(bytes([byte]))
    assert "".join(receipts) + machine.tear_off() == shown


def test_a_question_within_a_picture_is_no_question() -> None:
    told: list[bytes] = []
    machine = PrinterMachine(columns=32, tell=told.append, cut_off=lambda _: None)
    machine.take(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01" + b"\x10\x04\x04")
    assert told == [b"\x12"]


def test_half_a_command_waits_for_its_other_half() -> None:
    cutter = StreamCutter()
    assert cutter.cut(b"\x1b") == []
    assert cutter.cut(b"$\x01") == []
    (piece,) = cutter.cut(b"\x00")
    assert (piece.code, piece.parameters) == (b"\x1b$", b"\x01\x00")


def test_paper_keeps_what_was_printed_before_a_reset() -> None:
    paper = Paper(columns=32)
    paper.print_text(b"kept")
    paper.end_line()
    paper.reset()
    assert paper.tear_off() == "kept\n"


FOREIGN_RECEIPT = """
import sys
from escpos.printer import Dummy
dummy = Dummy()
dummy.set(align="center", bold=True)
dummy._raw("明价网咖".encode("gb18030") + b"\\n")
dummy.set(align="left", bold=False)
dummy.text("Cola 3.50\\n")
dummy.qr("MJ1:ABC234", native=True)
dummy.cashdraw(2)
dummy.cut()
sys.stdout.buffer.write(dummy.output)
"""


def test_a_receipt_made_by_another_library_is_read_alike() -> None:
    # In a process of its own: importing that library changes the root logger.
    foreign = subprocess.run(
        [sys.executable, "-c", FOREIGN_RECEIPT], capture_output=True, timeout=LONGEST_SECONDS, check=True
    )
    machine_kicks: list[str] = []
    machine = PrinterMachine(columns=32, tell=lambda _: None, cut_off=machine_kicks.append)
    machine.take(foreign.stdout)
    assert machine_kicks == [" " * 12 + "明价网咖\nCola 3.50\n[QR MJ1:ABC234]\n"]
    assert (machine.cuts, machine.drawer_kicks) == (1, 1)
