from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.written_dates import is_long_term, read_date


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-05",
        "2030-1-5",
        "2030.1.5",
        "2030/01/5",
        "2030年1月5日",
        "2030年01月05号",
        "2030 年 1 月 5 日",
        "20300105",
        "２０３００１０５",
        "２０３０－０１－０５",
        "２０３０。１。５",
        "2030、1、5",
        " 2030-01-05 ",
    ],
)
def test_a_date_is_year_month_and_day_however_they_are_kept_apart(text: str) -> None:
    assert read_date(text) == date(2030, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30-01-05",
        "300105",
        "05.01.2030",
        "5 January 2030",
        "2030-01",
        "2030年1月",
        "2030-13-01",
        "2030-02-30",
        "0000-01-01",
        "2030-W01-1",
        "203001055",
        "-2030-01-05",
        "2020.01.05-2030.01.05",
    ],
)
def test_what_could_be_meant_otherwise_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # The calendar's own words differ.
        read_date(text)


@given(
    st.dates(), st.sampled_from(["{0:04}-{1}-{2}", "{0:04}年{1}月{2}日", "{0:04}/{1:02}/{2:02}", "{0:04}{1:02}{2:02}"])
)
def test_every_day_is_read_as_it_was_written(day: date, form: str) -> None:
    assert read_date(form.format(day.year, day.month, day.day)) == day


@pytest.mark.parametrize("text", ["长期", " 长期有效 ", "long-term", "Long term", "ＬＯＮＧ－ＴＥＲＭ"])
def test_a_card_without_a_last_day_is_long_term(text: str) -> None:
    assert is_long_term(text)
    assert not is_long_term("2030-01-05")
