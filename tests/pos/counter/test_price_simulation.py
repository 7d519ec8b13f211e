"""`mingjia prices simulate` beside an open desk: read-only, without a secret, in words and as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pos.cli.main import main
from pos.counter.counter import Counter
from records.clock import SimulatedClock
from records.ids import new_id
from tests.pos.counter.venues import DEMO, cash, seat_someone

PRICES = (DEMO / "prices.toml").read_text(encoding="utf-8")
DAY = ("--since", "2026-11-23", "--until", "2026-11-23")


@pytest.fixture(autouse=True)
def settled(counter: Counter, clock: SimulatedClock) -> None:
    """One visit of an hour in the hall: 5.00 yuan."""
    visit_id = seat_someone(counter, "adult-a", "A01")
    clock.advance(timedelta(hours=1))
    counter.settlements.show(visit_id)
    counter.settlements.settle(visit_id, [cash(500)], request=new_id())


def run(tmp_path: Path, text: str, *words: str) -> int:
    (tmp_path / "new.toml").write_text(text, encoding="utf-8")
    return main(["--data", str(tmp_path / "shop"), *words, "prices", "simulate", str(tmp_path / "new.toml"), *DAY])


def test_the_answer_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, PRICES.replace("fen_per_hour = 500", "fen_per_hour = 600"), "--lang", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "Visits from 2026-11-23 to 2026-11-23, time and packages only: 1.",
        "They paid 5.00 yuan. Under this list they would pay 6.00: +1.00, +20.0 %.",
        "More: 1 (+1.00 in all). Less: 0 (0.00 in all). The same: 0.",
    ]
    assert lines[3] == "Pay most more:"
    assert lines[4].endswith("2026-11-23 19:00:00 to 2026-11-23 20:00:00: 5.00 → 6.00 (+1.00)")


def test_the_answer_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, PRICES, "--json") == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert {key: answer[key] for key in ("visits", "charged_fen", "would_fen", "more", "less", "same")} == {
        "visits": 1, "charged_fen": 500, "would_fen": 500, "more": 0, "less": 0, "same": 1,
    }  # fmt: skip
    assert said.err == ""


def test_a_zone_that_is_gone_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = PRICES.replace('"hall"', '"lobby"')
    assert run(tmp_path, gone, "--lang", "zh_CN") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "未比较：1 次（共 5.00 元），价目表没有区域 hall。"


def test_a_list_of_another_time_zone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, PRICES.replace("Asia/Shanghai", "Asia/Urumqi"), "--json") == 1
    assert '"timezone-differs"' in capsys.readouterr().out
