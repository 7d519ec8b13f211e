"""The paper of the simulated printer, as text: what lies in which cell of which line, up to the cut."""

from dataclasses import dataclass, field
from pathlib import Path

_DOTS_PER_CELL = 12


@dataclass(kw_only=True)
class _Style:
    width: int = 1
    justify: int = 0
    is_chinese: bool = True


@dataclass(kw_only=True)
class Paper:
    """One roll. Lines are built cell by cell, so that a column that is off shows as off."""

    columns: int
    lines: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _at: int = 0
    _style: _Style = field(default_factory=_Style)
    _qr: str = ""

    def reset(self) -> None:
        """ESC @: style back to plain; what is printed stays."""
        self._style = _Style()
        self._cells, self._at = [], 0

    def set_chinese(self, *, on: bool) -> None:
        """FS & and FS ."""
        self._style.is_chinese = on

    def set_width(self, factor: int) -> None:
        """GS !: how many times as wide."""
        self._style.width = factor

    def justify(self, place: int) -> None:
        """ESC a: 0 left, 1 centre, 2 right."""
        self._style.justify = place

    def move_to_dots(self, dots: int) -> None:
        """ESC $: what lies there is printed over."""
        self._at = min(dots // _DOTS_PER_CELL, self.columns)

    def print_text(self, coded: bytes) -> None:
        """Put characters down one after the other, going on in the next line at the edge."""
        charset = "gb18030" if self._style.is_chinese else "cp437"
        for character in coded.decode(charset, errors="replace"):
            self._put(character)

    def _put(self, character: str) -> None:
        width = self._style.width * (1 if character < "\x80" or not self._style.is_chinese else 2)
        if self._at + width > self.columns:
            self.end_line()
        while len(self._cells) < self._at + width:
            self._cells.append(" ")
        # Empty strings are the rest of a wide character.
        self._cells[self._at : self._at + width] = [character] + [""] * (width - 1)
        self._at += width

    def end_line(self) -> None:
        """LF."""
        text = "".join(self._cells).rstrip()
        used = len(self._cells)
        spare = max(self.columns - used, 0)
        shift = {1: spare // 2, 2: spare}.get(self._style.justify, 0)
        self.lines.append(" " * shift + text if text else "")
        self._cells, self._at = [], 0

    def feed(self, count: int) -> None:
        """ESC d: print what is in the line, and feed."""
        if self._cells:
            self.end_line()
            count -= 1
        self.lines += [""] * count

    def stick(self, label: str) -> None:
        """Something that is no text, on a line of its own: `[QR …]`, `[picture 384 x 100]`."""
        if self._cells:
            self.end_line()
        self.lines.append(f"[{label}]")

    def store_qr(self, text: str) -> None:
        """GS ( k function 80."""
        self._qr = text

    def print_qr(self) -> None:
        """GS ( k function 81."""
        self.stick(f"QR {self._qr}")

    def tear_off(self) -> str:
        """The text up to here; empty lines at its ends fall away."""
        if self._cells:
            self.end_line()
        text = "\n".join(self.lines).strip("\n")
        self.lines = []
        return text + "\n" if text else ""


class Basket:
    """The folder in which cut receipts land, as `0001.txt` and so on."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        numbers = [int(path.stem) for path in folder.glob("[0-9]*.txt") if path.stem.isdecimal()]
        self._last = max(numbers, default=0)

    def drop(self, text: str) -> Path:
        """Write one receipt; it appears whole or not at all."""
        self._last += 1
        path = self._folder / f"{self._last:04}.txt"
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
        return path
