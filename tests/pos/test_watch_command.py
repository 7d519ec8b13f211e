"""`mingjia watch forced-sale` on a venue where one of two clerks puts a drink on every bill."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pos.bootstrap import Venue, open_venue
from records.clock import SimulatedClock
from records.folder import VenueFolder
from tests.billing.counter import Counter, goods
from tests.conftest import MONDAY_EVENING
from tests.pos.conftest import Shop, Terminal
from tests.pos.counter.venues import PASSPHRASE

PERIOD = ("--from", "2026-11-23", "--to", "2026-11-28")
ZHOU_AND_CHEN = {"s3": 1, "s4": 7}
"""Who opens seats, and how many of seven have a drink at once: chen is s3, zhou s4."""


def play_week(venue: Venue, clock: SimulatedClock, ordered: dict[str, int]) -> None:
    """Six evenings with seven seats for each clerk."""
    counter = Counter(records=venue.records, clock=clock)
    counter.open_shift()
    for _day in range(6):
        for clerk, drinks in ordered.items():
            counter.actor = clerk
            for number in range(7):
                visit_id = counter.open(f"X{counter.persons}", person=f"somebody-{counter.persons}")
                if number < drinks:
                    counter.order(visit_id, goods("cola-330"))
        counter.wait(hours=24)


def week_of(ordered: dict[str, int], path: Path) -> None:
    clock = SimulatedClock(MONDAY_EVENING)
    folder = VenueFolder(path=path, reserve_bytes=65536)
    with open_venue(folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        play_week(venue, clock, ordered)


@pytest.fixture(scope="session")
def forcing_template(shop_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forcing") / "shop"
    shutil.copytree(shop_template, path)
    week_of(ZHOU_AND_CHEN, path / "venue")
    return path


@pytest.fixture
def forcing_shop(forcing_template: Path, tmp_path: Path, terminal: Terminal) -> Shop:
    path = tmp_path / "shop"
    shutil.copytree(forcing_template, path)
    return Shop(
        terminal=terminal,
        folder=path / "venue",
        secrets=path / "secrets.toml",
        owner_key=path / "owner-key.pem",
    )


def found_by(shop: Shop, name: str, *more: str) -> Any:
    answer = shop.run("--json", "watch", "forced-sale", *PERIOD, *more, "--as", name)
    assert answer.status == 1, answer
    return answer.json


def entries(shop: Shop) -> int:
    size: int = shop.ask("journal", "head")["size"]
    return size


def test_the_owner_reads_names_and_the_journal_numbers(forcing_shop: Shop) -> None:
    found = found_by(forcing_shop, "li")
    assert [found[key] for key in ("from", "to", "visits")] == ["2026-11-23", "2026-11-28", 84]
    assert found["clerks"] == [
        {"staff": "s3", "name": "chen", "seats": 42, "comparable": 42, "compared": True},
        {"staff": "s4", "name": "zhou", "seats": 42, "comparable": 42, "compared": True},
    ]
    first = found["findings"][0]
    assert (first["signal"], first["staff"], first["name"]) == ("goods-at-opening", "s4", "zhou")
    assert [first[key] for key in ("of", "hits", "others_of", "others_hits", "expected_hits")] == [42, 42, 42, 6, 6]
    written = forcing_shop.folder / "records.db"
    assert found["journal"]["seq"] == entries(forcing_shop) - 1
    assert b"zhou" not in _entry(written, found["journal"]["seq"])


def _entry(database: Path, seq: int) -> bytes:
    with sqlite3.connect(database) as connection:
        entry: bytes = connection.execute("SELECT entry FROM journal WHERE seq = ?", (seq,)).fetchone()[0]
    connection.close()
    return entry


def test_the_entry_is_the_one_that_the_journals_page_describes(forcing_shop: Shop) -> None:
    found = found_by(forcing_shop, "sun")
    entry = json.loads(_entry(forcing_shop.folder / "records.db", found["journal"]["seq"]))
    assert (entry["type"], entry["actor"]) == ("forced_sale.reviewed", "s5")
    assert entry["body"] == {
        "from": "2026-11-23",
        "to": "2026-11-28",
        "visits": 84,
        "looks": found["looks"],
        "findings": [
            {key: value for key, value in finding.items() if key not in {"name", "expected_hits", "p_of_this_look"}}
            for finding in found["findings"]
        ],
    }


def test_a_dry_run_writes_no_review(forcing_shop: Shop) -> None:
    found = found_by(forcing_shop, "wang", "--dry-run")
    assert found["journal"] is None
    assert found["findings"]
    last = _entry(forcing_shop.folder / "records.db", entries(forcing_shop) - 1)
    assert json.loads(last)["type"] == "staff.logged_in"


def test_a_cashier_does_not_watch_colleagues(forcing_shop: Shop) -> None:
    answer = forcing_shop.run("--json", "watch", "forced-sale", *PERIOD, "--as", "chen")
    assert answer.status == 1
    assert answer.error["code"] == "not-allowed"


def test_words_tell_numbers_and_no_verdict(forcing_shop: Shop) -> None:
    answer = forcing_shop.run("watch", "forced-sale", *PERIOD, "--as", "li")
    assert "zhou (s4): something is ordered as the seat is opened\n" in answer.out
    assert "42 of 42 seats (100 %) had something ordered" in answer.out
    assert "it would be about 6 (14 %)" in answer.out
    assert "These are signs, not proof" in answer.out
    chinese = forcing_shop.run("--lang", "zh_CN", "watch", "forced-sale", *PERIOD, "--as", "li")
    assert "zhou" in chinese.out
    assert "42" in chinese.out
    assert not {"seats", "looks", "others"} & set(chinese.out.split())


def test_a_period_without_a_seat_finds_nothing(shop: Shop) -> None:
    found = shop.ask("watch", "forced-sale", *PERIOD, "--as", "li")
    assert (found["visits"], found["looks"], found["clerks"], found["findings"]) == (0, 0, [], [])


def test_a_clerk_alone_is_told_that_nothing_can_be_said(shop: Shop) -> None:
    week_of({"s3": 7}, shop.folder)
    answer = shop.run("watch", "forced-sale", *PERIOD, "--as", "li")
    assert answer.status == 0
    assert "there is nobody to compare with" in answer.out


def test_a_period_that_ends_before_it_begins_is_wrong_use(shop: Shop) -> None:
    answer = shop.run("watch", "forced-sale", "--from", "2026-11-28", "--to", "2026-11-23", "--as", "li")
    assert answer.status == 2
