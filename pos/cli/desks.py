"""`mingjia desk add|enrol|password`: a further desk of a venue on a server, and how a desk comes in there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli.context import Context, first_line
from pos.cli.parser import CommandParser, acts_for_person
from pos.cli.server_options import keep_password, takes_server, way_of
from pos.errors import NoServerError, WrongUseError

if TYPE_CHECKING:
    from privacy.secret_stores import SecretStore


def add_desk_commands(parser: CommandParser) -> None:
    """Describe the commands below `desk`."""
    _ = parser.words
    adding = parser.command("add", help=_("let a further desk join"), run=add)
    adding.add_argument("name", metavar=_("NAME"), help=_("the desk's name: small letters, digits, hyphens"))
    adding.add_argument("--out", metavar=_("FILE"), required=True, help=_("the new desk's enrolment file"))
    adding.add_argument("--passphrase-file", metavar=_("FILE"), help=_("the file of that file's passphrase"))
    acts_for_person(adding)
    enrolling = parser.command("enrol", help=_("join a venue as the desk that a file names"), run=enrol)
    enrolling.add_argument("file", metavar=_("FILE"), help=_("the enrolment file"))
    enrolling.add_argument("--passphrase-file", metavar=_("FILE"), help=_("the file of its passphrase"))
    enrolling.add_argument(
        "--secret-store", choices=["system", "passphrase"], help=_("where this desk's secrets rest, for good")
    )
    takes_server(enrolling)
    changing = parser.command("password", help=_("say anew where this desk reads its database password"), run=password)
    takes_server(changing)


def add(context: Context) -> int:
    """Write the file; the journal says that this desk may join."""
    from pos.desks import add_desk
    from privacy.private_files import write_private

    out = Path(context.arguments.out)
    if out.exists():
        raise FileExistsError(17, "exists", str(out))
    with context.venue() as venue:
        owner = context.sign_in(venue)
        passphrase = _passphrase(context, is_new=True)
        enrolment = add_desk(venue, context.arguments.name, by=owner)
        write_private(out, enrolment.sealed(passphrase))
    context.answer(
        {"desk": enrolment.desk, "file": str(out)},
        [
            context.say("{desk} may join with {file}, once.", desk=enrolment.desk, file=out),
            context.say("Take the file and its passphrase there on different ways, and delete it afterwards."),
        ],
    )
    return 0


def enrol(context: Context) -> int:
    """Join: a data folder for this desk, with keys of its own that the journal knows."""
    from pos.desks import Joining, join
    from privacy.enrolment import Enrolment

    arguments = context.arguments
    enrolment = Enrolment.opened(Path(arguments.file).read_bytes(), _passphrase(context, is_new=False))
    way = way_of(arguments, arguments.database or enrolment.url)
    assert way is not None, "an enrolment has an address"
    keep_password(context, way.url)
    joined = join(
        Joining(
            enrolment=enrolment,
            folder=context.data,
            url=way.url,
            password_file=way.password_file,
            is_password_stored=way.is_password_stored,
            store=lambda folder, site: _store(context, folder, site),
        )
    )
    context.answer(
        {"desk": joined.desk, "data": str(context.data), "origin": joined.origin, "vkeys": list(joined.vkeys)},
        [
            context.say("This is {desk} now; its folder is {folder}.", desk=joined.desk, folder=context.data),
            *joined.vkeys,
            context.say("Name its devices in devices.toml, then start `mingjia desk`."),
        ],
    )
    return 0


def password(context: Context) -> int:
    """Write `database.toml` anew, if that lets the program in."""
    from dataclasses import replace

    from records import database
    from records.folder import VenueFolder, open_server

    arguments = context.arguments
    folder = VenueFolder(path=context.data)
    folder.require_venue()
    place = folder.place
    if place is None:
        raise NoServerError
    way = way_of(arguments, arguments.database or place.url)
    assert way is not None, "a place has an address"
    if way.password_file is None and not way.is_password_stored:
        raise WrongUseError(message=context.say("--database-password-file or --database-password-keystore is needed"))
    keep_password(context, way.url)
    changed = replace(place, url=way.url, password_file=way.password_file, is_password_stored=way.is_password_stored)
    engine = open_server(changed)
    try:
        with database.snapshot(engine):
            pass
    finally:
        engine.dispose()
    changed.write(context.data)
    where = "key-store" if way.is_password_stored else "file"
    context.answer({"desk": place.desk, "password": where}, [context.say("The server lets this desk in.")])
    return 0


def _store(context: Context, folder: Path, site: str) -> SecretStore:
    from pos.cli.init import counter_passphrase, system_store
    from privacy.secret_stores import PassphraseStore

    store = system_store(context.arguments.secret_store)
    if store is not None:
        return store(site)
    return PassphraseStore(folder=folder, passphrase=counter_passphrase(context))


def _passphrase(context: Context, *, is_new: bool) -> str:
    file = context.arguments.passphrase_file
    if file is not None:
        return first_line(Path(file))
    if context.secrets.enrolment_passphrase is not None:
        return context.secrets.enrolment_passphrase
    question = context.say("Passphrase of the enrolment file: ")
    return (context.choose_secret if is_new else context.ask_secret)("enrolment-passphrase", question)
