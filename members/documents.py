"""Identity documents: their kinds, the rules of their numbers, and the verdict on a date.

Rules: GB 11643 (resident number), facts of the 2017 and 2023 permanent-residence cards, REQ-363-21a/c,
REQ-ID-1, REQ-ID-2. Everything here is pure; the date on which a document is judged is the venue's local date.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from typing_extensions import override

from privacy.personal import Personal

ADULT_AGE_YEARS: Final = 18
LONG_TERM: Final = "长期"


class DocumentKind(StrEnum):
    """The documents a visit may be opened with; the value is the code in files, rows and entries."""

    RESIDENT = "resident"  # 居民身份证
    TEMPORARY_RESIDENT = "temporary-resident"  # 临时居民身份证: the resident number, no chip
    HMT_PERMIT = "hmt-permit"  # 港澳台居民居住证
    FOREIGNER_PR = "foreigner-pr"  # 外国人永久居留身份证, cards of 2017 and of 2023
    PASSPORT = "passport"  # 护照, any country
    HM_TRAVEL_PERMIT = "hm-travel-permit"  # 港澳居民来往内地通行证 (回乡证)
    TW_TRAVEL_PERMIT = "tw-travel-permit"  # 台湾居民来往大陆通行证 (台胞证)
    FOREIGNER_RESIDENCE = "foreigner-residence"  # 外国人居留证
    MILITARY = "military"  # 军官证, 士兵证
    ARMED_POLICE = "armed-police"  # 武警警官证


_NUMBER_CLASS: Final = {
    DocumentKind.RESIDENT: "CN-RIC",
    DocumentKind.TEMPORARY_RESIDENT: "CN-RIC",
}


def number_class(kind: DocumentKind) -> str:
    """Name the series a number belongs to: a temporary card bears its holder's resident number.

    The blind index is computed over this name, so that one person is one person with either card.
    """
    return _NUMBER_CLASS.get(kind, kind.value)


class Verdict(StrEnum):
    """The outcome of a document check: `adult`, or the reason why nobody is admitted on it."""

    ADULT = "adult"
    MINOR = "minor"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    VALIDITY_UNKNOWN = "validity-unknown"
    NO_BIRTH_DATE = "no-birth-date"
    BIRTH_MISMATCH = "birth-mismatch"
    NUMBER_INVALID = "number-invalid"
    NAME_MISSING = "name-missing"


class NumberWarning(StrEnum):
    """What deserves a second look but turns nobody away."""

    CHECK_DIGIT = "check-digit"  # 2017 cards: even the published specimen fails its own check.
    OLD_FORM = "old-form"  # A passport or travel permit of a form we have no rule for.


class AdultFrom(StrEnum):
    """The venue's setting `adult_from`: the first day on which a person may enter."""

    DAY_AFTER_BIRTHDAY = "day-after-birthday"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Document:
    """What a document says, read by machine or typed. `valid_to` is None for 长期 or if unreadable."""

    kind: DocumentKind
    name: Personal[str]
    number: Personal[str]
    birth: Personal[date] | None
    valid_from: date | None
    valid_to: date | None
    long_term: bool = False
    address: Personal[str] = Personal("")  # noqa: RUF009 - immutable, so sharing it is harmless
    issuer: str = ""
    nationality: str = ""
    sex: str = ""
    ethnic: str = ""
    former_number: Personal[str] = Personal("")  # noqa: RUF009 - as above

    @override
    def __repr__(self) -> str:
        return f"Document(kind={self.kind.value})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """The verdict on one document on one date. It says nothing that the document says."""

    verdict: Verdict
    warnings: tuple[NumberWarning, ...] = ()

    @property
    def is_adult(self) -> bool:
        """Whether a visit may be opened on it."""
        return self.verdict is Verdict.ADULT


def examine(document: Document, *, on: date, adult_from: AdultFrom) -> Examination:
    """Judge a document on the venue's local date `on`.

    The first reason found is the one given, in this order: name, number, birth date, age, validity. So a
    minor is named a minor also where the card has run out. No argument and no day of the calendar lets a
    minor in (REQ-363-21a); without a birth date nobody is admitted (REQ-363-21c).
    """
    number = check_number(document.kind, document.number.reveal())
    return Examination(
        verdict=_verdict(document, number, on=on, adult_from=adult_from),
        warnings=() if number.warning is None else (number.warning,),
    )


def _verdict(document: Document, number: NumberCheck, *, on: date, adult_from: AdultFrom) -> Verdict:
    if not document.name.reveal():
        return Verdict.NAME_MISSING
    if not number.is_valid:
        return Verdict.NUMBER_INVALID
    if document.birth is None:
        return Verdict.NO_BIRTH_DATE
    birth = document.birth.reveal()
    if number.birth_digits and not birth.strftime("%Y%m%d").endswith(number.birth_digits):
        return Verdict.BIRTH_MISMATCH
    if on < first_adult_day(birth, adult_from=adult_from):
        return Verdict.MINOR
    return _validity(document, on=on)


def _validity(document: Document, *, on: date) -> Verdict:
    """REQ-ID-2: valid from its first to its last day, both included. A start that is not known passes."""
    if document.valid_from is not None and on < document.valid_from:
        return Verdict.NOT_YET_VALID
    if document.long_term:
        return Verdict.ADULT
    if document.valid_to is None:
        return Verdict.VALIDITY_UNKNOWN
    return Verdict.EXPIRED if on > document.valid_to else Verdict.ADULT


def first_adult_day(birth: date, *, adult_from: AdultFrom) -> date:
    """Give the first day on which the person counts as an adult (REQ-ID-1).

    By default the day after the 18th birthday: a period of years ends with the day that corresponds to its
    first, which itself is not counted (民法典 201, 202). Who was born on 29 February has no such day in any
    18th year; the period ends with February, and under either setting the person is admitted from 1 March.
    """
    year = birth.year + ADULT_AGE_YEARS
    if (birth.month, birth.day) == (2, 29):
        return date(year, 3, 1)
    birthday = birth.replace(year=year)
    return birthday if adult_from is AdultFrom.BIRTHDAY else date.fromordinal(birthday.toordinal() + 1)


def normal_number(text: str) -> str:
    """Bring a number to the one form that is checked, indexed and sealed.

    Full-width characters become ASCII, blanks go, letters are upper case: a final x is an X.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class NumberCheck:
    """Whether a number is well formed, and the digits in it that repeat the birth date, eight or six."""

    is_valid: bool
    birth_digits: str = ""
    warning: NumberWarning | None = None


_INVALID: Final = NumberCheck(is_valid=False)
_EIGHTEEN: Final = re.compile(r"[0-9]{17}[0-9X]")
_HMT_REGIONS: Final = ("810000", "820000", "830000")
_FOREIGNER_2017: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
_TRAVEL_NUMBER: Final = re.compile(r"[A-Z0-9]{5,20}")
_MILITARY_NUMBER: Final = re.compile(r"[^\W_]{4,24}")
_KNOWN_FORM: Final = {
    DocumentKind.PASSPORT: re.compile(r"[A-Z0-9]{6,9}"),
    DocumentKind.HM_TRAVEL_PERMIT: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    DocumentKind.TW_TRAVEL_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
}


def check_number(kind: DocumentKind, number: str) -> NumberCheck:
    """Check a number by the rule of its kind.

    No table of counties is consulted: codes are abolished, cards stay.
    """
    number = normal_number(number)
    match kind:
        case DocumentKind.RESIDENT | DocumentKind.TEMPORARY_RESIDENT:
            # 0 begins no region and 9 is the foreigners' series.
            return _INVALID if number[:1] in {"0", "9"} else _check_eighteen(number)
        case DocumentKind.HMT_PERMIT:
            return _check_eighteen(number) if number.startswith(_HMT_REGIONS) else _INVALID
        case DocumentKind.FOREIGNER_PR:
            if len(number) == 15:
                return _check_foreigner_2017(number)
            return _check_eighteen(number) if number.startswith("9") else _INVALID
        case DocumentKind.MILITARY | DocumentKind.ARMED_POLICE:
            return NumberCheck(is_valid=_MILITARY_NUMBER.fullmatch(number) is not None)
        case _:
            return _check_travel(kind, number)


def _check_eighteen(number: str) -> NumberCheck:
    if _EIGHTEEN.fullmatch(number) is None or number[17] != mod_11_2(number[:17]):
        return _INVALID
    birth_digits = number[6:14]
    return _INVALID if compact_date(birth_digits) is None else NumberCheck(is_valid=True, birth_digits=birth_digits)


def _check_foreigner_2017(number: str) -> NumberCheck:
    if _FOREIGNER_2017.fullmatch(number) is None:
        return _INVALID
    warning = None if number[14] == seven_three_one(number[:14]) else NumberWarning.CHECK_DIGIT
    return NumberCheck(is_valid=True, birth_digits=number[7:13], warning=warning)


def _check_travel(kind: DocumentKind, number: str) -> NumberCheck:
    if _TRAVEL_NUMBER.fullmatch(number) is None:
        return _INVALID
    known_form = _KNOWN_FORM.get(kind)
    is_known = known_form is None or known_form.fullmatch(number) is not None
    return NumberCheck(is_valid=True, warning=None if is_known else NumberWarning.OLD_FORM)


def mod_11_2(digits: str) -> str:
    """Compute the check character of 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return "10X98765432"[total % 11]


def seven_three_one(text: str) -> str:
    """Compute the 7-3-1 check digit of ICAO 9303: digits count as themselves, A = 10 … Z = 35, `<` = 0."""
    total = sum((0 if c == "<" else int(c, 36)) * (7, 3, 1)[i % 3] for i, c in enumerate(text))
    return str(total % 10)


def former_number(number: str, *, nationality: str, link: str) -> str | None:
    """Derive the 15-character number of 2017 that a card of 2023 replaces; None where the link is blank.

    `link` is the card's three characters at offset 250. Country, province (digits 2–3 of the new number), two
    characters of the link, YYMMDD, the link's third, and the 7-3-1 check digit.
    """
    if re.fullmatch(r"[0-9]{3}", link) is None or re.fullmatch(r"[A-Z]{3}", nationality) is None:
        return None
    stem = nationality + number[1:3] + link[:2] + number[8:14] + link[2]
    return stem + seven_three_one(stem)


def compact_date(text: str) -> date | None:
    """Read YYYYMMDD; None for a blank, for 00000000, for 30 February."""
    if re.fullmatch(r"[0-9]{8}", text) is None:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
