"""Where things stand in a TOML file, in all the ways that TOML can be written."""

import tomllib

from billing.toml_lines import TomlLines

TEXT = '''# A comment with [brackets] and key = value
title = "a [[title]] = \\"x\\""
method.unit_minutes = 15

[hours] # opening
open = "08:00"
"close" = """
[not.a.table]
key = 1
"""
exemption = '\\'

[calendar]
holidays = [
  "2026-10-01", # ]
  "2026-10-02",
]
workdays = []

[[zones]]
code = "hall"
[[ zones ]]
  code = "esports"
'spec' = "i7"
[[combos]]
items = [{ goods = "a]", qty = 1 },
         { goods = "b", qty = 2 }]
price_fen = 1
'''


def test_every_key_is_found_at_its_line() -> None:
    tomllib.loads(TEXT)
    lines = TomlLines(TEXT)
    assert lines.line(table=None, key="title") == 2
    assert lines.line(table="method", key="unit_minutes") == 3
    assert lines.line(table="hours") == 5
    assert lines.line(table="hours", key="close") == 7
    assert lines.line(table="hours", key="exemption") == 11
    assert lines.line(table="calendar", key="workdays") == 18
    assert lines.line(table="zones", entry=1, key="code") == 21
    assert lines.line(table="zones", entry=2, key="code") == 23
    assert lines.line(table="zones", entry=2, key="spec") == 24
    assert lines.line(table="combos", entry=1, key="price_fen") == 28


def test_what_is_missing_is_sought_at_its_entry_then_its_table() -> None:
    lines = TomlLines(TEXT)
    assert lines.line(table="zones", entry=1, key="name") == 20
    assert lines.line(table="zones") == 20
    assert lines.line(table="hours", key="colour") == 5
    assert lines.line(table="rates") is None
    assert lines.line(table=None, key="schema") is None


def test_inline_tables_and_windows_line_ends_are_found_too() -> None:
    lines = TomlLines('schema = 1\r\nzones = [{ code = "hall" },\r\n  { code = "vip" }]\r\ntiers = []\r\n')
    assert lines.line(table="zones", entry=2, key="code") == 2
    assert lines.line(table="tiers") == 4
