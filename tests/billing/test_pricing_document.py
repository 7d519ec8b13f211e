"""docs/pricing.md shows examples: each is computed here, so that the document cannot promise another price."""

import json
import re
from pathlib import Path

import pytest

from billing.money import yuan_text
from tests.billing.shop import MONDAY, TUESDAY, WINTER_TEXT, bill, usage_json

DOCUMENT = (Path(__file__).parents[2] / "docs" / "pricing.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"\| (guest|gold) \| (hall|esports) \| (\d\d:\d\d) \| (\d\d:\d\d) \| (?:(\S+) at (\d\d:\d\d))? ?\| (.+) \| (\S+) \|"
)
ROWS = [match.groups() for match in ROW.finditer(DOCUMENT)]


def block(language: str, number: int) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return found[number]


def test_the_list_of_the_document_is_the_one_tested_here() -> None:
    assert block("toml", 0) == WINTER_TEXT


def test_the_usage_of_the_document_has_the_answer_beside_it() -> None:
    assert bill(json.loads(block("json", 0))).to_json() == json.loads(block("json", 1))


def test_the_table_of_the_document_has_rows() -> None:
    assert len(ROWS) == 6


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table_is_what_the_rules_give(row: tuple[str, ...]) -> None:
    tier, zone, start, end, code, bought, lines, total = row
    ends_on = MONDAY if end > start else TUESDAY
    packages = {f"{MONDAY}T{bought}:00": code} if code else {}
    document = usage_json(f"{MONDAY}T{start}:00", f"{ends_on}T{end}:00", tier=tier, zone=zone, packages=packages)
    answer = bill(document).to_json()
    assert ", ".join(f"{line['kind']} {line['amount_fen']}" for line in answer["lines"]) == lines
    assert yuan_text(answer["total_fen"]) == total
