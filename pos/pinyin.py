"""The first letters of a Chinese text's pinyin, as clerks type them: 红烧牛肉面 is `hsnrm`.

GB 2312 orders its 3755 everyday characters by pinyin, so their first letter follows from where they stand in it. Its
rarer characters stand by radical; those that shops write on shelves are named here.
"""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final

_FIRST_OF_LETTER: Final = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_STARTS: Final = tuple(int.from_bytes(character.encode("gb2312"), "big") for character in _FIRST_OF_LETTER)
_EVERYDAY_END: Final = 0xD7F9

_RARER: Final = {
    **dict.fromkeys("槟荸钵鲅", "b"),
    **dict.fromkeys("蛏豉", "c"),
    **dict.fromkeys("嗲榧鲷", "d"),
    **dict.fromkeys("枸鳜", "g"),
    **dict.fromkeys("蚝鲑馄", "h"),
    **dict.fromkeys("麂韭", "j"),
    **dict.fromkeys("藜鲈榄琏", "l"),
    **dict.fromkeys("馍鳗獼猕", "m"),
    **dict.fromkeys("馕鲶", "n"),
    **dict.fromkeys("枇杷螃", "p"),
    **dict.fromkeys("荠芪", "q"),
    **dict.fromkeys("蛳鲨糁鳝", "s"),
    **dict.fromkeys("薹钛醍", "t"),
    **dict.fromkeys("馄鲔", "w"),
    **dict.fromkeys("鳕馐蟹藓", "x"),
    **dict.fromkeys("鱿柚饴薏莜芫", "y"),
    **dict.fromkeys("榨鲊", "z"),
}
_ALSO_READ: Final = {
    "乐": "y", "重": "c", "长": "z", "行": "h", "单": "s", "厦": "x", "调": "d", "藏": "z", "传": "z", "弹": "t",
    "番": "p", "会": "k", "降": "x", "参": "s", "便": "p", "石": "d", "提": "d", "解": "x", "臭": "x", "咖": "g",
    "茄": "j", "贝": "b",
}  # fmt: skip
_WAYS_MAX: Final = 4


def initials(text: str) -> tuple[str, ...]:
    """Return the first letters of a text, in each way it may be read; letters and digits stand for themselves.

    At most four ways: the first is the most usual. Other signs are left out.
    """
    letters = [read for character in _plain(text) if (read := _letters_of(character))]
    ways = ("".join(way) for way in itertools.product(*letters))
    return tuple(dict.fromkeys(itertools.islice(ways, _WAYS_MAX)))


def plain(text: str) -> str:
    """Return a text as it is compared: full width made narrow, lower case, without blanks around it."""
    return _plain(text).strip()


def _plain(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=8192)
def _letters_of(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    if character in _RARER:
        return _RARER[character]
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0] <= code <= _EVERYDAY_END:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1] + _ALSO_READ.get(character, "")
