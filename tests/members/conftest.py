"""The four synthetic cards. All people, addresses and authorities in them are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def padded(*fields: tuple[int, str]) -> bytes:
    """Join fields of (length in bytes, text), each padded with blanks."""
    block = b""
    for length, text in fields:
        encoded = text.encode("utf-16-le")
        block += encoded + b" \0" * ((length - len(encoded)) // 2)
    return block


@pytest.fixture
def resident_block() -> Callable[..., bytes]:
    """Build vector A, with fields replaced by keyword."""

    def build(
        *,
        name: str = "测试甲",
        sex: str = "1",
        ethnic: str = "01",
        birth: str = "19900307",
        number: str = "110101199003070011",
        valid_from: str = "20200101",
        valid_to: str = "长期",
        flag: str = "",
    ) -> bytes:
        return padded(
            (30, name),
            (2, sex),
            (4, ethnic),
            (16, birth),
            (70, "北京市东城区测试路1号"),
            (36, number),
            (30, "测试公安局"),
            (16, valid_from),
            (16, valid_to),
            (28, ""),
            (2, flag),
            (6, ""),
        )

    return build


@pytest.fixture
def vector_j() -> bytes:
    return padded(
        (30, "测试乙"),
        (2, "2"),
        (4, ""),
        (16, "19940823"),
        (70, "广东省深圳市测试区1号"),
        (36, "810000199408230021"),
        (30, "测试公安局"),
        (16, "20190101"),
        (16, "20240101"),
        (18, "H00000000"),
        (4, "01"),
        (6, ""),
        (2, "J"),
        (6, ""),
    )


@pytest.fixture
def vector_i() -> bytes:
    return padded(
        (120, "TEST, SAMPLE"),
        (2, "1"),
        (30, "UTO110081080314"),
        (6, "UTO"),
        (30, "样本"),
        (16, "20180101"),
        (16, "20280101"),
        (16, "19810803"),
        (4, "01"),
        (8, "1500"),
        (2, "I"),
        (6, ""),
    )


@pytest.fixture
def foreigner_2023_block() -> Callable[..., bytes]:
    """Build vector Y, with the two parts of the Latin name replaced by keyword."""

    def build(*, latin_name: str = "ZHENGJIAN, YANGBEN", latin_name_end: str = "") -> bytes:
        return padded(
            (30, "证件样本"),
            (2, "2"),
            (4, "00"),
            (16, "19800101"),
            (70, latin_name),
            (36, "931586198001010028"),
            (30, ""),
            (16, "20230808"),
            (16, "20330807"),
            (22, latin_name_end),
            (6, "PAK"),
            (2, "Y"),
            (6, "000"),
        )

    return build
