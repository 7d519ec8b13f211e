"""The 256-byte text block of a chip card: fixed fields of UTF-16LE, padded with spaces.

The character at offset 248 tells which of four layouts the rest has, and is looked at before anything else:
blank (居民身份证), `J` (港澳台居民居住证), `I` and `Y` (外国人永久居留身份证 of 2017 and of 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from members.documents import LONG_TERM, Document, DocumentKind, compact_date, former_number, normal_number
from members.errors import CardTextError, CardTypeUnknownError
from privacy.personal import Personal

if TYPE_CHECKING:
    from datetime import date

TEXT_BLOCK_BYTES: Final = 256

_FLAG_OFFSET: Final = 248


class CardLayout(StrEnum):
    """The four layouts, by the flag at offset 248."""

    RESIDENT = " "
    HMT_PERMIT = "J"
    FOREIGNER_2017 = "I"
    FOREIGNER_2023 = "Y"


class Sex(StrEnum):
    """GB/T 2261.1. Four values, not two: 0 and 9 are neither a man's nor a woman's code."""

    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"
    NOT_STATED = "not-stated"


_SEX: Final = {"1": Sex.MALE, "2": Sex.FEMALE, "9": Sex.NOT_STATED}

# GB/T 3304: 01 to 56, and two codes beside the list.
_ETHNIC_GROUPS: Final = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 "
    "纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 "
    "鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNIC_NAMES: Final = {f"{code:02d}": name for code, name in enumerate(_ETHNIC_GROUPS.split(), start=1)} | {
    "97": "其他",
    "98": "外国血统中国籍人士",
}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class CardFields:
    """All that a card's text block says.

    Fields that a layout lacks are empty. `ethnic` is a name of GB/T 3304, or empty where the code is blank or
    unknown. Dates that are blank or impossible are None; `long_term` is 长期 in place of a last day.
    """

    layout: CardLayout
    name: Personal[str]
    sex: Sex
    birth: Personal[date] | None
    number: Personal[str]
    valid_from: date | None
    valid_to: date | None
    long_term: bool
    ethnic: str = ""
    address: Personal[str] = Personal("")  # noqa: RUF009 - immutable, so sharing it is harmless
    issuer: str = ""
    latin_name: Personal[str] = Personal("")  # noqa: RUF009 - as above
    nationality: str = ""  # alpha-3
    pass_number: Personal[str] = Personal("")  # noqa: RUF009 - as above
    issue_count: str = ""  # J: 签发次数; Y: 换证次数
    former_link: str = ""  # Y: three characters that lead to the number of 2017
    card_version: str = ""  # I
    accepting_authority: str = ""  # I: 受理机关代码

    @override
    def __repr__(self) -> str:
        return f"CardFields(layout={self.layout.name})"

    @property
    def kind(self) -> DocumentKind:
        """The kind of document this card is."""
        return _KINDS[self.layout]

    def document(self) -> Document:
        """Give what the check and the registration need of it, and no more (REQ-PI-1).

        A foreigner's card without a Chinese name is registered under the Latin one.
        """
        return Document(
            kind=self.kind,
            name=self.name if self.name.reveal() else self.latin_name,
            number=self.number,
            birth=self.birth,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            long_term=self.long_term,
            address=self.address,
            issuer=self.issuer,
            nationality=self.nationality,
            sex="" if self.sex is Sex.UNKNOWN else self.sex.value,
            ethnic=self.ethnic,
            former_number=Personal(self._former_number()),
        )

    def _former_number(self) -> str:
        number = self.number.reveal()
        return former_number(number, nationality=self.nationality, link=self.former_link) or ""


_KINDS: Final = {
    CardLayout.RESIDENT: DocumentKind.RESIDENT,
    CardLayout.HMT_PERMIT: DocumentKind.HMT_PERMIT,
    CardLayout.FOREIGNER_2017: DocumentKind.FOREIGNER_PR,
    CardLayout.FOREIGNER_2023: DocumentKind.FOREIGNER_PR,
}


def parse(text_block: bytes, new_address: bytes | None = None) -> CardFields:
    """Read a card's text block, and the 70 bytes of its appended address where the reader gave one.

    A new address that is not blank replaces the printed one. Unknown codes, impossible dates and broken
    characters (shown as U+FFFD) are taken as they come: whether somebody is admitted is `documents.examine`'s
    question.

    Raises CardTextError for another length than 256 bytes, CardTypeUnknownError for an unknown type flag.
    """
    if len(text_block) != TEXT_BLOCK_BYTES:
        raise CardTextError(length=len(text_block))
    block = _Block(text_block)
    match _layout(text_block):
        case CardLayout.RESIDENT:
            return _resident(block, block.address(new_address))
        case CardLayout.HMT_PERMIT:
            return _hmt_permit(block, block.address(new_address))
        case CardLayout.FOREIGNER_2017:
            return _foreigner_2017(block)
        case CardLayout.FOREIGNER_2023:
            return _foreigner_2023(block)


def _layout(text_block: bytes) -> CardLayout:
    flag = int.from_bytes(text_block[_FLAG_OFFSET : _FLAG_OFFSET + 2], "little")
    try:
        return CardLayout(chr(flag or 0x20))  # Some readers blank the reserved end with zero bytes.
    except ValueError:
        raise CardTypeUnknownError(flag=flag) from None  # Nothing is hidden: the flag is in the error.


class _Block:
    """The block, read by offset and length in bytes."""

    def __init__(self, text_block: bytes) -> None:
        self._bytes = text_block

    def text(self, offset: int, length: int) -> str:
        return _decoded(self._bytes[offset : offset + length])

    def untrimmed(self, offset: int, length: int) -> str:
        return self._bytes[offset : offset + length].decode("utf-16-le", errors="replace").replace("\0", " ")

    def personal(self, offset: int, length: int) -> Personal[str]:
        return Personal(self.text(offset, length))

    def number(self, offset: int, length: int) -> Personal[str]:
        return Personal(normal_number(self.text(offset, length)))

    def day(self, offset: int) -> date | None:
        return compact_date(self.text(offset, 16))

    def birth(self, offset: int) -> Personal[date] | None:
        day = self.day(offset)
        return None if day is None else Personal(day)

    def is_long_term(self) -> bool:
        return self.text(204, 16) == LONG_TERM

    def sex(self, offset: int) -> Sex:
        return _SEX.get(self.text(offset, 2), Sex.UNKNOWN)

    def address(self, new_address: bytes | None) -> Personal[str]:
        replaced = "" if new_address is None else _decoded(new_address)
        return Personal(replaced) if replaced else self.personal(52, 70)


def _decoded(field: bytes) -> str:
    return field.decode("utf-16-le", errors="replace").strip(" \0\u3000")


def _resident(block: _Block, address: Personal[str]) -> CardFields:
    return CardFields(
        layout=CardLayout.RESIDENT,
        name=block.personal(0, 30),
        sex=block.sex(30),
        ethnic=ETHNIC_NAMES.get(block.text(32, 4), ""),
        birth=block.birth(36),
        address=address,
        number=block.number(122, 36),
        issuer=block.text(158, 30),
        valid_from=block.day(188),
        valid_to=block.day(204),
        long_term=block.is_long_term(),
    )


def _hmt_permit(block: _Block, address: Personal[str]) -> CardFields:
    return CardFields(
        layout=CardLayout.HMT_PERMIT,
        name=block.personal(0, 30),
        sex=block.sex(30),
        birth=block.birth(36),
        address=address,
        number=block.number(122, 36),
        issuer=block.text(158, 30),
        valid_from=block.day(188),
        valid_to=block.day(204),
        long_term=block.is_long_term(),
        pass_number=block.number(220, 18),
        issue_count=block.text(238, 4),
    )


def _foreigner_2017(block: _Block) -> CardFields:
    return CardFields(
        layout=CardLayout.FOREIGNER_2017,
        latin_name=block.personal(0, 120),
        sex=block.sex(120),
        number=block.number(122, 30),
        nationality=block.text(152, 6),
        name=block.personal(158, 30),
        valid_from=block.day(188),
        valid_to=block.day(204),
        long_term=block.is_long_term(),
        birth=block.birth(220),
        card_version=block.text(236, 4),
        accepting_authority=block.text(240, 8),
    )


def _foreigner_2023(block: _Block) -> CardFields:
    return CardFields(
        layout=CardLayout.FOREIGNER_2023,
        name=block.personal(0, 30),
        sex=block.sex(30),
        issue_count=block.text(32, 4),
        birth=block.birth(36),
        # One name in two places: it goes on at offset 220 without a blank of its own.
        latin_name=Personal((block.untrimmed(52, 70) + block.untrimmed(220, 22)).strip()),
        number=block.number(122, 36),
        valid_from=block.day(188),
        valid_to=block.day(204),
        long_term=block.is_long_term(),
        nationality=block.text(242, 6),
        former_link=block.text(250, 6),
    )
