"""`venue.toml`: what it holds, and every mistake in it at once."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from pos.errors import SettingsInvalidError
from pos.settings import VenueFile, read_venue_file, settings_from_json
from pos.settings_reading import Devices, read_devices_document
from records.canonical import canonical

WHOLE = """
schema = 1
name = "明价演示网咖"
venue_code = "44010410000001"
licence_no = "示例-0001"
licence_until = 2027-12-31
uscc = ""
address = "示例市示例路1号"
timezone = "Asia/Shanghai"
day_starts = "06:30"
complaint_phone = "12315"
licensed_terminals = 60
lan = ["192.168.0.0/16"]

[[seats]]
zone = "hall"
prefix = "A"
from = 1
to = 40
first_ip = "192.168.1.11"

[[seats]]
zone = "esports"
prefix = "VIP"
from = 7

[devices]
id_reader = "serial:/dev/ttyUSB0@57600"
printer = "tcp://192.168.0.50:9100"
printer_width = 80
"""


def read(text: str = WHOLE) -> VenueFile:
    return read_venue_file(text, path="venue.toml")


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(SettingsInvalidError) as caught:
        read(text)
    return [(problem.code, str(problem.where)) for problem in caught.value.problems]


def test_a_whole_file_is_read() -> None:
    settings = read().settings
    assert settings.name == "明价演示网咖"
    assert settings.licence_until == date(2027, 12, 31)
    assert settings.days.starts_minute == 390
    assert settings.days.timezone.key == "Asia/Shanghai"
    assert read().devices == Devices(
        id_reader="serial:/dev/ttyUSB0@57600", printer="tcp://192.168.0.50:9100", printer_width=80
    )


def test_a_run_of_seats_gives_each_its_label_and_the_next_address() -> None:
    seats = read().settings.seats()
    assert list(seats)[:2] == ["A01", "A02"]
    assert (seats["A40"].zone, seats["A40"].ip) == ("hall", "192.168.1.50")
    assert (seats["VIP07"].zone, seats["VIP07"].ip) == ("esports", None)
    assert len(seats) == 41


def test_labels_are_as_wide_as_the_last_number() -> None:
    settings = read(
        changed("to = 40", "to = 120").replace("licensed_terminals = 60", "licensed_terminals = 160")
    ).settings
    assert next(iter(settings.seats())) == "A001"
    assert "A120" in settings.seats()


def test_what_is_left_out_has_its_default() -> None:
    text = "\n".join(
        line
        for line in WHOLE.split("[devices]", maxsplit=1)[0].splitlines()
        if not line.startswith(("venue_code", "uscc", "day_starts", "complaint", "lan", "first_ip"))
    )
    found = read(text)
    assert (found.settings.venue_code, found.settings.uscc, found.settings.day_starts) == ("", "", 360)
    assert (found.settings.complaint_phone, found.settings.lan) == ("12315", ())
    assert found.devices == Devices()


def test_the_journal_gets_everything_but_the_devices_and_gives_it_back() -> None:
    settings = read().settings
    told = settings.to_json()
    assert "devices" not in told
    assert told["licence_until"] == "2027-12-31"
    assert told["day_starts"] == "06:30"
    assert told["seats"] == [
        {"zone": "hall", "prefix": "A", "from": 1, "to": 40, "first_ip": "192.168.1.11"},
        {"zone": "esports", "prefix": "VIP", "from": 7, "to": 7},
    ]
    assert settings_from_json(json.loads(canonical(told))) == settings


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("schema = 1", "schema = 2", ("bad-value", "schema (line 2)")),
        ('name = "明价演示网咖"', 'name = ""', ("bad-value", "name (line 3)")),
        ('name = "明价演示网咖"', "", ("missing", "name")),
        ('"44010410000001"', '"44010420000001"', ("bad-value", "venue_code (line 4)")),
        ('"44010410000001"', "44010410000001", ("bad-value", "venue_code (line 4)")),
        ("2027-12-31", '"2027-12-31"', ("bad-value", "licence_until (line 6)")),
        ("2027-12-31", "2027-12-31T00:00:00", ("bad-value", "licence_until (line 6)")),
        ('uscc = ""', 'uscc = "12345"', ("bad-value", "uscc (line 7)")),
        ("Asia/Shanghai", "Asia/Shanghei", ("bad-value", "timezone (line 9)")),
        ("Asia/Shanghai", "../etc/passwd", ("bad-value", "timezone (line 9)")),
        ("06:30", "6:30", ("bad-value", "day_starts (line 10)")),
        ("06:30", "24:00", ("bad-value", "day_starts (line 10)")),
        ("licensed_terminals = 60", "licensed_terminals = 0", ("bad-value", "licensed_terminals (line 12)")),
        ("licensed_terminals = 60", "licensed_terminals = true", ("bad-value", "licensed_terminals (line 12)")),
        ("licensed_terminals = 60", "licensed_terminals = 40", ("too-many-seats", "licensed_terminals (line 12)")),
        ("192.168.0.0/16", "192.168.0.1/16", ("bad-value", "lan (line 13)")),
        ("192.168.0.0/16", "192.168.1.0/27", ("outside-lan", "seats[1].first_ip (line 20)")),
        ('zone = "hall"', "", ("missing", "seats[1].zone (line 15)")),
        ('zone = "hall"', 'zone = "hall"\ncolour = "red"', ("unknown-key", "seats[1].colour (line 17)")),
        ("to = 40", "to = 0", ("bad-value", "seats[1].to (line 19)")),
        ("192.168.1.11", "192.168.1.300", ("bad-value", "seats[1].first_ip (line 20)")),
        ("192.168.1.11", "255.255.255.250", ("bad-value", "seats[1].first_ip (line 20)")),
        ('prefix = "VIP"\nfrom = 7', 'prefix = "A"\nfrom = 7', ("duplicate-seat", "seats[2].from (line 25)")),
        ("from = 7", 'from = 7\nfirst_ip = "192.168.1.50"', ("duplicate-address", "seats[2].first_ip (line 26)")),
        ("serial:/dev/ttyUSB0@57600", "usb:1", ("bad-value", "devices.id_reader (line 28)")),
        ("serial:/dev/ttyUSB0@57600", "file:/tmp/card", ("bad-value", "devices.id_reader (line 28)")),
        ("printer_width = 80", "printer_width = 60", ("bad-value", "devices.printer_width (line 30)")),
        ("printer_width = 80", "scanner = 1", ("unknown-key", "devices.scanner (line 30)")),
        ("schema = 1", "schema = 1\nbounty = 1", ("unknown-key", "bounty (line 3)")),
    ],
)
def test_each_mistake_is_named_with_its_place(old: str, new: str, problem: tuple[str, str]) -> None:
    assert problems(changed(old, new)) == [problem]


def test_all_mistakes_are_named_in_one_run_in_the_files_order() -> None:
    text = changed("schema = 1", "schema = 9").replace("06:30", "half past six").replace("to = 40", "to = -1")
    text = text.replace("printer_width = 80", "printer_width = 7")
    assert [where for _code, where in problems(text)] == [
        "schema (line 2)",
        "day_starts (line 10)",
        "seats[1].to (line 19)",
        "devices.printer_width (line 30)",
    ]


@pytest.mark.parametrize("seats", ["", "seats = []", "seats = 3", "seats = [1]"])
def test_a_venue_has_seats(seats: str) -> None:
    head = WHOLE.split("[[seats]]", maxsplit=1)[0]
    assert [where.split(" ")[0] for _code, where in problems(head + seats)] == ["seats"]


@pytest.mark.parametrize(("text", "where"), [("name = ", "the file (line 1)"), ("[[[", "the file (line 1)")])
def test_what_is_no_toml_is_said_with_its_line(text: str, where: str) -> None:
    assert problems(text) == [("not-toml", where)]


@pytest.mark.parametrize(
    "devices",
    [
        Devices(),
        Devices(id_reader="socket://127.0.0.1:4001", printer_width=80),
        Devices(printer=r"serial:\\.\COM12@9600"),
        Devices(printer='file:/tmp/"quoted"'),
    ],
)
def test_devices_are_written_and_read_again(devices: Devices) -> None:
    found = read_devices_document(devices.to_toml())
    assert (found.devices, found.problems) == (devices, ())


def test_any_value_of_another_type_is_a_named_problem() -> None:
    """No value whatever, in the place of any other, does more than make a problem."""
    import tomllib

    keys = [line.split(" = ")[0] for line in WHOLE.splitlines() if " = " in line]
    for key in keys:
        for value in ("1", "-1.5", "true", '"x"', "[1]", "{ a = 1 }", "2026-01-01", "12:00:00", "[[]]"):
            lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in WHOLE.splitlines()]
            text = "\n".join(lines)
            tomllib.loads(text)
            try:
                found: Any = read(text)
            except SettingsInvalidError as error:
                found = error.problems
            assert found
