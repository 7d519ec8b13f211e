"""How a venue begins: one transaction, one folder, all or nothing.

Everything is made in a draft beside the folder; giving the draft the folder's name is the last step. The owner's key
file is written elsewhere, never into the folder: who takes the computer must not take both.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa

import pos.schema  # noqa: F401  # Every table, so that the schema is whole.
from billing.price_list import PriceList
from billing.price_problems import Where
from billing.publication import Publication, publish
from hardware.printers.profile import PrinterProfile
from hardware.receipt import preview
from pos import drafts
from pos.bootstrap import RECIPIENTS_NAME, head_signer
from pos.counter import print_jobs
from pos.counter.print_jobs import Slip, SlipKind
from pos.device_settings import write_devices
from pos.errors import (
    FolderTakenError,
    NoOwnerError,
    OwnerKeyPlaceError,
    Problem,
    SettingsInvalidError,
    TimezoneDiffersError,
)
from pos.new_keys import desk_keys, introduce, owner_keys
from pos.receipts import start
from pos.secrets_file import StaffSecret
from pos.settings import Settings, VenueFile
from pos.slip_layout import Letterhead, SlipFacts
from privacy.counter_secrets import CounterSecrets
from privacy.errors import OwnerKeyFileError
from privacy.owner_key import OwnerKey, site_of_key_file
from privacy.passphrases import DEFAULT_COST as DEFAULT_PASSPHRASE_COST
from privacy.passphrases import Argon2Cost
from privacy.recipients import fingerprint
from privacy.secret_stores import PassphraseStore, SecretStore
from records import migrations, server
from records.canonical import canonical
from records.clock import Clock
from records.folder import RESERVE_BYTES, VenueFolder
from records.ids import new_id
from records.journal import Entry
from records.notes import HeadSigner
from records.place import read_place
from records.schema import log_shards, metadata, venue_settings
from records.server import Server
from records.unit_of_work import Committed, Records, Sealed, UnitOfWork
from staff import accounts
from staff.accounts import PinPad
from staff.pins import DEFAULT_COST as DEFAULT_PIN_COST
from staff.pins import Pepper, PinCost
from staff.roles import Role

FIRST_SHARD: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """What one guess at a passphrase or PIN costs, and how much room is kept; tests take less."""

    passphrase: Argon2Cost = DEFAULT_PASSPHRASE_COST
    pin: PinCost = DEFAULT_PIN_COST
    reserve_bytes: int = RESERVE_BYTES


StoreOfSite = Callable[[str], SecretStore]
"""Makes the store for the keys of a site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that a founding needs. `system_store` makes the store for a site; None: under the counter's passphrase."""

    folder: Path
    venue: VenueFile
    venue_path: str
    prices: PriceList
    staff: tuple[StaffSecret, ...]
    owner_key_path: Path
    owner_passphrase: str = field(repr=False)
    counter_passphrase: str = field(default="", repr=False)
    system_store: StoreOfSite | None = None
    server: Server | None = None  # None: the records are a file
    clock: Clock
    product: str
    costs: Costs = Costs()


@dataclass(frozen=True, kw_only=True, slots=True)
class Founded:
    """What the start slip tells, for paper, screen and scripts."""

    origin: str
    vkeys: tuple[str, str]
    owner_fingerprint: str
    publication: Publication
    size: int
    checkpoint: str
    slip_lines: tuple[str, ...]


def found(plan: Plan) -> Founded:
    """Create the venue.

    Raises FolderTakenError, OwnerKeyPlaceError, OwnerKeyFileError, TimezoneDiffersError, SettingsInvalidError (a zone
    that the list does not have), NoOwnerError, and what publication and staff refuse. Then nothing is left of it.
    """
    check_place(plan)
    if not any(person.role == Role.OWNER for person in plan.staff):
        raise NoOwnerError
    site = base64.b32encode(secrets.token_bytes(10)).decode()
    origin = f"mingjia/{site}/{FIRST_SHARD}"
    counter_secrets = CounterSecrets.create(site=site)
    settings = plan.venue.settings
    owner = OwnerKey.create(site=site, first_month=settings.days.day_of(plan.clock.read().at))
    with _draft(plan) as folder:
        engine = _found_records(plan, folder, site)
        try:
            records = Records(
                engine=engine,
                clock=plan.clock,
                signer=head_signer(origin, counter_secrets),
                till=folder.desk,
                venue_code=settings.venue_code,
                days=settings.days,
            )
            founded = _write(records, plan, counter_secrets, owner)
        except BaseException:
            _take_back(plan, site)
            raise
        finally:
            engine.dispose()
        (folder.path / RECIPIENTS_NAME).write_text(owner.recipients().to_json(), encoding="ascii", newline="\n")
        write_devices(folder.path, plan.venue.devices)
        owner.save(plan.owner_key_path, plan.owner_passphrase, cost=plan.costs.passphrase)
        try:
            _store(plan, folder.path, site).save(counter_secrets)
            drafts.take_place(folder.path, plan.folder)
        except BaseException:
            plan.owner_key_path.unlink(missing_ok=True)
            _take_back(plan, site)
            raise
    return founded


def _found_records(plan: Plan, folder: VenueFolder, site: str) -> sa.Engine:
    if plan.server is None:
        return folder.found(metadata)
    return server.found(plan.server, folder, schema=server.schema_of(site), metadata=metadata)


def _take_back(plan: Plan, site: str) -> None:
    """Leave nothing on a server of a founding that failed; of a folder the draft goes with everything in it."""
    if plan.server is not None:
        server.drop(plan.server, server.schema_of(site))


def check_place(plan: Plan) -> None:
    """Refuse a folder, a key's place, settings or prices before anybody is asked for a secret."""
    settings, folder = plan.venue.settings, plan.folder
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTakenError(folder=str(folder))
    if plan.owner_key_path.exists():
        raise OwnerKeyFileError(path=str(plan.owner_key_path), problem="exists")
    if plan.owner_key_path.resolve().is_relative_to(folder.resolve()):
        raise OwnerKeyPlaceError(path=str(plan.owner_key_path))
    if plan.prices.timezone != settings.timezone:
        raise TimezoneDiffersError(venue=settings.timezone, prices=plan.prices.timezone)
    refuse_unknown_zones(settings, plan.prices, path=plan.venue_path)


def refuse_unknown_zones(settings: Settings, prices: PriceList, *, path: str) -> None:
    """Raise SettingsInvalidError where seats stand in a zone that the price list does not know."""
    unknown = [
        Problem(code="unknown-zone", where=Where(table="seats", entry=entry, key="zone"))
        for entry, run in enumerate(settings.seat_runs, start=1)
        if run.zone not in prices.zone_by_code
    ]
    if unknown:
        raise SettingsInvalidError(path=path, problems=tuple(unknown))


@contextmanager
def _draft(plan: Plan) -> Iterator[VenueFolder]:
    with drafts.draft_of(plan.folder, drafts.FOUNDING) as path:
        yield VenueFolder(path=path, reserve_bytes=plan.costs.reserve_bytes)


def clear_cut_off(plan: Plan) -> bool:
    """Take away what a founding of this folder left that was cut off, and tell whether there was any.

    Its tables on a server go with it where the plan names that server; else it stays. The key that it wrote for the
    owner never was a venue's. Raises FolderInMakingError, and what a server raises.
    """
    if not drafts.cut_off(plan.folder, drafts.FOUNDING):
        return False
    with drafts.held(plan.folder):
        cleared = [_clear(plan, draft) for draft in drafts.cut_off(plan.folder, drafts.FOUNDING)]
    return any(cleared)


def _clear(plan: Plan, draft: Path) -> bool:
    place = read_place(draft)
    if place is not None and (
        plan.server is None or plan.server.url != place.url or not server.drop_founding(plan.server, place.schema)
    ):
        return False
    recipients = draft / RECIPIENTS_NAME
    if recipients.is_file():
        site = json.loads(recipients.read_text(encoding="ascii"))["site"]
        if site_of_key_file(plan.owner_key_path) == site:
            plan.owner_key_path.unlink()
    shutil.rmtree(draft)
    return True


def _store(plan: Plan, folder: Path, site: str) -> SecretStore:
    if plan.system_store is not None:
        return plan.system_store(site)
    return PassphraseStore(folder=folder, passphrase=plan.counter_passphrase, cost=plan.costs.passphrase)


def _write(records: Records, plan: Plan, counter_secrets: CounterSecrets, owner: OwnerKey) -> Founded:
    """Write the first entries, in the order of docs/journal-format.md, in one unit of work."""
    signer, settings = records.signer, plan.venue.settings
    slip_lines: list[str] = []
    with records.begin() as work:
        work.insert(log_shards, {"shard": FIRST_SHARD, "origin": signer.origin})
        opening = {"product": plan.product, "schema": migrations.HEAD, "previous": None}
        started = work.entry("log.started", opening)
        entry = work.entry("venue.changed", {"settings": settings.to_json()})
        row = {"version": 1, "settings": canonical(settings.to_json()).decode()}
        work.insert(venue_settings, row, entry=entry)
        introduce(work, [*desk_keys(signer, counter_secrets), *owner_keys(owner)])
        pad = PinPad(pepper=Pepper(secret=counter_secrets.pin_pepper), cost=plan.costs.pin)
        for person in plan.staff:
            accounts.add(work, name=person.name, role=Role(person.role), pin=person.pin, pad=pad)
        publication = publish(work, plan.prices, effective=None)
        work.when_sealed(lambda sealed: _queue_slip(work, started, sealed, plan, slip_lines))
        committed = work.commit()
    return _founded(committed, signer, owner, publication, slip_lines)


def _queue_slip(work: UnitOfWork, entry: Entry, sealed: Sealed, plan: Plan, lines: list[str]) -> None:
    """Make the start slip under the first head; it is a print job where there is a printer."""
    settings, devices = plan.venue.settings, plan.venue.devices
    letterhead = Letterhead(
        venue_name=settings.name,
        address=settings.address,
        complaint_phone=settings.complaint_phone,
        timezone=settings.days.timezone,
        is_demo=work.reading.discipline == "simulated",
    )
    facts = SlipFacts(letterhead=letterhead, actor=work.actor, at=work.now)
    signer = work.records.signer
    document = start(origin=signer.origin, vkeys=signer.vkeys, facts=facts).under(sealed.head)
    lines.extend(preview(document, PrinterProfile.for_paper(devices.printer_width).columns))
    if devices.printer is not None:
        slip = Slip(job_id=new_id(), kind=SlipKind.START, ref=signer.origin)
        print_jobs.queue(work, entry, slip, document)


def _founded(
    committed: Committed, signer: HeadSigner, owner: OwnerKey, publication: Publication, slip_lines: list[str]
) -> Founded:
    assert committed.head is not None, "the slip asked for it"
    return Founded(
        origin=signer.origin,
        vkeys=signer.vkeys,
        owner_fingerprint=fingerprint(owner.signing_key.public_key()),
        publication=publication,
        size=committed.head.size,
        checkpoint=signer.checkpoint(committed.head),
        slip_lines=tuple(slip_lines),
    )
