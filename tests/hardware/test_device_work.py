"""What the device commands do: read one card, print a trial page, simulate."""

from pathlib import Path

import pytest

from hardware.errors import NoCardError, TargetSyntaxError
from hardware.simulated.people import CARDS
from pos.cli.devices import print_trial_page, read_document, simulate
from tests.hardware.simulators import id_reader, printer


def test_a_card_on_the_reader_is_read_by_its_port_alone() -> None:
    with id_reader("--card", "adult-a") as simulator:
        assert read_document(simulator.port, wait_seconds=60).text_block == CARDS["adult-a"].block


def test_waiting_for_a_card_ends() -> None:
    with id_reader() as simulator, pytest.raises(NoCardError):
        read_document(simulator.port, wait_seconds=0.1)


def test_a_trial_page_is_confirmed_and_shows_the_coding_that_is_right(tmp_path: Path) -> None:
    with printer("--paper", str(tmp_path)) as simulator:
        answer = print_trial_page(simulator.port, width_mm=58)
    assert answer.to_plain() == {
        "bytes": answer.handed_over_bytes,
        "state": "confirmed",
        "status": "ready",
        "cause": None,
    }
    lines = (tmp_path / "0001.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["1 GB18030, FS &", "明价 测试页 网咖", "可乐" + " " * 18 + "2" + " " * 3 + "￥7.00"]
    assert lines[-1] == "[QR MINGJIA:TRIAL]"


@pytest.mark.parametrize(("fault", "cause"), [("no-paper", "paper-out"), ("refuse", "unreachable")])
def test_a_trial_page_that_never_left_has_failed_and_says_why(fault: str, cause: str) -> None:
    with printer("--fault", fault) as simulator:
        answer = print_trial_page(simulator.port, width_mm=80)
    assert (answer.state, answer.cause, answer.handed_over_bytes) == ("failed", cause, 0)


def test_a_target_that_names_nothing_is_refused() -> None:
    with pytest.raises(TargetSyntaxError):
        print_trial_page("usb://1", width_mm=58)


@pytest.mark.parametrize("device", ["id-reader", "printer"])
def test_a_simulator_is_found_by_its_name(device: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(device, ["--fault", "nothing"]) == 2
    assert capsys.readouterr().out == ""
