"""Which language people read, and the words in it.

Sentences in the code are English and are their own keys (gettext's custom); `locale/<language>/LC_MESSAGES/mingjia.po`
holds the translations, compiled beside it. Chinese is complete and the default: only an environment that clearly
speaks another language gets English.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

DOMAIN: Final = "mingjia"
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"


class Language(StrEnum):
    """A language that is spoken completely."""

    ZH_CN = "zh_CN"
    EN = "en"


Words = Callable[[str], str]
"""Translates one sentence; placeholders in braces are filled in afterwards, with `str.format`."""


def noted(sentence: str) -> str:
    """Mark a sentence for translation where it is written down; it is translated where it is said."""
    return sentence


def language_of(asked: str | None, environment: Mapping[str, str]) -> Language:
    """Choose by `--lang`, then MINGJIA_LANG, then the locale of the environment.

    An environment without a language ("C", nothing at all) belongs to a Chinese venue.
    """
    for wanted in (asked, environment.get("MINGJIA_LANG")):
        if wanted:
            return Language.ZH_CN if _is_chinese(wanted) else Language.EN
    locale = next((text for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (text := environment.get(name))), "")
    is_silent = locale.partition(".")[0] in {"", "C", "POSIX"}
    return Language.ZH_CN if is_silent or _is_chinese(locale) else Language.EN


def words_of(language: Language) -> Words:
    """Return the translation into a language; the English sentence stands in for itself."""
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [language.value], fallback=True).gettext


def _is_chinese(locale: str) -> bool:
    return locale.lower().startswith("zh")
