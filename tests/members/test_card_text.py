from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.card_text import ETHNIC_NAMES, CardFields, CardLayout, Sex, parse
from members.documents import DocumentKind
from members.errors import CardTextError, CardTypeUnknownError, MembersError

Build = Callable[..., bytes]


def revealed(fields: CardFields) -> dict[str, object]:
    """Every field of the card as plaintext, to compare it whole."""
    plain = {name: getattr(fields, name) for name in fields.__slots__}
    return {name: value.reveal() if hasattr(value, "reveal") else value for name, value in plain.items()}


EMPTY: dict[str, object] = {
    "ethnic": "",
    "address": "",
    "issuer": "",
    "latin_name": "",
    "nationality": "",
    "pass_number": "",
    "issue_count": "",
    "former_link": "",
    "card_version": "",
    "accepting_authority": "",
}


def test_the_vectors_are_those_of_the_published_recipe(
    resident_block: Build, vector_j: bytes, vector_i: bytes, foreigner_2023_block: Build
) -> None:
    blocks = [resident_block(), vector_j, vector_i, foreigner_2023_block()]
    assert [sha256(block).hexdigest()[:16] for block in blocks] == [
        "aa5457b2d13d5908",
        "18022f28ab40704c",
        "30a52c2b54950662",
        "d83a964b4a33e89b",
    ]


def test_a_resident_card_is_read_whole(resident_block: Build) -> None:
    assert revealed(parse(resident_block())) == EMPTY | {
        "layout": CardLayout.RESIDENT,
        "name": "测试甲",
        "sex": Sex.MALE,
        "ethnic": "汉",
        "birth": date(1990, 3, 7),
        "address": "北京市东城区测试路1号",
        "number": "110101199003070011",
        "issuer": "测试公安局",
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
        "long_term": True,
    }


def test_a_residence_permit_is_read_whole(vector_j: bytes) -> None:
    assert revealed(parse(vector_j)) == EMPTY | {
        "layout": CardLayout.HMT_PERMIT,
        "name": "测试乙",
        "sex": Sex.FEMALE,
        "birth": date(1994, 8, 23),
        "address": "广东省深圳市测试区1号",
        "number": "810000199408230021",
        "issuer": "测试公安局",
        "valid_from": date(2019, 1, 1),
        "valid_to": date(2024, 1, 1),
        "long_term": False,
        "pass_number": "H00000000",
        "issue_count": "01",
    }


def test_a_foreigners_card_of_2017_is_read_whole(vector_i: bytes) -> None:
    assert revealed(parse(vector_i)) == EMPTY | {
        "layout": CardLayout.FOREIGNER_2017,
        "name": "样本",
        "latin_name": "TEST, SAMPLE",
        "sex": Sex.MALE,
        "birth": date(1981, 8, 3),
        "number": "UTO110081080314",
        "nationality": "UTO",
        "valid_from": date(2018, 1, 1),
        "valid_to": date(2028, 1, 1),
        "long_term": False,
        "card_version": "01",
        "accepting_authority": "1500",
    }


def test_a_foreigners_card_of_2023_is_read_whole(foreigner_2023_block: Build) -> None:
    assert revealed(parse(foreigner_2023_block())) == EMPTY | {
        "layout": CardLayout.FOREIGNER_2023,
        "name": "证件样本",
        "latin_name": "ZHENGJIAN, YANGBEN",
        "sex": Sex.FEMALE,
        "birth": date(1980, 1, 1),
        "number": "931586198001010028",
        "nationality": "PAK",
        "issue_count": "00",
        "valid_from": date(2023, 8, 8),
        "valid_to": date(2033, 8, 7),
        "long_term": False,
        "former_link": "000",
    }


def test_a_long_latin_name_goes_on_in_its_second_field(foreigner_2023_block: Build) -> None:
    fields = parse(foreigner_2023_block(latin_name="A" * 34 + " ", latin_name_end="BCD"))
    assert fields.latin_name.reveal() == "A" * 34 + " BCD"


def test_each_layout_is_a_kind_of_document(
    resident_block: Build, vector_j: bytes, vector_i: bytes, foreigner_2023_block: Build
) -> None:
    blocks = [resident_block(), vector_j, vector_i, foreigner_2023_block()]
    assert [parse(block).document().kind for block in blocks] == [
        DocumentKind.RESIDENT,
        DocumentKind.HMT_PERMIT,
        DocumentKind.FOREIGNER_PR,
        DocumentKind.FOREIGNER_PR,
    ]


def test_a_foreigner_without_a_chinese_name_is_registered_under_the_latin_one(vector_i: bytes) -> None:
    without = vector_i[:158] + b" \0" * 15 + vector_i[188:]
    assert parse(without).document().name.reveal() == "TEST, SAMPLE"


def test_a_new_address_replaces_the_printed_one(resident_block: Build) -> None:
    moved = "北京市西城区测试街2号".encode("utf-16-le") + b" \0" * 24
    assert len(moved) == 70
    assert parse(resident_block(), moved).address.reveal() == "北京市西城区测试街2号"


@pytest.mark.parametrize("blank", [None, b"", b" \0" * 35])
def test_a_blank_new_address_leaves_the_printed_one(resident_block: Build, blank: bytes | None) -> None:
    assert parse(resident_block(), blank).address.reveal() == "北京市东城区测试路1号"


@pytest.mark.parametrize(("code", "sex"), [("0", "unknown"), ("1", "male"), ("2", "female"), ("9", "not-stated")])
def test_sex_has_four_codes(resident_block: Build, code: str, sex: str) -> None:
    assert parse(resident_block(sex=code)).sex == sex


@pytest.mark.parametrize("code", ["", "00", "57", "81", "99", "xx"])
def test_an_unknown_ethnic_code_is_unknown_and_no_error(resident_block: Build, code: str) -> None:
    assert parse(resident_block(ethnic=code)).ethnic == ""


def test_the_ethnic_table_has_58_codes() -> None:
    assert len(ETHNIC_NAMES) == 58
    assert [ETHNIC_NAMES[code] for code in ("01", "26", "43", "46", "56", "97")] == [
        "汉",
        "东乡",
        "乌孜别克",
        "德昂",
        "基诺",
        "其他",
    ]


@pytest.mark.parametrize("text", ["", "00000000", "19900230", "199003 7", "长期", "１９９００３０７"])
def test_an_impossible_birth_date_is_no_birth_date(resident_block: Build, text: str) -> None:
    assert parse(resident_block(birth=text)).birth is None


@pytest.mark.parametrize("text", ["", "20300230", "长 期"])
def test_a_last_day_that_cannot_be_read_is_not_taken_for_long_term(resident_block: Build, text: str) -> None:
    fields = parse(resident_block(valid_to=text))
    assert (fields.valid_to, fields.long_term) == (None, False)


def test_the_final_x_is_made_upper_case(resident_block: Build) -> None:
    assert parse(resident_block(number="11010519491231002x")).number.reveal() == "11010519491231002X"


def test_the_flag_is_looked_at_first(resident_block: Build) -> None:
    with pytest.raises(CardTypeUnknownError) as refused:
        parse(resident_block(flag="Q"))
    assert refused.value.flag == ord("Q")


@pytest.mark.parametrize("length", [0, 1, 255, 257, 512])
def test_a_block_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(CardTextError) as refused:
        parse(bytes(length))
    assert refused.value.length == length


@given(st.binary(min_size=256, max_size=256), st.none() | st.binary(max_size=70))
@settings(max_examples=150)
def test_junk_is_read_or_refused_but_never_breaks_the_program(block: bytes, address: bytes | None) -> None:
    for flag in (block[248:250], b" \0", b"J\0", b"I\0", b"Y\0"):
        try:
            fields = parse(block[:248] + flag + block[250:], address)
        except MembersError:
            continue
        fields.document()


def test_a_card_shows_nothing_of_its_holder_by_accident(
    resident_block: Build, vector_j: bytes, vector_i: bytes, foreigner_2023_block: Build
) -> None:
    for block in (resident_block(), vector_j, vector_i, foreigner_2023_block()):
        fields = parse(block)
        shown = f"{fields} {fields!r} {fields.name} {fields.number!s:>30} {fields.birth!r} {fields.document()!r}"
        shown += str([fields.address, fields.latin_name, fields.pass_number])
        for value in (fields.name, fields.number, fields.address, fields.latin_name, fields.pass_number):
            assert not value.reveal() or value.reveal() not in shown
        assert "19" not in shown
