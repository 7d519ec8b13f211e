"""Chinese text as a receipt printer's font takes it: what has a glyph, and its bytes.

Encoded text is never searched or cut: GB18030's second and fourth bytes look like letters and digits.
"""

from hardware.printers.profile import Charset, PrinterProfile

_STAND_IN = "□"
_EQUALS = {"¥": "￥", "\u00a0": " ", "\t": " ", "〜": "～", "•": "·"}
"""Characters without a two-byte code that have a good neighbour."""


def printable(text: str, profile: PrinterProfile) -> str:
    """The text with every character replaced that the printer has no glyph for; line feeds stay.

    Control characters vanish: none may reach the printer as a command.
    """
    return "".join(_printable_character(character, profile) for character in text)


def unprintable(text: str, profile: PrinterProfile) -> str:
    """The characters that paper will show as □, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c != _STAND_IN and _printable_character(c, profile) == _STAND_IN))


def _printable_character(character: str, profile: PrinterProfile) -> str:
    if character == "\n" or " " <= character <= "~":
        return character
    character = _EQUALS.get(character, character)
    if character < " " or "\x7f" <= character < "\xa0":
        return ""
    if "\ud800" <= character < "\uf900":  # Half of a surrogate pair, or a private character.
        return _STAND_IN
    size = len(character.encode("gb18030"))
    has_glyph = size <= 2 or profile.has_four_byte_font or profile.charset is Charset.UTF_8
    return character if has_glyph else _STAND_IN


def encode(text: str, profile: PrinterProfile) -> bytes:
    """The bytes of a text that went through `printable`."""
    return text.encode(profile.charset.value)
