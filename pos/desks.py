"""Further desks of a venue on a server: one names them, the desk itself joins once, with signing keys of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pos import drafts
from pos.bootstrap import RECIPIENTS_NAME, Venue, VenueRecords, clock_after, head_signer, read_settings
from pos.errors import DeskNameError, FolderTakenError, NoServerError
from pos.new_keys import desk_keys, introduce
from privacy.counter_secrets import CounterSecrets
from privacy.enrolment import Enrolment
from privacy.secret_stores import SecretStore
from records import database
from records.clock import Clock
from records.desk_clocks import hold
from records.folder import RESERVE_BYTES, VenueFolder
from records.journal import read_origin, read_tail
from records.place import ServerPlace, is_desk_name
from records.repeating import repeated
from records.schema import journal
from staff.repository import StaffMember
from staff.roles import Operation, require

ADDED = "desk.added"
ENROLLED = "desk.enrolled"


@repeated
def add_desk(venue: Venue, name: str, *, by: StaffMember) -> Enrolment:
    """Write down that a desk may join, and return what it joins with.

    A desk that did not join yet may be added again: its file was lost. Raises RoleRefusedError, NoServerError, and
    DeskNameError for a name that is none, or that a desk bears.
    """
    require(Operation.KEYS_MANAGE, by.role)
    place = venue.folder.place
    if place is None:
        raise NoServerError
    if not is_desk_name(name):
        raise DeskNameError(desk=name, problem="form")
    with venue.records.begin(actor=by.staff, alone=True) as work:
        if name in desks_told(work.connection, ENROLLED) or hold(work.connection, name).reading is not None:
            raise DeskNameError(desk=name, problem="taken")
        work.entry(ADDED, {"desk": name})
        work.commit()
    return Enrolment(
        desk=name,
        url=place.url,
        schema=place.schema,
        recipients=(venue.folder.path / RECIPIENTS_NAME).read_text(encoding="ascii"),
        counter_secrets=venue.secrets,
    )


@dataclass(frozen=True, kw_only=True)
class Joining:
    """A desk that joins: where its folder shall lie, and where its secrets shall rest."""

    enrolment: Enrolment
    folder: Path
    url: str | None = None  # this desk's way to the server, where that is not the one of the desk that let it join
    password_file: Path | None = None
    is_password_stored: bool = False
    store: Callable[[Path, str], SecretStore]  # of a folder and a site
    clock: Clock | None = None  # None: of the kind that the venue has
    reserve_bytes: int = RESERVE_BYTES


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """A desk that has joined: the keys that its slips are signed with."""

    desk: str
    origin: str
    vkeys: tuple[str, ...]


def join(joining: Joining) -> Joined:
    """Make the desk's folder, journal its keys, and give the folder its name; all or nothing.

    Raises FolderTakenError, FolderInMakingError, DeskNameError where this enrolment was used already, and what a server
    raises.
    """
    folder = joining.folder
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTakenError(folder=str(folder))
    with drafts.draft_of(folder, drafts.JOINING) as draft:
        for left in drafts.cut_off(folder, drafts.JOINING):
            shutil.rmtree(left)
        draft.mkdir(mode=0o700)
        joined = _join(joining, VenueFolder(path=draft, reserve_bytes=joining.reserve_bytes))
        drafts.take_place(draft, folder)
    return joined


def _join(joining: Joining, draft: VenueFolder) -> Joined:
    enrolment = joining.enrolment
    place = ServerPlace(
        url=joining.url or enrolment.url,
        schema=enrolment.schema,
        desk=enrolment.desk,
        password_file=joining.password_file,
        is_password_stored=joining.is_password_stored,
    )
    place.write(draft.path)
    (draft.path / RECIPIENTS_NAME).write_text(enrolment.recipients, encoding="ascii", newline="\n")
    draft.restore_reserve()
    engine = draft.open()
    try:
        records = _records(engine, joining)
        joining.store(draft.path, enrolment.counter_secrets.site).save(enrolment.counter_secrets)
        _enrol(records, enrolment.counter_secrets)
    finally:
        engine.dispose()
    return Joined(desk=enrolment.desk, origin=records.signer.origin, vkeys=tuple(records.signer.vkeys))


def _records(engine: sa.Engine, joining: Joining) -> VenueRecords:
    enrolment = joining.enrolment
    with database.snapshot(engine) as connection:
        version, settings = read_settings(connection)
        origin = read_origin(connection)
        last = read_tail(connection).reading
    assert last is not None, "a venue begins with entries"
    return VenueRecords(
        engine=engine,
        clock=clock_after(last, joining.clock),
        signer=head_signer(origin, enrolment.counter_secrets),
        till=enrolment.desk,
        venue_code=settings.venue_code,
        days=settings.days,
        settings=settings,
        settings_version=version,
    )


@repeated
def _enrol(records: VenueRecords, counter_secrets: CounterSecrets) -> None:
    """Write `desk.enrolled` and the desk's keys, once for each name."""
    name = records.till
    with records.begin(alone=True) as work:
        if name not in desks_told(work.connection, ADDED):
            raise DeskNameError(desk=name, problem="unknown")
        if name in desks_told(work.connection, ENROLLED):
            raise DeskNameError(desk=name, problem="used")
        work.entry(ENROLLED, {"desk": name})
        introduce(work, desk_keys(records.signer, counter_secrets))
        work.when_sealed(lambda _sealed: None)  # The first head that these keys sign covers their own entries.
        work.commit()


def desks_told(connection: sa.Connection, type_: str) -> set[str]:
    """The desks that entries of a type name."""
    entries = connection.execute(sa.select(journal.c.entry).where(journal.c.type == type_)).scalars()
    return {json.loads(entry)["body"]["desk"] for entry in entries}
