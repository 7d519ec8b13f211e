"""The venue's data folder: what lies in it, who may work on it, and the room kept for the end of running visits.

The reserve (I-11) is a file that only takes space. When the disk is full it is given up, so that running visits can
still be settled; until it stands again, no visit opens.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import sqlalchemy as sa

from records import database, migrations
from records.errors import (
    AlreadyOpenError,
    DamagedError,
    DriverMissingError,
    MovedError,
    NotAVenueError,
    RecordsError,
)
from records.place import ServerPlace, read_place

FIRST_DESK: Final = "desk-1"
"""The desk that founds a venue, and the only one of a venue whose records are a file."""

RESERVE_BYTES: Final = 8 * 1024 * 1024
_SQLITE_HEADER: Final = b"SQLite format 3\x00"


@dataclass(frozen=True, kw_only=True, slots=True)
class VenueFolder:
    """The paths of one venue's data folder."""

    path: Path
    reserve_bytes: int = RESERVE_BYTES

    @property
    def database(self) -> Path:
        """The records."""
        return self.path / database.DATABASE_NAME

    @property
    def place(self) -> ServerPlace | None:
        """The server that holds the records; None where they are a file. Raises PlaceInvalidError."""
        return read_place(self.path)

    @property
    def desk(self) -> str:
        """The name of the desk that works from this folder: the `till` of its entries."""
        place = self.place
        return FIRST_DESK if place is None else place.desk

    @property
    def reserve(self) -> Path:
        """The file that keeps room (I-11)."""
        return self.path / "reserve"

    def found(self, metadata: sa.MetaData) -> sa.Engine:
        """Create the folder (mode 0700), the database and the reserve; refuses to touch an existing venue.

        Raises FileExistsError if there is a database already.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        database.create_file(self.database)
        engine = database.open_engine(self.database)
        migrations.migrate(engine, metadata)
        self.restore_reserve()
        return engine

    def require_venue(self) -> None:
        """Raise NotAVenueError or DamagedError unless a database of ours, or the way to one, seems to be here."""
        if self.place is not None:
            return
        if not self.database.is_file():
            raise NotAVenueError(folder=str(self.path))
        with self.database.open("rb") as file:
            if file.read(len(_SQLITE_HEADER)) != _SQLITE_HEADER:
                raise DamagedError(path=str(self.database), detail="no SQLite header")

    def open(self) -> sa.Engine:
        """Open the records.

        Raises NotAVenueError, DamagedError, SchemaTooNewError, MovedError or StoreFullError; of a server also
        StoreLostError, StoreDeniedError or DriverMissingError.
        """
        self.require_venue()
        place = self.place
        return self._checked(database.open_engine(self.database) if place is None else open_server(place))

    def open_read_only(self) -> sa.Engine:
        """Open the records so that nothing can be written through it; the errors of `open`."""
        self.require_venue()
        place = self.place
        return self._checked(
            database.open_read_only(self.database) if place is None else open_server(place, reads_only=True)
        )

    def _checked(self, engine: sa.Engine) -> sa.Engine:
        """Return an engine whose database has a schema that this program knows."""
        try:
            with database.snapshot(engine) as connection:
                version = migrations.version_of(connection)
            if version is None:
                raise NotAVenueError(folder=str(self.path))
            if version == migrations.MOVED:
                raise MovedError(folder=str(self.path))
            migrations.require_known(version)
        except RecordsError:
            engine.dispose()
            raise
        return engine

    @contextmanager
    def held_by_desk(self) -> Iterator[None]:
        """Hold the folder as its only desk. Raises AlreadyOpenError; other commands work beside it."""
        with self._held("desk.lock"):
            yield

    @contextmanager
    def held_by_printing(self) -> Iterator[None]:
        """Hold the venue's print queue: one program at a time sends slips. Raises AlreadyOpenError."""
        with self._held("print.lock"):
            yield

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        with (self.path / name).open("a+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise AlreadyOpenError(folder=str(self.path)) from error
            yield

    def has_reserve(self) -> bool:
        """Say whether the reserve stands, whole."""
        try:
            return self.reserve.stat().st_size >= self.reserve_bytes
        except FileNotFoundError:
            return False

    def free_bytes(self) -> int:
        """Return what the disk still takes."""
        return shutil.disk_usage(self.path).free

    def release_reserve(self) -> None:
        """Give up the reserve, so that running visits can be settled."""
        self.reserve.unlink(missing_ok=True)

    def restore_reserve(self) -> bool:
        """Build the reserve if there is room for twice of it, and say whether it stands."""
        if self.has_reserve():
            return True
        if self.free_bytes() < 2 * self.reserve_bytes:
            return False
        draft = self.path / "reserve.new"
        try:
            with draft.open("wb") as file:
                # Written out, not truncated to length: a sparse file would keep no room.
                for _ in range(self.reserve_bytes // 65536):
                    file.write(os.urandom(65536))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.reserve)
        except OSError:
            draft.unlink(missing_ok=True)
            return False
        return True


def open_server(place: ServerPlace, *, reads_only: bool = False) -> sa.Engine:
    """Return an engine for the program's role on a server. Raises DriverMissingError."""
    try:
        from records import postgres
    except ModuleNotFoundError as error:
        raise DriverMissingError from error
    return postgres.open_engine(place, reads_only=reads_only)


def open_owner(owner: ServerPlace) -> sa.Engine:
    """Return an engine for the role that owns the tables. Raises DriverMissingError."""
    try:
        from records import postgres
    except ModuleNotFoundError as error:
        raise DriverMissingError from error
    return postgres.open_owner(owner)


@contextmanager
def held_as_long(path: Path) -> Iterator[None]:
    """Hold a lock file that is there only as long as somebody holds it. Raises AlreadyOpenError."""
    while True:
        with path.open("a+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise AlreadyOpenError(folder=str(path.parent)) from error
            if not _is_at(path, file):
                continue  # Whoever held it took it away meanwhile.
            try:
                yield
            finally:
                with suppress(OSError):  # Windows takes away nothing that is open; the next one uses it.
                    path.unlink()
            return


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
