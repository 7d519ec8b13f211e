"""The command line as people and scripts meet it."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.simulated.people import find_card
from pos.cli import devices
from pos.cli.main import main
from pos.shelf_index import ShelfIndex
from tests.billing.shop import WINTER_TEXT
from tests.conftest import REPOSITORY
from tests.pos.conftest import Answer, Shop, Terminal
from tests.pos.counter.venues import DEMO, PASSPHRASE
from tests.servers import ON_A_FILE

COMMANDS = [
    "init",
    "venue",
    "staff",
    "prices",
    "shift",
    "visit",
    "seat",
    "sale",
    "refund",
    "stock",
    "goods",
    "outage",
    "receipt",
    "journal",
    "export",
    "verify",
    "watch",
    "move-to-postgres",
    "migrate",
    "doctor",
    "devices",
    "desk",
    "demo",
]


@pytest.mark.parametrize(
    "command", [[], *[[name] for name in COMMANDS]], ids=lambda words: " ".join(words) or "mingjia"
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_command_explains_itself(terminal: Terminal, command: list[str], language: str) -> None:
    answer = terminal.run(*command, "--lang", language, "--help")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith({"zh_CN": "用法：mingjia", "en": "usage: mingjia"}[language])


def test_help_names_every_command_and_none_that_does_not_exist(terminal: Terminal) -> None:
    out = terminal.run("--help").out
    named = [line.split()[0] for line in out.splitlines() if re.match("    [a-z]", line)]
    assert named == list(COMMANDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "缺少必需的参数：命令"),
        (["staff"], "缺少必需的参数：命令"),
        (["brew"], "参数 命令：无效的选择：'brew'"),
        (["staff", "add", "li"], "缺少必需的参数：--role"),
        (["staff", "add", "li", "--role", "king"], "参数 --role：无效的选择：'king'"),
        (["staff", "list", "--colour"], "无法识别的参数：--colour"),
        (["--data"], "参数 --data：需要一个值"),
        (
            ["export", "--from", "yesterday", "--to", "2026-11-23", "--out", "x"],
            "参数 --from：yesterday 不是 2026-11-23 这样的日期",
        ),
        (["prices", "show", "newest"], "参数 编号：newest 不是整数"),
        (
            ["prices", "simulate", "x.toml", "--since", "2026-11-24", "--until", "2026-11-23"],
            "--since 晚于 --until。请查看 `mingjia prices simulate --help`",
        ),
        (["doctor", "--tables", "--repair"], "参数 --repair：不能与参数 --tables 同时使用"),
    ],
)
def test_wrong_use_is_said_in_the_readers_language(terminal: Terminal, words: list[str], said: str) -> None:
    answer = terminal.run("--lang", "zh_CN", *words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(said)
    assert len(answer.err.splitlines()) == 1
    scripted = terminal.run(*words[:1], "--json", "--lang", "zh_CN", *words[1:]) if words != ["--data"] else answer
    if words != ["--data"]:
        assert (scripted.status, scripted.error["code"]) == (2, "wrong-use")
        assert scripted.error["message"].startswith(said)


def test_an_abbreviated_option_is_no_option(terminal: Terminal) -> None:
    assert terminal.run("doctor", "--table").status == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "--data", "{}", "staff", "list"),
        ("staff", "--json", "--data", "{}", "list"),
        ("staff", "list", "--json", "--data", "{}"),
        ("--data={}", "staff", "list", "--json"),
    ],
)
def test_common_options_stand_before_or_after_the_command(shop: Shop, words: tuple[str, ...]) -> None:
    answer = shop.terminal.run(*(word.format(shop.folder) for word in words))
    assert answer.status == 0
    assert [one["name"] for one in answer.json["staff"]] == ["li", "wang", "chen", "zhou", "sun"]


def test_the_data_folder_comes_from_the_environment_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJIA_DATA", str(shop.folder))
    assert shop.terminal.run("staff", "list").status == 0


def test_help_starts_in_a_process_of_its_own_and_ends_with_0(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LANG": "en_US.UTF-8", "MINGJIA_LANG": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli.main", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: mingjia")


READING = [
    ("doctor",),
    ("staff", "list"),
    ("venue", "show"),
    ("prices", "history"),
    ("journal", "head"),
    ("journal", "verify"),
    ("shift", "x", "--as", "chen"),
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_folder_that_is_no_venue_is_said_to_be_none(
    terminal: Terminal, tmp_path: Path, command: tuple[str, ...], language: str
) -> None:
    answer = terminal.run("--data", tmp_path, "--lang", language, *command)
    assert (answer.status, answer.out, len(answer.err.splitlines())) == (1, "", 1)
    assert "mingjia init" in answer.err
    assert str(tmp_path) in answer.err


@ON_A_FILE
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_damaged_database_is_one_clear_sentence(shop: Shop, command: tuple[str, ...]) -> None:
    database = shop.folder / "records.db"
    database.write_bytes(b"\0" * database.stat().st_size)
    answer = shop.run("--json", *command)
    assert (answer.status, answer.error["code"], answer.err) == (1, "damaged", "")


@ON_A_FILE
@pytest.mark.parametrize("command", [("doctor",), ("staff", "list"), ("journal", "head")], ids=" ".join)
def test_a_database_damaged_in_the_middle_shows_no_traceback(shop: Shop, command: tuple[str, ...]) -> None:
    database = shop.folder / "records.db"
    content = bytearray(database.read_bytes())
    content[4096:-4096] = b"\xff" * (len(content) - 8192)
    database.write_bytes(content)
    answer = shop.run("--json", *command)
    assert answer.status == 1
    assert answer.json.get("error", {}).get("code") == "damaged" or answer.json["ok"] is False


def test_the_wrong_counter_passphrase_opens_nothing(shop: Shop, tmp_path: Path) -> None:
    secrets = tmp_path / "wrong.toml"
    secrets.write_text('counter_passphrase = "guess"', encoding="utf-8")
    answer = shop.terminal.run("--data", shop.folder, "--secrets", secrets, "journal", "verify", "--json")
    assert (answer.status, answer.error["code"]) == (1, "passphrase-wrong")
    assert "guess" not in answer.out


def test_a_service_gives_the_passphrase_in_a_file(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "words").write_text(PASSPHRASE + "\n", encoding="utf-8")
    monkeypatch.setenv("MINGJIA_COUNTER_PASSPHRASE_FILE", str(tmp_path / "words"))
    assert shop.terminal.run("--data", shop.folder, "journal", "verify").status == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("journal", "verify"), "secret-needed"),
        (("staff", "disable", "chen", "--as", "li"), "secret-needed"),
    ],
)
def test_where_nobody_can_be_asked_a_file_is_asked_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    answer = shop.terminal.run("--data", shop.folder, "--json", *words)
    assert (answer.status, answer.error["code"]) == (1, code)


def test_a_person_answers_for_what_is_changed(shop: Shop) -> None:
    answer = shop.run("--json", "staff", "disable", "chen")
    assert (answer.status, answer.error["code"]) == (1, "person-needed")


@pytest.mark.parametrize("name", ["li", "nobody"])
def test_a_wrong_pin_is_refused_without_saying_what_was_wrong(shop: Shop, tmp_path: Path, name: str) -> None:
    (tmp_path / "pin").write_text("000000\n", encoding="utf-8")
    answer = shop.run("--json", "staff", "disable", "chen", "--as", name, "--pin-file", tmp_path / "pin")
    assert (answer.status, answer.error["code"]) == (1, "pin-refused")


def test_five_wrong_pins_make_the_account_wait_and_say_until_when(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("000000\n", encoding="utf-8")
    wrong = ("staff", "disable", "chen", "--as", "li", "--pin-file", tmp_path / "pin")
    for _ in range(5):
        assert shop.run("--json", *wrong).error["code"] == "pin-refused"
    answer = shop.run("--lang", "en", *wrong)
    assert answer.status == 1
    assert "2026-11-23 19:00:" in answer.err  # In the venue's time.


def test_the_pin_comes_from_the_environment_too(shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "words").write_text(PASSPHRASE, encoding="utf-8")
    monkeypatch.setenv("MINGJIA_COUNTER_PASSPHRASE_FILE", str(tmp_path / "words"))
    monkeypatch.setenv("MINGJIA_PIN", "628194")
    answer = shop.terminal.run("--data", shop.folder, "staff", "disable", "chen", "--as", "li")
    assert answer.status == 0


def test_staff_come_and_go(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("902615\n", encoding="utf-8")
    added = shop.ask("staff", "add", "Zhao", "--role", "cashier", "--new-pin-file", tmp_path / "new", "--as", "li")
    assert added["staff"][-1] == {"name": "Zhao", "role": "cashier", "active": True}
    again = shop.run(
        "--json", "staff", "add", "Zhao", "--role", "cashier", "--new-pin-file", tmp_path / "new", "--as", "li"
    )
    assert again.error["code"] == "staff-name"
    gone = shop.ask("staff", "disable", "Zhao", "--as", "li")
    assert gone["staff"][-1]["active"] is False
    assert shop.ask("staff", "disable", "Zhao", "--as", "li") == gone
    assert shop.run("--json", "staff", "disable", "li", "--as", "li").error["code"] == "last-owner"
    assert shop.run("--json", "staff", "disable", "chen", "--as", "wang").error["code"] == "not-allowed"


def test_a_pin_is_reset_by_a_manager_and_the_owners_by_the_key_file(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("902615\n", encoding="utf-8")
    new = ("--new-pin-file", tmp_path / "new")
    shop.ask("staff", "reset-pin", "chen", *new, "--as", "wang")
    assert shop.run("--json", "staff", "reset-pin", "li", *new, "--as", "wang").error["code"] == "not-allowed"
    shop.ask("staff", "reset-pin", "li", *new, "--key", shop.owner_key)
    shop.ask("staff", "disable", "zhou", "--as", "li", "--pin-file", tmp_path / "new")


def test_another_venues_owner_key_resets_nothing(shop: Shop, tmp_path: Path) -> None:
    from datetime import date

    from privacy.owner_key import OwnerKey
    from tests.pos.counter.venues import CHEAP

    other = OwnerKey.create(site="OTHEROTHEROTHER1", first_month=date(2026, 11, 1))
    other.save(tmp_path / "other.pem", "owner passphrase for tests", cost=CHEAP.passphrase)
    (tmp_path / "new").write_text("902615\n", encoding="utf-8")
    answer = shop.run(
        "--json", "staff", "reset-pin", "li", "--new-pin-file", tmp_path / "new", "--key", tmp_path / "other.pem"
    )
    assert (answer.status, answer.error["code"]) == (1, "owner-key-foreign")


def test_lists_are_published_shown_and_compared(shop: Shop, tmp_path: Path) -> None:
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    dearer = tmp_path / "dearer.toml"
    dearer.write_text(text.replace("minimum_fen = 300", "minimum_fen = 400"), encoding="utf-8")
    published = shop.ask("prices", "publish", dearer, "--effective", "2026-12-01T06:00", "--as", "li")
    assert (published["number"], published["effective"]) == (2, "2026-12-01T06:00:00+08:00")
    lists = shop.ask("prices", "history")["lists"]
    assert [(one["number"], one["hash"]) for one in lists][1] == (2, published["hash"])
    assert shop.ask("prices", "diff", "1", "2")["changes"] == [
        {"where": "method.minimum_fen", "before": 300, "after": 400}
    ]
    assert shop.ask("prices", "diff", "2", dearer)["changes"] == []
    assert shop.ask("prices", "show")["number"] == 1
    shown = shop.ask("prices", "show", "2")
    assert shown["prices"]["method"]["minimum_fen"] == 400
    (cola,) = ShelfIndex(shop.folder).search(published["hash"], "kl", limit=1) or ()  # No look-up waits for an index.
    assert cola.code == "cola-330"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--effective", "2026-11-01", "--as", "li"), "effective-in-past"),
        (("--effective", "2026-11-23T10:59:59+00:00", "--as", "li"), "effective-in-past"),
        (("--as", "wang"), "not-allowed"),
        (("--effective", "soon", "--as", "li"), "wrong-use"),
    ],
)
def test_a_publication_that_cannot_be_is_refused(shop: Shop, words: tuple[str, ...], code: str) -> None:
    answer = shop.run("--json", "prices", "publish", DEMO / "prices.toml", *words)
    assert answer.error["code"] == code
    assert answer.status == (2 if code == "wrong-use" else 1)


def test_a_list_with_mistakes_is_refused_with_all_of_them(shop: Shop, tmp_path: Path) -> None:
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    (tmp_path / "bad.toml").write_text(text.replace("unit_minutes", "unit_minuets") + "\nextra = 1\n", encoding="utf-8")
    answer = shop.run("--json", "prices", "publish", tmp_path / "bad.toml", "--as", "li")
    assert (answer.status, answer.error["code"]) == (1, "list-invalid")
    assert {problem["code"] for problem in answer.error["problems"]} == {"unknown-key"}
    assert len(answer.error["problems"]) == 2


PROMOTION = """
[[promotions]]
code = "cola-week"
name = "可乐周"
item = { goods = "cola-330" }
price_fen = 300
reference_fen = 400
from = 2026-12-01T00:00:00+08:00
until = 2026-12-08T00:00:00+08:00
conditions = "每人限购两罐"
"""


def test_a_reference_price_that_nobody_paid_is_found_where_the_books_are(shop: Shop, tmp_path: Path) -> None:
    """G-6: without a venue it cannot be told, and the answer says so."""
    promoting = tmp_path / "promoting.toml"
    promoting.write_text((DEMO / "prices.toml").read_text(encoding="utf-8") + PROMOTION, encoding="utf-8")
    alone = shop.terminal.run("prices", "check", promoting, "--json").json
    assert (alone["ok"], "promotion-reference-too-high" in alone["not_checked"]) == (True, True)
    checked = shop.terminal.run("prices", "check", promoting, "--json", "--data", shop.folder)  # It needs no secret.
    assert (checked.status, checked.json["not_checked"]) == (1, [])
    assert [problem["code"] for problem in checked.json["problems"]] == ["promotion-reference-too-high"]
    published = shop.run("--json", "prices", "publish", promoting, "--as", "li")
    assert published.error["problems"] == checked.json["problems"]
    assert published.error["problems"][0]["where"]["line"]


def test_only_the_option_has_a_list_judged_by_a_venue(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is checked alone on a counter too: the environment names the folder for every command there."""
    promoting = tmp_path / "promoting.toml"
    promoting.write_text((DEMO / "prices.toml").read_text(encoding="utf-8") + PROMOTION, encoding="utf-8")
    monkeypatch.setenv("MINGJIA_DATA", str(shop.folder))
    alone = shop.terminal.run("prices", "check", promoting, "--json").json
    assert (alone["ok"], len(alone["not_checked"])) == (True, 2)


def test_a_new_venue_has_sold_nothing_that_it_could_compare_with(shop: Shop, tmp_path: Path) -> None:
    promoting = tmp_path / "promoting.toml"
    promoting.write_text((DEMO / "prices.toml").read_text(encoding="utf-8") + PROMOTION, encoding="utf-8")
    words = ("--venue", DEMO / "venue.toml", "--prices", promoting, "--secrets", shop.secrets)
    refused = shop.terminal.run("init", tmp_path / "new", *words, "--json", "--lang", "zh_CN")
    assert [problem["code"] for problem in refused.error["problems"]] == ["promotion-reference-too-high"]
    assert "尚无成交" in refused.error["problems"][0]["message"]
    assert not (tmp_path / "new").exists()


def test_settings_are_shown_and_changed(shop: Shop, tmp_path: Path) -> None:
    text = (DEMO / "venue.toml").read_text(encoding="utf-8")
    new = tmp_path / "venue.toml"
    new.write_text(text.replace('complaint_phone = "12315"', 'complaint_phone = "12345"'), encoding="utf-8")
    assert shop.ask("venue", "apply", new, "--as", "li")["settings"]["complaint_phone"] == "12345"
    assert shop.ask("venue", "show")["settings"]["complaint_phone"] == "12345"
    new.write_text(text.replace("Asia/Shanghai", "Asia/Tokyo"), encoding="utf-8")
    assert shop.run("--json", "venue", "apply", new, "--as", "li").error["code"] == "timezone-differs"
    new.write_text("schema = 2\nname = 3", encoding="utf-8")
    refused = shop.run("--json", "venue", "apply", new, "--as", "li")
    assert refused.error["code"] == "settings-invalid"
    assert len(refused.error["problems"]) >= 7
    assert all(problem["message"] for problem in refused.error["problems"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"\xff\xfe", "UTF-8"), (b"= 1", "TOML"), (b'owner_pass = "x"', "owner_pass"), (b"staff = 1", "staff")],
)
def test_a_secrets_file_that_is_none_is_named_without_its_content(
    shop: Shop, tmp_path: Path, content: bytes, problem: str
) -> None:
    (tmp_path / "secrets.toml").write_bytes(content)
    answer = shop.terminal.run(
        "--data", shop.folder, "--secrets", tmp_path / "secrets.toml", "journal", "verify", "--lang", "en"
    )
    assert answer.status == 1
    assert problem in answer.err


@pytest.mark.parametrize(
    "words", [("prices", "check", "{}"), ("prices", "publish", "{}", "--as", "li"), ("verify", "{}")]
)
def test_a_file_that_is_missing_is_named(shop: Shop, tmp_path: Path, words: tuple[str, ...]) -> None:
    missing = tmp_path / "nothing here.toml"
    answer = shop.run("--json", *(word.format(missing) for word in words))
    assert (answer.status, answer.error["code"]) == (1, "file")
    assert str(missing) in answer.error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("prices", "check", "{}"),
        ("prices", "board", "--out", "{}"),
        ("prices", "publish", "1", "--as", "li", "--board", "{}"),
    ],
)
def test_a_folder_that_is_missing_is_named_and_nothing_else(shop: Shop, tmp_path: Path, words: tuple[str, ...]) -> None:
    missing = tmp_path / "nothing here" / "board.html"
    answer = shop.run("--json", *(word.format(missing) for word in words))
    assert (answer.status, answer.error["code"]) == (1, "file")
    assert answer.error["message"] == f"There is no folder {missing.parent}. Create it, or check the name."


def test_the_journals_head_is_told_with_its_newest_signature(shop: Shop) -> None:
    head = shop.ask("journal", "head")
    assert set(head) == {"origin", "size", "root", "checkpoint"}
    assert len(bytes.fromhex(head["root"])) == 32
    assert head["checkpoint"].startswith(head["origin"] + "\n")


def test_a_day_is_exported_and_verified(shop: Shop, tmp_path: Path) -> None:
    bundle = tmp_path / "day.zip"
    exported = shop.ask("export", "--from", "2026-11-23", "--to", "2026-11-23", "--out", bundle, "--as", "sun")
    assert exported["identities"] is False
    assert exported["entries"][0] == 0
    verified = shop.ask("verify", bundle)
    assert (verified["ok"], verified["demo"], verified["findings"]) == (True, True, [])
    assert "key-origin" in verified["not_checked"]
    anchored = shop.ask("verify", bundle, "--anchor", shop.ask("journal", "head")["checkpoint"])
    assert anchored["ok"]
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    forged = shop.run("--json", "verify", bundle)
    assert (forged.status, forged.json["ok"]) == (1, False)


def test_a_day_without_an_entry_is_not_exported(shop: Shop, tmp_path: Path) -> None:
    answer = shop.run(
        "--json", "export", "--from", "2020-01-01", "--to", "2020-01-02", "--out", tmp_path / "x.zip", "--as", "li"
    )
    assert (answer.status, answer.error["code"]) == (1, "nothing-to-export")
    assert not (tmp_path / "x.zip").exists()


@ON_A_FILE
def test_a_dropped_guard_is_told_when_the_venue_opens(shop: Shop) -> None:
    connection = sqlite3.connect(shop.folder / "records.db")
    connection.execute("DROP TRIGGER guard_postings_no_update")
    connection.commit()
    connection.close()
    answer = shop.run("journal", "verify")
    assert answer.status == 0
    assert "guard_postings_no_update" in answer.err
    assert shop.run("journal", "verify").err == ""


def test_what_nobody_foresaw_is_one_sentence_and_no_traceback(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_arguments: object) -> int:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(devices, "simulate", break_down)
    answer = terminal.run("devices", "simulate", "printer", "--json")
    assert (answer.status, answer.error["code"]) == (1, "internal")
    assert "ZeroDivisionError" in answer.error["message"]
    assert "secret detail" not in answer.out + answer.err


def test_a_stop_from_the_keyboard_is_no_error(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(devices, "simulate", stop)
    answer = terminal.run("devices", "simulate", "printer")
    assert (answer.status, answer.err) == (130, "")


def test_a_reader_that_is_not_there_is_named(terminal: Terminal, tmp_path: Path) -> None:
    answer = terminal.run("--data", tmp_path, "devices", "read-id", "--port", "serial:/dev/nothing", "--json")
    assert (answer.status, answer.error["code"]) == (1, "port-unavailable")


def read_card(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> Answer:
    """Read a simulated card without its reader: the line itself has its own tests."""
    from hardware.id_readers.reader import DocumentRead

    card = find_card("adult-a")
    assert card is not None
    read = DocumentRead(text_block=card.block, new_address=card.new_address)
    monkeypatch.setattr(devices, "read_document", lambda _port, **_more: read)
    return terminal.run(*words, "devices", "read-id", "--port", "serial:/dev/reader", "--json")


def test_a_card_is_shown_masked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = read_card(terminal, monkeypatch, "--data", tmp_path).json
    assert list(shown) == (
        ["kind", "name", "sex", "ethnic", "birth", "address", "number", "issuer", "valid_from", "valid_to"]
    )
    assert shown["kind"] == "resident"
    for key in ("name", "birth", "address", "number"):
        assert set(shown[key][1:-1]) == {"*"}


def test_a_card_is_shown_whole_to_the_owner_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = ("--data", shop.folder, "--secrets", shop.secrets)
    show = ("devices", "read-id", "--port", "serial:/dev/reader", "--show", "--json")
    assert read_card(shop.terminal, monkeypatch, *venue).status == 0
    assert shop.run(*show).error["code"] == "owner-needed"
    assert shop.run(*show, "--as", "wang").error["code"] == "owner-needed"
    assert "*" not in shop.run(*show, "--as", "li").json["number"]


def test_a_card_is_shown_whole_where_there_is_no_venue(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_card(terminal, monkeypatch, "--data", tmp_path)
    show = ("devices", "read-id", "--port", "serial:/dev/reader", "--show", "--json")
    assert "*" not in terminal.run("--data", tmp_path, *show).json["number"]


def test_main_reads_the_words_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mingjia", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("mingjia ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device to write to")
@pytest.mark.parametrize("words", [("staff", "list"), ("prices", "check", "{prices}"), ("prices", "history")])
def test_an_answer_that_cannot_be_written_is_one_sentence(shop: Shop, tmp_path: Path, words: tuple[str, ...]) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(WINTER_TEXT, encoding="utf-8")
    done = in_a_process(*(word.format(prices=prices) for word in words), "--json", folder=shop.folder, to="/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("The command was done")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device to write to")
def test_a_refusal_that_cannot_be_written_leaves_its_status(shop: Shop) -> None:
    done = in_a_process("prices", "show", "99", "--json", folder=shop.folder, to="/dev/full")
    assert (done.returncode, done.stderr) == (1, "")


def in_a_process(*words: str, folder: Path, to: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose standard output is a file."""
    command = [sys.executable, "-m", "pos.cli.main", "--data", str(folder), *words]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with Path(to).open("w", encoding="utf-8") as out:
        return subprocess.run(
            command, env=environment, stdout=out, stderr=subprocess.PIPE, encoding="utf-8", check=False
        )


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes the output")
def test_a_service_may_have_closed_the_output(shop: Shop) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    line = '"$0" -m pos.cli.main --data "$1" prices history >&-'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, str(shop.folder)],
        env=environment, stderr=subprocess.PIPE, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_who_goes_away_leaves_no_complaint(shop: Shop) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "pos.cli.main", "--data", str(shop.folder), "staff", "list"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait() == 1


def test_answers_are_utf_8_for_whoever_reads_the_pipe(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "ascii", "MINGJIA_LANG": "zh_CN"}
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli.main", "--json", "--data", tmp_path, "doctor"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert json.loads(done.stdout.decode("utf-8"))["error"]["code"] == "not-a-venue"
    assert "门店" in done.stdout.decode("utf-8")
