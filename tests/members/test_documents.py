from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.documents import (
    AdultFrom,
    Document,
    DocumentKind,
    Examination,
    NumberWarning,
    Verdict,
    check_number,
    compact_date,
    examine,
    first_adult_day,
    former_number,
    mod_11_2,
    normal_number,
    number_class,
    seven_three_one,
)
from privacy.personal import Personal

TODAY = date(2026, 11, 23)


def resident_number(birth: date, *, region: str = "110101", sequence: str = "001") -> str:
    stem = f"{region}{birth:%Y%m%d}{sequence}"
    return stem + mod_11_2(stem)


def resident(
    birth: date | None = date(1990, 3, 7),
    *,
    number: str | None = None,
    name: str = "测试甲",
    valid_from: date | None = date(2020, 1, 1),
    valid_to: date | None = None,
    long_term: bool = True,
    kind: DocumentKind = DocumentKind.RESIDENT,
) -> Document:
    return Document(
        kind=kind,
        name=Personal(name),
        number=Personal(resident_number(birth or date(1990, 3, 7)) if number is None else number),
        birth=None if birth is None else Personal(birth),
        valid_from=valid_from,
        valid_to=valid_to,
        long_term=long_term,
    )


def verdict(document: Document, *, on: date = TODAY, adult_from: AdultFrom = AdultFrom.DAY_AFTER_BIRTHDAY) -> str:
    return examine(document, on=on, adult_from=adult_from).verdict.value


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "360426199101010071",
        "110101199003070011",
    ],
)
def test_published_resident_numbers_pass(number: str) -> None:
    check = check_number(DocumentKind.RESIDENT, number)
    assert check.is_valid
    assert check.birth_digits == number[6:14]


@pytest.mark.parametrize(
    "number",
    [
        "810000199001010019",
        "820000199001010029",
        "830000199001010039",
        "830000199706020042",
        "810000199408230021",
    ],
)
def test_published_residence_permit_numbers_pass(number: str) -> None:
    assert check_number(DocumentKind.HMT_PERMIT, number).is_valid


@pytest.mark.parametrize("number", ["931586198001010028", "932682198501010017", "91184019850101001X"])
def test_published_foreigner_numbers_pass(number: str) -> None:
    assert check_number(DocumentKind.FOREIGNER_PR, number).is_valid


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("resident", ""),
        ("resident", "110101900307001"),  # the 15 digits of the first generation
        ("resident", "110101199002300012"),  # 30 February
        ("resident", "X10101199003070011"),
        ("resident", "931586198001010028"),  # a foreigner's number on a resident card
        ("resident", "1101011990030700110"),
        ("hmt-permit", "110101199003070011"),
        ("hmt-permit", "71000019900101001X"),  # Taiwan is 830000
        ("foreigner-pr", "110101199003070011"),
        ("foreigner-pr", "9315861980010100"),
        ("foreigner-pr", "UT0110081080314"),
        ("passport", "E1"),
        ("passport", "E1234567;"),
        ("military", ""),
    ],
)
def test_a_number_that_breaks_its_kinds_rule_is_invalid(kind: str, number: str) -> None:
    assert not check_number(DocumentKind(kind), number).is_valid


def test_every_single_wrong_digit_is_found() -> None:
    number = "11010519491231002X"
    for place in range(18):
        for digit in "0123456789X":
            if digit != number[place]:
                changed = number[:place] + digit + number[place + 1 :]
                assert not check_number(DocumentKind.RESIDENT, changed).is_valid


def test_no_county_is_rejected_because_a_list_of_today_lacks_it() -> None:
    abolished = resident_number(date(1990, 3, 7), region="699999")
    assert check_number(DocumentKind.RESIDENT, abolished).is_valid


def test_a_card_of_2017_with_a_wrong_check_digit_is_warned_about_not_refused() -> None:
    good = check_number(DocumentKind.FOREIGNER_PR, "KAZ110090123105")
    specimen = check_number(DocumentKind.FOREIGNER_PR, "CAN110081080319")
    assert (good.is_valid, good.warning) == (True, None)
    assert (specimen.is_valid, specimen.warning) == (True, NumberWarning.CHECK_DIGIT)


@pytest.mark.parametrize(
    ("kind", "number", "warning"),
    [
        ("passport", "E00000000", None),
        ("passport", "G00000000", None),
        ("passport", "EA0000000", None),
        ("passport", "ABCDE12345", "old-form"),
        ("hm-travel-permit", "H00000000", None),
        ("hm-travel-permit", "M0000000001", None),
        ("hm-travel-permit", "X00000000", "old-form"),
        ("tw-travel-permit", "00000000", None),
    ],
)
def test_travel_documents_of_an_unknown_form_are_warned_about(kind: str, number: str, warning: str | None) -> None:
    check = check_number(DocumentKind(kind), number)
    assert (check.is_valid, check.warning) == (True, warning)


@pytest.mark.parametrize(("text", "digit"), [("L898902C3", "6"), ("740812", "2"), ("120415", "9")])
def test_the_seven_three_one_digits_of_icao_9303(text: str, digit: str) -> None:
    assert seven_three_one(text) == digit


def test_the_number_of_2017_follows_from_the_card_of_2023() -> None:
    assert former_number("931586198001010028", nationality="PAK", link="000") == "PAK310080010103"
    assert former_number("931586198001010028", nationality="PAK", link="") is None


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", " 110105 1949 1231 002X ", "１１０１０５１９４９１２３１００２ｘ"]
)
def test_a_number_has_one_normal_form(typed: str) -> None:
    assert normal_number(typed) == "11010519491231002X"


def test_a_temporary_card_bears_the_resident_number() -> None:
    assert number_class(DocumentKind.TEMPORARY_RESIDENT) == number_class(DocumentKind.RESIDENT)
    assert len({number_class(kind) for kind in DocumentKind}) == len(DocumentKind) - 1


@pytest.mark.parametrize(
    ("birth", "day_after", "birthday"),
    [
        (date(2008, 11, 23), date(2026, 11, 24), date(2026, 11, 23)),
        (date(2008, 12, 31), date(2027, 1, 1), date(2026, 12, 31)),
        (date(2008, 2, 29), date(2026, 3, 1), date(2026, 3, 1)),
        (date(2010, 2, 28), date(2028, 2, 29), date(2028, 2, 28)),
        (date(2009, 2, 28), date(2027, 3, 1), date(2027, 2, 28)),
    ],
)
def test_the_first_adult_day(birth: date, day_after: date, birthday: date) -> None:
    assert first_adult_day(birth, adult_from=AdultFrom.DAY_AFTER_BIRTHDAY) == day_after
    assert first_adult_day(birth, adult_from=AdultFrom.BIRTHDAY) == birthday


@pytest.mark.parametrize("adult_from", list(AdultFrom))
def test_a_minor_is_refused_on_every_day_of_the_calendar_holidays_included(adult_from: AdultFrom) -> None:
    """The law's holiday exception is for arcade machines; the rules of 2001 with theirs are abolished."""
    birth = date(2008, 6, 15)
    document, first = resident(birth), first_adult_day(birth, adult_from=adult_from)
    on = date(2020, 1, 1)
    while on <= date(2027, 12, 31):
        assert verdict(document, on=on, adult_from=adult_from) == ("minor" if on < first else "adult")
        on += timedelta(days=1)


@given(birth=st.dates(date(1900, 1, 1), date(2020, 12, 31)), day=st.integers(-800, 800))
def test_once_an_adult_always_an_adult(birth: date, day: int) -> None:
    on = birth.replace(day=1, year=birth.year + 18) + timedelta(days=day)
    document = resident(birth, valid_from=None)
    if verdict(document, on=on) == "adult":
        assert verdict(document, on=on + timedelta(days=1)) == "adult"
        assert on >= birth + timedelta(days=18 * 365 + 4)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (resident(name=""), "name-missing"),
        (resident(number="110101199003070012"), "number-invalid"),
        (resident(None), "no-birth-date"),
        (resident(number="11010519491231002X"), "birth-mismatch"),
        (resident(date(2010, 1, 1)), "minor"),
        (resident(valid_from=TODAY + timedelta(days=1)), "not-yet-valid"),
        (resident(valid_from=TODAY), "adult"),
        (resident(valid_to=TODAY - timedelta(days=1), long_term=False), "expired"),
        (resident(valid_to=TODAY, long_term=False), "adult"),
        (resident(long_term=False), "validity-unknown"),
        (resident(date(2010, 1, 1), valid_to=date(2021, 1, 1), long_term=False), "minor"),
    ],
)
def test_each_reason_to_refuse(document: Document, reason: str) -> None:
    assert verdict(document) == reason


def test_the_birth_date_of_a_2017_card_is_compared_with_its_six_digits() -> None:
    card = resident(date(1981, 8, 3), number="UTO110081080314", kind=DocumentKind.FOREIGNER_PR)
    other = resident(date(1981, 8, 4), number="UTO110081080314", kind=DocumentKind.FOREIGNER_PR)
    assert (verdict(card), verdict(other)) == ("adult", "birth-mismatch")


def test_only_adult_admits() -> None:
    assert [v for v in Verdict if admits(v)] == [Verdict.ADULT]


def admits(value: Verdict) -> bool:
    return Examination(verdict=value).is_adult


@given(st.text(max_size=24))
def test_any_text_is_judged_under_every_kind(number: str) -> None:
    for kind in DocumentKind:
        check_number(kind, number)


@pytest.mark.parametrize("text", ["00000000", "20230229", "2023-1-1", "²0230101", ""])
def test_what_is_no_date_is_none(text: str) -> None:
    assert compact_date(text) is None
