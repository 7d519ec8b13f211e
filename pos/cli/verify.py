"""`mingjia verify FILE`: check an export by the verifier that travels in it; needs no venue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.languages import Language, noted


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument("file", metavar=_("FILE"), help=_("the zip, or the folder it was unpacked into"))
    takes_anchors(parser)
    parser.set_defaults(run=verify_file)


def takes_anchors(parser: CommandParser) -> None:
    """Add `--anchor`: what a stranger holds in his hand."""
    _ = parser.words
    parser.add_argument(
        "--anchor",
        dest="anchors",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("TEXT"),
        help=_("a receipt's MJ1 text, a signed note, or the start slip's key"),
    )


def verify_file(context: Context) -> int:
    """Check; 1 if anything is found."""
    from compliance.verification import verify

    path = Path(context.arguments.file)
    path.stat()  # A name that is nothing is a wrong name, no forged bundle.
    return tell(context, verify(path, context.arguments.anchors))


def tell(context: Context, result: Mapping[str, Any]) -> int:
    """Answer with a verifier's result and return the exit status."""
    context.answer(result, _lines(context, result))
    return 0 if result["ok"] else 1


def _lines(context: Context, result: Mapping[str, Any]) -> list[str]:
    from compliance.verify.verify import CODES, NOT_CHECKED

    verdict = context.say("Nothing was found: the file is what the venue signed.")
    if not result["ok"]:
        verdict = context.say("This does not hold; the findings:")
    lines = [context.say("DEMO: the clock was simulated.")] if result["demo"] else []
    lines.append(verdict)
    for finding in result["findings"]:
        place = "" if finding["seq"] is None else f" @{finding['seq']}"
        what = _in_words(context, CODES[finding["code"]])
        lines.append(f"  {finding['code']}{place} ({what}), {finding['rule']}: {finding['evidence']}")
    checked = context.say(", ").join(context.say(_STEPS[step]) for step in result["checked"])
    lines += [context.say("Checked: {what}", what=checked), context.say("Not checked:")]
    for code in result["not_checked"]:
        words = NOT_CHECKED.get(code)
        lines.append(f"  {code}" if words is None else f"  {code}: {_in_words(context, words)}")
    return lines


def _in_words(context: Context, words: tuple[str, str]) -> str:
    """The verifier speaks by itself, Chinese and English at once: what of it is in the command's language."""
    return words[0 if context.language is Language.ZH_CN else 1]


_STEPS: Final = {
    "files": noted("files"),
    "signatures": noted("signatures"),
    "entries": noted("entries"),
    "tree": noted("tree"),
    "clocks": noted("clocks"),
    "money": noted("money"),
    "prices": noted("prices"),
    "tables": noted("tables"),
    "anchors": noted("anchors"),
}
