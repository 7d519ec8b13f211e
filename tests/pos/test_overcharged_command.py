"""`mingjia prices overcharged` on a venue whose first list had a mistake in it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos.bootstrap import open_venue
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from staff import roles
from tests.conftest import MONDAY_EVENING
from tests.pos.conftest import Shop, Terminal
from tests.pos.counter.venues import DEMO, PASSPHRASE, cash, counter_of, goods, seat_someone, wechat

DAYS = ("--from", "2026-11-23", "--to", "2026-11-23")
RIGHT = "right.toml"


def right_list() -> str:
    """The demo's list as it should have been: evenings in the hall are cheaper by a yuan an hour."""
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    assert "fen_per_hour = 500" in text
    return text.replace("fen_per_hour = 500", "fen_per_hour = 400")


@pytest.fixture(scope="session")
def evening_template(shop_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two visits of two hours in the hall: 14.00 in cash, a cola among it, and 10.00 by WeChat."""
    path = tmp_path_factory.mktemp("evening") / "shop"
    shutil.copytree(shop_template, path)
    (path / RIGHT).write_text(right_list(), encoding="utf-8")
    clock = SimulatedClock(MONDAY_EVENING)
    folder = VenueFolder(path=path / "venue", reserve_bytes=65536)
    with open_venue(folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        counter = counter_of(venue, "chen")
        counter.shifts.open(float_fen=20_000)
        visits = [seat_someone(counter, who, seat) for who, seat in (("adult-a", "A01"), ("adult-b", "A02"))]
        counter.sales.order(visits[0], [goods("cola-330")], request=new_id())
        clock.advance(timedelta(hours=2))
        for visit_id, tender in zip(visits, (cash(1400), wechat(1000)), strict=True):
            counter.settlements.show(visit_id)
            counter.settlements.settle(visit_id, [tender], request=new_id())
    return path


@pytest.fixture
def shop(evening_template: Path, tmp_path: Path, terminal: Terminal) -> Shop:
    """That evening, over; the right list is published."""
    path = tmp_path / "shop"
    shutil.copytree(evening_template, path)
    shop = Shop(
        terminal=terminal, folder=path / "venue", secrets=path / "secrets.toml", owner_key=path / "owner-key.pem"
    )
    shop.ask("prices", "publish", path / RIGHT, "--as", "li")
    return shop


def overcharged(shop: Shop, *more: str | Path, status: int = 1) -> Any:
    answer = shop.run("--json", "prices", "overcharged", *more)
    assert answer.status == status, answer
    return answer.json


def test_a_period_is_looked_at_without_a_trace(shop: Shop) -> None:
    found = overcharged(shop, "--list", "2", *DAYS, "--as", "sun")
    assert (found["visits"], found["too_much_fen"], found["refunded_fen"], found["not_rated"]) == (2, 400, 0, [])
    assert found["list"]["number"] == 2
    assert [visit["charged_fen"] for visit in found["overcharged"]] == [1400, 1000]
    assert {visit["too_much_fen"] for visit in found["overcharged"]} == {200}
    assert found["overcharged"][0]["settled_at"] == "2026-11-23T21:00:00+08:00"
    assert overcharged(shop, "--list", "1", *DAYS, "--as", "sun", status=0)["overcharged"] == []


def test_a_draft_is_enough_to_look_and_not_to_give_back(shop: Shop) -> None:
    draft = shop.secrets.parent / RIGHT
    found = overcharged(shop, draft, *DAYS, "--as", "li")
    assert (found["list"]["number"], found["too_much_fen"]) == (None, 400)
    refused = shop.run("prices", "overcharged", draft, *DAYS, "--refund-all", "--as", "li")
    assert refused.status == 2
    assert "publish the draft" in refused.err


def test_a_visit_is_found_by_its_receipt_and_paid_back_once(shop: Shop) -> None:
    visit = overcharged(shop, "--list", "2", *DAYS, "--as", "chen")["overcharged"][0]
    words = ("--list", "2", "--refund", str(visit["receipt"]), "--request", "customer-at-the-desk", "--as", "chen")
    back = overcharged(shop, *words, status=0)
    assert (back["visit"], back["amount_fen"]) == (visit["visit"], 200)
    assert back["tenders"] == [{"kind": "cash", "fen": 200}]
    assert overcharged(shop, *words, status=0) == back, "asked again, the first answer"
    again = overcharged(shop, "--list", "2", "--refund", visit["visit"], "--as", "chen")
    assert again["error"]["code"] == "not-overcharged"
    assert overcharged(shop, "--list", "2", *DAYS, "--as", "chen")["too_much_fen"] == 200


def test_all_of_a_period_goes_back_by_itself_but_cash(shop: Shop) -> None:
    first = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--as", "chen")
    in_cash, by_wechat = first["overcharged"]
    assert in_cash["waits"] == "cash"
    assert by_wechat["refund"]["tenders"] == [{"kind": "wechat", "fen": 200, "ref": "4200002231"}]
    second = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--cash", "--as", "chen", status=0)
    assert [visit["visit"] for visit in second["overcharged"]] == [in_cash["visit"]]
    third = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--cash", "--as", "chen", status=0)
    assert (third["overcharged"], third["refunded_fen"]) == ([], 0)
    assert shop.run("doctor").status == 0, "facts say what their entries say"
    shop.ask("export", *DAYS, "--out", shop.secrets.parent / "days.zip", "--as", "li")
    assert shop.ask("verify", shop.secrets.parent / "days.zip")["findings"] == []


def test_without_a_shift_no_money_moves(shop: Shop) -> None:
    shop.ask("shift", "close", "--counted", "21400", "--as", "chen")
    refused = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--as", "chen")
    assert refused["error"]["code"] == "no-shift"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--list", "2"),
        ("--list", "2", "--from", "2026-11-24", "--to", "2026-11-23"),
        ("--list", "2", *DAYS, "--refund", "2", "--refund-all"),
        ("prices.toml", "--list", "2", *DAYS),
    ],
)
def test_wrong_use_is_told(shop: Shop, words: tuple[str, ...]) -> None:
    assert shop.run("prices", "overcharged", *words, "--as", "li").status == 2


def test_lists_and_visits_that_are_not_there(shop: Shop) -> None:
    assert overcharged(shop, "--list", "7", *DAYS, "--as", "li")["error"]["code"] == "unknown-list"
    for nobody in ("999", "aaaaaaaaaaaaaaaa"):
        refused = overcharged(shop, "--list", "2", "--refund", nobody, "--as", "chen")
        assert refused["error"]["code"] == "not-settled"


def test_an_auditor_gives_nothing_back(shop: Shop) -> None:
    refused = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--as", "sun")
    assert refused["error"]["code"] == "not-allowed"


def test_words_name_receipts_and_seats_and_nobody(shop: Shop) -> None:
    looked = shop.run("prices", "overcharged", "--list", "2", *DAYS, "--as", "li")
    assert "A01  2026-11-23 21:00  charged 14.00, due 12.00, too much 2.00" in looked.out
    assert "Too much in all: 4.00 yuan on 2 visits; given back now: 0.00." in looked.out
    given = shop.run("--lang", "zh_CN", "prices", "overcharged", "--list", "2", *DAYS, "--refund-all", "--as", "li")
    assert "2.00" in given.out
    assert "waits" not in given.out
    assert "given" not in given.out


def test_beyond_the_limit_a_second_person_decides(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    cashier = {**roles.PERMISSIONS[roles.Operation.REFUND_GIVE].limits_fen, roles.Role.CASHIER: 100}
    permission = roles.Permission(
        limits_fen=cashier, approvers=roles.PERMISSIONS[roles.Operation.REFUND_GIVE].approvers
    )
    monkeypatch.setattr(roles, "PERMISSIONS", {**roles.PERMISSIONS, roles.Operation.REFUND_GIVE: permission})
    waiting = overcharged(shop, "--list", "2", *DAYS, "--refund-all", "--cash", "--as", "chen")
    assert {visit["waits"] for visit in waiting["overcharged"]} == {"approval-needed"}
    approved = overcharged(
        shop, "--list", "2", *DAYS, "--refund-all", "--cash", "--as", "chen", "--approve", "wang", status=0
    )
    assert approved["refunded_fen"] == 400
    entry = json.loads(_last_entry(shop.folder / "records.db", "overcharge.refunded"))
    assert entry["body"]["approval"] == {"operation": "refund.give", "by": "s2", "reason": "overcharged"}


def _last_entry(database: Path, type_: str) -> bytes:
    with sqlite3.connect(database) as connection:
        query = "SELECT entry FROM journal WHERE type = ? ORDER BY seq DESC LIMIT 1"
        entry: bytes = connection.execute(query, (type_,)).fetchone()[0]
    connection.close()
    return entry
