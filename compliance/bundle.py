"""The export that proves itself: entries of some business days, their proofs, tables and keys, in one zip.

The layout is docs/bundle-format.md §2. The bundle is read from one snapshot while the desk goes on; the only things
written are the entry `bundle.exported` and the checkpoints that were signed for the bundle, in one unit of work.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from billing.price_tables import price_lists
from compliance import bundle_range
from compliance.bundle_files import BundleFiles, replacing, staged
from compliance.bundle_range import Needs, Range, StoredEntry
from compliance.csv_tables import CsvTables
from compliance.errors import NothingToExportError
from records.canonical import canonical
from records.clock import instant_of
from records.journal import node_reader
from records.merkle import (
    ReadNode,
    consistency_proof,
    frontier_addresses,
    inclusion_proof,
    root_of,
)
from records.notes import HeadSigner, SignedHead
from records.repeating import repeated
from records.schema import checkpoints
from records.unit_of_work import SYSTEM, Records, UnitOfWork

Progress = Callable[[int, int], None]
"""Told from time to time how many entries of how many are written."""

_PROGRESS_ENTRIES: Final = 5000
_README: Final = """\
明价数据包 / Mingjia bundle

1. 请勿改动本包中的任何文件。 / Change no file of this bundle.
2. 用 Python 3.8 或更高版本运行 / Run, with Python 3.8 or later:
       python verify/verify.py FILE.zip
   如有起始单或小票二维码文字, 请加 / With the start slip's key or a receipt's QR text, add:
       --anchor "TEXT"
3. 结论为“通过”时, csv 文件夹中的表格与签名记录逐字节一致, 可用电子表格打开。
   If the verdict is PASS, the tables in csv are, byte for byte, what the signed entries say; open them as spreadsheets.

csv 文件夹中的表格 / The tables in the folder csv:
   entries        全部记录 / every entry
   visits         上机 / visits
   lines          账单、点单、优惠、减免明细 / lines of bills and orders, savings and reductions
   tenders        收款与退款 / money taken and given back
   cancellations  撤单 / cancelled orders
   refunds        退款与多收退还 / refunds, overcharges too
   stock          库存 / stock
   shifts         班次 / shifts
   id_checks      身份核验, 无身份信息 / ID checks, without identities
   price_lists    价目表 / price lists
   postings       分录 / postings
   forced_sale    强制搭售迹象 / signs of forced sale
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A finished bundle. `sha256` is of the zip file, `manifest_sha256` of its manifest."""

    path: Path
    first: int
    last: int
    sha256: str
    manifest_sha256: str


def export(
    records: Records,
    from_day: date,
    to_day: date,
    out: Path,
    *,
    actor: str = SYSTEM,
    progress: Progress | None = None,
) -> Exported:
    """Write the bundle of the business days `from_day … to_day` to `out`, whole or not at all, and journal it.

    Raises NothingToExportError if no entry has one of these days, OSError if `out` cannot be written.
    """
    days = {"from_day": from_day.isoformat(), "to_day": to_day.isoformat()}
    with replacing(out) as file:
        with records.reading() as connection:
            asked = bundle_range.find_range(connection, **days)
            if asked is None:
                raise NothingToExportError(**days)
            written = write_bundle(connection, records.signer, asked, file, beside=out, progress=progress)
        sha256 = _sha256_of(file)
        # Journaled before it takes its place: no bundle leaves the house unsaid.
        span = {"first": asked.first, "last": asked.last, "manifest_sha256": written.manifest_sha256}
        _journal(records, {"from": days["from_day"], "to": days["to_day"], **span}, written.signed, actor=actor)
    return Exported(
        path=out, first=asked.first, last=asked.last, sha256=sha256, manifest_sha256=written.manifest_sha256
    )


@repeated
def _journal(records: Records, body: dict[str, Any], signed: Sequence[SignedHead], *, actor: str) -> None:
    with records.begin(actor=actor) as work:
        work.entry("bundle.exported", body)
        _store(work, signed)
        work.commit()


def _store(work: UnitOfWork, heads: Sequence[SignedHead]) -> None:
    """Keep the heads that left the house, less those that another export has stored meanwhile."""
    known = sa.select(checkpoints.c.size).where(checkpoints.c.size.in_([head.size for head in heads]))
    stored = set(work.execute(known).scalars())
    new = [head for head in heads if head.size not in stored]
    work.insert(checkpoints, [{"size": head.size, "note": work.records.signer.checkpoint(head)} for head in new])


def _sha256_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The hash of a written bundle's manifest, and the heads that had to be signed for it."""

    manifest_sha256: str
    signed: Sequence[SignedHead]


def write_bundle(
    connection: sa.Connection,
    signer: HeadSigner,
    asked: Range,
    out: BinaryIO,
    *,
    beside: Path,
    progress: Progress | None = None,
) -> Written:
    """Write a range's bundle as a zip into `out`.

    The files gather in a private folder beside `beside`, about as large as the entries.
    """
    with staged(beside) as files:
        writing = _Writing(connection, signer, asked, files)
        writing.write(progress or (lambda _done, _all: None))
        manifest = files.manifest()
        files.append("manifest.json", manifest)
        digest = hashlib.sha256(manifest).hexdigest()
        files.append("manifest.sig", signer.sign_text(f"{signer.origin}\nmanifest\n{digest}\n").encode())
        files.zip_into(out)
    return Written(manifest_sha256=digest, signed=writing.signed)


class _Writing:
    """One bundle being written."""

    def __init__(self, connection: sa.Connection, signer: HeadSigner, asked: Range, files: BundleFiles) -> None:
        self._connection, self._signer, self._range, self._files = connection, signer, asked, files
        self._read: ReadNode = functools.lru_cache(maxsize=65536)(node_reader(connection))
        self._keys: list[StoredEntry] = []
        self._needs = Needs()
        self.signed: list[SignedHead] = []

    def write(self, progress: Progress) -> None:
        """Write every file that the manifest lists."""
        self._files.append("README.txt", _README.replace("\n", "\r\n").encode())
        self._files.append("log/before.jsonl", b"")
        first_wall_ms, last_wall_ms = self._write_entries(progress)
        earlier = bundle_range.earlier_entries(self._connection, self._range.first, self._needs)
        self._write_earlier(earlier)
        self._write_heads()
        self._write_price_lists(first_wall_ms, last_wall_ms)
        introduced = [stored for stored in earlier if stored.entry["type"] == "key.added"] + self._keys
        for number, stored in enumerate(introduced, 1):
            body = stored.entry["body"]
            public = body["vkey"] if "vkey" in body else body["public"]
            self._files.append(f"keys/{number:03}.txt", f"{public}\n{stored.seq}\n".encode())
        self._files.append("verify/verify.py", verifier_source())

    def _write_entries(self, progress: Progress) -> tuple[int, int]:
        """Write lines and tables in one walk; the wall clocks of the first and the last entry."""
        asked, files = self._range, self._files
        tables = CsvTables(lambda name, data: files.append(f"csv/{name}.csv", data), self._first_timezone())
        walls: list[int] = []
        for stored in bundle_range.stored_entries(self._connection, asked):
            entry = stored.entry
            files.append("log/entries.jsonl", stored.data + b"\n")
            tables.add(entry, stored.leaf)
            self._needs.note(entry)
            walls[1:] = [entry["wall"]]
            if entry["type"] == "key.added":
                self._keys.append(stored)
            if entry["type"] == "venue.changed":
                tables.timezone = ZoneInfo(entry["body"]["settings"]["timezone"])
            done = stored.seq - asked.first + 1
            if done % _PROGRESS_ENTRIES == 0:
                progress(done, asked.size - asked.first)
        progress(asked.size - asked.first, asked.size - asked.first)
        return walls[0], walls[-1]

    def _first_timezone(self) -> ZoneInfo:
        """The zone of the settings before the range; those of entry 1 hold for entry 0 too."""
        return ZoneInfo(bundle_range.timezone_before(self._connection, self._range.first))

    def _write_earlier(self, earlier: list[StoredEntry]) -> None:
        for stored in earlier:
            proof = inclusion_proof(stored.seq, self._range.size, self._read)
            line: dict[str, Any] = {"entry": stored.data.decode(), "seq": stored.seq, "proof": [n.hex() for n in proof]}
            self._files.append("log/before.jsonl", canonical(line) + b"\n")

    def _write_heads(self) -> None:
        size, first = self._range.size, self._range.first
        newest = self._connection.execute(
            sa.select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
        ).one_or_none()
        owed = bundle_range.heads_of_days(self._connection, self._range)
        notes = [note or self._signed_note(at) for at, note in owed.items()]
        if newest is not None and newest.size > size:
            notes.append(newest.note)
        newest_size = size if newest is None else max(size, newest.size)
        self._files.append("log/checkpoints.txt", "\n".join(notes).encode())
        consistency = consistency_proof(size, newest_size, self._read)
        frontier = [self._read(level, index).hex() for level, index in frontier_addresses(first)]
        span: dict[str, Any] = {"first": first, "last": size - 1, "size": size, "newest": newest_size}
        span |= {"frontier": frontier, "consistency": [node.hex() for node in consistency]}
        self._files.append("log/range.json", canonical(span))

    def _signed_note(self, size: int) -> str:
        """Sign the head of this size, as nothing that was printed made anyone sign it before."""
        head = self._signer.sign_head(size, root_of(size, self._read))
        self.signed.append(head)
        return self._signer.checkpoint(head)

    def _write_price_lists(self, first_wall_ms: int, last_wall_ms: int) -> None:
        """Write each list that is named, or was in force in the range."""
        first, last = sorted((instant_of(first_wall_ms), instant_of(last_wall_ms)))
        rows = self._connection.execute(sa.select(price_lists).order_by(price_lists.c.effective)).all()
        in_force = [row.number for row in rows if row.effective <= first][-1:]
        in_force += [row.number for row in rows if first < row.effective <= last]
        for row in rows:
            if row.number in self._needs.lists.union(in_force):
                self._files.append(f"prices/{row.number}.json", row.canonical.encode())


def verifier_source() -> bytes:
    """The verifier as it travels in each bundle."""
    return importlib.resources.files("compliance.verify").joinpath("verify.py").read_bytes()
