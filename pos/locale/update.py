"""Collect the sentences of `pos/` into the catalogues and compile them: `make messages`.

With `--check` nothing is written; the status is 1 if something would be. Needs Babel, which the product does not.
"""  # noqa: INP001  # A developer's script, no part of the package.

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LANGUAGES = ("zh_CN", "en")
KEYWORDS = {"_": None, "noted": None, "say": None, "words": None}
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: mingjia\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def template() -> Catalog:
    """Return every sentence that the code marks, without translations."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT / "pos", method_map=[("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        catalog.add(message)
    return catalog


def updated(language: str, sentences: Catalog) -> Catalog:
    """Return a language's catalogue with exactly these sentences, translations kept."""
    path = catalogue(language)
    if not path.exists():
        return sentences
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, domain="mingjia")
    catalog.update(sentences, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def catalogue(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return HERE / language / "LC_MESSAGES" / "mingjia.po"


def written(language: str, catalog: Catalog) -> bytes:
    """Return the bytes of a `.po`, without anything that changes from day to day."""
    out = io.BytesIO()
    out.write(HEADER.format(language=language).encode())
    write_po(out, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    return out.getvalue()


class _Undated(Catalog):
    """A catalogue whose head tells no time and no tool, so that the same sentences are the same bytes."""

    @property  # type: ignore[misc]  # Babel's has a setter, too.
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8")]


def compiled(po: bytes) -> bytes:
    """Return the `.mo` of a `.po`."""
    undated = _Undated(charset="utf-8")
    for message in read_po(io.BytesIO(po)):
        if message.id:
            undated.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, undated)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Update or check both catalogues; say what lacks its Chinese."""
    is_check = arguments == ["--check"]
    sentences = template()
    differing = []
    for language in LANGUAGES:
        catalog = updated(language, sentences)
        po = written(language, catalog)
        for path, data in ((catalogue(language), po), (catalogue(language).with_suffix(".mo"), compiled(po))):
            if path.exists() and path.read_bytes() == data:
                continue
            differing.append(path)
            if not is_check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        if language != "en":
            for message in catalog:
                if message.id and not message.string:
                    sys.stderr.write(f"{language} lacks: {message.id}\n")
    for path in differing:
        sys.stderr.write(f"{'differs' if is_check else 'written'}: {path.relative_to(ROOT)}\n")
    return 1 if is_check and differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
