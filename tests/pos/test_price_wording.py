"""Every fault of a price list and every flaw of a usage has a sentence in both languages, filled by its own facts."""

from __future__ import annotations

import re
import string
from dataclasses import fields
from typing import Any

import pytest

from billing import price_faults
from billing.bill import AdjustmentKind
from billing.calendar import EVERY_DAY, DayKind
from billing.price_checks import check
from billing.price_faults import Dates, DayPair, RateGap, Unit
from billing.price_list import ItemKind
from billing.price_problems import Fault, ProblemCode, Where
from billing.usage_errors import BadUsageError, UsageFlaw
from pos.languages import Language, Words, words_of
from pos.price_sentences import FAULTS, NAMES, USAGE_FLAWS
from pos.price_wording import _ADJUSTMENTS, fault_sentence, place_text
from pos.wording import sentence_of
from tests.billing.mistakes import SINGLE_MISTAKES
from tests.billing.shop import changed

ENGLISH, CHINESE = words_of(Language.EN), words_of(Language.ZH_CN)


_FAULTS = [found for found in vars(price_faults).values() if isinstance(found, type) and issubclass(found, Fault)]
FAULT_KINDS = [found for found in _FAULTS if found not in {Fault, *(base for one in _FAULTS for base in one.__bases__)}]


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def test_every_fault_has_one_sentence_and_every_sentence_its_fault() -> None:
    keys = [found.key() for found in FAULT_KINDS]
    assert sorted(keys) == sorted(FAULTS)
    assert {found.code for found in FAULT_KINDS} == set(ProblemCode)


@pytest.mark.parametrize("found", FAULT_KINDS, ids=lambda found: found.__name__)
def test_a_sentence_is_filled_by_the_facts_of_its_fault(found: type[Fault]) -> None:
    assert placeholders(FAULTS[found.key()]) <= {field.name for field in fields(found)}


@pytest.mark.parametrize("flaw", list(UsageFlaw))
@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_flaw_of_a_usage_is_said_in_its_own_words(flaw: UsageFlaw, words: Words) -> None:
    said = sentence_of(BadUsageError(flaw, key="stays.from", given="25:00", most=2), words)
    assert f"bad-usage/{flaw.value}" in USAGE_FLAWS
    assert said == words(USAGE_FLAWS[f"bad-usage/{flaw.value}"]).format(key="stays.from", given="25:00", most=2)
    assert bool(re.search("[\u4e00-\u9fff]", said)) == (words is CHINESE)


def test_no_sentence_of_a_usage_is_left_without_its_flaw() -> None:
    assert set(USAGE_FLAWS) == {"bad-usage"} | {f"bad-usage/{flaw.value}" for flaw in UsageFlaw}


def test_everything_that_a_sentence_names_has_a_name() -> None:
    assert set(NAMES) == {*DayKind, *ItemKind, *Unit}
    assert set(_ADJUSTMENTS) == set(AdjustmentKind)


@pytest.mark.parametrize(("code", "old", "new"), SINGLE_MISTAKES)
def test_every_mistake_is_said_in_both_languages_without_a_word_of_the_programs(code: str, old: str, new: str) -> None:
    (problem,) = check(changed((old, new))).problems
    english, chinese = (fault_sentence(problem.fault, words) for words in (ENGLISH, CHINESE))
    assert problem.code == code
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search(r"True|False|None|datetime|DayKind|[{]", english + chinese)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "duration"', 'kind = "hours"', '"hours" is none of: duration, window. Choose one of them.'),
        ("fen_per_hour = 300", "fen_per_hour = true", "true is no whole number. Write digits only."),
        ('title = "2026 年冬季价目"', "title = 2026-10-01", '"2026-10-01" is no text. Write it in quotes.'),
    ],
)
def test_a_value_is_said_as_the_file_writes_it(old: str, new: str, said: str) -> None:
    (problem,) = check(changed((old, new))).problems
    assert fault_sentence(problem.fault, ENGLISH) == said


EVENING: dict[str, Any] = {"zone": "hall", "tiers": ("guest", "gold"), "begins": 22 * 3600, "ends": 8 * 3600}


@pytest.mark.parametrize(
    ("dates", "english", "chinese"),
    [
        (Dates(kinds=EVERY_DAY), "on every day", "每天"),
        (Dates(kinds=(DayKind.WORKDAY, DayKind.HOLIDAY)), "on workdays, holidays", "工作日、节假日"),
        (Dates(after=(DayKind.WEEKEND,)), "in the night after weekends", "周末之后的夜间"),
        (
            Dates(pairs=(DayPair(before=DayKind.WEEKEND, kind=DayKind.WORKDAY),)),
            "on workdays after weekends",
            "周末次日的工作日",
        ),
    ],
)
def test_a_gap_is_said_with_zone_tiers_days_and_clock_time(dates: Dates, english: str, chinese: str) -> None:
    gap = RateGap(dates=dates, **EVENING)
    said = f"No rate counts in zone hall for guest, gold {english}, 22:00 to 08:00. Add one (rule P-3)."
    assert fault_sentence(gap, ENGLISH) == said
    assert fault_sentence(gap, CHINESE) == (
        f"区域 hall、guest、gold，{chinese} 22:00 至 08:00 没有单价。请补上（规则 P-3）。"
    )


def test_a_fault_inside_a_combo_says_which_item_is_meant() -> None:
    text = changed(('{ goods = "cola-330", qty = 1 }', '{ goods = "cola-330", qty = 0 }'))
    (problem,) = check(text).problems
    assert fault_sentence(problem.fault, ENGLISH) == "Item 2: 0 is not between 1 and 1000 pieces. Correct it."
    assert fault_sentence(problem.fault, CHINESE) == "第 2 项：0 不在 1 至 1000 件之间。请改正。"


@pytest.mark.parametrize(
    ("where", "english", "chinese"),
    [
        (Where(table="rates", entry=2, key="to", line=57), "rates[2].to (line 57)", "rates[2].to（第 57 行）"),
        (Where(key="title"), "title", "title"),
        (Where(line=3), "the file (line 3)", "文件（第 3 行）"),
    ],
)
def test_a_place_is_said_as_people_look_for_it(where: Where, english: str, chinese: str) -> None:
    assert (place_text(where, ENGLISH), place_text(where, CHINESE)) == (english, chinese)
