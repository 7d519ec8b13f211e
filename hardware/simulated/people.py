"""Invented people and their cards, as the blocks a chip would hand out. Nobody here exists.

Numbers are region 110101 or a reserved one, a date, a sequence and a valid check digit.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from string import ascii_lowercase

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ORDINALS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄"
LONG_TERM = "长期"
_BORN = re.compile(r"^born-(\d{4})(\d{2})(\d{2})$")

PHOTO = bytes.fromhex("57 4C 66 00 7E 00 32 00 00 FF 85 00 51 51 51 3E") + bytes(1008)
"""The header every chip's photo has, and an empty picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One card: its name for commands, its 256 bytes of text, its later address (70 bytes) if it has one."""

    name: str
    block: bytes = field(repr=False)
    new_address: bytes | None = field(default=None, repr=False)


def check_digit(first_17: str) -> str:
    """MOD 11-2 over the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def _padded(text: str, size: int) -> bytes:
    encoded = text.encode("utf-16-le")
    if len(encoded) > size:
        raise ValueError(f"{text!r} does not fit into {size} bytes")
    return encoded + b" \x00" * ((size - len(encoded)) // 2)


def _joined(*fields_: tuple[str, int]) -> bytes:
    block = b"".join(_padded(text, size) for text, size in fields_)
    assert len(block) == 256
    return block


def resident_block(
    *,
    name: str,
    sex: str,
    ethnic: str,
    born: date,
    address: str,
    number: str,
    valid_from: str,
    valid_to: str,
) -> bytes:
    """The text of a resident identity card."""
    return _joined(
        (name, 30),
        (sex, 2),
        (ethnic, 4),
        (f"{born:%Y%m%d}", 16),
        (address, 70),
        (number, 36),
        ("测试公安局", 30),
        (valid_from, 16),
        (valid_to, 16),
        ("", 36),
    )


def _resident(card: str, *, name: str, born: date, sequence: int, valid_from: str, valid_to: str, house: int) -> Card:
    first_17 = f"110101{born:%Y%m%d}{sequence:03}"
    block = resident_block(
        name=name,
        sex="1" if sequence % 2 else "2",
        ethnic=f"{1 + house % 56:02}",
        born=born,
        address=f"北京市东城区测试路{house}号",
        number=first_17 + check_digit(first_17),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return Card(name=card, block=block)


def _adult(index: int) -> Card:
    """An adult, the same one for the same index: born 1961 to 2004, with the validity of that age."""
    born = date(1961 + (index * 7) % 44, 1 + (index * 5) % 12, 1 + (index * 11) % 28)
    issued = 2020 + index % 5
    age = issued - born.year
    years = 10 if age < 26 else 20
    valid_to = LONG_TERM if age >= 46 else f"{issued + years}0401"
    return _resident(
        f"adult-{_letters(index)}",
        name=f"测试{_ordinal(index)}",
        born=born,
        sequence=100 + index,
        valid_from=f"{issued}0401",
        valid_to=valid_to,
        house=100 + index,
    )


def _letters(index: int) -> str:
    prefix = "" if index < len(ascii_lowercase) else ascii_lowercase[index // len(ascii_lowercase) - 1]
    return prefix + ascii_lowercase[index % len(ascii_lowercase)]


def _ordinal(index: int) -> str:
    prefix = "" if index < len(_ORDINALS) else _ORDINALS[index // len(_ORDINALS) - 1]
    return prefix + _ORDINALS[index % len(_ORDINALS)]


def _vectors() -> tuple[Card, ...]:
    """One card of each kind that the module reads, A being the resident's."""
    resident = resident_block(
        name="测试甲",
        sex="1",
        ethnic="01",
        born=date(1990, 3, 7),
        address="北京市东城区测试路1号",
        number="110101199003070011",
        valid_from="20200101",
        valid_to=LONG_TERM,
    )
    permit = _joined(
        ("测试乙", 30),
        ("2", 2),
        ("", 4),
        ("19940823", 16),
        ("广东省深圳市测试区1号", 70),
        ("810000199408230021", 36),
        ("测试公安局", 30),
        ("20190101", 16),
        ("20240101", 16),
        ("H00000000", 18),
        ("01", 4),
        ("", 6),
        ("J", 2),
        ("", 6),
    )
    foreigner_2017 = _joined(
        ("TEST, SAMPLE", 120),
        ("1", 2),
        ("UTO110081080314", 30),
        ("UTO", 6),
        ("样本", 30),
        ("20180101", 16),
        ("20280101", 16),
        ("19810803", 16),
        ("01", 4),
        ("1500", 8),
        ("I", 2),
        ("", 6),
    )
    foreigner_2023 = _joined(
        ("证件样本", 30),
        ("2", 2),
        ("00", 4),
        ("19800101", 16),
        ("ZHENGJIAN, YANGBEN", 70),
        ("931586198001010028", 36),
        ("", 30),
        ("20230808", 16),
        ("20330807", 16),
        ("", 22),
        ("PAK", 6),
        ("Y", 2),
        ("000", 6),
    )
    blocks = {"a": resident, "j": permit, "i": foreigner_2017, "y": foreigner_2023}
    return tuple(Card(name=f"vector-{letter}", block=block) for letter, block in blocks.items())


def _special() -> tuple[Card, ...]:
    moved = _resident(
        "moved-house",
        name="测试迁",
        born=date(1988, 2, 29),
        sequence=17,
        valid_from="20190601",
        valid_to="20390601",
        house=7,
    )
    return (
        _resident(
            "minor",
            name="测试幼",
            born=date(2015, 6, 1),
            sequence=21,
            valid_from="20250701",
            valid_to="20300701",
            house=3,
        ),
        _resident(
            "expired",
            name="测试旧",
            born=date(1979, 12, 1),
            sequence=32,
            valid_from="20050101",
            valid_to="20250101",
            house=4,
        ),
        _resident(
            "long-term",
            name="测试久",
            born=date(1950, 10, 10),
            sequence=43,
            valid_from="20150101",
            valid_to=LONG_TERM,
            house=5,
        ),
        Card(
            name=moved.name,
            block=moved.block,
            new_address=_padded("北京市西城区测试街2号", 70),
        ),
    )


ADULTS = 52
CARDS: dict[str, Card] = {
    card.name: card for card in (*(_adult(index) for index in range(ADULTS)), *_special(), *_vectors())
}


def find_card(name: str) -> Card | None:
    """A card by name; `born-YYYYMMDD` makes a resident born that day, with a card valid from 2020 to 2040."""
    if match := _BORN.match(name):
        try:
            born = date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
        return _resident(
            name, name="测试生", born=born, sequence=55, valid_from="20200101", valid_to="20400101", house=9
        )
    return CARDS.get(name)
