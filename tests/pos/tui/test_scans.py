"""What a scanner sends is told from what a person types."""

from __future__ import annotations

import pytest

from pos.tui.desk.scans import ScanCatcher


def struck(catcher: ScanCatcher, text: str, *, gap: float, begins_at: float = 100.0) -> str | None:
    """Strike digits and Enter, so many seconds apart; the answer to Enter."""
    at = begins_at
    for character in text:
        assert catcher.take(character, character, at) is None
        at += gap
    return catcher.take("enter", "", at)


@pytest.mark.parametrize(
    ("text", "gap", "code"),
    [
        ("6900000000014", 0.01, "6900000000014"),
        ("69000014", 0.01, "69000014"),
        ("6900001", 0.01, None),
        ("6900000000014", 0.6, None),
        ("23", 0.01, None),
        ("690000a0000014", 0.01, None),
        ("", 0.01, None),
    ],
)
def test_a_burst_of_digits_and_enter_is_a_code(text: str, gap: float, code: str | None) -> None:
    assert struck(ScanCatcher(), text, gap=gap) == code


def test_a_code_is_told_once() -> None:
    catcher = ScanCatcher()
    assert struck(catcher, "6900000000014", gap=0.01) == "6900000000014"
    assert catcher.take("enter", "", 100.2) is None
