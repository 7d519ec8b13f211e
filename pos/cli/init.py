"""`mingjia init DIR`: a venue begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.cli.price_board import takes_board
from pos.cli.server_options import keep_password, server_of, takes_owner, takes_server, way_of
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.price_list import PriceList
    from billing.promotion_checks import PriceHistory
    from pos.founding import Founded, Plan, StoreOfSite
    from pos.secrets_file import StaffSecret
    from records.server import Server


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument("folder", metavar=_("DIR"), help=_("the new data folder"))
    parser.add_argument("--venue", metavar="venue.toml", required=True, help=_("the venue's settings"))
    parser.add_argument("--prices", metavar="prices.toml", required=True, help=_("the first price list"))
    parser.add_argument(
        "--owner-key",
        metavar=_("FILE"),
        default="owner-key.pem",
        help=_("where the owner's key file is written; never inside DIR"),
    )
    parser.add_argument(
        "--secret-store",
        choices=["system", "passphrase"],
        help=_("where the counter's secrets rest, for good: the system's key store, or a file under a passphrase"),
    )
    takes_board(parser)
    takes_server(parser)
    takes_owner(parser)
    parser.set_defaults(run=create)


def create(context: Context) -> int:
    """Create the venue, print the start slip, say what to keep where."""
    from pos.cli.price_board import BoardFile, hanger_of
    from pos.founding import found
    from pos.shelf_index import prepare

    plan = _plan(context)
    if plan.server is not None:
        keep_password(context, plan.server.url)
    hanger = hanger_of(plan.venue.settings, is_demo=plan.clock.is_simulated)
    with BoardFile(context, plan.prices, hanger) as board:
        founded = found(plan)
        _print_slip(plan)
        next_steps = board.publish(founded.publication)
    prepare(plan.folder, plan.prices)
    answer = {**_answer(plan, founded), **board.to_json()}
    context.answer(answer, [*_lines(context, plan, founded), *next_steps])
    return 0


def _plan(context: Context) -> Plan:
    from importlib.metadata import version

    from billing.promotion_checks import NoHistory
    from pos.cli.venue import read_venue
    from pos.founding import Plan, check_place, clear_cut_off
    from records.clock import SystemClock

    arguments = context.arguments
    venue = read_venue(arguments.venue)
    plan = Plan(
        folder=Path(arguments.folder),
        venue=venue,
        venue_path=arguments.venue,
        prices=read_prices(Path(arguments.prices), history=NoHistory()),
        staff=context.secrets.staff,
        owner_key_path=Path(arguments.owner_key),
        owner_passphrase="",
        clock=SystemClock(),
        product=f"mingjia {version('mingjia')}",
        server=_server(context, venue.database),
    )
    if clear_cut_off(plan):
        context.warn(context.say("What an earlier founding of this folder left, which was cut off, is removed."))
    check_place(plan)
    store = system_store(arguments.secret_store)
    return replace(
        plan,
        staff=plan.staff or (_ask_owner(context),),
        owner_passphrase=context.secrets.owner_passphrase
        or context.choose_secret("owner-passphrase", context.say("A passphrase for the owner's key file: ")),
        system_store=store,
        counter_passphrase="" if store else counter_passphrase(context),
    )


def _server(context: Context, in_settings: str | None) -> Server | None:
    """The server that the records go to, if the settings or an option name one: the first desk's way in, the owner's.

    Raises WrongUseError, PlaceInvalidError.
    """
    arguments = context.arguments
    if in_settings is not None and arguments.database not in {None, in_settings}:
        raise WrongUseError(message=context.say("venue.toml and --database name different databases"))
    if in_settings is not None and arguments.database_owner_url is None:
        raise WrongUseError(message=context.say("the database of venue.toml needs --database-owner-url"))
    url = arguments.database or in_settings
    if url is None and arguments.database_owner_url is None:
        return None
    return server_of(arguments, context.words, way_of(arguments, url))


def read_prices(path: Path, *, history: PriceHistory | None = None) -> PriceList:
    """Read a price list that passes `prices check`; raises ListInvalidError with every problem.

    With a venue's history its promotions are judged too (G-6).
    """
    from billing.price_checks import check as check_prices

    return check_prices(path.read_bytes(), history=history).require()


def _ask_owner(context: Context) -> StaffSecret:
    from pos.secrets_file import StaffSecret
    from staff.pins import check_new_pin

    name = context.ask("pin", context.say("Owner's name, to log in with: "))
    pin = context.choose_secret("pin", context.say("A PIN or password for {name}: ", name=name))
    check_new_pin(pin)
    return StaffSecret(name=name, role="owner", pin=pin)


def system_store(asked: str | None) -> StoreOfSite | None:
    """Return the system's key store, or None where the secrets rest under a passphrase."""
    from pos.errors import SecretStoreMissingError
    from privacy.secret_stores import SystemStore
    from records import key_store

    if asked == "passphrase":
        return None
    backend = key_store.system_backend()
    if backend is None:
        if asked == "system":
            raise SecretStoreMissingError
        return None
    return lambda site: SystemStore(site=site, backend=backend)


def counter_passphrase(context: Context) -> str:
    """Find the counter's passphrase where nobody is asked, or have one chosen."""
    return context.given_counter_passphrase() or context.choose_secret(
        "counter-passphrase", context.say("A passphrase for the counter's secrets: ")
    )


def _print_slip(plan: Plan) -> None:
    """Put the start slip on paper where there is a printer; one that is away gets it when the desk opens."""
    from pos.printing import printing
    from records.folder import VenueFolder

    folder = VenueFolder(path=plan.folder, reserve_bytes=plan.costs.reserve_bytes)
    engine = folder.open()
    try:
        with printing(folder, engine, plan.clock, plan.venue.devices) as wake:
            wake()
    finally:
        engine.dispose()


def _answer(plan: Plan, founded: Founded) -> dict[str, object]:
    return {
        "data": str(plan.folder),
        "origin": founded.origin,
        "vkeys": list(founded.vkeys),
        "owner_key": str(plan.owner_key_path),
        "owner_fingerprint": founded.owner_fingerprint,
        "secret_store": "passphrase" if plan.system_store is None else "system",
        "price_list": {"number": founded.publication.number, "hash": founded.publication.sha256},
        "journal": {"size": founded.size, "checkpoint": founded.checkpoint},
    }


def _lines(context: Context, plan: Plan, founded: Founded) -> list[str]:
    return [
        *founded.slip_lines,
        *founded.vkeys,
        "",
        context.say("The venue lies in {folder}.", folder=plan.folder),
        context.say(
            "The owner's key is {path}, fingerprint {fingerprint}. Move it off this computer and keep a copy: "
            "without it no registration can ever be opened.",
            path=plan.owner_key_path,
            fingerprint=founded.owner_fingerprint,
        ),
        context.say("Keep the start slip: its keys tell this venue's journal from any other."),
    ]
