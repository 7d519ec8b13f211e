"""Every sentence a screen says is in the catalogue: the collector does not look into f-strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import pos.tui
from pos.languages import LOCALE_FOLDER

SCREENS = Path(pos.tui.__file__).parent


def said_in(path: Path) -> Iterator[str]:
    """Find the literals given to `say` and `noted`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in {"say", "noted"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_no_sentence_hides_from_the_catalogue() -> None:
    said = {sentence for path in SCREENS.rglob("*.py") for sentence in said_in(path)}
    assert len(said) > 200
    with (LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "mingjia.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    assert sorted(said - known) == []
