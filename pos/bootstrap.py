"""The composition root: a venue's folder becomes open books, with their clock, keys and settings.

`open_venue` opens for work and needs the counter's secrets; `open_books` only reads. Everything else gets what it
needs as an argument.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

import pos.schema  # noqa: F401  # Every table, so that guards and migrations know them all.
from pos.device_settings import read_devices
from pos.errors import SecretStoreMissingError
from pos.mending import mend
from pos.notices import Notice
from pos.reserve import Reserve
from pos.settings import Settings, settings_from_json
from pos.settings_reading import Devices
from privacy.counter_secrets import CounterSecrets
from privacy.errors import RecipientsRefusedError
from privacy.owner_key import OwnerKey
from privacy.recipients import Recipients
from privacy.secret_stores import FILE_NAME, PassphraseStore, SecretStore, SystemStore
from records import database, key_store, migrations
from records.clock import Clock, Reading, SimulatedClock, SystemClock
from records.errors import ClockKindError, DamagedError, MigrationDueError, NotAVenueError, StoreFullError
from records.folder import VenueFolder
from records.journal import read_origin, read_tail
from records.notes import HeadSigner
from records.schema import metadata, public_keys, venue_settings
from records.statements import Prepared
from records.unit_of_work import SYSTEM, LookAhead, Records, UnitOfWork, look_at_nothing
from staff.accounts import PinPad
from staff.pins import DEFAULT_COST, Pepper, PinCost

RECIPIENTS_NAME: Final = "recipients.json"


@dataclass(kw_only=True)
class VenueRecords(Records):
    """Records that follow the venue's settings: another command may change them beside a running desk."""

    settings: Settings
    settings_version: int
    _followed_in: int | None = None

    @contextmanager
    def begin(
        self, *, actor: str = SYSTEM, alone: bool = False, ahead: LookAhead = look_at_nothing
    ) -> Iterator[UnitOfWork]:
        """Begin a unit of work under the settings in force."""
        with super().begin(actor=actor, alone=alone, ahead=ahead) as work:
            # Settings change in units that stand alone, and one follows a migration: in the same epoch nothing is new.
            if work.epoch is None or work.epoch != self._followed_in:
                if work.epoch is not None:
                    migrations.require_known(migrations.version_of(work.connection))
                self.follow(work.connection)
                self._followed_in = work.epoch
            yield work

    def follow(self, connection: sa.Connection) -> None:
        """Read the settings again if there are newer ones."""
        if _NEWEST_SETTINGS.one(connection).version == self.settings_version:
            return
        self.settings_version, self.settings = read_settings(connection)
        self.venue_code, self.days = self.settings.venue_code, self.settings.days


@dataclass(kw_only=True)
class Venue:
    """A venue open for work."""

    folder: VenueFolder
    records: VenueRecords
    devices: Devices
    secrets: CounterSecrets = field(repr=False)
    owner: Ed25519PublicKey
    recipients: Recipients
    reserve: Reserve
    pin_cost: PinCost = DEFAULT_COST
    notices: tuple[Notice, ...] = ()

    def is_owner_key(self, key: OwnerKey) -> bool:
        """Tell whether this is the key that the journal calls the owner's."""
        return key.signing_key.public_key() == self.owner

    @property
    def pin_pad(self) -> PinPad:
        """What PINs are checked and made with."""
        return PinPad(pepper=Pepper(secret=self.secrets.pin_pepper), cost=self.pin_cost)

    @property
    def settings(self) -> Settings:
        """The settings in force, as the last unit of work found them."""
        return self.records.settings


@dataclass(frozen=True, kw_only=True)
class VenueBooks:
    """One state of a venue, open to read: no secret, no change."""

    folder: VenueFolder
    connection: sa.Connection
    origin: str
    settings: Settings
    devices: Devices
    clock: Clock


@contextmanager
def open_venue(folder: VenueFolder, *, passphrase: Callable[[], str], clock: Clock | None = None) -> Iterator[Venue]:
    """Open a venue for work; `passphrase` is asked only where the counter's secrets rest under one.

    A simulated venue continues from its last entry's instant unless `clock` says otherwise. What opening had to mend
    is in the journal and in the venue's `notices`. Raises NotAVenueError, DamagedError, SchemaTooNewError,
    ClockKindError, StoreFullError, MigrationDueError, SecretStoreError, PassphraseWrongError, RecipientsRefusedError.
    """
    engine, is_reserve_spent = _open(folder)
    try:
        with database.snapshot(engine) as connection:
            version = migrations.version_of(connection)
        if version != migrations.HEAD:
            if folder.place is not None:
                raise MigrationDueError(found=str(version), known=migrations.HEAD)
            migrations.migrate(engine, metadata)
        with database.snapshot(engine) as connection:
            identity = _read_identity(connection, folder)
        counter_secrets = _existing_store(folder.path, identity.site, passphrase).load()
        records = _records(engine, identity, counter_secrets, clock, till=folder.desk)
        owner = load_der_public_key(base64.b64decode(identity.owner))
        assert isinstance(owner, Ed25519PublicKey), "the journal introduced it"
        venue = Venue(
            folder=folder,
            records=records,
            devices=read_devices(folder.path),
            secrets=counter_secrets,
            owner=owner,
            recipients=_recipients(folder.path, identity.site, owner),
            reserve=Reserve(folder=folder, records=records),
        )
        if is_reserve_spent:
            venue.reserve.give_up()
        venue.notices = mend(venue.records, venue.reserve)
        yield venue
    finally:
        engine.dispose()


def _open(folder: VenueFolder) -> tuple[sa.Engine, bool]:
    """Open the records, and say whether the reserve had to go for it (I-11).

    SQLite needs some room even to begin: on a full disk a program that starts could not settle what runs.
    """
    try:
        return folder.open(), False
    except StoreFullError:
        if not folder.has_reserve():
            raise
    folder.release_reserve()
    return folder.open(), True


@contextmanager
def open_books(folder: VenueFolder) -> Iterator[VenueBooks]:
    """Open a venue to read one state of it. Raises NotAVenueError, DamagedError, SchemaTooNewError."""
    engine = folder.open_read_only()
    try:
        with database.snapshot(engine) as connection:
            identity = _read_identity(connection, folder)
            yield VenueBooks(
                folder=folder,
                connection=connection,
                origin=identity.origin,
                settings=identity.settings,
                devices=read_devices(folder.path),
                clock=clock_after(identity.last, None),
            )
    finally:
        engine.dispose()


def read_settings(connection: sa.Connection) -> tuple[int, Settings]:
    """Return number and content of the settings in force."""
    row = connection.execute(_SETTINGS).one()
    return row.version, settings_from_json(json.loads(row.settings))


def site_of(origin: str) -> str:
    """Return the part of a log's origin that its shards share: it names the venue's keys."""
    return origin.split("/")[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Identity:
    origin: str
    settings_version: int
    settings: Settings
    last: Reading
    owner: str  # base64 of the DER

    @property
    def site(self) -> str:
        return site_of(self.origin)


def _read_identity(connection: sa.Connection, folder: VenueFolder) -> _Identity:
    last = read_tail(connection).reading
    if last is None:
        # A database of ours without an entry: `init` never leaves one.
        raise NotAVenueError(folder=str(folder.path))
    try:
        version, settings = read_settings(connection)
        return _Identity(
            origin=read_origin(connection),
            settings_version=version,
            settings=settings,
            last=last,
            owner=connection.execute(_OWNER).scalar_one(),
        )
    except sa.exc.NoResultFound as error:
        # Every founding writes them, and no guard lets them go: another program took them out.
        raise DamagedError(path=str(folder.database), detail="settings, origin or owner's key") from error


def _records(
    engine: sa.Engine, identity: _Identity, counter_secrets: CounterSecrets, clock: Clock | None, *, till: str
) -> VenueRecords:
    return VenueRecords(
        engine=engine,
        clock=clock_after(identity.last, clock),
        signer=head_signer(identity.origin, counter_secrets),
        till=till,
        venue_code=identity.settings.venue_code,
        days=identity.settings.days,
        settings=identity.settings,
        settings_version=identity.settings_version,
    )


def head_signer(origin: str, counter_secrets: CounterSecrets) -> HeadSigner:
    """Return the signer of the log's heads."""
    return HeadSigner(
        origin=origin,
        ed25519=counter_secrets.checkpoint_ed25519_key(),
        p256=counter_secrets.checkpoint_p256_key(),
    )


def clock_after(last: Reading, clock: Clock | None) -> Clock:
    """Choose the clock by the kind of the last entry's (I-10). Raises ClockKindError for one of another kind."""
    is_simulated = last.discipline == "simulated"
    if clock is None:
        return SimulatedClock(last.at, follows_real_time=True) if is_simulated else SystemClock()
    if clock.is_simulated != is_simulated:
        raise ClockKindError(is_simulated=is_simulated)
    return clock


def _existing_store(path: Path, site: str, passphrase: Callable[[], str]) -> SecretStore:
    # The file's presence is the choice that `init` made for good.
    if (path / FILE_NAME).exists():
        return PassphraseStore(folder=path, passphrase=passphrase())
    backend = key_store.system_backend()
    if backend is None:
        raise SecretStoreMissingError
    return SystemStore(site=site, backend=backend)


def _recipients(path: Path, site: str, owner: Ed25519PublicKey) -> Recipients:
    try:
        text = (path / RECIPIENTS_NAME).read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise RecipientsRefusedError(problem="not-a-list") from error
    return Recipients.from_json(text, site=site, owner=owner)


_NEWEST_SETTINGS = Prepared(sa.select(sa.func.max(venue_settings.c.version).label("version")))
_SETTINGS = sa.select(venue_settings).order_by(venue_settings.c.version.desc()).limit(1)
_OWNER = (
    sa.select(public_keys.c.public).where(public_keys.c.use == "owner").order_by(public_keys.c.number.desc()).limit(1)
)
