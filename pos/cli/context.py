"""What a command works with: the venue it is for, the person who acts, and a way to answer.

A command looks like this, and leaves every error to `main`:

    def pause(context: Context) -> int:
        with context.venue() as venue:
            cashier = context.sign_in(venue)
            …
            context.answer({"visit": visit.id, …}, [context.say("Seat {seat} is paused.", seat=visit.seat)])
        return 0
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.errors import OutputTroubleError, PersonNeededError, SecondPersonNeededError, SecretNeededError
from pos.languages import Language, Words

if TYPE_CHECKING:
    from pos.bootstrap import Venue, VenueBooks
    from pos.secrets_file import SecretsFile
    from privacy.owner_key import OwnerKey
    from staff.approvals import Signatory
    from staff.repository import StaffMember


@dataclass(kw_only=True)
class Context:
    """One run of the program."""

    arguments: Any  # argparse's Namespace: its attributes are the grammar's
    language: Language
    words: Words
    is_json: bool
    timezone: tzinfo | None = None  # the venue's, once it is open

    @property
    def data(self) -> Path:
        """The data folder: `--data`, else MINGJIA_DATA, else the platform's place for a user's data."""
        from pos.data_folder import data_folder

        return data_folder(self.arguments.data, os.environ)

    @property
    def names_data(self) -> bool:
        """Whether the command names its data folder; the environment and the platform name one for every command."""
        return self.arguments.data is not None

    @cached_property
    def secrets(self) -> SecretsFile:
        """What `--secrets` answers; nothing without it."""
        from pos.secrets_file import SecretsFile

        path = self.arguments.secrets
        return SecretsFile() if path is None else SecretsFile.load(Path(path))

    @contextmanager
    def venue(self) -> Iterator[Venue]:
        """Open the venue for work; asks for the counter's passphrase where its secrets rest under one.

        What opening had to mend is said on standard error.
        """
        from pos.bootstrap import open_venue
        from pos.wording import sentence_of
        from records.folder import VenueFolder

        with open_venue(VenueFolder(path=self.data), passphrase=self.counter_passphrase) as venue:
            self.timezone = venue.settings.days.timezone
            for notice in venue.notices:
                self.warn(sentence_of(notice, self.words))
            yield venue

    @contextmanager
    def books(self) -> Iterator[VenueBooks]:
        """Open the venue to read only: needs no secret and writes nothing."""
        from pos.bootstrap import open_books
        from records.folder import VenueFolder

        with open_books(VenueFolder(path=self.data)) as books:
            self.timezone = books.settings.days.timezone
            yield books

    def say(self, sentence: str, **facts: object) -> str:
        """Put a sentence into the reader's language and fill in its braces. pybabel knows this name."""
        return self.words(sentence).format(**facts)

    def answer(self, answer: Mapping[str, Any], lines: Iterable[str] = ()) -> None:
        """Print the answer: one JSON document with `--json`, else lines for people. Raises OutputTroubleError."""
        lines = [json.dumps(answer, ensure_ascii=False)] if self.is_json else lines
        with answering():
            sys.stdout.writelines(f"{line}\n" for line in lines)

    def warn(self, sentence: str) -> None:
        """Say something on standard error that is not the answer."""
        sys.stderr.write(sentence + "\n")

    def refuse(self, error: Exception) -> None:
        """Answer with an error: one sentence on standard error, or with `--json` its object on standard output."""
        from pos.wording import problems_of, sentence_of

        message = sentence_of(error, self.words, timezone=self.timezone)
        if not self.is_json or isinstance(error, OutputTroubleError):
            sys.stderr.write(message + "\n")
            sys.stderr.writelines(f"  {problem.line()}\n" for problem in problems_of(error, self.words))
            return
        shown: dict[str, Any] = {"code": getattr(type(error), "code", "internal"), "message": message}
        if isinstance(reason := getattr(error, "reason", None), str):
            shown["reason"] = reason  # A code: why a document was refused, which reason is unknown.
        if problems := problems_of(error, self.words):
            shown["problems"] = [problem.to_json() for problem in problems]
        sys.stdout.write(json.dumps({"error": shown}, ensure_ascii=False) + "\n")

    def sign_in(self, venue: Venue) -> StaffMember:
        """Log in the person who acts (`parser.acts_for_person`).

        Raises PersonNeededError, SecretNeededError, and what `staff.accounts.log_in` raises.
        """
        name = self.arguments.acting
        if name is None:
            raise PersonNeededError
        pin = self._pin(name, self.arguments.pin_file, os.environ.get("MINGJIA_PIN"))
        return self._log_in(venue, name, pin)

    def approver(self, venue: Venue, *, operation: str) -> Signatory:
        """Log in the second person (`parser.takes_approval`); raises SecondPersonNeededError if nobody is named."""
        from staff.approvals import Signatory

        name = self.arguments.approve
        if name is None:
            raise SecondPersonNeededError(operation=operation)
        member = self._log_in(venue, name, self._pin(name, self.arguments.approve_pin_file, None))
        return Signatory(staff=member.staff, role=member.role)

    def _log_in(self, venue: Venue, name: str, pin: str) -> StaffMember:
        from staff.accounts import log_in

        # Logging in is an entry too; on a full disk it must not keep anybody from settling a visit (I-11).
        return venue.reserve.finish(lambda: log_in(venue.records, name=name, pin=pin, pad=venue.pin_pad))

    def _pin(self, name: str, file: str | None, from_environment: str | None) -> str:
        return (
            (first_line(Path(file)) if file else None)
            or from_environment
            or self.secrets.pin_of(name)
            or self.ask_secret("pin", self.say("PIN of {name}: ", name=name))
        )

    def owner_key(self) -> OwnerKey:
        """Open the owner's key file (`parser.opens_sealed`); raises OwnerKeyFileError, PassphraseWrongError."""
        from privacy.owner_key import OwnerKey

        return OwnerKey.load(Path(self.arguments.key), self.owner_passphrase())

    def given_counter_passphrase(self) -> str | None:
        """Find the counter's passphrase where nobody is asked: `--secrets`, MINGJIA_COUNTER_PASSPHRASE_FILE."""
        file = os.environ.get("MINGJIA_COUNTER_PASSPHRASE_FILE")
        return self.secrets.counter_passphrase or (first_line(Path(file)) if file else None)

    def counter_passphrase(self) -> str:
        """Find the counter's passphrase, or ask for it."""
        return self.given_counter_passphrase() or self.ask_secret(
            "counter-passphrase", self.say("Counter's passphrase: ")
        )

    def owner_passphrase(self) -> str:
        """Find the owner's passphrase: `--passphrase-file`, `--secrets`, a question."""
        file = getattr(self.arguments, "passphrase_file", None)
        return (
            (first_line(Path(file)) if file else None)
            or self.secrets.owner_passphrase
            or self.ask_secret("owner-passphrase", self.say("Owner's passphrase: "))
        )

    def ask_secret(self, what: str, question: str) -> str:
        """Ask a person at the terminal, without echo; raises SecretNeededError where nobody sits at one."""
        if not sys.stdin.isatty():
            raise SecretNeededError(what=what)
        from getpass import getpass

        return getpass(question)

    def choose_secret(self, what: str, question: str) -> str:
        """Have a person choose a secret: asked twice, until both are the same."""
        while True:
            chosen = self.ask_secret(what, question)
            if chosen == self.ask_secret(what, self.say("Once more: ")):
                return chosen
            self.warn(self.say("These are not the same."))

    def ask(self, what: str, question: str) -> str:
        """Ask a person at the terminal; raises SecretNeededError where nobody sits at one."""
        if not sys.stdin.isatty():
            raise SecretNeededError(what=what)
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().strip()


@contextmanager
def answering() -> Iterator[None]:
    """Write to standard output until it is out; what keeps it from that is an OutputTroubleError."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # Whoever read has gone: `main` ends quietly.
        raise
    except OSError as error:
        if error.filename is not None:  # A file that a person named.
            raise
        raise OutputTroubleError(trouble=error.strerror or str(error.errno)) from error


def first_line(path: Path) -> str:
    """Return the first line of a file that holds one secret."""
    from pos.secrets_file import read_text

    return read_text(path).partition("\n")[0].rstrip("\r")
