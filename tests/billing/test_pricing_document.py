"""docs/pricing.md shows examples: each is computed here, so that the document cannot promise another price."""

import json
import re
from collections.abc import Callable

import pytest

from billing import deposits, orders
from billing.money import yuan_text
from billing.order_errors import UnknownItemError
from billing.price_checks import check
from billing.visit_errors import StatementNeededError
from records.ids import new_id
from tests.billing.counter import Counter, goods, list_with, tenders
from tests.billing.pricing_examples import DOCUMENT, Example, rows, worked_out
from tests.billing.shop import WINTER_TEXT, bill, changed
from tests.billing.test_price_checks import PROMOTION

VISITS = rows("method | visit | lines | total |")
TRIED = rows("what is tried | what comes of it")
RULES = [f"P-{number}" for number in range(1, 21)] + ["P-6a"] + [f"G-{number}" for number in range(1, 9)]
TOP_UP = '\n[[topups]]\ncode = "500"\nname = "充500送50"\npay_fen = 50000\nbonus_fen = 5000\n'


def block(language: str, number: int) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return found[number]


def test_the_list_of_the_document_is_the_one_tested_here() -> None:
    assert block("toml", 0) == WINTER_TEXT


def test_the_usage_of_the_document_has_the_answer_beside_it() -> None:
    assert bill(json.loads(block("json", 0))).to_json() == json.loads(block("json", 1))


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_text_its_reason_and_an_example(rule: str) -> None:
    assert re.search(rf"^- \*\*{rule}[ .*]", DOCUMENT, re.MULTILINE)
    assert re.search(rf"^\| (?:[\w-]+, )?{rule}(?:, [\w-]+)? \|", DOCUMENT, re.MULTILINE)
    assert [example for example in (*VISITS, *TRIED) if example.rule == rule]


@pytest.mark.parametrize("example", VISITS, ids=str)
def test_each_visit_of_the_document_comes_to_what_it_says(example: Example) -> None:
    changes, told, lines, total, _why = example.cells
    assert worked_out(changes, told) == (lines, total)


def codes(text: str) -> str:
    return ", ".join(f"`{problem.code}`" for problem in check(text).problems) or "no problem"


def listed(*changes: tuple[str, str], more: str = "") -> Callable[[Counter], str]:
    return lambda _counter: codes(changed(*changes, more=more))


def best_price_of_minutes(_counter: Counter) -> str:
    return codes(changed(("best_price = false", "best_price = true"), ("minutes = 180", "minutes = 5")))


def dearer_list(counter: Counter, *, wait_hours: int) -> str:
    early = counter.open("A01")
    counter.wait(hours=1)
    counter.publish(list_with(("fen_per_hour = 400", "fen_per_hour = 500")))
    visit_id = early if wait_hours == 0 else counter.open("A02")
    counter.wait(hours=1)
    return yuan_text(counter.show(visit_id).total_fen)


def two_colas(counter: Counter) -> str:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    return yuan_text(counter.show(visit_id).total_fen)


def one_of_two_colas(counter: Counter) -> str:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2))
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    return yuan_text(counter.show(visit_id).total_fen)


def unlisted_cola(counter: Counter) -> str:
    with pytest.raises(UnknownItemError) as refused:
        counter.order(counter.open(), goods("cola-500"))
    return f"`{refused.value.code}`"


def unseen(counter: Counter) -> str:
    visit_id = counter.open()
    with pytest.raises(StatementNeededError) as refused:
        counter.pay(visit_id, "cash=500")
    return f"`{refused.value.code}`"


def promoted(paid_fen: int) -> Callable[[Counter], str]:
    class Paid:
        """A venue where the item was always sold for this."""

        def lowest_paid_fen(self, *_item: object, **_time: object) -> int:
            return paid_fen

        def last_paid_fen(self, *_item: object, **_time: object) -> int:
            return paid_fen

        def lowest_posted_fen(self, *_item: object, **_time: object) -> int:
            return 400

    def ask(_counter: Counter) -> str:
        found = check(WINTER_TEXT + PROMOTION, history=Paid()).problems
        return ", ".join(f"`{problem.code}`" for problem in found) or "no problem"

    return ask


def deposited(counter: Counter) -> str:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("cash=2000")[0], job_id=new_id())
    counter.wait(hours=2)
    payment = counter.settle(visit_id).payment
    return f"{yuan_text(sum(tender.fen for tender in payment.returned))} back"


OUTCOMES: dict[str, Callable[[Counter], str]] = {
    "the day's rate of the hall begins at 08:30": listed(('from = "08:00"', 'from = "08:30"')),
    "the day's rate of the hall ends at 22:30": listed(('to = "22:00"', 'to = "22:30"')),
    "from 20:00 on an hour in the hall costs 5.00; who came at 19:00 leaves at 21:00": lambda counter: dearer_list(
        counter, wait_hours=0
    ),
    "who comes at 20:00 leaves at 21:00": lambda counter: dearer_list(counter, wait_hours=1),
    "with the best price the 3h package lasts five minutes": best_price_of_minutes,
    "the cola says `auto_add = true`": listed(('name = "可乐"', 'name = "可乐"\nauto_add = true')),
    "two colas at 4.00": two_colas,
    "a cola that is not on the list": unlisted_cola,
    "the combo of 10.00 and 4.00 costs 14.00": listed(("price_fen = 1300", "price_fen = 1400")),
    "it costs 14.01": listed(("price_fen = 1300", "price_fen = 1401")),
    "one of two colas is cancelled before it was handed over": one_of_two_colas,
    "the visit is settled before its statement was shown": unseen,
    "4.00 is named as the price before, and was paid within seven days": promoted(400),
    "3.50 was": promoted(350),
    "a top-up gives 50.00 and names no conditions": listed(more=TOP_UP),
    "20.00 as a deposit, and a visit of two hours": deposited,
}


def test_nothing_is_told_that_is_not_tried_here() -> None:
    assert [example.cells[0] for example in TRIED] == list(OUTCOMES)


@pytest.mark.parametrize("example", TRIED, ids=str)
def test_what_is_tried_comes_out_as_the_document_says(example: Example, counter: Counter) -> None:
    tried, outcome = example.cells
    assert OUTCOMES[tried](counter) == outcome
