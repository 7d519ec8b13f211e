"""At which line of a TOML text a table, an entry of it, or a key stands.

`tomllib` gives values without places. This looks only for the places, in a text that tomllib has already read, so it
need not refuse anything.
"""

import re

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_PARTS = re.compile(_PART)
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY = re.compile(rf"({_DOTTED})[ \t]*=")
_VALUE_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[{]|[\]}]|\n|.''', re.DOTALL
)


class TomlLines:
    """The lines of a TOML text, counted from 1. `entry` counts the tables of `[[table]]` from 1."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._lines: dict[tuple[str | None, int | None, str | None], int] = {}
        self._entries: dict[str, int] = {}
        self._scan()

    def line(self, *, table: str | None, entry: int | None = None, key: str | None = None) -> int | None:
        """The line of a key; else that of its entry, else that of its table; None if it stands nowhere.

        A top-level key has no table.
        """
        places = ((table, entry, key), (table, entry, None), (table, None, None), (None, None, table))
        return next((self._lines[place] for place in places if place in self._lines), None)

    def _scan(self) -> None:
        position, line = 0, 1
        current: list[str] = []
        while True:
            blank = _BLANK.match(self._text, position)
            assert blank is not None, "it matches the empty text"
            line += blank.group().count("\n")
            position = blank.end()
            header, key = _HEADER.match(self._text, position), _KEY.match(self._text, position)
            if header:
                current = _parts(header.group(2))
                self._open_table(current, is_entry=header.group(1) == "[[", line=line)
                position = header.end()
            elif key:
                self._note([*current, *_parts(key.group(1))], line)
                value_end = self._value_end(key.end())
                line += self._text.count("\n", position, value_end)
                position = value_end
            else:
                return

    def _open_table(self, parts: list[str], *, is_entry: bool, line: int) -> None:
        if is_entry and len(parts) == 1:
            self._entries[parts[0]] = self._entries.get(parts[0], 0) + 1
            self._lines[parts[0], self._entries[parts[0]], None] = line
        self._note(parts, line)

    def _note(self, parts: list[str], line: int) -> None:
        table, *rest = parts
        self._lines.setdefault((None, None, table), line)
        for key in rest[:1]:
            self._lines.setdefault((table, self._entries.get(table), key), line)

    def _value_end(self, position: int) -> int:
        """The end of the line on which a value ends."""
        depth = 0
        for token in _VALUE_TOKEN.finditer(self._text, position):
            if token.group() == "\n" and depth == 0:
                return token.start()
            if token.group() in {"[", "{"}:
                depth += 1
            elif token.group() in {"]", "}"}:
                depth -= 1
        return len(self._text)


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PARTS.findall(dotted)]
