"""A typeface with Chinese for the PDF: one of the system's, the one of the extra `board-font`, or a file that is named.

No font comes with the product: those with Chinese are larger than it. The PDF holds only the letters that it shows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pos.errors import FontMissingError, FontUnusableError, LettersMissingError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_PACKAGE: Final = "pylopdf_fonts_zh_cn"
_PACKAGE_FILE: Final = "NotoSansSC-Regular.otf"

_FILES: Final = (
    # The first that is there is taken: sans serif before serif, complete before small.
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSans.ttc",
    "msyh.ttc",
    "msyh.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "simhei.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "NotoSerifCJK-Regular.ttc",
    "simsun.ttc",
    "Songti.ttc",
    "uming.ttc",
)
_SIMPLIFIED: Final = ("SC", "CN", "GB")
"""What the name of a collection's face for mainland China ends with; in others the same letters look foreign there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Font:
    """A typeface in a file; `face` is its place in a collection."""

    path: Path
    face: int
    letters: frozenset[int]

    def lacks(self, text: str) -> str:
        """Return the letters of a text that it does not have, each once; line ends are none."""
        return "".join(sorted({letter for letter in text if letter != "\n" and ord(letter) not in self.letters}))


def font_for(texts: Iterable[str], *, named: Path | None = None) -> Font:
    """Find a typeface that has every letter of the texts.

    Raises FontMissingError where none with Chinese is installed, LettersMissingError where the best one lacks letters,
    FontUnusableError for a named file that is no font.
    """
    text = "".join(sorted(set("".join(texts))))
    best: tuple[int, Font] | None = None
    for path in [named] if named is not None else _installed():
        font = _read(path, is_named=named is not None)
        if font is None:
            continue
        lacking = len(font.lacks(text))
        if lacking == 0:
            return font
        if best is None or lacking < best[0]:
            best = (lacking, font)
    if best is None:
        raise FontMissingError
    raise LettersMissingError(font=str(best[1].path), letters=best[1].lacks(text))


def _installed() -> Iterator[Path]:
    package = find_spec(_PACKAGE)
    if package is not None and package.origin is not None:
        yield Path(package.origin).parent / _PACKAGE_FILE
    found: dict[str, Path] = {}
    for folder in _folders():
        for parent, _folders_below, names in os.walk(folder):
            for name in names:
                found.setdefault(name.casefold(), Path(parent) / name)
    yield from (found[name.casefold()] for name in _FILES if name.casefold() in found)


def _folders() -> Iterator[Path]:
    """Where the system keeps its fonts, the user's first."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "Microsoft/Windows/Fonts"
        yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    elif sys.platform == "darwin":
        yield home / "Library/Fonts"
        yield Path("/Library/Fonts")
        yield Path("/System/Library/Fonts")
        yield Path("/System/Library/AssetsV2/com_apple_MobileAsset_Font7")
    else:
        yield Path(os.environ.get("XDG_DATA_HOME", home / ".local/share")) / "fonts"
        yield home / ".fonts"
        yield Path("/usr/local/share/fonts")
        yield Path("/usr/share/fonts")


def _read(path: Path, *, is_named: bool) -> Font | None:
    """Read a font's letters; None for a file of the system that is none."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as file:
            if path.suffix.casefold() != ".ttc":
                return _font(path, 0, TTFont(file, lazy=True))
            faces = TTCollection(file, lazy=True).fonts
            face = _mainland(faces)
            return _font(path, face, faces[face])
    except (TTLibError, OSError) as error:
        if is_named:
            raise FontUnusableError(font=str(path)) from error
        return None


def _font(path: Path, face: int, font: Any) -> Font:
    return Font(path=path, face=face, letters=frozenset(font.getBestCmap() or ()))


def _mainland(faces: list[TTFont]) -> int:
    names = [face["name"].getDebugName(1) or "" for face in faces]
    return next((place for place, name in enumerate(names) if name.endswith(_SIMPLIFIED)), 0)
