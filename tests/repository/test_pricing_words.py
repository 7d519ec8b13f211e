"""docs/pricing.md names every code that a refused list can have, and every rule that the code cites."""

import re

from billing.price_problems import ProblemCode
from tests.repository.sources import ROOT, product_modules

DOCUMENT = (ROOT / "docs" / "pricing.md").read_text(encoding="utf-8")


def test_every_code_of_a_refused_list_is_explained() -> None:
    chapter = DOCUMENT[DOCUMENT.index("## 4.") : DOCUMENT.index("## 5.")]
    table = [line.split("|")[1] for line in chapter.splitlines() if line.startswith("| `")]
    assert {code for cell in table for code in re.findall(r"`([a-z-]+)`", cell)} == {code.value for code in ProblemCode}


def test_every_rule_that_the_code_cites_stands_in_the_document() -> None:
    rule = re.compile(r"(?<!REQ-)\b[PG]-\d{1,2}a?\b")  # P-256 is a curve, REQ-P-26 a requirement of the law.
    rules = set(re.findall(r"\*\*([PG]-\d+a?)\b", DOCUMENT))
    cited = {found for path in product_modules() for found in rule.findall(path.read_text(encoding="utf-8"))}
    assert cited - rules == set()
    assert cited
