"""The soak itself: desks as processes, what befalls them, and the comparison afterwards."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import pos.schema  # noqa: F401  # Every table.
from compliance import doctor
from compliance.verification import verify_journal
from pos.bootstrap import open_venue
from pos.desks import Joining, add_desk, join
from pos.founding import Costs
from privacy.passphrases import Argon2Cost
from privacy.secret_stores import PassphraseStore
from records import database
from records.clock import SimulatedClock, monotonic_seconds
from records.folder import VenueFolder
from records.schema import journal, metadata
from tests.conftest import MONDAY_EVENING, REPOSITORY
from tests.pos.counter.venues import PASSPHRASE, found_venue, member
from tests.servers import PROGRAM, Server

CHEAP = Argon2Cost(memory_kib=64, iterations=1, lanes=1)


@dataclass(kw_only=True)
class Found:
    """What a soak came to."""

    told: str
    findings: list[str] = field(default_factory=list)


def soak(server: Server, path: Path, *, seconds: float, desks: int, kills: int) -> Found:
    """Let so many desks work for so long, kill some without a word, cut connections; then compare."""
    database_name = server.create()
    try:
        folders = found_desks(server, database_name, path, desks)
        cuts = _live(server, database_name, folders, path, seconds=seconds, kills=kills)
        return _compare(folders, path, cuts=cuts, kills=kills)
    finally:
        server.drop(database_name)


def found_desks(server: Server, database_name: str, path: Path, desks: int) -> list[Path]:
    """Found a venue on the server, and let further desks join."""
    first = path / "desk-1"
    found_venue(first, SimulatedClock(MONDAY_EVENING), server=server.way_in(database_name))
    folders = [first]
    with open_venue(VenueFolder(path=first), passphrase=lambda: PASSPHRASE) as venue:
        for number in range(2, desks + 1):
            enrolment = add_desk(venue, f"desk-{number}", by=member(venue, "li"))
            folder = path / f"desk-{number}"
            join(
                Joining(
                    enrolment=enrolment,
                    folder=folder,
                    password_file=server.password_file,
                    store=lambda place, _site: PassphraseStore(folder=place, passphrase=PASSPHRASE, cost=CHEAP),
                    reserve_bytes=Costs(passphrase=CHEAP, reserve_bytes=65536).reserve_bytes,
                )
            )
            folders.append(folder)
    return folders


def _live(server: Server, database_name: str, folders: list[Path], path: Path, *, seconds: float, kills: int) -> int:
    chance = random.Random(7)  # noqa: S311  # Misfortune, not secrets.
    until = monotonic_seconds() + seconds
    workers = {folder: _start(folder, path, seconds) for folder in folders}
    cuts = 0
    for blow in range(kills):
        time.sleep(max(0.0, (until - monotonic_seconds()) / (kills - blow + 1)))
        victim = chance.choice(folders)
        workers[victim].send_signal(signal.SIGKILL)
        workers[victim].wait()
        workers[victim] = _start(victim, path, until - monotonic_seconds())
        cuts += _cut(server, database_name, chance)
    for worker in workers.values():
        worker.wait(timeout=seconds + 60)
    return cuts


def _start(folder: Path, path: Path, seconds: float) -> subprocess.Popen[bytes]:
    log = path / f"{folder.name}.log"
    command = [sys.executable, "-m", "tests.soak.desk", str(folder), str(log), str(hash(folder) % 997), str(seconds)]
    with (path / f"{folder.name}.err").open("ab") as errors:
        return subprocess.Popen(command, cwd=REPOSITORY, stderr=errors)


def _cut(server: Server, database_name: str, chance: random.Random) -> int:
    with server.superuser(database_name) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND datname = current_database()"
        pids = connection.execute(query, [PROGRAM]).fetchall()
        for (pid,) in chance.sample(pids, min(3, len(pids))):
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()
    return min(3, len(pids))


def _compare(folders: list[Path], path: Path, *, cuts: int, kills: int) -> Found:
    told = [
        line.split()[1:]
        for folder in folders
        if (path / f"{folder.name}.log").exists()
        for line in (path / f"{folder.name}.log").read_text().splitlines()
        if line.startswith("told ")
    ]
    entries = _settled(folders[0])
    found = Found(told=f"{len(told)} acknowledged, {len(entries)} in the books, {kills} killed, {cuts} connections cut")
    written = {
        (body["job"] if kind == "visit" else body["sale"]): (kind, body[kind], body["receipt"], body["total_fen"])
        for kind, body in entries
    }
    for kind, request, settled, receipt, total in told:
        if written.get(request) != (kind, settled, int(receipt), int(total)):
            found.findings.append(f"lost: {kind} {request} was told receipt {receipt}")
    counted = Counter((kind, body[kind]) for kind, body in entries)
    found.findings += [f"doubled: {kind} {name}" for (kind, name), times in counted.items() if times > 1]
    receipts = sorted(body["receipt"] for _, body in entries)
    if receipts != list(range(1, len(receipts) + 1)):
        found.findings.append("receipts have gaps")
    checks = doctor.examine(VenueFolder(path=folders[0], reserve_bytes=65536), metadata)
    found.findings += [f"{check.name}: {check.detail}" for check in checks if not check.is_ok]
    with open_venue(VenueFolder(path=folders[0]), passphrase=lambda: PASSPHRASE) as venue:
        answer = verify_journal(venue.records)
    found.findings += [f"verify: {finding}" for finding in answer["findings"][:5]]
    for folder in folders:
        errors = path / f"{folder.name}.err"
        if errors.exists() and errors.read_text().strip():
            found.findings.append(f"{folder.name}: {errors.read_text().strip().splitlines()[-1]}")
    if not told:
        found.findings.append("nobody settled anything")
    return found


def _settled(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    engine = VenueFolder(path=folder).open_read_only()
    try:
        with database.snapshot(engine) as connection:
            query = sa.select(journal.c.type, journal.c.entry).where(
                journal.c.type.in_(["visit.settled", "sale.settled"])
            )
            return [(row.type.partition(".")[0], json.loads(row.entry)["body"]) for row in connection.execute(query)]
    finally:
        engine.dispose()
