"""`mingjia desk`: the clerk's program on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.desks import add_desk_commands
from pos.cli.parser import CommandParser
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from pos.tui.desk.services import DeskServices

THEMES = ("dark", "light")
SIGNS = ("auto", "full", "plain")


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument("--theme", choices=THEMES, default=THEMES[0], help=_("colours for a dark or a light room"))
    parser.add_argument(
        "--signs",
        choices=SIGNS,
        default=SIGNS[0],
        help=_("plain: for terminals that draw signs and frames two cells wide; auto asks the terminal"),
    )
    parser.set_defaults(run=run_desk)
    add_desk_commands(parser)
    parser.may_stand_alone()


def run_desk(context: Context) -> int:
    """Work at the counter until the clerk closes the desk."""
    require_terminal(context)
    passphrase = _passphrase(context)

    def opened() -> AbstractContextManager[DeskServices]:
        from pos.tui.desk.opening import opened_desk
        from records.folder import VenueFolder

        return opened_desk(
            VenueFolder(path=context.data),
            passphrase=lambda: passphrase,
            language=context.language,
            words=context.words,
        )

    return work_at(context, opened, theme=context.arguments.theme, signs=context.arguments.signs)


def work_at(
    context: Context, opened: Callable[[], AbstractContextManager[DeskServices]], *, theme: str, signs: str = SIGNS[0]
) -> int:
    """Run the clerk's program until it is closed; raises what kept it from opening."""
    from pos.tui.desk.app import DeskApp
    from pos.tui.desk.terminal import draws_signs_wide

    has_plain_signs = signs == "plain" or (signs == "auto" and draws_signs_wide(os.environ))
    app = DeskApp(opened, context.words, theme=f"mingjia-{theme}", has_plain_signs=has_plain_signs)
    try:
        app.run()
    finally:
        app.close_desk()
    if app.trouble is not None:
        raise app.trouble
    return app.return_code or 0


def require_terminal(context: Context) -> None:
    """Refuse where nobody could see a screen or press a key."""
    if not has_terminal():
        raise WrongUseError(message=context.say("the desk needs a terminal"))


def has_terminal() -> bool:
    """Say whether somebody sees a screen and can press keys."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _passphrase(context: Context) -> str:
    """Ask for the counter's passphrase while the terminal still answers questions, if the folder has one."""
    given = context.given_counter_passphrase()
    if given is not None:
        return given
    from privacy.secret_stores import FILE_NAME

    return context.counter_passphrase() if (context.data / FILE_NAME).exists() else ""
