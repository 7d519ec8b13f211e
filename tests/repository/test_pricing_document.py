"""docs/pricing.md is true: its price list can be published, its usage costs what it says, it names every code."""

import json
import re

from billing.price_checks import check
from billing.price_problems import ProblemCode
from billing.rating import rate
from billing.usage import parse_usage
from tests.repository.sources import ROOT, product_modules

DOCUMENT = (ROOT / "docs" / "pricing.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    return blocks[number]


def test_the_price_list_of_the_document_can_be_published() -> None:
    assert check(block("toml")).problems == ()


def test_the_usage_of_the_document_costs_what_it_says() -> None:
    prices = check(block("toml")).require()
    bill = rate(parse_usage(block("json", 0), prices.clock), prices)
    assert bill.to_json() == json.loads(block("json", 1))


def test_the_worked_example_adds_up() -> None:
    prices = check(block("toml")).require()
    usage = {
        "tier": "guest",
        "start": "2026-11-23T21:00:00",
        "end": "2026-11-23T23:50:00",
        "stays": [{"from": "2026-11-23T21:00:00", "zone": "hall"}],
    }
    assert rate(parse_usage(json.dumps(usage), prices.clock), prices).total_fen == 1000
    assert "Total 10.00 元" in DOCUMENT


def test_every_code_of_a_refused_list_is_explained() -> None:
    chapter = DOCUMENT[DOCUMENT.index("## 4.") : DOCUMENT.index("## 5.")]
    table = [line.split("|")[1] for line in chapter.splitlines() if line.startswith("| `")]
    assert {code for cell in table for code in re.findall(r"`([a-z-]+)`", cell)} == {code.value for code in ProblemCode}


def test_every_rule_that_the_code_cites_stands_in_the_document() -> None:
    rule = re.compile(r"\b[PG]-\d{1,2}a?\b")  # P-256 is a curve.
    rules = set(re.findall(r"\*\*([PG]-\d+a?)\b", DOCUMENT))
    cited = {found for path in product_modules() for found in rule.findall(path.read_text(encoding="utf-8"))}
    assert cited - rules == set()
    assert cited
