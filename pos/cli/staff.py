"""`mingjia staff add|list|disable|reset-pin`: the people who work here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context, first_line
from pos.cli.parser import CommandParser, acts_for_person, opens_sealed
from records.repeating import repeated

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from pos.bootstrap import Venue
    from records.unit_of_work import UnitOfWork
    from staff.repository import StaffMember
    from staff.roles import Operation

_ROLES = ("owner", "manager", "cashier", "auditor")


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    adding = parser.command("add", help=_("give a person an account"), run=add)
    adding.add_argument("name", metavar=_("NAME"), help=_("the name to log in with"))
    adding.add_argument("--role", required=True, choices=_ROLES, help=_("what the person may do"))
    _takes_new_pin(adding)
    parser.command("list", help=_("everybody who has or had an account"), run=show)
    disabling = parser.command("disable", help=_("close a person's account for good"), run=disable)
    disabling.add_argument("name", metavar=_("NAME"), help=_("whose account"))
    resetting = parser.command("reset-pin", help=_("give a person a new PIN"), run=reset_pin)
    resetting.add_argument("name", metavar=_("NAME"), help=_("whose PIN"))
    _takes_new_pin(resetting)
    opens_sealed(resetting)
    for changing in (adding, disabling, resetting):
        acts_for_person(changing)


def show(context: Context) -> int:
    """List every account."""
    with context.books() as books:
        _answer(context, books.connection)
    return 0


def add(context: Context) -> int:
    """Add an account."""
    from staff import accounts
    from staff.roles import Operation, Role

    with context.venue() as venue:
        pin = _new_pin(context)
        arguments, pad = context.arguments, venue.pin_pad
        _change(
            context,
            venue,
            context.sign_in(venue),
            Operation.STAFF_ADD,
            lambda work: accounts.add(work, name=arguments.name, role=Role(arguments.role), pin=pin, pad=pad),
        )
    return 0


def disable(context: Context) -> int:
    """Disable an account for good."""
    from staff import accounts
    from staff.roles import Operation

    with context.venue() as venue:
        name = context.arguments.name
        _change(
            context,
            venue,
            context.sign_in(venue),
            Operation.STAFF_DISABLE,
            lambda work: accounts.disable(work, name=name),
        )
    return 0


def reset_pin(context: Context) -> int:
    """Give an account a new PIN, by a manager's or owner's word; with `--key`, by the owner's key file."""
    from staff import accounts
    from staff.roles import Operation

    with context.venue() as venue:
        pin = _new_pin(context)
        by = _owner_by_key(context, venue) if context.arguments.key else context.sign_in(venue)
        name, pad = context.arguments.name, venue.pin_pad
        _change(
            context,
            venue,
            by,
            Operation.STAFF_RESET_PIN,
            lambda work: accounts.reset_pin(work, name=name, pin=pin, pad=pad, by=by.role),
        )
    return 0


@repeated
def _change(
    context: Context,
    venue: Venue,
    by: StaffMember,
    operation: Operation,
    change: Callable[[UnitOfWork], StaffMember],
) -> None:
    from staff.roles import require

    require(operation, by.role)
    with venue.records.begin(actor=by.staff, alone=True) as work:
        change(work)
        if work.has_entries:
            work.commit()
    with venue.records.reading() as connection:
        _answer(context, connection)


def _owner_by_key(context: Context, venue: Venue) -> StaffMember:
    """Take who opens the owner's key file for the owner: the way in when the PIN is locked."""
    from pos.errors import OwnerKeyForeignError
    from staff import repository
    from staff.roles import Role

    key = context.owner_key()
    if not venue.is_owner_key(key):
        raise OwnerKeyForeignError(path=context.arguments.key)
    with venue.records.reading() as connection:
        owners = [m for m in repository.all_members(connection) if m.role is Role.OWNER and m.is_active]
    named = [owner for owner in owners if owner.name == context.arguments.name]
    return (named or owners)[0]


def _takes_new_pin(parser: CommandParser) -> None:
    _ = parser.words
    parser.add_argument("--new-pin-file", metavar=_("FILE"), help=_("the file of the new PIN or password"))


def _new_pin(context: Context) -> str:
    from staff.pins import check_new_pin

    file = context.arguments.new_pin_file
    pin = first_line(Path(file)) if file else context.choose_secret("pin", context.say("New PIN or password: "))
    check_new_pin(pin)
    return pin


def _answer(context: Context, connection: sa.Connection) -> None:
    from staff import repository

    members = repository.all_members(connection)
    shown: list[dict[str, Any]] = [{"name": m.name, "role": m.role.value, "active": m.is_active} for m in members]
    off = context.say("disabled")
    lines = [f"{m.staff}  {m.role.value:8}  {m.name}{'' if m.is_active else f'  ({off})'}" for m in members]
    context.answer({"staff": shown}, lines)
