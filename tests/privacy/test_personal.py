from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.masking import mask
from privacy.personal import Personal

NAME, NUMBER = Personal("测试甲"), Personal("110101199003070011")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("张", "张"),
        ("张三", "张*"),
        ("测试甲", "测*甲"),
        ("110101199003070011", "1****************1"),
        ("1990-03-07", "1********7"),
    ],
)
def test_a_mask_shows_first_and_last_and_a_star_for_each_hidden_one(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text())
def test_a_mask_is_as_long_as_what_it_hides(text: str) -> None:
    assert len(mask(text)) == len(text)
    assert set(mask(text)[1:-1]) <= {"*"}


def test_a_date_is_masked_in_its_iso_form() -> None:
    assert Personal(date(1990, 3, 7)).masked() == "1********7"


def test_no_way_of_printing_shows_the_value(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("shop").error("refused %s %r", NAME, NUMBER)
    shown = [str(NAME), repr(NUMBER), f"{NAME:>20} {NUMBER!s}", f"{NAME} {NUMBER!r}", str([NAME, NUMBER])]
    shown += traceback.format_exception(ValueError(NAME, NUMBER))
    assert not any(word in text for word in ("测试甲", "11010119") for text in [caplog.text, *shown])


def test_a_personal_value_is_neither_pickled_nor_written_as_json_nor_true() -> None:
    for attempt in (pickle.dumps, json.dumps, bool, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(NAME)


def test_personal_values_compare_by_what_they_hold() -> None:
    assert Personal("测试甲") == NAME
    assert len({Personal("测试甲"), NAME, NUMBER}) == 2
    assert NAME != "测试甲"
