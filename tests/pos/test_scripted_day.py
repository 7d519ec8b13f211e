"""The scripted day, from outside: a process plays it, and what it leaves behind proves itself."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pos.demo.plan import FIRST_DAY, VISITS_A_DAY, plan_days
from tests.pos.conftest import Terminal

SHANGHAI = ZoneInfo("Asia/Shanghai")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A demo that was played: its folder and its answer."""

    folder: Path
    answer: dict[str, Any]

    @property
    def slips(self) -> dict[str, str]:
        return {
            path.name: path.read_text(encoding="utf-8") for path in sorted((self.folder / "receipts").glob("*.txt"))
        }

    def table(self, name: str) -> list[dict[str, str]]:
        with zipfile.ZipFile(self.folder / "bundle.zip") as bundle:
            return list(csv.DictReader(io.StringIO(bundle.read(f"csv/{name}.csv").decode("utf-8-sig"))))


def play(folder: Path, *words: str) -> Played:
    command = [sys.executable, "-m", "pos.cli.main", "demo", "--script", "--dir", str(folder), "--json", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Played(folder=folder, answer=json.loads(done.stdout))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("demo") / "day")


def test_the_answer_has_the_promised_form(played: Played) -> None:
    answer = played.answer
    assert list(answer) == [
        "data", "bundle", "verified", "receipts", "price_list", "visits", "sales", "refused", "totals_fen", "z",
        "from", "to", "journal", "seconds",
    ]  # fmt: skip
    assert answer["verified"] is True
    assert (answer["visits"], answer["sales"], answer["z"]) == (30, 12, 2)
    assert answer["refused"] == [{"reason": "same-person"}, {"reason": "expired"}, {"reason": "minor"}]
    assert (answer["from"], answer["to"]) == ("2026-11-23", "2026-11-23")
    assert set(answer["totals_fen"]) == {"cash", "wechat", "alipay", "bank", "wallet"}
    assert (answer["data"], answer["bundle"]) == (str(played.folder / "venue"), str(played.folder / "bundle.zip"))
    assert answer["receipts"] == sorted(played.slips)


def test_every_slip_came_out_of_the_printer_once(played: Played) -> None:
    titles = [slip.splitlines()[1].strip() for slip in played.slips.values()]
    assert titles.count("结账小票") == 30
    assert titles.count("销售小票") == 12
    assert titles.count("退款小票") == 1
    assert [title for title in titles if title.startswith("班次结算")] == ["班次结算 Z0001", "班次结算 Z0002"]
    assert titles.count("账本起始单") == titles.count("消费清单") == 1
    numbers = [
        line.split("单号 ")[1] for slip in played.slips.values() for line in slip.splitlines() if "单号 0" in line
    ]
    assert sorted(numbers) == [f"{number:06}" for number in range(1, len(numbers) + 1)]


def test_no_slip_names_anybody(played: Played) -> None:
    for slip in played.slips.values():
        assert not ID_NUMBER.search(slip)
        assert "测试" not in slip
        assert "TEST SAMPLE" not in slip
        assert "【演示】" in slip


def test_the_totals_are_what_the_bundle_says_was_taken(played: Played) -> None:
    signs = {"deposit": 1, "paid": 1, "returned": -1, "change": -1, "refunded": -1}
    taken = dict.fromkeys(played.answer["totals_fen"], 0)
    for row in played.table("tenders"):
        taken[row["kind"]] += signs[row["direction"]] * round(float(row["amount_yuan"]) * 100)
    assert taken == played.answer["totals_fen"]
    charged = sum(round(float(row["total_yuan"]) * 100) for row in played.table("visits"))
    lines = [row for row in played.table("lines") if row["of"] in {visit["visit"] for visit in played.table("visits")}]
    assert charged == sum(round(float(row["amount_yuan"]) * 100) for row in lines)


def test_the_story_has_its_scenes(played: Played) -> None:
    kinds = {row["kind"] for row in played.table("lines")}
    assert kinds >= {"time", "discount", "minimum", "rounding", "package", "grace", "goods", "service"}
    assert kinds >= {"combo", "promotion", "reduction"}
    assert {row["ends"] for row in played.table("visits")} == {"customer", "package-end"}
    assert [row["approved_by"] for row in played.table("id_checks") if row["method"] == "typed"] == ["s2"]
    assert [row["difference_yuan"] for row in played.table("shifts")] == ["-1.00", "0.00"]
    over_midnight = [row for row in played.table("visits") if row["started"][:10] < row["ended"][:10]]
    assert over_midnight


def test_what_came_back_and_what_came_in_stands_in_the_tables(played: Played) -> None:
    assert [(row["quantity"], row["reason"]) for row in played.table("cancellations")] == [("1", "customer")]
    refunded = played.table("refunds")
    assert [(row["kind"], row["item"], row["amount_yuan"]) for row in refunded] == [
        ("goods", "noodles", "6.00"),
        ("combo", "supper", "-1.50"),
    ]
    stock = played.table("stock")
    assert {row["type"] for row in stock} == {"received", "counted"}
    differing = [row for row in stock if row["type"] == "counted" and row["counted"] != row["expected"]]
    assert [row["item"] for row in differing] == ["cola-330"]


def test_a_stranger_verifies_the_bundle_with_a_receipt_in_hand(played: Played, tmp_path: Path) -> None:
    with zipfile.ZipFile(played.folder / "bundle.zip") as bundle:
        bundle.extract("verify/verify.py", tmp_path)
    slip = next(slip for slip in played.slips.values() if "班次结算 Z0002" in slip)
    anchor = next(line for line in slip.splitlines() if line.startswith("[QR MJ1:"))[4:-1]
    command = [sys.executable, "-I", str(tmp_path / "verify" / "verify.py"), str(played.folder / "bundle.zip")]
    done = subprocess.run([*command, "--json", "--anchor", anchor], capture_output=True, encoding="utf-8", check=False)
    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["ok"], verdict["findings"], verdict["demo"]) == (0, True, [], True)


def test_the_venue_goes_on_as_a_simulated_one(played: Played, terminal: Terminal) -> None:
    data, secrets = played.folder / "venue", played.folder / "secrets.toml"
    words = ("--data", data, "--secrets", secrets, "--json")
    listed = terminal.run(*words, "visit", "list", "--as", "chen")
    assert listed.json == {"visits": []}
    opened = terminal.run(*words, "shift", "open", "--float", "10000", "--as", "chen")
    assert opened.json == {"shift": 3, "float_fen": 10000}


def test_the_same_seed_is_the_same_day(played: Played) -> None:
    assert played.answer["totals_fen"] == {"cash": 20530, "wechat": 18250, "alipay": 18000, "bank": 7100, "wallet": 0}
    assert played.answer["journal"]["size"] == 237


def test_a_day_of_one_visit_is_a_day(tmp_path: Path) -> None:
    answer = play(tmp_path / "short", "--visits", "1", "--seed", "5").answer
    assert (answer["verified"], answer["visits"], answer["sales"], answer["z"]) == (True, 1, 1, 2)


@pytest.mark.parametrize("visits", [1, 11, 30, 61, VISITS_A_DAY, VISITS_A_DAY + 1, 1000])
def test_a_plan_has_its_visits_within_its_days(visits: int) -> None:
    days = plan_days(visits=visits, seed=3, timezone=SHANGHAI)
    assert sum(len(day.visits) for day in days) == visits
    assert [day.day for day in days] == [FIRST_DAY + timedelta(days=number) for number in range(len(days))]
    for day in days:
        first, last = day.shifts[0].opens, day.shifts[-1].closes
        assert all(first <= visit.arrives and visit.arrives + visit.stays < last for visit in day.visits)
        for visit in day.visits:
            assert all(errand.after < visit.stays for errand in visit.errands)
    assert days == plan_days(visits=visits, seed=3, timezone=SHANGHAI)
    assert days != plan_days(visits=visits, seed=4, timezone=SHANGHAI)


def test_a_folder_with_something_in_it_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    answer = terminal.run("--json", "demo", "--script", "--dir", tmp_path)
    assert (answer.status, answer.error["code"]) == (1, "folder-taken")
    assert terminal.run("--json", "demo", "--script", "--visits", "0").error["code"] == "wrong-use"
