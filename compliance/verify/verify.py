"""Verify a Mingjia bundle: `python verify.py FILE [--anchor TEXT …] [--json]`; FILE is the zip or the unpacked folder.

Written from docs/journal-format.md ("journal"), docs/bundle-format.md ("bundle") and docs/pricing.md (rules P-…), not
from the product's code, of which it imports nothing. It needs Python 3.8 or later, the standard library, no network.

Exit status: 0 nothing found, 1 a finding, 2 wrong use. A value that a document forbids is a finding, never a
traceback. The steps of `Verification` are those of bundle §3. Where a step finds nothing, it has proved this:

1. Files: the bundle is the one that was signed, nothing changed, left out or put in.
2. Signatures: manifest and heads are signed twice, by keys of one desk that the log itself introduced before.
3. Entries: each is of a documented type, in the only bytes it can have; none is missing; each names the one before; the
   perpetual totals grow by what the entries say, and no clock moved unsaid.
4. Tree: the entries are those of the signed heads, and the newest head only adds to them.
5. Money: each posting follows from what was sold and paid; what goes back goes by the way it came, and never more;
   drawer and shifts add up; the stock counted is compared with what there should be.
6. Prices: each line is posted in the list that counts for it, each second of a stay has its posted rate once, each bill
   is that of its visit's own entries, under P-16 the least there is; combos and promotions are whole, savings,
   cancellations, reductions and refunds are what the rules make of them.
7. Tables: the spreadsheets say what the signed entries say, byte for byte.
8. Anchors: whoever holds a receipt, a note or the start slip's key knows that it is this log.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import bisect
import collections
import datetime as dt
import functools
import gc
import hashlib
import heapq
import io
import json
import os
import re
import sys
import zipfile
import zlib
from typing import IO, Any, Callable, Dict, Iterable, Iterator, NamedTuple, Sequence, Tuple

Entry = Dict[str, Any]
Check = Callable[[Any], Any]

CODES = {
    "unreadable": ("读不出来", "cannot be read"),
    "file-unlisted": ("文件不在清单中，或出现两次", "a file is not in the manifest, or is there twice"),
    "file-missing": ("缺少文件", "a file is missing"),
    "file-changed": ("文件被改动", "a file was changed"),
    "signature": ("签名或密钥不符", "a signature or key does not hold"),
    "entry-form": ("记录格式不符", "an entry is not in the documented form"),
    "seq-gap": ("记录编号不连续", "entries are missing or out of order"),
    "prev": ("记录链断开", "the chain of entries is broken"),
    "clock-back": ("时钟异常且未记录", "a clock moved without saying so"),
    "checkpoint-root": ("检查点与记录不符", "a checkpoint does not match the entries"),
    "money": ("金额不符", "money does not add up"),
    "price": ("收费与公示价格不符", "a charge is not what was posted"),
    "csv-differs": ("表格与记录不符", "a table differs from the entries"),
    "truncated": ("记录末尾被截去", "the log ends before the anchor"),
    "fork": ("与所持凭证矛盾", "the log contradicts the anchor"),
}
CLOCK_SLACK_MS = 2_000  # Journal §7.
FINDINGS_PER_CODE = 100  # A ruined bundle is told in a page, not in a gigabyte.
SMALL_FILE_BYTES = 64 << 20
LARGE_BYTES = 32 << 20  # From here on the tables are derived in a process of their own.
LONGEST_LINE_BYTES = 16 << 20
READ_ERRORS = (OSError, EOFError, RuntimeError, ValueError, LookupError, MemoryError, zlib.error, zipfile.BadZipFile)
FORM_ERRORS = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,  # A date beyond the year 9999 is one.
    StopIteration,
    RecursionError,
)
LONGEST_STAY_SECONDS = 366 * 86_400  # What goes on for longer is no visit, and would take hours to rate.


class Report:
    """The findings so far, and what no finding can speak of."""

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.checked: list[str] = []
        self.not_checked: list[str] = []
        self._count: dict[str, int] = {}

    def __call__(self, code: str, seq: int | None, rule: str, evidence: str) -> None:
        self._count[code] = self._count.get(code, 0) + 1
        if self._count[code] <= FINDINGS_PER_CODE:
            self.findings.append({"code": code, "seq": seq, "rule": rule, "evidence": evidence})

    def skip(self, what: str) -> None:
        if what not in self.not_checked:
            self.not_checked.append(what)

    def all_findings(self) -> list[dict[str, Any]]:
        more = [
            {"code": code, "seq": None, "rule": "", "evidence": f"and {n - FINDINGS_PER_CODE} more"}
            for code, n in self._count.items()
            if n > FINDINGS_PER_CODE
        ]
        return self.findings + more


# Bytes, strictly.


def _no_float(text: str) -> Any:
    raise ValueError("not an integer: " + text[:20])


_scan: Any = getattr(json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float), "scan_once")  # noqa: B009  # Typeshed lacks it.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_BEYOND = 1 << 53


def canonical(value: Any) -> bytes:
    return _encode(value).encode("utf-8")


def parse_canonical(line: bytes) -> Any:
    """The value of canonical bytes (journal §1); ValueError for any other bytes."""
    try:
        text = line.decode("utf-8")
        value, end = _scan(text, 0)
    except (StopIteration, RecursionError) as error:
        raise ValueError("not JSON") from error
    if end != len(text) or _encode(value) != text:
        raise ValueError("not in canonical form")
    return value


def in_profile(value: Any) -> bool:
    """Whether keys are ASCII and integers within 2^53, all the way down (journal §1), where no record says so."""
    if isinstance(value, dict):
        return all(key.isascii() for key in value) and all(map(in_profile, value.values()))
    if isinstance(value, list):
        return all(map(in_profile, value))
    return not isinstance(value, int) or -_BEYOND < value < _BEYOND


def strict_base64(text: str) -> bytes:
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("base64 is not canonical")
    return data


def strict_base32(text: str, length: int) -> bytes:
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if len(data) != length or base64.b32encode(data).decode("ascii").rstrip("=") != text:
        raise ValueError("base32 is not canonical")
    return data


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Multiples of points, on either curve. A log has few keys and many signatures, so each point gets a table.


def _table(point: Any, add: Callable[[Any, Any], Any], zero: Any) -> list[list[Any]]:
    """In row n the multiples 0 … 15 of 16^n · point, for scalars below 2^256."""
    rows = []
    for _ in range(64):
        row = [zero]
        for _ in range(15):
            row.append(add(row[-1], point))
        rows.append(row)
        point = add(row[-1], point)
    return rows


def _sum_of_multiples(pairs: Iterable[tuple[int, list[list[Any]]]], add: Callable[[Any, Any], Any], zero: Any) -> Any:
    total = zero
    for scalar, table in pairs:
        for number, row in enumerate(table):
            digit = scalar >> 4 * number & 15
            if digit:
                total = add(total, row[digit])
    return total


# Ed25519 (RFC 8032, no cofactor).

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
Point = Tuple[int, int, int, int]


def _ed_add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _ed_point(data: bytes) -> Point:
    """The point of 32 bytes; ValueError unless y < p, x exists and the encoding is the only one."""
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (1 << 255) - 1
    if len(data) != 32 or y >= _P:
        raise ValueError("not a point")
    x2 = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if x * x % _P != x2:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if x * x % _P != x2 or (x == 0 and sign):
        raise ValueError("not a point")
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_ED_ZERO = (0, 1, 1, 0)
_ED_BASE = (4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")


@functools.lru_cache(maxsize=32)
def _ed_table(data: bytes, *, negative: bool) -> list[list[Point]]:
    x, y, z, t = _ed_point(data)
    return _table((_P - x, y, z, _P - t) if negative else (x, y, z, t), _ed_add, _ED_ZERO)


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or s >= _L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    try:
        pairs = [(s, _ed_table(_ED_BASE, negative=False)), (k, _ed_table(public, negative=True))]
    except ValueError:
        return False
    total = _sum_of_multiples(pairs, _ed_add, _ED_ZERO)  # s·B − k·A
    inverse = pow(total[2], _P - 2, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    encoded: bytes = (y | (x & 1) << 255).to_bytes(32, "little")
    return encoded == signature[:32]


# ECDSA P-256 with SHA-256, strict DER.

_Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
Jacobian = Tuple[int, int, int]
_P256_ZERO = (1, 1, 0)


def _p256_double(p: Jacobian) -> Jacobian:
    x, y, z = p
    if z == 0:
        return p
    yy, zz = y * y % _Q, z * z % _Q
    s, m = 4 * x * yy % _Q, 3 * (x - zz) * (x + zz) % _Q
    x3 = (m * m - 2 * s) % _Q
    return x3, (m * (s - x3) - 8 * yy * yy) % _Q, 2 * y * z % _Q


def _p256_add(p: Jacobian, q: Jacobian) -> Jacobian:
    if p[2] == 0 or q[2] == 0:
        return q if p[2] == 0 else p
    z1, z2 = p[2] * p[2] % _Q, q[2] * q[2] % _Q
    u1, u2 = p[0] * z2 % _Q, q[0] * z1 % _Q
    s1, s2 = p[1] * q[2] * z2 % _Q, q[1] * p[2] * z1 % _Q
    h, r = (u2 - u1) % _Q, (s2 - s1) % _Q
    if h == 0:
        return _p256_double(p) if r == 0 else (1, 1, 0)
    hh = h * h % _Q
    v = u1 * hh % _Q
    x = (r * r - h * hh - 2 * v) % _Q
    return x, (r * (v - x) - s1 * h * hh) % _Q, h * p[2] * q[2] % _Q


def _der_signature(data: bytes) -> tuple[int, int]:
    """(r, s) of SEQUENCE { INTEGER, INTEGER } in its only encoding; else ValueError."""
    numbers, rest = [], data[2:]
    while rest:
        size = rest[1] if len(rest) > 1 else 0
        value = int.from_bytes(rest[2 : 2 + size], "big")
        numbers.append(value)
        if rest[: 2 + size] != bytes([2, value.bit_length() // 8 + 1]) + value.to_bytes(
            value.bit_length() // 8 + 1, "big"
        ):
            raise ValueError("DER integer")
        rest = rest[2 + size :]
    if len(numbers) != 2 or data[:2] != bytes([0x30, len(data) - 2]):
        raise ValueError("DER sequence")
    return numbers[0], numbers[1]


def _p256_public(spki: bytes) -> Jacobian:
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    on_curve = (y * y - x * x * x + 3 * x - _B) % _Q == 0
    if len(spki) != 91 or not spki.startswith(SPKI_P256) or x >= _Q or y >= _Q or not on_curve:
        raise ValueError("not a P-256 public key")
    return x, y, 1


@functools.lru_cache(maxsize=32)
def _p256_table(point: Jacobian) -> list[list[Jacobian]]:
    return _table(point, _p256_add, _P256_ZERO)


def p256_holds(spki: bytes, message: bytes, signature: bytes) -> bool:
    try:
        public = _p256_public(spki)
        r, s = _der_signature(signature)
    except (ValueError, OverflowError):
        return False
    if not (0 < r < _N and 0 < s < _N):
        return False
    w = pow(s, _N - 2, _N)
    u1, u2 = int.from_bytes(hashlib.sha256(message).digest(), "big") * w % _N, r * w % _N
    x, _, z = _sum_of_multiples([(u1, _p256_table(_G)), (u2, _p256_table(public))], _p256_add, _P256_ZERO)
    return bool(z != 0 and x * pow(z * z, _Q - 2, _Q) % _Q % _N == r)


# Tree (journal §3).


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Size and roots of the complete subtrees, largest first: enough to append and to know the root."""

    def __init__(self, size: int, frontier: list[bytes]) -> None:
        if size < 0 or len(frontier) != bin(size).count("1") or any(len(node) != 32 for node in frontier):
            raise ValueError("a frontier of another size")
        self.size, self._stack = size, list(frontier)

    def append(self, leaf: bytes) -> None:
        n, stack = self.size, self._stack
        while n & 1:
            leaf = node_hash(stack.pop(), leaf)
            n >>= 1
        stack.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self._stack:
            return hashlib.sha256(b"").digest()
        return functools.reduce(lambda right, left: node_hash(left, right), reversed(self._stack))


def inclusion_root(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162 §2.1.3.2); ValueError for a proof of another shape."""
    if not 0 <= index < size or any(len(node) != 32 for node in [leaf, *proof]):
        raise ValueError("no such leaf, or a bad hash")
    fn, sn, root = index, size - 1, leaf
    for node in proof:
        if sn == 0:
            raise ValueError("the proof is too long")
        if fn & 1 or fn == sn:
            root = node_hash(node, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, node)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the proof is too short")
    return root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether one tree extends the other (RFC 9162 §2.1.4.2). Size 0 proves nothing: ValueError."""
    if not 1 <= old <= new or any(len(node) != 32 for node in [old_root, new_root, *proof]):
        raise ValueError("sizes or hashes that no proof is about")
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(node, first), node_hash(node, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root


# Notes, keys, anchors (journal §3).


class Signature(NamedTuple):
    name: str
    key_id: bytes
    value: bytes


class Note(NamedTuple):
    text: bytes
    signatures: list[Signature]


class Key(NamedTuple):
    vkey: str
    name: str
    key_id: bytes
    algorithm: int  # 1 = Ed25519, 2 = ECDSA P-256
    public: bytes

    def holds(self, message: bytes, signature: bytes) -> bool:
        return (ed25519_holds if self.algorithm == 1 else p256_holds)(self.public, message, signature)


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def parse_note(data: bytes) -> Note:
    """A signed note of any number of signatures; ValueError unless every byte is where it must be."""
    text, blank, lines = data.partition(b"\n\n")
    if not blank or not lines.endswith(b"\n"):
        raise ValueError("not a signed note")
    signatures = []
    for line in lines[:-1].decode("utf-8").split("\n"):
        match = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
        if not match:
            raise ValueError("not a signature line")
        blob = strict_base64(match.group(2))
        signatures.append(Signature(match.group(1), blob[:4], blob[4:]))
    return Note(text + b"\n", signatures)


def parse_vkey(text: str) -> Key:
    match = re.fullmatch(r"([^ +]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
    if not match:
        raise ValueError("not a vkey")
    name, blob = match.group(1), strict_base64(match.group(3))
    algorithm, public = blob[0], blob[1:]
    if algorithm == 1:
        _ed_point(public)
        key_id = hashlib.sha256(name.encode("utf-8") + b"\n" + blob).digest()[:4]
    elif algorithm == 2:
        _p256_public(public)
        key_id = hashlib.sha256(public).digest()[:4]
    else:
        raise ValueError("an algorithm that journal §3 does not have")
    if key_id.hex() != match.group(2):
        raise ValueError("a key id of another key")
    return Key(text, name, key_id, algorithm, public)


def parse_checkpoint(text: bytes) -> Checkpoint:
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n", text.decode("utf-8"))
    if not match:
        raise ValueError("not a checkpoint")
    root = strict_base64(match.group(3))
    if len(root) != 32:
        raise ValueError("a root is 32 bytes")
    return Checkpoint(match.group(1), int(match.group(2)), root)


class Anchor(NamedTuple):
    """What somebody outside the venue holds: a signed head of the log, or its key."""

    kind: str  # "receipt", "note", "vkey"
    log: str = ""  # first ten base32 characters of SHA-256(origin), of a receipt
    size: int = 0
    root: bytes = b""
    signature: bytes = b""
    note: Note | None = None
    key: Key | None = None


def parse_anchor(text: str) -> Anchor:
    """An `MJ1:` text, a signed note or a vkey; ValueError for anything else."""
    if text.strip().startswith("MJ1:"):
        match = re.fullmatch(r"MJ1:([A-Z2-7]{10}):(0|[1-9][0-9]{0,15}):([A-Z2-7]{52}):([A-Z2-7]{103})", text.strip())
        if not match:
            raise ValueError("not the text of a receipt's QR code")
        log, size, root, signature = match.groups()
        return Anchor("receipt", log, int(size), strict_base32(root, 32), strict_base32(signature, 64))
    if "\n" not in text.strip():
        return Anchor("vkey", key=parse_vkey(text.strip()))
    note = parse_note((text.replace("\r\n", "\n").strip("\n") + "\n").encode("utf-8"))
    head = parse_checkpoint(note.text)
    return Anchor("note", size=head.size, root=head.root, note=note)


# Time (P-19).

FIXED_ZONES = {"Asia/Shanghai": 28_800, "UTC": 0}  # Without change since 1991; needs no zone data.
DAY = 86_400
_EPOCH = dt.date(1970, 1, 1).toordinal()
_EPOCH_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


class ZoneUnknownError(Exception):
    """This Python has no data for the zone."""


@functools.lru_cache(maxsize=4096)
def day_number(text: str) -> int:
    return dt.date(int(text[:4]), int(text[5:7]), int(text[8:10])).toordinal() - _EPOCH


@functools.lru_cache(maxsize=4096)
def day_text(day: int) -> str:
    return dt.date.fromordinal(day + _EPOCH).isoformat()


@functools.lru_cache(maxsize=DAY)
def clock_text(clock: int) -> str:
    return f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"


class Zone:
    """Local clock of a time zone; instants are whole seconds since 1970 UTC."""

    def __init__(self, name: str) -> None:
        self.fixed = FIXED_ZONES.get(name)
        self._days: dict[int, list[tuple[int, int, int]]] = {}
        if self.fixed is None:
            try:
                import zoneinfo  # Python 3.9; with the system's or the package's zone data.

                self._info = zoneinfo.ZoneInfo(name)
            except (ImportError, LookupError, ValueError, OSError) as error:
                raise ZoneUnknownError(name) from error

    def _offset_of(self, instant: int) -> int:
        # Not by `fromtimestamp`, which asks the system and fails in the system's way.
        shown = (_EPOCH_TIME + dt.timedelta(seconds=instant)).astimezone(self._info).utcoffset()
        return int(shown.total_seconds()) if shown is not None else 0

    def _spans_of_day(self, day: int) -> list[tuple[int, int, int]]:
        """(from, to, offset) over one UTC day; a zone changes its offset at most once a day."""
        if day not in self._days:
            low = start = day * DAY
            high = end = start + DAY
            before, after = self._offset_of(start), self._offset_of(end)
            while before != after and high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._offset_of(middle) == before else (low, middle)
            spans = [(start, end, before)] if before == after else [(start, high, before), (high, end, after)]
            self._days[day] = spans
        return self._days[day]

    def spans(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """(from, to, offset) that cover [start, end)."""
        if self.fixed is not None:
            return [(start, end, self.fixed)]
        found = []
        for day in range(start // DAY, (end - 1) // DAY + 1):
            found += [
                (max(a, start), min(b, end), off) for a, b, off in self._spans_of_day(day) if a < end and b > start
            ]
        return found

    def offset(self, instant: int) -> int:
        return self.fixed if self.fixed is not None else self.spans(instant, instant + 1)[0][2]

    def showing(self, local: int) -> list[int]:
        """Every instant, ascending, at which clock and calendar show `local` (seconds as if it were UTC)."""
        if self.fixed is not None:
            return [local - self.fixed]
        offsets = {span[2] for span in self.spans(local - DAY, local + DAY)}
        return sorted(local - off for off in offsets if self.offset(local - off) == off)

    def at_clock(self, day: int, clock: int) -> int:
        """The instant a list means by a clock time: its first occurrence, or the transition that skips it."""
        local = day * DAY + clock
        shown = self.showing(local)
        if shown:
            return shown[0]
        spans = self.spans(local - DAY, local + DAY)
        return next(b for (_, b, off), (_, _, new) in zip(spans, spans[1:]) if b + off <= local < b + new)

    def next_shown(self, after: int, clock: int) -> int:
        """The next strictly later instant that shows the clock time, or skips it."""
        day = (after + self.offset(after)) // DAY - 1
        while True:
            for instant in self.showing(day * DAY + clock) or [self.at_clock(day, clock)]:
                if instant > after:
                    return instant
            day += 1

    def next_clock(self, after: int, clock: int) -> int:
        """The next strictly later instant that a list means by a clock time."""
        day = (after + self.offset(after)) // DAY
        return next(
            instant for date in (day, day + 1, day + 2) for instant in [self.at_clock(date, clock)] if instant > after
        )

    def instant(self, text: str) -> int:
        """The instant of a local time, with or without offset; ValueError for one that no clock shows."""
        local = day_number(text[:10]) * DAY + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
        shown = self.showing(local)
        if len(text) > 19:
            offset = int(text[19] + "1") * (int(text[20:22]) * 3600 + int(text[23:25]) * 60)
            shown = [instant for instant in shown if len(shown) > 1 and local - instant == offset]
        if not shown:
            raise ValueError("a time that the clock does not show: " + text)
        return shown[0]

    def text(self, instant: int, between: str = "T") -> str:
        """Local time, with its offset where the clock shows it twice."""
        offset = self.offset(instant)
        day, clock = divmod(instant + offset, DAY)
        shown = day_text(day) + between + clock_text(clock)
        if self.fixed is None and len(self.showing(instant + offset)) > 1:
            shown += f"{('-' if offset < 0 else '+')}{abs(offset) // 3600:02}:{abs(offset) // 60 % 60:02}"
        return shown


def clock_seconds(text: str) -> int:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise ValueError("not a clock time: " + text)
    return int(text[:2]) * 3600 + int(text[3:]) * 60


# Price lists (pricing §1) and rating (pricing P-1 … P-14).


class Refused(Exception):  # noqa: N818  # What the price list does with a usage: no error of a program.
    """The usage or the charge breaks a rule; `rule` names it."""

    def __init__(self, rule: str, evidence: str) -> None:
        super().__init__(evidence)
        self.rule, self.evidence = rule, evidence


class Band(NamedTuple):
    """A stretch of the clock up to `end` for which `posted` rates are posted; there should be one."""

    end: int
    posted: int
    rate: int
    fen_per_hour: int


class Cover(NamedTuple):
    start: int
    end: int
    zones: list[str]


Bought = Tuple[str, int]  # A package and the instant of its purchase.


class Usage(NamedTuple):
    """A visit in instants: all that its charge depends on."""

    tier: str
    start: int
    end: int
    stays: list[tuple[int, str]]
    pauses: list[tuple[int, int, bool]]
    packages: list[Bought]


class Offer(NamedTuple):
    """A combo or a promotion: what it saves against the single prices of its parts (kind, code, quantity)."""

    saving_fen: int
    parts: list[tuple[str, str, int]]
    start_ms: int
    end_ms: int


SAVINGS = ("combo", "promotion")


def _added(bill: Entry, zone: Zone) -> list[Bought]:
    """The packages that rule P-16 added to a bill."""
    return [
        (line["code"], zone.instant(line["at"])) for line in bill["lines"] if line.get("best_price") and "at" in line
    ]


def _exactly(text: str) -> int:
    """The instant, in milliseconds, of a local time that carries its offset."""
    local = day_number(text[:10]) * DAY + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
    return (local - int(text[19] + "1") * (int(text[20:22]) * 3600 + int(text[23:25]) * 60)) * 1000


class PriceList:
    """One published list. The constructor raises one of FORM_ERRORS for what is no list."""

    def __init__(self, number: int, data: bytes) -> None:
        document = parse_canonical(data)
        if not in_profile(document):
            raise ValueError("outside the profile of journal §1")
        self.number, self.sha256 = number, sha256_hex(data)
        self.zone = Zone(document["timezone"])
        hours, calendar, method = document["hours"], document["calendar"], document["method"]
        self._open, self._close = clock_seconds(hours["open"]), clock_seconds(hours["close"])
        self._holidays = {day_number(day) for day in calendar["holidays"]}
        self._workdays = {day_number(day) for day in calendar["workdays"]}
        self.unit = int(method["unit_minutes"]) * 60
        self.grace = int(method["grace_minutes"]) * 60
        self.minimum, self.round_to = int(method["minimum_fen"]), int(method["round_to_fen"])
        self.stops, self.best_price = method["package_end"] == "stop", method["best_price"] is True
        self.pauses_max, self.pause_minutes_max = method["pauses_max"], method["pause_minutes_max"]
        self.zones = {zone["code"] for zone in document["zones"]}
        self.discounts = {tier["code"]: int(tier["discount_bp"]) for tier in document["tiers"]}
        self._rates = [
            (
                rate["zone"],
                rate["tiers"],
                rate["days"],
                clock_seconds(rate["from"]),
                clock_seconds(rate["to"]),
                int(rate["fen_per_hour"]),
            )
            for rate in document["rates"]
        ]
        self.dearest = max([rate[5] for rate in self._rates])
        self.packages = {package["code"]: package for package in document["packages"]}
        self.posted = {("goods", item["code"]): item["price_fen"] for item in document["goods"]}
        self.posted.update({("service", item["code"]): item["price_fen"] for item in document["services"]})
        self.offers: dict[tuple[str, str], Offer] = {}
        for combo in document["combos"]:
            self._offer("combo", combo, combo["items"], 0, _BEYOND)
        for offer in document["promotions"]:
            span = _exactly(offer["from"]), _exactly(offer["until"])
            self._offer("promotion", offer, [{**offer["item"], "qty": 1}], *span)
        self._bands: dict[tuple[str, str, int], list[Band]] = {}

    def _offer(self, kind: str, offer: Entry, items: list[Entry], start_ms: int, end_ms: int) -> None:
        parts = [(key, item[key], int(item["qty"])) for item in items for key in item if key != "qty"]
        single = {("package", code): package["price_fen"] for code, package in self.packages.items()}
        single.update(self.posted)
        saving = int(offer["price_fen"]) - sum([single[key, code] * qty for key, code, qty in parts])
        self.offers[kind, offer["code"]] = Offer(saving, parts, start_ms, end_ms)

    # P-1 … P-3: what is posted for an instant.

    def day_kind(self, day: int) -> str:
        if day in self._holidays:
            return "holiday"
        return "weekend" if (day + 3) % 7 >= 5 and day not in self._workdays else "workday"

    def _bands_of(self, zone: str, tier: str, day: int) -> list[Band]:
        """The day from 0:00 to 24:00 in bands, each with the rates that are posted for it."""
        key = (zone, tier, day)
        if key not in self._bands:
            today, before, posted = self.day_kind(day), self.day_kind(day - 1), []
            for number, (at, tiers, days, start, end, fen) in enumerate(self._rates):
                if at == zone and tier in tiers:
                    if today in days:
                        posted.append((start, end if start < end else DAY, number, fen))
                    if before in days and end <= start:
                        posted.append((0, end, number, fen))
            edges = sorted({DAY}.union(*[(start, end) for start, end, _, _ in posted]) - {0})
            here = [[rate for rate in posted if rate[0] < edge <= rate[1]] for edge in edges]
            self._bands[key] = [
                Band(edge, len(rates), *(rates[0][2:] if rates else (-1, 0))) for edge, rates in zip(edges, here)
            ]
        return self._bands[key]

    def sweep(self, start: int, end: int, zone: str, tier: str) -> Iterator[tuple[int, int, int, int]]:
        """(from, to, rate, fen an hour) over [start, end); Refused where an instant has no posted rate, or two."""
        for at, high, offset in self.zone.spans(start, end):
            low = at
            while low < high:
                day, clock = divmod(low + offset, DAY)
                for band in self._bands_of(zone, tier, day):
                    if clock < band.end:
                        break
                if band.posted != 1:
                    raise Refused("P-3", f"{band.posted} rates are posted for {zone} at {self.zone.text(low)}")
                until = min(high, low + band.end - clock)
                yield low, until, band.rate, band.fen_per_hour
                low = until

    def closing(self, start: int) -> int | None:
        """The end of the opening hours that `start` lies in; None where the venue never closes."""
        if (self._close - self._open) % DAY == 0:
            return None
        for low, high, offset in self.zone.spans(start, start + 2 * DAY):
            clock = (low + offset) % DAY
            if (clock - self._open) % DAY >= (self._close - self._open) % DAY:
                if low == start:
                    break
                return low
            closes = low + (self._close - clock) % DAY
            if closes < high:
                return closes
        raise Refused("outside-hours", f"the venue is closed at {self.zone.text(start)}")

    # P-5 … P-7: what packages cover.

    def covers(self, usage: Usage) -> list[Cover]:
        covers: list[Cover] = []
        for code, bought in sorted(usage.packages, key=lambda purchase: purchase[1]):
            package = self.packages.get(code)
            if package is None:
                raise Refused("P-5", f"no package {code} in list {self.number}")
            if not usage.start <= bought < usage.end:
                raise Refused("P-6a", f"package {code} was bought outside the visit")
            earliest = max(bought, covers[-1].end) if covers else bought
            found = self.cover(code, bought, earliest) if usage.tier in package["tiers"] else None
            if found is None:
                raise Refused("P-6a", f"package {code} was not on sale at {self.zone.text(bought)}")
            covers.append(Cover(found[0], found[1], package["zones"]))
        return covers

    def cover(self, code: str, bought: int, earliest: int) -> tuple[int, int] | None:
        """What it covers, no earlier than `earliest`; None where it is not on sale, or nothing is left of it."""
        package, windows = self.packages[code], self.on_sale(code, bought)
        if package["kind"] != "duration":
            return next(((max(earliest, start), end) for start, end in windows if max(earliest, start) < end), None)
        if not windows:
            return None
        end = earliest + package["minutes"] * 60
        if package["until"] is not None:
            end = min(end, self.zone.next_shown(earliest, clock_seconds(package["until"]) % DAY))
        return earliest, end

    def on_sale(self, code: str, bought: int) -> list[tuple[int, int]]:
        """The windows of a package that are on sale at an instant, the earlier first; of a duration: one or none."""
        package = self.packages[code]
        return (self._duration if package["kind"] == "duration" else self._windows)(package, bought)

    def _duration(self, package: Entry, bought: int) -> list[tuple[int, int]]:
        day, clock = divmod(bought + self.zone.offset(bought), DAY)
        sold_from, sold_until = (
            clock_seconds(package["sold_from"] or "00:00"),
            clock_seconds(package["sold_until"] or "24:00"),
        )
        if sold_from < sold_until:
            on_sale = sold_from <= clock < sold_until
        else:
            on_sale = clock >= sold_from or clock < sold_until
        return [(0, 0)] if on_sale and self.day_kind(day) in package["days"] else []

    def _windows(self, package: Entry, bought: int) -> list[tuple[int, int]]:
        day, found = (bought + self.zone.offset(bought)) // DAY, []
        for date in (day - 2, day - 1, day):
            if self.day_kind(date) not in package["days"]:
                continue
            start = self.zone.at_clock(date, clock_seconds(package["start"]))
            end = self.zone.next_clock(start, clock_seconds(package["end"]) % DAY)
            sold_from = (
                start if package["sold_from"] is None else self.zone.at_clock(date, clock_seconds(package["sold_from"]))
            )
            sold_until = end
            if package["sold_until"] is not None:
                sold_until = self.zone.next_clock(sold_from, clock_seconds(package["sold_until"]) % DAY)
            if sold_from <= bought < sold_until:
                found.append((start, end))
        return found

    # P-4, P-6a: the usage itself.

    def refuse_bad_usage(self, usage: Usage, covers: list[Cover], closing: int | None) -> None:
        if usage.tier not in self.discounts or any(zone not in self.zones for _, zone in usage.stays):
            raise Refused("pricing §5", f"a tier or zone that list {self.number} does not have")
        starts = [start for start, _ in usage.stays]
        if usage.end - usage.start > LONGEST_STAY_SECONDS:
            raise Refused("pricing §5", "a stay of more than a year")
        if usage.end < usage.start or starts[0] != usage.start or any(b <= a for a, b in zip(starts, starts[1:])):
            raise Refused("pricing §5", "the stays do not ascend from the start")
        if usage.pauses:
            self._refuse_bad_pauses(usage)
        if closing is not None and usage.end > closing:
            raise Refused("outside-hours", "the stay goes on after closing time")
        if self.stops and covers and usage.end > covers[-1].end:
            raise Refused("P-6a", "the stay goes on after its last package")

    def _refuse_bad_pauses(self, usage: Usage) -> None:
        edges = [usage.start] + [edge for pause in usage.pauses for edge in pause[:2]] + [usage.end]
        if any(b < a for a, b in zip(edges, edges[1:])) or any(b <= a for a, b, _ in usage.pauses):
            raise Refused("P-4", "the pauses overlap, are empty, or lie outside the visit")
        own = [end - start for start, end, venue in usage.pauses if not venue]
        if self.pauses_max is not None and len(own) > self.pauses_max:
            raise Refused("P-4", f"{len(own)} pauses")
        if self.pause_minutes_max is not None and own and max(own) > self.pause_minutes_max * 60:
            raise Refused("P-4", f"a pause of {max(own)} s")

    # P-7, P-8: every second of the stay is paused, covered by a package, or hourly, and only one of them.

    @staticmethod
    def hourly(usage: Usage, covers: list[Cover]) -> list[tuple[int, int, str]]:
        ends = [start for start, _ in usage.stays[1:]] + [usage.end]
        if not usage.pauses and not covers:
            return [(start, end, zone) for (start, zone), end in zip(usage.stays, ends) if start < end]
        stretches = []
        for (start, zone), end in zip(usage.stays, ends):
            taken = [(a, b) for a, b, _ in usage.pauses] + [(c.start, c.end) for c in covers if zone in c.zones]
            at = start
            for a, b in sorted(taken):
                if at < min(a, end):
                    stretches.append((at, min(a, end), zone))
                at = max(at, b)
            if at < end:
                stretches.append((at, end, zone))
        return stretches

    # P-9 … P-14: from seconds to the bill.

    def bill(self, usage: Usage, added: Sequence[Bought] = ()) -> Entry:
        """The bill of P-14 for this usage and what P-16 adds to it; Refused where a rule forbids it."""
        if added:
            usage = usage._replace(packages=[*usage.packages, *added])
        covers = self.covers(usage) if usage.packages else []
        closing = self.closing(usage.start) if usage.start < usage.end else None  # No time, no breach of the hours.
        self.refuse_bad_usage(usage, covers, closing)
        chargeable = usage.end - usage.start - sum(end - start for start, end, _ in usage.pauses)
        if chargeable == 0 or (chargeable <= self.grace and not covers):
            lines = [] if covers else [{"kind": "grace", "amount_fen": 0}]
        else:
            lines, exact = self._time_lines(usage, covers, closing)
            if lines:
                lines += self._adjustments(exact, self.discounts[usage.tier], no_package=not covers)
        if covers:
            lines += self._package_lines(usage.packages, len(usage.packages) - len(added))
        return {"lines": lines, "total_fen": sum([line["amount_fen"] for line in lines])}

    def _package_lines(self, bought: list[Bought], made: int) -> Iterator[Entry]:
        """A line for each package that costs something, and for each that was added: those from `made` on."""
        for number, (code, at) in sorted(enumerate(bought), key=lambda purchase: purchase[1][1]):
            line: Entry = {"kind": "package", "code": code, "amount_fen": self.packages[code]["price_fen"]}
            if number >= made:
                line.update(at=self.zone.text(at), best_price=True)
            if number >= made or line["amount_fen"]:
                yield line

    def _time_lines(self, usage: Usage, covers: list[Cover], closing: int | None) -> tuple[list[Entry], int]:
        """Time lines, and the exact hourly charge in 1/3600 fen."""
        stretches = self.hourly(usage, covers)
        parts = [(piece, zone, 0) for a, b, zone in stretches for piece in self.sweep(a, b, zone, usage.tier)]
        missing = -sum(b - a for a, b, _ in stretches) % self.unit if self.unit else 0
        if missing and stretches:
            last, zone = stretches[-1][1], stretches[-1][2]
            until = last + missing if closing is None else min(last + missing, closing)
            parts += [(piece, zone, piece[1] - piece[0]) for piece in self.sweep(last, until, zone, usage.tier)]
        lines: list[Entry] = []
        line: Entry = {}
        exact = before = 0
        rate = at = -1
        for (start, end, posted, fen_per_hour), zone, extension in parts:
            exact += (end - start) * fen_per_hour
            if start != at or posted != rate or line["zone"] != zone:
                line = {"kind": "time", "zone": zone, "from": start, "to": end, "seconds": 0, "extension_seconds": 0}
                line["fen_per_hour"], line["amount_fen"] = fen_per_hour, 0
                lines.append(line)
            line["to"] = end
            line["seconds"] += end - start
            line["extension_seconds"] += extension
            line["amount_fen"] += exact // 3600 - before
            before, at, rate = exact // 3600, end, posted
        for line in lines:
            line["from"], line["to"] = self.zone.text(line["from"]), self.zone.text(line["to"])
        return lines, exact

    def _adjustments(self, exact: int, discount_bp: int, *, no_package: bool) -> list[Entry]:
        charge = exact * (10_000 - discount_bp) // 36_000_000
        lines = [("discount", charge - exact // 3600)]
        if no_package and charge < self.minimum:
            lines.append(("minimum", self.minimum - charge))
            charge = self.minimum
        lines.append(("rounding", -(charge % self.round_to)))
        return [{"kind": kind, "amount_fen": fen} for kind, fen in lines if fen]

    # What a settlement's own words come to later (G-4, REQ-P-26).

    def said_usage(self, said: Entry) -> Usage:
        instant = self.zone.instant
        return Usage(
            said["tier"],
            instant(said["start"]),
            instant(said["end"]),
            [(instant(stay["from"]), stay["zone"]) for stay in said["stays"]],
            [(instant(pause["from"]), instant(pause["to"]), "venue" in pause) for pause in said.get("pauses", ())],
            [(package["code"], instant(package["bought_at"])) for package in said.get("packages", ())],
        )

    def unused_share(self, settled: Entry, number: int) -> tuple[str, int] | None:
        """Code and posted share (G-4) of the bill's package line `number`; None where nothing of it goes back."""
        lines = [line for line in settled["bill"]["lines"] if line["kind"] == "package"]
        usage, added = self.said_usage(settled["usage"]), _added(settled["bill"], self.zone)
        bought = [(code, at, False) for code, at in usage.packages] + [(code, at, True) for code, at in added]
        bought.sort(key=lambda purchase: purchase[1])
        covers = self.covers(usage._replace(packages=[purchase[:2] for purchase in bought]))
        told = [one for one in zip(bought, covers) if one[0][2] or self.packages[one[0][0]]["price_fen"]]
        if number > len(lines) or len(told) != len(lines):
            return None
        (code, _, is_added), cover = told[number - 1]
        if is_added or self.packages[code]["refund"] != "pro_rata":
            return None
        left = max(0, cover.end - max(cover.start, usage.end))
        return code, self.packages[code]["price_fen"] * left // (cover.end - cover.start)

    def due(self, usage: Usage, lines: list[Entry]) -> int | None:
        """What a visit should have come to, lines at this list's price where it is lower; None where P-16 chokes."""
        due: int = self.bill(usage)["total_fen"]
        if self.best_price:
            search = BestPrice(self, usage)
            due = search.least(due)[0]
            if search.gave_up:
                return None
        for line in lines:
            posted = self.posted.get((line["kind"], line["code"]), line["unit_fen"])
            due += line["qty"] * min(posted, line["unit_fen"])
        return due


# Best price (pricing P-16).


class Hourly:
    """Unpaused time of a visit, outside some zones: how much of it there is up to an instant, and what it costs."""

    def __init__(self, pieces: list[tuple[int, int, str, int]]) -> None:
        self._pieces, self._starts = pieces, [piece[0] for piece in pieces]
        self._before = [(0, 0)]
        for start, end, _, fen_per_hour in pieces:
            seconds, exact = self._before[-1]
            self._before.append((seconds + end - start, exact + (end - start) * fen_per_hour))

    def until(self, instant: int) -> tuple[int, int]:
        """Seconds, and their exact charge in 1/3600 fen."""
        at = bisect.bisect_right(self._starts, instant) - 1
        if at < 0:
            return 0, 0
        (seconds, exact), (start, end, _, fen_per_hour) = self._before[at], self._pieces[at]
        inside = min(instant, end) - start
        return seconds + inside, exact + inside * fen_per_hour

    def last(self, start: int, end: int) -> tuple[int, str] | None:
        """Where the last of it within [start, end) ends, and in which zone."""
        at = bisect.bisect_left(self._starts, end) - 1
        if at < 0 or min(self._pieces[at][1], end) <= start:
            return None
        return min(self._pieces[at][1], end), self._pieces[at][2]


class Chain(NamedTuple):
    """Packages one after the other (P-5), those bought and those added, and what the visit costs up to their end."""

    end: int  # Of the last package; before the first, the visit's beginning.
    made: int  # How many of the purchases made are in it.
    instants: tuple[int, ...]  # At which the next may be added before `end` is past.
    price_fen: int
    exact: int  # The hourly charge so far in 1/3600 fen, before discount.
    seconds: int  # Of hourly time so far.
    last: tuple[int, str] | None  # Where hourly time ends so far (P-9).
    added: tuple[Bought, ...]


class BestPrice:
    """The least charge for a usage over all packages that may be added: exact, by branch and bound.

    Covers follow each other without overlap, so a combination is a chain that grows at its end. Of two chains that end
    at the same instant, one is dropped where it has no choice more than the other and no continuation can make it
    the cheaper one: rounding (P-13) and a started unit (P-9) shift a total by less than `_slack`.
    """

    CHAINS_MAX = 30_000  # Some seconds. A list whose packages choke the search is told as not checked.

    def __init__(self, prices: PriceList, usage: Usage) -> None:
        self.gave_up = False
        self._prices, self._usage = prices, usage
        self._made = sorted(usage.packages, key=lambda purchase: purchase[1])
        self._codes = [code for code, package in prices.packages.items() if usage.tier in package["tiers"]]
        self._places = {code: place for place, code in enumerate(prices.packages)}
        self._closing = prices.closing(usage.start) if usage.start < usage.end else None
        self._pieces = [
            (start, end, zone, fen)
            for a, b, zone in prices.hourly(usage, [])
            for start, end, _, fen in prices.sweep(a, b, zone, usage.tier)
        ]
        self._hourly: dict[tuple[str, ...], Hourly] = {}
        self._all = self._outside(())
        self._on_sale: dict[int, frozenset[Any]] = {}
        self._covers: dict[tuple[str, int, int], tuple[int, int] | None] = {}
        self._windows = self._starts_of_windows()
        self._share = 10_000 - prices.discounts[usage.tier]
        self._rounding = prices.round_to * 36_000_000
        self._slack = self._rounding + prices.unit * prices.dearest * self._share
        self._least_a_second = self._floor_a_second()

    def may_be_bought_at(self, instant: int, ends: Iterable[int]) -> bool:
        """Whether the rule lets a package be added then; `ends` are those of the packages."""
        return instant == self._usage.start or instant in self._windows or instant in ends

    def least(self, billed: int) -> tuple[int, tuple[Bought, ...]]:
        """The least total, if it is below `billed`, and what it adds; else `billed`."""
        best = billed
        added: tuple[Bought, ...] = ()
        simple = self._billed(())
        if simple is not None and simple < best:
            best = simple
        if self._all.until(self._usage.end)[0] == 0:
            return best, added  # Nothing is charged by the hour, so that nothing can be saved.

        def may_be_less(chain: Chain) -> bool:
            return self._floor(chain) < best * 36_000_000

        for chain in self._chains(may_be_less, self._is_better):
            if self._total(chain) < best:
                total = self._billed(chain.added)
                if total is not None and total < best:
                    best, added = total, chain.added
        return best, added

    def first_of(self, least: int, added: tuple[Bought, ...]) -> tuple[Bought, ...]:
        """Of the combinations with the least total the one that the bill shows; `added` is one of them."""
        if not added or self._billed(()) == least:
            return ()
        first, rank = added, self._rank(added)

        def may_be_before(chain: Chain) -> bool:
            ahead = len(chain.added) < rank[0] or self._rank(chain.added) < rank
            return ahead and self._floor(chain) <= least * 36_000_000

        for chain in self._chains(may_be_before, self._is_before):
            if self._total(chain) == least and self._rank(chain.added) < rank and self._billed(chain.added) == least:
                first, rank = chain.added, self._rank(chain.added)
        return first

    def _chains(self, may_do: Callable[[Chain], bool], is_better: Callable[[Chain, Chain], bool]) -> Iterator[Chain]:
        """Combinations with an addition: all but those that `may_do` leaves out, or to which another is better."""
        first = Chain(self._usage.start, 0, (self._usage.start,), 0, 0, 0, None, ())
        kept: dict[tuple[int, int], list[Chain]] = {first[:2]: [first]}
        waiting, count = [(first.end, 0, first)], 0
        while waiting:
            chain = heapq.heappop(waiting)[2]
            if not may_do(chain) or not any(chain is one for one in kept[chain[:2]]):
                continue
            if chain.made == len(self._made) and chain.added:
                yield chain
            for longer in self._longer(chain):
                count += 1
                if may_do(longer) and self._keep(longer, kept, is_better):
                    heapq.heappush(waiting, (longer.end, count, longer))
            if count > self.CHAINS_MAX:
                self.gave_up = True
                break

    def _rank(self, added: tuple[Bought, ...]) -> tuple[int, list[tuple[int, int]]]:
        """Of equal totals the one with the fewest additions counts, then the one whose additions come first."""
        return len(added), [(at, self._places[code]) for code, at in added]

    def _billed(self, added: tuple[Bought, ...]) -> int | None:
        try:
            total: int = self._prices.bill(self._usage, added)["total_fen"]
        except Refused:
            return None
        return total

    def _starts_of_windows(self) -> list[int]:
        """At which a package may be added: every window of the list that begins within the visit."""
        usage, prices, found = self._usage, self._prices, set()
        for package in prices.packages.values():
            if package["kind"] != "duration":
                for day in range(usage.start // DAY - 2, usage.end // DAY + 3):
                    if prices.day_kind(day) in package["days"]:
                        found.add(prices.zone.at_clock(day, clock_seconds(package["start"])))
        return sorted(instant for instant in found if usage.start <= instant < usage.end)

    def _floor_a_second(self) -> int:
        """What a second costs at least, by the hour or within a package, in 1/36 000 000 fen."""
        floors = [fen * self._share for _, _, _, fen in self._pieces]
        floors += [self._prices.packages[code]["price_fen"] * 36_000_000 // self._longest(code) for code in self._codes]
        return min(floors or [0])

    def _longest(self, code: str) -> int:
        package = self._prices.packages[code]
        seconds: int = package["minutes"] * 60 if package["kind"] == "duration" else 2 * DAY
        return seconds

    def _outside(self, zones: Iterable[str]) -> Hourly:
        key = tuple(zones)
        if key not in self._hourly:
            self._hourly[key] = Hourly([piece for piece in self._pieces if piece[2] not in key])
        return self._hourly[key]

    # Growing.

    def _longer(self, chain: Chain) -> Iterator[Chain]:
        limit = self._usage.end
        if chain.made < len(self._made):
            code, limit = self._made[chain.made]
            found = self._cover(code, limit, max(limit, chain.end))
            if found is not None:
                yield self._grown(chain, code, limit, found, is_added=False)
        if chain.end >= self._usage.end:
            return
        later = [instant for instant in self._windows if instant > chain.end]
        instants = [instant for instant in [*chain.instants, *later] if instant < limit]
        for code in self._codes:
            known = set()
            for at in instants:
                found = self._cover(code, at, max(at, chain.end))
                if found is not None and found not in known:
                    known.add(found)  # To buy the same cover later leaves fewer choices.
                    yield self._grown(chain, code, at, found, is_added=True)

    def _cover(self, code: str, at: int, earliest: int) -> tuple[int, int] | None:
        key = code, at, earliest
        if key not in self._covers:
            self._covers[key] = self._prices.cover(code, at, earliest)
        return self._covers[key]

    def _grown(self, chain: Chain, code: str, at: int, cover: tuple[int, int], *, is_added: bool) -> Chain:
        package, leaves = self._prices.packages[code], self._usage.end
        start, end = min(cover[0], leaves), min(cover[1], leaves)
        seconds, exact, last = chain.seconds, chain.exact, chain.last
        for hourly, low, high in (self._all, chain.end, start), (self._outside(package["zones"]), start, end):
            if low < high:
                (more, dearer), (before, cheaper) = hourly.until(high), hourly.until(low)
                seconds, exact = seconds + more - before, exact + dearer - cheaper
                last = hourly.last(low, high) or last
        made = chain.made if is_added else chain.made + 1
        instants = {instant for instant in chain.instants if instant >= at}
        instants.update(instant for instant in self._windows if max(chain.end + 1, at) <= instant <= cover[1])
        instants.update([cover[1]] if cover[1] < leaves else [])
        added = (*chain.added, (code, at)) if is_added else chain.added
        useful = self._useful(sorted(instants), made)
        return Chain(cover[1], made, useful, chain.price_fen + package["price_fen"], exact, seconds, last, added)

    def _useful(self, instants: list[int], made: int) -> tuple[int, ...]:
        """Without those that offer no more than the one before, where no purchase lies between."""
        useful: list[int] = []
        for instant in instants:
            if instant not in self._on_sale:
                sales = [(code, tuple(self._prices.on_sale(code, instant))) for code in self._codes]
                self._on_sale[instant] = frozenset(sale for sale in sales if sale[1])
            offered = self._on_sale[instant]
            covered = useful and offered <= self._on_sale[useful[-1]]
            if offered and not (covered and not any(useful[-1] < at <= instant for _, at in self._made[made:])):
                useful.append(instant)
        return tuple(useful)

    # Bounding.

    def _value(self, chain: Chain) -> int:
        return chain.price_fen * 36_000_000 + chain.exact * self._share

    def _floor(self, chain: Chain) -> int:
        """No continuation costs less."""
        left = self._all.until(self._usage.end)[0] - self._all.until(min(chain.end, self._usage.end))[0]
        still_paid: int = sum([self._prices.packages[code]["price_fen"] for code, _ in self._made[chain.made :]])
        still_covered = sum([self._longest(code) for code, _ in self._made[chain.made :]])
        by_the_second = max(0, left - still_covered) * self._least_a_second
        hourly = chain.exact * self._share + by_the_second - self._rounding
        return (chain.price_fen + still_paid) * 36_000_000 + max(0, hourly)

    @staticmethod
    def _keep(
        chain: Chain, kept: dict[tuple[int, int], list[Chain]], is_better: Callable[[Chain, Chain], bool]
    ) -> bool:
        peers = kept.setdefault(chain[:2], [])
        if any(is_better(peer, chain) for peer in peers):
            return False
        peers[:] = [peer for peer in peers if not is_better(chain, peer)]
        peers.append(chain)
        return True

    def _is_before(self, one: Chain, other: Chain) -> bool:
        """Whether moreover no continuation makes the other as cheap and the one that counts of the two."""
        is_first = self._rank(one.added) <= self._rank(other.added)
        dearer_for_sure = self._value(one) + self._slack <= self._value(other)
        return (is_first or dearer_for_sure) and self._is_better(one, other)

    def _is_better(self, one: Chain, other: Chain) -> bool:
        """Whether no continuation makes the other the cheaper one, of two that end at the same instant."""
        if one.instants != other.instants and not set(one.instants).issuperset(other.instants):
            return False
        unit = self._prices.unit
        same_unit = not unit or (one.last == other.last and (one.seconds - other.seconds) % unit == 0)
        if same_unit and one.price_fen <= other.price_fen and one.exact <= other.exact:
            return True
        return self._value(one) + self._slack <= self._value(other)

    def _total(self, chain: Chain) -> int:
        """What the visit costs with these packages and no more, by P-8 … P-13."""
        usage, prices, end = self._usage, self._prices, min(chain.end, self._usage.end)
        (all_seconds, all_exact), (seconds, exact) = self._all.until(usage.end), self._all.until(end)
        seconds, exact = chain.seconds + all_seconds - seconds, chain.exact + all_exact - exact
        last = self._all.last(end, usage.end) or chain.last
        missing = -seconds % prices.unit if prices.unit else 0
        if missing and last is not None:
            until = last[0] + missing if self._closing is None else min(last[0] + missing, self._closing)
            exact += sum([(b - a) * fen for a, b, _, fen in prices.sweep(last[0], until, last[1], usage.tier)])
        charge = exact * self._share // 36_000_000
        return chain.price_fen + charge - charge % prices.round_to


# Form of entries (journal §1, §2, §4, §6). In canonical form each type of entry is a regular language: one pattern says
# which keys, in which order, with which values, without a needless byte. What matches can be parsed and trusted.


def _integer(beyond: str = str(1 << 53)) -> str:
    """1 … 2^53 − 1 in decimal, without leading zeros."""
    full = [
        beyond[:at] + f"[0-{int(digit) - 1}]" + f"\\d{{{15 - at}}}" for at, digit in enumerate(beyond) if int(digit)
    ]
    return (
        "(?:"
        + "|".join(
            [r"[1-9]\d{0,14}(?!\d)"] + [part.replace("[0-", "[1-", 1) if part[0] == "[" else part for part in full]
        )
        + ")"
    )


_POSITIVE = _integer()
_COMMA = r"(?:(?<!\{),|(?<=\{))"  # After keys that may all be missing.
_TEXT = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
KINDS = {
    "text": _TEXT,
    "positive": _POSITIVE,
    "count": f"(?:0|{_POSITIVE})",
    "int": f"(?:0|-?{_POSITIVE})",
    "minus": f"(?:0|-{_POSITIVE})",
    "one": "1",
    "hour": r"(?:1?\d|2[0-3])",
    "true": "true",
    "id": '"[a-z2-7]{16}"',
    "entry_id": '"[a-z2-7]{26}"',
    "hex": '"[0-9a-f]{64}"',
    "date": f'"{_DATE}"',
    "local": rf'"{_DATE}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[+-]\d\d:\d\d)?"',
    "month": r'"\d{4}-(?:0[1-9]|1[0-2])"',
    "commitment": '"[A-Za-z0-9_-]{43}"',
    "origin": r'"mingjia/[A-Za-z2-7]{16}/(?:0|[1-9]\d*)"',
    "venue": r'"(?:\d{14})?"',
    "actor": r'"(?:system|s[1-9]\d*)"',
    "settings": r"\{.*\}",  # Its keys are the product's; `parse_entry` looks at it with other means.
}


def record(*items: str, groups: Iterable[str] = ()) -> str:
    """The pattern of an object. An item is `key:kind`, `key=this|or|that` or `key:[kind]`; `key?` may be left out.

    The values of the keys in `groups` are groups of the match, in the order of the keys.
    """
    parts: dict[str, tuple[str, str]] = {}
    for item in " ".join(items).split():
        match = re.fullmatch(r"(\w+)(\??)(?:=(\S+)|:(\[?)([a-z_|]+)\]?)", item)
        assert match, item
        key, optional, words, many, kind = match.groups()
        value = (
            '"(?:{})"'.format(re.escape(words).replace(r"\|", "|"))
            if words
            else "(?:{})".format("|".join(KINDS[k] for k in kind.split("|")))
        )
        value = each(value) if many else value
        parts[key] = f'"{key}":{f"({value})" if key in groups else value}', optional
    pattern, comma = "", ""
    for key in sorted(parts):
        part, optional = parts[key]
        pattern += f"(?:{comma}{part})?" if optional else comma + part
        comma = "," if comma == "," or not optional else _COMMA
    return rf"\{{{pattern}\}}"


def each(value: str) -> str:
    return rf"\[(?:{value}(?:,(?!\])|(?=\])))*\]"


def some(value: str) -> str:
    return rf"\[{value}(?:,{value})*\]"


_ITEM = "kind=goods|service code:text qty:positive unit_fen:count amount_fen:count"
_SAVING = "kind=combo|promotion code:text qty:positive unit_fen:minus amount_fen:minus"
_PAPER = "shift:positive receipt:positive job:id postings:[posting]"
_SEAT = "seat:text zone:text tier:text list:positive list_sha256:hex"
_TIME = "zone:text from:local to:local seconds:positive extension_seconds:count fen_per_hour:count amount_fen:count"
KINDS["null"] = "null"
KINDS["version"] = "1"
KINDS["head"] = record("origin:text size:count root:hex")
KINDS["tender"] = record("kind=cash|wechat|alipay|bank fen:positive ref?:text")
KINDS["approval"] = record("operation:text by:actor reason:text")
KINDS["posting"] = record("account:text fen:int")
KINDS["item"] = record("line:positive of?:positive", _ITEM)
KINDS["saving"] = record("line:positive", _SAVING)
KINDS["lost"] = record("line:positive qty:positive amount_fen:minus")
KINDS["settled_item"] = record("order:id line:positive list:positive of?:positive", _ITEM)
KINDS["settled_saving"] = record("order:id line:positive list:positive", _SAVING)
KINDS["refunded_item"] = record("order?:id line:positive", _ITEM)
KINDS["refunded_saving"] = record("order?:id line:positive", _SAVING)
KINDS["refunded_package"] = record("line:positive kind=package code:text qty:one unit_fen:count amount_fen:count")
KINDS["refund_of"] = f"(?:{record('visit:id')}|{record('sale:id')})"
KINDS["visit_reductions"] = some(record("reduction:id fen:positive reason:text"))
KINDS["sale_reductions"] = some(record("fen:positive reason:text approval?:approval"))
KINDS["stay"] = record("from:local zone:text")
KINDS["pause"] = record("from:local to:local venue?:true")
KINDS["purchase"] = record("code:text bought_at:local")
KINDS["usage"] = record("tier:text start:local end:local stays:[stay] pauses?:[pause] packages?:[purchase]")
KINDS["time_line"] = record("kind=time", _TIME)
KINDS["package_line"] = record("kind=package code:text amount_fen:count at?:local best_price?:true")
KINDS["other_line"] = record("kind=discount|minimum|rounding|grace amount_fen:int")
KINDS["bill"] = record("total_fen:count lines:[time_line|package_line|other_line]")
KINDS["shift_totals"] = record("cash:int wechat:int alipay:int bank:int wallet:int")
KINDS["receipts"] = record("first:positive last:positive")
KINDS["stock"] = record("code:text qty:positive")
KINDS["stock_count"] = record("code:text counted:count expected:int")
KINDS["signal"] = record(
    "signal=goods-at-opening|cancelled-soon|combo-dearer staff:actor hour?:hour item?:text of:count hits:count "
    "others_of:count others_hits:count p:text"
)
KINDS["totals"] = record("sales_fen:int voids_fen:int refunds_fen:int used_seconds:int")
COMMITTED = "name number birth valid_to nationality address issuer sex ethnic remark"
KINDS["commitments"] = record(*(name + "?:commitment" for name in COMMITTED.split()))

BODIES = {
    "log.started": "product:text schema:text|count previous:null|head",
    "venue.changed": "settings:settings",
    "key.added": "use=checkpoint|registration-signature|registration-seal|owner vkey?:text "
    "algorithm?:text public?:text month?:month",
    "desk.added": "desk:text",
    "desk.enrolled": "desk:text",
    "books.moved": "from=sqlite to=postgresql",
    "schema.migrated": "from:text|count|null to:text|count",
    "guards.restored": "missing:[text]",
    "guards.missing": "missing:[text]",
    "state.rebuilt": "tables:[text]",
    "store.filled": "free_bytes:count",
    "store.recovered": "free_bytes:count",
    "system.booted": "boot:text",
    "clock.stepped": "step_ms:int",
    "clock.regressed": "behind_ms:positive",
    "staff.added": "staff:actor role=cashier|manager|owner|auditor",
    "staff.disabled": "staff:actor",
    "staff.pin_reset": "staff:actor",
    "staff.logged_in": "staff:actor role=cashier|manager|owner|auditor",
    "pin.refused": "staff:actor|null failures:positive locked_until?:local",
    "prices.published": "list:positive sha256:hex title:text effective:local effective_ms:int",
    "board.posted": "list:positive sha256:hex how=paper",
    "id.checked": "check:id kind:text method=machine|typed verdict=adult reason?:text approval?:approval",
    "id.refused": "method=machine|typed "
    "reason=minor|expired|not-yet-valid|no-birth-date|number-invalid|same-person|unreadable",
    "visit.opened": "visit:id check:id at:local port?:text terminal_ip?:text " + _SEAT,
    "visit.moved": "visit:id from_seat:text seat:text zone:text at:local",
    "visit.paused": "visit:id at:local",
    "visit.resumed": "visit:id at:local",
    "outage.began": "visits:[id] at:local reason:text",
    "outage.ended": "visits:[id] at:local reason:text",
    "package.bought": "visit:id code:text at:local order?:id of?:positive",
    "visit.ended": "visit:id at:local reason=closing-time|package-end",
    "deposit.taken": "visit:id tender:tender " + _PAPER,
    "order.added": "order:id visit:id list:positive lines:[item|saving] pinned?:true",
    "order.handed_over": "order:id visit:id lines:[positive]",
    "order.cancelled": "order:id visit:id line:positive qty:positive amount_fen:count reason:text saving?:lost "
    "handed_over?:true approval?:approval",
    "reduction.given": "reduction:id visit:id fen:positive reason:text approval?:approval",
    "reduction.withdrawn": "reduction:id visit:id",
    "seat.closed": "seat:text reason=faulty|cleaning|inspection|works",
    "seat.reopened": "seat:text",
    "statement.shown": "visit:id at:local how=screen|printed sha256:hex",
    "visit.settled": "visit:id check:id usage:usage bill:bill orders:[settled_item|settled_saving] "
    "reductions?:visit_reductions used_seconds:count total_fen:count deposits:[tender] tenders:[tender] "
    "returned:[tender] change_fen:count statement:hex "
    "ends=customer|closing-time|package-end " + _SEAT + " " + _PAPER,
    "sale.settled": "sale:id list:positive lines:[item|saving] reductions?:sale_reductions total_fen:count "
    "tenders:[tender] change_fen:count " + _PAPER,
    "refund.given": "refund:id of:refund_of lines:[refunded_item|refunded_saving|refunded_package] amount_fen:positive "
    "unpaid_fen?:positive reason:text approval?:approval tenders:[tender] " + _PAPER,
    "overcharge.refunded": "refund:id visit:id list:positive list_sha256:hex charged_fen:positive due_fen:count "
    "amount_fen:positive approval?:approval tenders:[tender] " + _PAPER,
    "stock.received": "lines:[stock]",
    "stock.counted": "lines:[stock_count]",
    "stock.written_off": "lines:[stock] reason:text",
    "forced_sale.reviewed": "from:date to:date visits:count looks:count findings:[signal]",
    "shift.opened": "shift:positive float_fen:count postings:[posting]",
    "shift.read": "shift:positive job:id",
    "cash.moved": "shift:positive direction=in|out purpose=change-money|banked|petty-cash fen:positive job:id "
    "approval?:approval postings:[posting]",
    "shift.closed": "shift:positive counted_fen:count expected_fen:int difference_fen:int reason?:text z:positive "
    "totals_fen:shift_totals sales_fen:count receipts:null|receipts postings:[posting] job:id",
    "receipt.reprinted": "job:id of:id copy:positive",
    "print.resolved": "job:id outcome=on-paper|not-on-paper|cancelled",
    "bundle.exported": "from:date to:date first:count last:count manifest_sha256:hex",
}
_ENVELOPE = "log:origin venue:venue seq:count id:entry_id wall:count boot:text mono_us:count till:text "
_ENVELOPE += "clk=synced|free|simulated actor:actor biz_day:date gt:totals commit:commitments prev:hex "
_ENVELOPE += "type%s body:body v:version"
_KEPT = ("actor", "biz_day", "body", "boot", "clk", "gt", "log", "mono_us", "prev", "seq", "till", "type", "wall")


@functools.lru_cache(maxsize=None)
def _pattern(kind: str) -> Any:
    """What a whole entry of a type looks like; None for a type that journal §6 does not have."""
    if kind not in BODIES:
        return None
    KINDS.update(body=record(BODIES[kind]))
    return _fits(record(_ENVELOPE % ("=" + kind), groups=_KEPT))


@functools.lru_cache(maxsize=None)
def _outline() -> Any:
    """What every entry looks like, whatever its type and body."""
    KINDS.update(body=r"\{.*\}")
    return _fits(record(_ENVELOPE % ":text", groups=_KEPT))


def _fits(pattern: str) -> Callable[[str], Any]:
    return re.compile(pattern, re.ASCII).fullmatch


def parse_as(fits: Callable[[str], Any], line: bytes) -> Any:
    """The value of a line that matches a pattern; ValueError for any other bytes."""
    text = line.decode("utf-8")
    if not fits(text):
        raise ValueError("not in the documented form")
    return _scan(text, 0)[0]


_string = functools.lru_cache(maxsize=4096)(lambda quoted: _scan(quoted, 0)[0])


def _envelope(match: Any) -> Entry:
    """What the verifier asks of an entry, of its pattern's groups. `body` and `gt` are still text."""
    actor, day, body, boot, clk, gt, log, mono_us, prev, seq, till, kind, wall = match.groups()
    return {
        "actor": actor[1:-1],
        "biz_day": day[1:-1],
        "body": body,
        "boot": _string(boot),
        "clk": clk[1:-1],
        "gt": gt,
        "log": log[1:-1],
        "mono_us": int(mono_us),
        "prev": prev[1:-1],
        "seq": int(seq),
        "till": _string(till),
        "type": kind[1:-1],
        "wall": int(wall),
    }


def parse_entry(line: bytes) -> Entry:
    """The entry in a line's bytes; ValueError for anything that journal §1, §2, §4, §6 do not allow.

    `gt` stays canonical text, which two totals share only where they are equal.
    """
    text = line.decode("utf-8")
    at = text.rfind('"type":"') + 8
    kind = text[at : text.find('"', at)]
    fits = _pattern(kind)
    match = fits and fits(text)
    if not match:
        raise ValueError("not an entry in the form of its type, " + kind[:40])
    entry = _envelope(match)
    body = _scan(entry["body"], 0)[0]
    if kind == "venue.changed" and not (_encode(body) == entry["body"] and in_profile(body)):
        raise ValueError("settings that are not canonical")
    entry["body"] = body
    return entry


# Clocks (journal §7).


class Clocks:
    """Wall and monotonic clock from entry to entry of each desk, and the business day."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._last: dict[str, Entry] = {}
        self._owed: dict[str, int] = {}  # How far the wall went back at a boot, until `clock.regressed` says so.
        self.zone: Zone | None = None
        self.timezone = ""
        self._day_starts, self._minute, self._day = 0, -1, ""

    def settings(self, settings: Entry) -> None:
        day_starts, timezone = clock_seconds(settings["day_starts"]), settings["timezone"]
        if not isinstance(timezone, str):
            raise TypeError("a time zone that is no name")
        self._day_starts, self._minute, self.timezone = day_starts, -1, timezone
        try:
            self.zone = Zone(self.timezone)
        except ZoneUnknownError as error:
            self.zone = None
            self._report.skip("time-zone " + str(error))

    def start(self, entry: Entry) -> None:
        self._last[entry["till"]] = entry

    def entry(self, entry: Entry) -> None:
        till, seq, kind = entry["till"], entry["seq"], entry["type"]
        last = self._last.get(till)
        self._last[till] = entry
        if last is None:
            return
        passed = entry["wall"] - last["wall"]
        owed = self._owed.pop(till, None)
        if owed is not None and (kind != "clock.regressed" or abs(entry["body"]["behind_ms"] - owed) > 1):
            self._found(seq, f"the wall clock went back {owed} ms at the boot before, unsaid")
        if entry["boot"] != last["boot"]:
            if kind != "system.booted" or entry["body"]["boot"] != entry["boot"]:
                self._found(seq, "another boot without system.booted")
            if passed < 0:
                self._owed[till] = -passed
            return
        moved = entry["mono_us"] - last["mono_us"]
        step = passed - moved // 1000
        if moved < 0:
            self._found(seq, f"the monotonic clock fell by {-moved} us")
        elif kind == "clock.stepped" and abs(entry["body"]["step_ms"] - step) > 1:
            self._found(seq, f"the wall clock moved by {step} ms, the entry says {entry['body']['step_ms']}")
        elif abs(step) > CLOCK_SLACK_MS and kind != "clock.stepped":
            self._found(seq, f"the wall clock moved by {step} ms against the monotonic clock, unsaid")
        elif kind == "system.booted":
            self._found(seq, "system.booted within one boot")

    def business_day(self, wall_ms: int) -> str:
        """The local date, less one day before `day_starts`, which is a whole minute; "" in a zone without data."""
        minute = wall_ms // 60_000
        if minute != self._minute and self.zone is not None:
            self._minute = minute
            self._day = day_text((minute * 60 + self.zone.offset(minute * 60) - self._day_starts) // DAY)
        return self._day

    def _found(self, seq: int, evidence: str) -> None:
        self._report("clock-back", seq, "journal §7", evidence)


# Money (journal §5, §8).


def total_fen(amounts: Iterable[Entry], key: str = "fen") -> int:
    return sum([amount[key] for amount in amounts])


def _account(till: str, kind: str) -> str:
    return "cash/" + till if kind == "cash" else kind


def _postings(*amounts: tuple[str, int]) -> list[Entry]:
    return [{"account": account, "fen": fen} for account, fen in amounts if fen]


_TOTALS = (
    '{"refunds_fen":%(refunds_fen)d,"sales_fen":%(sales_fen)d,'
    '"used_seconds":%(used_seconds)d,"voids_fen":%(voids_fen)d}'
)
_SHARES = {
    "visit.settled": (("sales_fen", "total_fen"), ("used_seconds", "used_seconds")),
    "sale.settled": (("sales_fen", "total_fen"),),
    "order.cancelled": (("voids_fen", "amount_fen"),),
    "refund.given": (("refunds_fen", "amount_fen"),),
    "overcharge.refunded": (("refunds_fen", "amount_fen"),),
}
_REVENUE = {
    "package": "revenue/packages",
    "goods": "revenue/goods",
    "service": "revenue/services",
    "combo": "revenue/savings",
    "promotion": "revenue/savings",
}


def _way(tender: Entry) -> tuple[str, str]:
    """How it was paid: the kind, and the terminal's reference number."""
    return tender["kind"], tender.get("ref", "")


class Revenue:
    """What lines bring in, by account, in the order of journal §8."""

    def __init__(self, *lines: list[Entry]) -> None:
        self.fen = dict.fromkeys(("revenue/time", *_REVENUE.values()), 0)
        for some in lines:
            for line in some:
                self.fen[_REVENUE.get(line["kind"], "revenue/time")] += line["amount_fen"]

    def total(self) -> int:
        return sum(self.fen.values())

    def postings(self, sign: int) -> list[tuple[str, int]]:
        return [(account, sign * fen) for account, fen in self.fen.items()]


class Shift:
    def __init__(self, number: int, float_fen: int) -> None:
        self.number, self.drawer_fen, self.sales_fen = number, float_fen, 0
        self.totals = {"cash": 0, "wechat": 0, "alipay": 0, "bank": 0, "wallet": 0}
        self.receipts: list[int] = []


class Money:
    """Totals, tenders, postings, numbers, shifts; and how it was paid, of what is refunded somewhere."""

    def __init__(self, report: Report, refunded: set[str]) -> None:
        self._report, self._refunded = report, refunded
        self._paid: dict[str, dict[tuple[str, str], int]] = {}
        self._totals: Entry = {}
        self._told = ""  # The totals as the entries tell them.
        self._shifts: dict[str, Shift] = {}
        self._next: dict[str, int] = {}
        self.lenient = False  # In earlier entries other shifts' entries stand alone.

    def start(self, told: str, *, from_zero: bool) -> None:
        self._tell(told)
        if from_zero:
            self._next = {"shift": 1, "receipt": 1, "z": 1, "list": 1}

    def _tell(self, told: str) -> None:
        self._totals, self._told = _scan(told, 0)[0], told

    def grow(self, entry: Entry) -> None:
        """Journal §5: each entry repeats the totals and adds its own share."""
        shares = _SHARES.get(entry["type"], ())
        if shares and self._told:
            for total, key in shares:
                self._totals[total] += entry["body"][key]
            self._told = _TOTALS % self._totals
        if entry["gt"] != self._told:
            if self._told:
                self._found(entry, "journal §5", f"gt is {entry['gt']}, its entries give {self._told}")
            self._tell(entry["gt"])

    def number(self, entry: Entry, key: str) -> None:
        """Journal §6: gap-free numbers."""
        number = entry["body"][key]
        if not self.lenient and number != self._next.get(key, number):
            self._found(entry, "journal §6", f"{key} {number} follows {self._next[key] - 1}")
        self._next[key] = number + 1

    def shift_opened(self, entry: Entry) -> None:
        body, till = entry["body"], entry["till"]
        self.number(entry, "shift")
        if till in self._shifts:
            self._found(entry, "journal §6", f"shift {self._shifts[till].number} is still open at this till")
        self._shifts[till] = Shift(body["shift"], body["float_fen"])
        fen = body["float_fen"]
        self._posted(entry, _postings((_account(till, "cash"), fen), ("safe", -fen)))

    def shift_of(self, entry: Entry) -> Shift | None:
        shift = self._shifts.get(entry["till"])
        if shift is not None and shift.number == entry["body"]["shift"]:
            return shift
        if not self.lenient:
            self._found(entry, "journal §6", f"shift {entry['body']['shift']} is not open at till {entry['till']}")
        return None

    def deposit_taken(self, entry: Entry) -> None:
        tender, fen = entry["body"]["tender"], entry["body"]["tender"]["fen"]
        self._taken(entry, [tender], [], 0)
        self._posted(entry, _postings((_account(entry["till"], tender["kind"]), fen), ("deposits", -fen)))

    def visit_settled(self, entry: Entry) -> None:
        body = entry["body"]
        deposits, returned = body["deposits"], body["returned"]
        self._settled(entry, Revenue(body["bill"]["lines"], body["orders"]), deposits, returned)
        if returned:
            self._returned(entry, deposits, returned)
        self._keep(body["visit"], deposits + body["tenders"], returned, body["change_fen"])

    def _returned(self, entry: Entry, deposits: list[Entry], returned: list[Entry]) -> None:
        left: dict[tuple[str, str], int] = collections.defaultdict(int)
        for sign, tenders in ((1, deposits), (-1, returned)):
            for tender in tenders:
                left[_way(tender)] += sign * tender["fen"]
                if left[_way(tender)] < 0:
                    self._found(entry, "G-8", "a deposit goes back by a way it was not paid")

    def sale_settled(self, entry: Entry) -> None:
        body = entry["body"]
        self._settled(entry, Revenue(body["lines"]), [], [])
        self._keep(body["sale"], body["tenders"], [], body["change_fen"])

    def _settled(self, entry: Entry, revenue: Revenue, deposits: list[Entry], returned: list[Entry]) -> None:
        body, till, change = entry["body"], entry["till"], entry["body"]["change_fen"]
        tenders, reduced = body["tenders"], total_fen(body.get("reductions", ()))
        if revenue.total() - reduced != body["total_fen"]:
            self._found(
                entry,
                "G-2" if reduced else "journal §6",
                f"lines of {revenue.total()} fen less {reduced} of reductions, the total says {body['total_fen']}",
            )
        if total_fen(deposits) + total_fen(tenders) != body["total_fen"] + total_fen(returned) + change:
            self._found(entry, "journal §6", "deposits and tenders are not total, returned and change")
        if change > sum([tender["fen"] for tender in tenders if tender["kind"] == "cash"]):
            self._found(entry, "journal §6", "more change than cash was given")
        shift = self._taken(entry, tenders, returned, change)
        if shift is not None:
            shift.sales_fen += body["total_fen"]
        self._posted(
            entry,
            _postings(
                ("deposits", total_fen(deposits)),
                *[(_account(till, tender["kind"]), tender["fen"]) for tender in tenders],
                ("cash/" + till, -change),
                *[(_account(till, tender["kind"]), -tender["fen"]) for tender in returned],
                *revenue.postings(-1),
                ("revenue/reductions", reduced),
            ),
        )

    # Refunds (G-4, REQ-P-26): by the way it was paid, and no more than was paid that way.

    def _keep(self, name: str, given: list[Entry], back: list[Entry], change: int) -> None:
        if name in self._refunded or self.lenient:
            paid = self._paid[name] = collections.defaultdict(int)
            paid["cash", ""] -= change
            for sign, tenders in ((1, given), (-1, back)):
                for tender in tenders:
                    paid[_way(tender)] += sign * tender["fen"]

    def refund_given(self, entry: Entry) -> None:
        body = entry["body"]
        taken_back = [*Revenue(body["lines"]).postings(1), ("revenue/reductions", -body.get("unpaid_fen", 0))]
        self._refund(entry, next(iter(body["of"].values())), taken_back, "G-4")

    def overcharge_refunded(self, entry: Entry) -> None:
        body = entry["body"]
        self._refund(entry, body["visit"], [("revenue/overcharges", body["amount_fen"])], "REQ-P-26")

    def _refund(self, entry: Entry, of: str, taken_back: list[tuple[str, int]], rule: str) -> None:
        body, till = entry["body"], entry["till"]
        paid = self._paid.get(of)
        if paid is None:
            self._found(entry, rule, "it refunds what was not settled before, or what csv/refunds.csv leaves out")
            paid = collections.defaultdict(int)
        for tender in body["tenders"]:
            paid[_way(tender)] -= tender["fen"]
            if paid[_way(tender)] < 0:
                self._found(
                    entry, rule, "{} fen more go back by {} than were paid".format(-paid[_way(tender)], tender["kind"])
                )
        if total_fen(body["tenders"]) != body["amount_fen"]:
            self._found(entry, rule, f"{total_fen(body['tenders'])} fen go back, the amount is {body['amount_fen']}")
        self._own_approval(entry)
        self._taken(entry, [], body["tenders"], 0)
        given = [(_account(till, tender["kind"]), -tender["fen"]) for tender in body["tenders"]]
        self._posted(entry, _postings(*taken_back, *given))

    def _own_approval(self, entry: Entry) -> None:
        if entry["body"].get("approval", {}).get("by", "") == entry["actor"]:
            self._found(entry, "journal §6", "the approval is the actor's own")

    def _taken(self, entry: Entry, given: list[Entry], back: list[Entry], change: int) -> Shift | None:
        """What a shift took; the receipt's number; a reference number exactly where it is no cash."""
        self.number(entry, "receipt")
        shift = self.shift_of(entry)
        for sign, tenders in ((1, given), (-1, back)):
            for tender in tenders:
                if ("ref" in tender) is (tender["kind"] == "cash"):
                    self._found(entry, "journal §6", "a reference number missing, or on cash")
                if shift is not None:
                    shift.totals[tender["kind"]] += sign * tender["fen"]
        if shift is not None:
            shift.totals["cash"] -= change
            shift.receipts.append(entry["body"]["receipt"])
        return shift

    def cash_moved(self, entry: Entry) -> None:
        body, till = entry["body"], entry["till"]
        fen = body["fen"] if body["direction"] == "in" else -body["fen"]
        if body["direction"] == "in" and body["purpose"] == "banked":
            self._found(entry, "journal §6", "nothing comes in from the bank")
        self._own_approval(entry)
        shift = self.shift_of(entry)
        if shift is not None:
            shift.drawer_fen += fen
        other = "petty_cash" if body["purpose"] == "petty-cash" else "safe"
        self._posted(entry, _postings((_account(till, "cash"), fen), (other, -fen)))

    def shift_closed(self, entry: Entry) -> None:
        body, till = entry["body"], entry["till"]
        self.number(entry, "z")
        shift = self.shift_of(entry)
        difference = body["counted_fen"] - body["expected_fen"]
        if shift is not None:
            drawer = shift.drawer_fen + shift.totals["cash"]
            receipts = {"first": shift.receipts[0], "last": shift.receipts[-1]} if shift.receipts else None
            derived = {
                "expected_fen": drawer,
                "totals_fen": shift.totals,
                "sales_fen": shift.sales_fen,
                "receipts": receipts,
            }
            for key, value in derived.items():
                if body[key] != value:
                    self._found(
                        entry, "journal §6", f"{key} is {_encode(body[key])}, its entries give {_encode(value)}"
                    )
            del self._shifts[till]
        if body["difference_fen"] != difference:
            self._found(entry, "journal §8", f"counted − expected is {difference} fen")
        self._posted(
            entry,
            _postings(
                ("safe", body["counted_fen"]),
                ("over_short", -difference),
                (_account(till, "cash"), -body["expected_fen"]),
            ),
        )

    def _posted(self, entry: Entry, expected: list[Entry]) -> None:
        posted = entry["body"]["postings"]
        if total_fen(posted):
            self._found(entry, "journal §8", "the postings do not sum to zero")
        if posted != expected:
            self._found(entry, "journal §8", f"posted {_encode(posted)}, prescribed {_encode(expected)}")

    def _found(self, entry: Entry, rule: str, evidence: str) -> None:
        if not self.lenient:
            self._report("money", entry["seq"], rule, evidence)


# Stock (journal §6).


class Stock:
    """What should lie on the shelf of each item that stock is kept of; in a part of a log, from its first count on."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._levels: dict[str, int] = {}
        self.whole = False  # Whether every entry of the log is here.

    def received(self, entry: Entry) -> None:
        for line in entry["body"]["lines"]:
            self._kept(line["code"])
            self.moved(line["code"], line["qty"])

    def written_off(self, entry: Entry) -> None:
        for line in entry["body"]["lines"]:
            self._kept(line["code"])
            self.moved(line["code"], -line["qty"])

    def counted(self, entry: Entry) -> None:
        for line in entry["body"]["lines"]:
            self._kept(line["code"])
            expected = self._levels.get(line["code"], line["expected"])
            if line["expected"] != expected:
                evidence = f"there should be {expected} of {line['code']}, it says {line['expected']}"
                self._report("money", entry["seq"], "journal §6", evidence)
            self._levels[line["code"]] = line["counted"]

    def sold(self, entry: Entry) -> None:
        for line in entry["body"]["lines"]:
            if line["kind"] == "goods":
                self.moved(line["code"], -line["qty"])

    def moved(self, code: str, pieces: int) -> None:
        if code in self._levels:
            self._levels[code] += pieces

    def _kept(self, code: str) -> None:
        if self.whole:
            self._levels.setdefault(code, 0)


# Visits and prices (journal §6, §9, pricing).


class Publication(NamedTuple):
    effective_ms: int
    number: int
    sha256: str


class Pause:
    """A pause, open until `end_at` is known."""

    def __init__(self, start: str, start_at: int, *, venue: bool) -> None:
        self.start, self.start_at, self.venue = start, start_at, venue
        self.end, self.end_at = "", -1


LineKey = Tuple[str, int]  # Order (none in a sale) and line.
Parts = Dict[LineKey, int]


class Sold:
    """Lines of goods and services of a visit or a sale, with what combos and promotions take off (G-3, G-6).

    `parts` says for each line of a saving how many pieces of which lines one of it needs.
    """

    def __init__(self) -> None:
        self.lines: dict[LineKey, Entry] = {}
        self.parts: dict[LineKey, Parts] = {}

    def add(self, order: str, more: Entry, lines: list[Entry]) -> None:
        for line in lines:
            self.lines[order, line["line"]] = {**more, **line}
            if line["kind"] in SAVINGS:
                self.parts[order, line["line"]] = {
                    (order, part["line"]): part["qty"] // line["qty"]
                    for part in lines
                    if part.get("of") == line["line"]
                }

    def take(self, key: LineKey, qty: int) -> None:
        line = self.lines[key]
        line["qty"] -= qty
        line["amount_fen"] -= qty * line["unit_fen"]

    def fallen(self, saving: LineKey) -> int:
        """How many of a saving no longer have all their parts."""
        if saving not in self.parts:
            return 0
        had: int = self.lines[saving]["qty"]
        whole: list[int] = [self.lines[key]["qty"] // one for key, one in self.parts[saving].items() if one]
        return had - min([had, *whole])

    def left(self) -> list[Entry]:
        return [line for line in self.lines.values() if line["qty"]]


class Settled:
    """A settled visit or sale of which something was refunded."""

    def __init__(self, body: Entry, sold: Sold, prices: PriceList | None) -> None:
        self.body, self.sold, self.prices = body, sold, prices
        self.refunded_fen = 0
        self.packages_back: dict[int, int] = {}


class Visit:
    """What the entries of one visit have said so far; each time as text and as instant."""

    def __init__(self, body: Entry, prices: PriceList | None, at: int) -> None:
        self.check, self.tier, self.list, self.list_sha256 = (
            body["check"],
            body["tier"],
            body["list"],
            body["list_sha256"],
        )
        self.prices, self.last_at = prices, at
        self.stays = [(body["at"], at, body["zone"], body["seat"])]
        self.pauses: list[Pause] = []
        self.packages: list[tuple[str, str, int]] = []
        self.sold = Sold()
        self.handed_over: set[LineKey] = set()
        self.reductions: dict[str, Entry] = {}
        self.deposits: list[Entry] = []
        self.statement: Entry | None = None
        self.ended: Entry | None = None

    @property
    def seat(self) -> str:
        seat: str = self.stays[-1][3]
        return seat


class Owed(NamedTuple):
    """The packages of a combo or promotion, whose entries come right after its order."""

    entry: Entry
    packages: collections.Counter[tuple[int, str]]  # By the saving's line and the package's code.


class Visits:
    """Each visit from its ID check to its settlement, and what it may cost; what of it was refunded."""

    def __init__(
        self, report: Report, lists: dict[int, PriceList | None], hashes: dict[int, str], refunded: set[str]
    ) -> None:
        self._report, self._refunded = report, refunded
        self._lists, self._hashes = lists, hashes  # A list is None where its time zone cannot be handled.
        self.stock = Stock(report)
        self._settled: dict[str, Settled] = {}
        self._closed: set[str] = set()
        self.owed: Owed | None = None
        self._publications: list[Publication] = []
        self._checks: dict[str, bool] = {}
        self._visits: dict[str, Visit] = {}
        self._seats: dict[str, str] = {}
        self.lenient = False
        self.line = b""  # The bytes of the entry at hand.

    # Lists.

    def published(self, entry: Entry) -> None:
        body, number = entry["body"], entry["body"]["list"]
        prices = self._lists.get(number)
        if self._hashes.get(number, body["sha256"]) != body["sha256"]:
            self._report("price", entry["seq"], "bundle §2", f"prices/{number}.json is not the list that was published")
        if prices is not None and prices.zone.instant(body["effective"]) != body["effective_ms"] // 1000:
            self._found(entry, "journal §6", "effective and effective_ms are two instants")
        if any(known.effective_ms == body["effective_ms"] or known.number == number for known in self._publications):
            self._found(entry, "pricing §4", "two lists share a number or an instant")
        self._publications.append(Publication(body["effective_ms"], number, body["sha256"]))
        self._publications.sort()

    def posted(self, entry: Entry) -> None:
        body = entry["body"]
        if all((known.number, known.sha256) != (body["list"], body["sha256"]) for known in self._publications):
            self._found(entry, "REQ-P-6b", "a board of a list that was not published before")

    def never_published(self) -> list[int]:
        return sorted(set(self._hashes).difference(known.number for known in self._publications))

    def in_force(self, wall_ms: int) -> Publication | None:
        for publication in reversed(self._publications):
            if publication.effective_ms <= wall_ms:
                return publication
        return None

    def _named_list(self, entry: Entry) -> PriceList | None:
        """The list an entry names, which must be the one in force (P-15)."""
        body, force = entry["body"], self.in_force(entry["wall"])
        if force is None or force.number != body["list"] or body.get("list_sha256", force.sha256) != force.sha256:
            self._found(
                entry,
                "P-15",
                f"list {body['list']} is not the one in force ({(force.number if force else 'none')})",
            )
        if body["list"] not in self._lists:
            self._found(entry, "bundle §2", f"list {body['list']} cannot be read from this bundle")
        return self._lists.get(body["list"])

    # The visit's entries.

    def checked(self, entry: Entry) -> None:
        body, check = entry["body"], entry["body"]["check"]
        typed = body["method"] == "typed"
        if ("approval" in body) is not typed or ("reason" in body) is not typed:
            self._form(entry, "a typed document has a reason and an approval, a read one neither")
        if typed and "approval" in body and body["approval"]["by"] == entry["actor"]:
            self._form(entry, "the approval is the actor's own")
        if check in self._checks:
            self._form(entry, "a second id.checked of the same check")
        self._checks[check] = False

    def opened(self, entry: Entry) -> None:
        body = entry["body"]
        used = self._checks.get(body["check"])
        if used is not False:
            self._form(entry, "its ID check opened another visit" if used else "no ID check precedes it (条例 23)")
        if body["visit"] in self._visits or body["seat"] in self._seats or body["seat"] in self._closed:
            self._form(entry, f"the visit is known, or the seat {body['seat']} is taken or closed")
        self._checks[body["check"]] = True
        self._seats[body["seat"]] = body["visit"]
        prices = self._named_list(entry)
        at = prices.zone.instant(body["at"]) if prices is not None else entry["wall"] // 1000
        if at != entry["wall"] // 1000:
            self._form(entry, "at is not the second of wall")
        self._visits[body["visit"]] = Visit(body, prices, at)

    def _visit(self, entry: Entry, name: str | None = None) -> Visit | None:
        visit = self._visits.get(name or entry["body"]["visit"])
        if visit is None and not self.lenient:
            self._form(entry, "no such visit is open")
        return visit

    def _at(self, entry: Entry, visit: Visit, *, due: int | None = None) -> int:
        """The instant of an event (journal §6): the second of `wall`, or the last one, or when it was due."""
        wall = entry["wall"] // 1000
        at = visit.prices.zone.instant(entry["body"]["at"]) if visit.prices is not None else wall
        if at != max(wall, visit.last_at) and (at != due or at > wall):
            self._form(entry, f"at lies {wall - at} s before wall")
        visit.last_at = max(at, visit.last_at)
        return at

    def moved(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        if visit is None:
            return
        if visit.seat != body["from_seat"] or body["seat"] in self._seats or body["seat"] in self._closed:
            self._form(entry, f"from_seat is not the seat, or {body['seat']} is taken or closed")
        self._leave(visit, body["visit"])
        self._seats[body["seat"]] = body["visit"]
        at = self._at(entry, visit)
        if visit.stays[-1][1] == at:
            visit.stays.pop()  # Of several stays that begin within one second the last counts.
        visit.stays.append((body["at"], at, body["zone"], body["seat"]))

    def seat_closed(self, entry: Entry) -> None:
        seat = entry["body"]["seat"]
        if seat in self._closed or seat in self._seats:
            self._form(entry, f"the seat {seat} is closed already, or somebody sits there")
        self._closed.add(seat)

    def seat_reopened(self, entry: Entry) -> None:
        seat = entry["body"]["seat"]
        if seat not in self._closed:
            self._form(entry, f"the seat {seat} was not closed")
        self._closed.discard(seat)

    def _leave(self, visit: Visit, name: str) -> None:
        if self._seats.get(visit.seat) == name:
            del self._seats[visit.seat]

    def paused(self, entry: Entry) -> None:
        self._pause(entry, entry["body"]["visit"], venue=False)

    def resumed(self, entry: Entry) -> None:
        self._resume(entry, entry["body"]["visit"], venue=False)

    def outage_began(self, entry: Entry) -> None:
        for name in entry["body"]["visits"]:
            self._pause(entry, name, venue=True)

    def outage_ended(self, entry: Entry) -> None:
        for name in entry["body"]["visits"]:
            self._resume(entry, name, venue=True)

    def _pause(self, entry: Entry, name: str, *, venue: bool) -> None:
        visit = self._visit(entry, name)
        if visit is not None:
            if visit.pauses and visit.pauses[-1].end_at < 0:
                self._form(entry, "the visit is paused already")
            visit.pauses.append(Pause(entry["body"]["at"], self._at(entry, visit), venue=venue))

    def _resume(self, entry: Entry, name: str, *, venue: bool) -> None:
        visit = self._visit(entry, name)
        if visit is None:
            return
        pause = visit.pauses[-1] if visit.pauses else None
        if pause is None or pause.end_at >= 0 or pause.venue is not venue:
            self._form(entry, "the visit is not paused like that")
            return
        longest = visit.prices.pause_minutes_max if visit.prices is not None and not venue else None
        pause.end = entry["body"]["at"]
        pause.end_at = self._at(entry, visit, due=None if longest is None else pause.start_at + longest * 60)

    def package_bought(self, entry: Entry) -> None:
        visit, body, owed = self._visit(entry), entry["body"], self.owed
        if visit is not None:
            visit.packages.append((body["code"], body["at"], self._at(entry, visit)))
        if ("order" in body) is not ("of" in body):
            self._form(entry, "order and of are there both or not at all")
        elif "order" in body:
            part = body["of"], body["code"]
            order = owed.entry["body"] if owed is not None else {}
            is_part = all(order.get(key) == body[key] for key in ("visit", "order"))
            if owed is None or not is_part or not owed.packages[part]:
                self._found(entry, "G-3", "it is no part of the order before it")
                return
            owed.packages[part] -= 1
            self.owed = owed if any(owed.packages.values()) else None

    def refuse_owed(self) -> None:
        """Something else follows an order whose packages are not all bought."""
        if self.owed is not None:
            missing = sorted(code for (_, code), number in self.owed.packages.items() if number)
            self._found(self.owed.entry, "G-3", f"its packages {missing} do not follow")
            self.owed = None

    def ended(self, entry: Entry) -> None:
        visit = self._visit(entry)
        if visit is not None:
            visit.ended = entry["body"]
            self._leave(visit, entry["body"]["visit"])

    def deposit_taken(self, entry: Entry) -> None:
        visit = self._visit(entry)
        if visit is not None:
            visit.deposits.append(entry["body"]["tender"])

    def statement_shown(self, entry: Entry) -> None:
        visit = self._visit(entry)
        if visit is not None:
            visit.statement = entry["body"]
            # Of a visit that ended by itself the statement bears that end.
            ended, prices = visit.ended, visit.prices
            self._at(entry, visit, due=None if ended is None or prices is None else prices.zone.instant(ended["at"]))

    # Goods and services, combos, promotions.

    def _posted_lines(self, entry: Entry, prices: PriceList | None) -> bool:
        """Compare lines with the list; whether some are savings or covered by one."""
        lines, has_savings = entry["body"]["lines"], False
        if not lines or [line["line"] for line in lines] != list(range(1, len(lines) + 1)):
            self._form(entry, "lines are numbered from 1")
        for line in lines:
            if line["kind"] in SAVINGS:
                has_savings = True
                continue
            posted = prices.posted.get((line["kind"], line["code"])) if prices is not None else line["unit_fen"]
            if posted != line["unit_fen"] or line["amount_fen"] != line["qty"] * line["unit_fen"]:
                self._found(entry, "G-2", f"{line['code']} is posted at {posted} fen, charged {line['unit_fen']}")
            if "of" in line:
                has_savings = True
        return has_savings

    def _savings(self, entry: Entry, prices: PriceList) -> collections.Counter[tuple[int, str]]:
        """Compare savings and their parts with the list (G-3, G-6); the packages that must follow, by line and code."""
        lines = entry["body"]["lines"]
        packages: collections.Counter[tuple[int, str]] = collections.Counter()
        covered: dict[int, list[tuple[str, str, int]]] = {}
        for line in lines:
            if "of" in line:
                covered.setdefault(line["of"], []).append((line["kind"], line["code"], line["qty"]))
        for line in lines:
            offer = prices.offers.get((line["kind"], line["code"]))
            if line["kind"] in SAVINGS and offer is None:
                self._found(entry, "G-2", f"the {line['kind']} {line['code']} is not posted")
            elif line["kind"] in SAVINGS and offer is not None:
                self._saving(entry, line, offer, covered.pop(line["line"], []))
                for kind, code, qty in offer.parts:
                    if kind == "package":
                        packages[line["line"], code] += qty * line["qty"]
        if covered:
            self._found(entry, "G-3", f"lines belong to {sorted(covered)}, which are no savings")
        return packages

    def _saving(self, entry: Entry, line: Entry, offer: Offer, covered: list[tuple[str, str, int]]) -> None:
        rule = "G-3" if line["kind"] == "combo" else "G-6"
        if line["unit_fen"] != offer.saving_fen or line["amount_fen"] != line["qty"] * offer.saving_fen:
            self._found(entry, rule, f"{line['code']} saves {-offer.saving_fen} fen, it says {-line['unit_fen']}")
        if not offer.start_ms <= entry["wall"] < offer.end_ms:
            self._found(entry, rule, f"{line['code']} is not offered at this time")
        parts = sorted((kind, code, qty * line["qty"]) for kind, code, qty in offer.parts if kind != "package")
        if sorted(covered) != parts:
            self._found(entry, rule, f"the lines of {line['code']} are not its parts, {line['qty']} times")

    def order_added(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        pinned = "pinned" in body
        prices = self._pinned_list(entry, visit) if pinned else self._named_list(entry)
        if self._posted_lines(entry, prices) and prices is not None:
            packages = self._savings(entry, prices)
            self._pinning(entry, visit, prices, packages)
            self.owed = Owed(entry, packages) if packages else None
        elif pinned and prices is not None:
            self._found(entry, "P-15", "nothing of it is part of a combo with a package")
        if visit is not None:
            if (body["order"], 1) in visit.sold.lines:
                self._form(entry, "the order was added already")
            visit.sold.add(body["order"], {"order": body["order"], "list": body["list"]}, body["lines"])

    def _pinning(
        self, entry: Entry, visit: Visit | None, prices: PriceList, packages: collections.Counter[tuple[int, str]]
    ) -> None:
        """P-15: a combo with a package is of the visit's list; a promoted package costs the same in both."""
        lines = entry["body"]["lines"]
        with_package = {number for number, _ in packages if lines[number - 1]["kind"] == "combo"}
        if {line.get("of", line["line"]) in with_package for line in lines} != {"pinned" in entry["body"]}:
            self._found(entry, "P-15", "pinned is an order of combos with packages, and nothing else is in it")
        if visit is not None and visit.prices is not None:
            for _, code in packages:
                posted = [price.packages.get(code, {}).get("price_fen") for price in (prices, visit.prices)]
                if posted[0] != posted[1]:
                    self._found(entry, "P-15", f"the visit's list posts the package {code} at another price")

    def _pinned_list(self, entry: Entry, visit: Visit | None) -> PriceList | None:
        number = entry["body"]["list"]
        if visit is not None and visit.list != number:
            self._found(entry, "P-15", f"list {number} is not the visit's, {visit.list}")
        return self._lists.get(number)

    def order_handed_over(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        if visit is None:
            return
        keys = {(body["order"], number) for number in body["lines"]}
        known = {key for key in keys if key in visit.sold.lines and visit.sold.lines[key]["kind"] not in SAVINGS}
        if not keys or len(keys) != len(body["lines"]) or known != keys or keys & visit.handed_over:
            self._form(entry, "it hands over what was not ordered, or twice")
        visit.handed_over |= keys

    def order_cancelled(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        self._own_approval(entry)
        if visit is None:
            return
        key, sold = (body["order"], body["line"]), visit.sold
        line = sold.lines.get(key)
        is_whole = line is not None and body["qty"] <= line["qty"] and line["kind"] not in SAVINGS
        if line is None or not is_whole or body["amount_fen"] != body["qty"] * line["unit_fen"]:
            self._found(entry, "G-4", "it takes back what was not ordered")
            return
        if ("handed_over" in body) is not (key in visit.handed_over):
            self._found(entry, "G-4", "handed_over is not what the visit's entries say")
        sold.take(key, body["qty"])
        if line["kind"] == "goods":
            self.stock.moved(line["code"], body["qty"])
        saving = body["order"], line.get("of", 0)
        fallen, expected = sold.fallen(saving), None
        if fallen:
            fen = fallen * sold.lines[saving]["unit_fen"]
            expected = {"line": line["of"], "qty": fallen, "amount_fen": fen}
            sold.take(saving, fallen)
        if body.get("saving") != expected:
            self._found(entry, "G-3", f"the saving that falls away is {_encode(expected)}")

    def sale_settled(self, entry: Entry) -> None:
        body, prices = entry["body"], self._named_list(entry)
        if self._posted_lines(entry, prices) and prices is not None and self._savings(entry, prices):
            self._found(entry, "P-15", "a combo with a package is for a visit")
        for reduction in body.get("reductions", ()):
            if reduction.get("approval", {}).get("by", "") == entry["actor"]:
                self._form(entry, "the approval is the actor's own")
        if self.lenient or body["sale"] in self._refunded:
            sold = Sold()
            sold.add("", {}, body["lines"])
            self._settled[body["sale"]] = Settled(body, sold, prices)

    def _own_approval(self, entry: Entry) -> None:
        if entry["body"].get("approval", {}).get("by", "") == entry["actor"]:
            self._form(entry, "the approval is the actor's own")

    # Reductions (G-2).

    def reduction_given(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        self._own_approval(entry)
        if visit is not None:
            if body["reduction"] in visit.reductions:
                self._form(entry, "the reduction was given already")
            visit.reductions[body["reduction"]] = {key: body[key] for key in ("reduction", "fen", "reason")}

    def reduction_withdrawn(self, entry: Entry) -> None:
        visit = self._visit(entry)
        if visit is not None and visit.reductions.pop(entry["body"]["reduction"], None) is None:
            self._form(entry, "no such reduction was given")

    # Settlement.

    def settled(self, entry: Entry) -> None:
        visit, body = self._visit(entry), entry["body"]
        if visit is None:
            return
        del self._visits[body["visit"]]
        self._leave(visit, body["visit"])
        if self.lenient or body["visit"] in self._refunded:
            self._settled[body["visit"]] = Settled(body, visit.sold, visit.prices)
        if self.lenient:
            return
        for key in ("check", "tier", "list", "list_sha256", "deposits"):
            if body[key] != getattr(visit, key):
                self._found(entry, "journal §6", f"{key} is not what the visit's entries say")
        self._charged(entry, visit)
        self._statement(entry, visit)
        if visit.prices is None:
            return
        try:
            usage = self._usage(entry, visit, visit.prices)
            self._rated(entry, visit, visit.prices, usage)
        except Refused as refused:
            self._found(entry, refused.rule, refused.evidence)

    def _charged(self, entry: Entry, visit: Visit) -> None:
        body = entry["body"]
        if body["orders"] != visit.sold.left():
            self._found(entry, "G-1", "the orders are not those that were added, less the cancelled")
        if body.get("reductions", []) != list(visit.reductions.values()):
            self._found(entry, "G-2", "the reductions are not those that were given and not withdrawn")
        charged = body["bill"]["total_fen"] + total_fen(body["orders"], "amount_fen")
        if body["total_fen"] != charged - total_fen(body.get("reductions", ())):
            self._found(entry, "journal §6", "the total is not bill and orders, less reductions")

    def _statement(self, entry: Entry, visit: Visit) -> None:
        """Journal §9: what was shown is what was charged."""
        body, shown = entry["body"], visit.statement
        if shown is None:
            self._found(entry, "G-5", "no statement was shown before")
            return
        if not body["statement"] == shown["sha256"] == hashlib.sha256(self._told(body, shown["at"])).hexdigest():
            self._found(entry, "G-5", "the statement shown was another")
        if shown["at"] != body["usage"]["end"]:
            self._found(entry, "journal §6", "the visit does not end with its statement")

    def _told(self, body: Entry, at: str) -> bytes:
        """The canonical statement. Bill and orders are cut out of the entry's own canonical line, for speed.

        A quote inside a string is escaped, so `"key":` stands in a line only where that key does.
        """
        line = self.line
        start = line.index(b'"bill":')
        bill = line[start : line.index(b',"change_fen":', start)]
        start = line.index(b'"orders":', start)
        orders = line[start : line.index(b',"postings":', start)]
        rest = f'"total_fen":{body["total_fen"]},"visit":"{body["visit"]}"}}'
        if "reductions" in body:
            rest = f'"reductions":{_encode(body["reductions"])},{rest}'
        return b'{"at":"' + at.encode("ascii") + b'",' + bill + b"," + orders + b"," + rest.encode("utf-8")

    def _usage(self, entry: Entry, visit: Visit, prices: PriceList) -> Usage:
        """The usage by the visit's entries up to its end; what the settlement says must be the same."""
        said = entry["body"]["usage"]
        end_text, end = said["end"], prices.zone.instant(said["end"])
        stays = visit.stays[:1] + [stay for stay in visit.stays[1:] if stay[1] < end]
        packages = [package for package in visit.packages if package[2] < end]
        pauses = []
        for pause in visit.pauses:
            stop, stop_at = (pause.end, pause.end_at) if 0 <= pause.end_at <= end else (end_text, end)
            if pause.start_at < stop_at:
                pauses.append((pause.start, stop, pause.start_at, stop_at, pause.venue))
        told = {"tier": visit.tier, "start": visit.stays[0][0], "end": end_text}
        told["stays"] = [{"from": stay[0], "zone": stay[2]} for stay in stays]
        told["pauses"] = [
            dict({"from": a, "to": b}, **({"venue": True} if venue else {})) for a, b, _, _, venue in pauses
        ]
        told["packages"] = [{"code": code, "bought_at": at} for code, at, _ in packages]
        if dict({"pauses": [], "packages": []}, **said) != told:
            self._found(entry, "journal §6", f"the usage is not what the visit's entries say: {_encode(told)}")
        last = visit.stays[-1]  # Also one that begins at the end, where the customer sat for no time.
        if entry["body"]["seat"] != last[3] or entry["body"]["zone"] != last[2]:
            self._found(entry, "journal §6", "seat and zone are not the last of the visit")
        return Usage(
            visit.tier,
            visit.stays[0][1],
            end,
            [(stay[1], stay[2]) for stay in stays],
            [(start, stop, venue) for _, _, start, stop, venue in pauses],
            [(code, at) for code, _, at in packages],
        )

    def _rated(self, entry: Entry, visit: Visit, prices: PriceList, usage: Usage) -> None:
        body = entry["body"]
        used = usage.end - usage.start - sum([end - start for start, end, _ in usage.pauses])
        if body["used_seconds"] != used:
            self._found(entry, "P-4", f"used_seconds is {body['used_seconds']}, the entries give {used}")
        if prices.best_price:
            self._least(entry, prices, usage)
        else:
            bill = prices.bill(usage)
            if body["bill"] != bill:
                self._found(entry, "P-14", f"billed {_encode(body['bill'])}, the posted prices give {_encode(bill)}")
        ends = "customer"
        if visit.ended is not None:
            ends = visit.ended["reason"]
            if visit.ended["at"] != body["usage"]["end"]:
                self._found(entry, "journal §6", "the visit did not end when visit.ended says")
        if body["ends"] != ends:
            self._found(entry, "journal §6", "ends is {}, the entries say {}".format(body["ends"], ends))
        elif ends == "closing-time" and prices.closing(usage.start) != usage.end:
            self._found(entry, "P-9", "the visit did not end at closing time")
        elif ends == "package-end" and not (prices.stops and prices.covers(usage)[-1].end == usage.end):
            self._found(entry, "P-6a", "the visit did not end with its last package")

    def _least(self, entry: Entry, prices: PriceList, usage: Usage) -> None:
        """P-16: the bill is that of the purchases made and the packages it adds, and none is less."""
        body, added = entry["body"], _added(entry["body"]["bill"], prices.zone)
        bill = prices.bill(usage, added)
        if body["bill"] != bill:
            self._found(entry, "P-14", f"billed {_encode(body['bill'])}, the posted prices give {_encode(bill)}")
        search = BestPrice(prices, usage)
        ends = [cover.end for cover in prices.covers(usage._replace(packages=usage.packages + added))] if added else []
        if any(not search.may_be_bought_at(at, ends) for _, at in added):
            self._found(entry, "P-16", "a package was added at an instant that the rule does not have")
        least, packages = search.least(bill["total_fen"])
        if least < bill["total_fen"]:
            told = ", ".join(f"{code} at {prices.zone.text(at)}" for code, at in packages) or "nothing added"
            self._found(entry, "P-16", f"billed {bill['total_fen']} fen, it is {least} with {told}")
        elif not search.gave_up:
            first = search.first_of(least, tuple(added))
            if first != tuple(added):
                told = ", ".join(f"{code} at {prices.zone.text(at)}" for code, at in first) or "nothing added"
                self._found(entry, "P-16", f"of equal totals the one that counts is that with {told}")
        if search.gave_up:
            self._report.skip("best-price")

    # Money given back (G-4, REQ-P-26). By which way and how much in all is for `Money`.

    def refund_given(self, entry: Entry) -> None:
        body = entry["body"]
        settled = self._settled.get(next(iter(body["of"].values())))
        if settled is None:
            self._found(entry, "G-4", "it refunds what was not settled before, or what csv/refunds.csv leaves out")
            return
        self._unpaid(entry, settled)
        settled.refunded_fen += body["amount_fen"]
        savings: dict[LineKey, int] = {}
        for line in body["lines"]:
            if ("order" in line) is not ("visit" in body["of"] and line["kind"] != "package"):
                self._form(entry, "a line of a visit names its order, no other line does")
            elif line["kind"] == "package":
                self._package_back(entry, settled, line)
            elif line["kind"] in SAVINGS:
                key = line.get("order", ""), line["line"]
                savings[key] = savings.get(key, 0) + line["qty"]
                if not self._is_settled_line(settled.sold, line):
                    self._found(entry, "G-3", f"the saving {line['code']} was another")
            else:
                self._line_back(entry, settled.sold, line)
        self._savings_back(entry, settled.sold, savings)

    def _unpaid(self, entry: Entry, settled: Settled) -> None:
        """What was taken off the bill does not go back: no more than that, and only where it was not paid."""
        body = entry["body"]
        lines, unpaid = total_fen(body["lines"], "amount_fen"), body.get("unpaid_fen", 0)
        if body["amount_fen"] != lines - unpaid:
            self._found(entry, "G-4", "the amount is not that of its lines")
        missing = max(0, lines - settled.body["total_fen"] + settled.refunded_fen)
        if unpaid != missing or missing > total_fen(settled.body.get("reductions", ())):
            self._found(entry, "G-4", f"{missing} fen of its lines were not paid or went back, it says {unpaid}")

    @staticmethod
    def _is_settled_line(sold: Sold, line: Entry) -> bool:
        was = sold.lines.get((line.get("order", ""), line["line"]), {})
        same = all(was.get(name) == line[name] for name in ("kind", "code", "unit_fen"))
        return same and line["amount_fen"] == line["qty"] * line["unit_fen"]

    def _line_back(self, entry: Entry, sold: Sold, line: Entry) -> None:
        key = line.get("order", ""), line["line"]
        left = sold.lines.get(key, {}).get("qty", 0)
        if not self._is_settled_line(sold, line) or line["qty"] > left:
            self._found(entry, "G-4", f"{line['qty']} {line['code']} go back, {left} were paid and not refunded")
            return
        sold.take(key, line["qty"])

    def _savings_back(self, entry: Entry, sold: Sold, told: dict[LineKey, int]) -> None:
        """G-3: a saving that loses a part goes back with it."""
        fallen = {}
        for saving in sold.parts:
            lost = sold.fallen(saving)
            if lost:
                fallen[saving] = lost
                sold.take(saving, lost)
        if fallen != told:
            self._found(entry, "G-3", f"the savings that lose a part are {sorted(fallen.items())}")

    def _package_back(self, entry: Entry, settled: Settled, line: Entry) -> None:
        """At most the posted share of a package that was not used up, once."""
        prices, number = settled.prices, line["line"]
        if prices is None or "bill" not in settled.body:
            if prices is not None:
                self._found(entry, "G-4", "a sale has no packages")
            return
        try:
            share = prices.unused_share(settled.body, number)
        except Refused as refused:
            self._found(entry, "G-4", refused.evidence)
            return
        if number in settled.packages_back:
            self._found(entry, "G-4", "a package goes back twice")
        settled.packages_back[number] = line["amount_fen"]
        if share is None or share[0] != line["code"]:
            self._found(entry, "G-4", f"no package {line['code']} of which something goes back (refund = none)")
        elif not line["unit_fen"] == line["amount_fen"] <= share[1]:
            self._found(entry, "G-4", f"{share[1]} fen of the package {line['code']} go back at most")

    def overcharge_refunded(self, entry: Entry) -> None:
        """What should have been charged, by the list that it names."""
        body, rule = entry["body"], "REQ-P-26"
        self._own_list(entry)
        settled, due_by = self._settled.get(body["visit"]), self._lists.get(body["list"])
        if settled is None or "bill" not in settled.body:
            self._found(entry, rule, "it refunds what was not settled before, or what csv/refunds.csv leaves out")
            return
        charged = settled.body["total_fen"] - settled.refunded_fen
        settled.refunded_fen += body["amount_fen"]
        if body["charged_fen"] != charged or body["amount_fen"] != charged - body["due_fen"]:
            self._found(entry, rule, f"{charged} fen were charged and not refunded, {body['due_fen']} due")
        if settled.prices is None or due_by is None:
            return
        try:
            due = due_by.due(settled.prices.said_usage(settled.body["usage"]), settled.sold.left())
        except Refused as refused:
            self._found(entry, rule, f"list {body['list']} cannot price the visit: {refused.evidence}")
            return
        if due is None:
            self._report.skip("best-price")
            return
        due -= sum(settled.packages_back.values()) + total_fen(settled.body.get("reductions", ()))
        if max(0, due) != body["due_fen"]:
            self._found(entry, rule, f"due by list {body['list']} are {due} fen, it says {body['due_fen']}")

    def _own_list(self, entry: Entry) -> None:
        body = entry["body"]
        if not any((known.number, known.sha256) == (body["list"], body["list_sha256"]) for known in self._publications):
            self._found(entry, "REQ-P-26", f"list {body['list']} was not published like that")
        if body["list"] not in self._lists:
            self._found(entry, "bundle §2", f"list {body['list']} cannot be read from this bundle")

    def _found(self, entry: Entry, rule: str, evidence: str) -> None:
        if not self.lenient:
            self._report("price", entry["seq"], rule, evidence)

    def _form(self, entry: Entry, evidence: str) -> None:
        if not self.lenient:
            self._report("entry-form", entry["seq"], "journal §6", evidence)


# Tables (bundle §4).

TABLES = {
    "entries": "seq,type,at,business_day,till,actor,clock,leaf",
    "visits": "seq,visit,receipt,seat,zone,tier,price_list,started,ended,used_seconds,ends,"
    "time_yuan,packages_yuan,orders_yuan,reductions_yuan,total_yuan",
    "lines": "seq,receipt,of,line,kind,item,zone,from,to,seconds,extension_seconds,"
    "yuan_per_hour,quantity,unit_yuan,amount_yuan",
    "tenders": "seq,receipt,of,direction,kind,amount_yuan,reference",
    "cancellations": "seq,at,actor,visit,order,line,quantity,amount_yuan,saving_yuan,reason,handed_over,approved_by",
    "refunds": "seq,at,actor,receipt,refund,of,kind,item,quantity,amount_yuan,reason,price_list,approved_by",
    "stock": "seq,at,actor,type,item,quantity,counted,expected,reason",
    "forced_sale": "seq,at,from,to,signal,staff,hour,item,of,hits,others_of,others_hits,p",
    "shifts": "seq,shift,z,till,actor,closed_at,expected_yuan,counted_yuan,difference_yuan,reason,"
    "sales_yuan,cash_yuan,wechat_yuan,alipay_yuan,bank_yuan",
    "id_checks": "seq,at,check,kind,method,verdict,reason,approved_by",
    "price_lists": "seq,list,title,effective,sha256",
    "postings": "seq,type,account,amount_yuan",
}
WITH_ROWS = {"id.checked", "id.refused", "prices.published", "venue.changed"}  # In more tables than csv/entries.csv.
WITH_ROWS.update(("order.cancelled", "stock.received", "stock.counted", "stock.written_off", "forced_sale.reviewed"))
WITH_ROWS.update(kind for kind, body in BODIES.items() if "postings:" in body)
TABLES_WITH_WALL = ("entries", "cancellations", "refunds", "stock", "forced_sale", "shifts", "id_checks")
_is_number = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII).fullmatch
_needs_quotes = re.compile('[,"\r\n]').search


@functools.lru_cache(maxsize=65536)
def yuan(fen: int) -> str:
    return f"{('-' if fen < 0 else '')}{abs(fen) // 100}.{abs(fen) % 100:02}"


@functools.lru_cache(maxsize=65536)
def field(text: str) -> str:
    """One field: harmless to a spreadsheet, quoted where it must be."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text and not _is_number(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _needs_quotes(text) else text


def _approved_by(body: Entry) -> str:
    return field(body.get("approval", {}).get("by", ""))


def spaced(local: str) -> str:
    return local[:10] + " " + local[11:]


_TWO_DIGITS = [f"{number:02}" for number in range(60)]


class Table:
    """Compares rows with a table's bytes as they come; remembers the first row that differs."""

    def __init__(self, columns: str, actual: IO[bytes]) -> None:
        self.difference: int | None = None
        self._actual, self._rows, self._done = actual, ["\ufeff" + columns], 0
        self.add = self._rows.append

    def compare(self) -> None:
        """Compare the rows that have gathered, and forget them."""
        data = "".join([row + "\r\n" for row in self._rows]).encode("utf-8")
        if self.difference is None:
            actual = self._actual.read(len(data))
            if actual != data:
                derived, told = data.split(b"\r\n"), actual.split(b"\r\n")
                same = [ours == theirs for ours, theirs in zip(derived, told)] + [False]
                self.difference = self._done + same.index(False)
        self._done += len(self._rows)
        del self._rows[:]

    def finish(self) -> None:
        self.compare()
        while self._actual.read(1 << 18):  # To its end, for its hash.
            self.difference = self._done if self.difference is None else self.difference
        self._actual.close()


class Tables:
    """Every table, derived from the entries once more."""

    def __init__(self, open_file: Callable[[str], IO[bytes]], timezone: str) -> None:
        self._tables = {name: Table(columns, open_file(f"csv/{name}.csv")) for name, columns in TABLES.items()}
        self.add = {name: table.add for name, table in self._tables.items()}
        self._settings(timezone)
        self._rows: dict[str, Callable[[Entry], None]] = {
            "visit.settled": self.visit_settled,
            "sale.settled": self.sale_settled,
            "deposit.taken": self.deposit_taken,
            "order.cancelled": self.order_cancelled,
            "refund.given": self.refund_given,
            "overcharge.refunded": self.overcharge_refunded,
            "stock.received": self.stock,
            "stock.counted": self.stock,
            "stock.written_off": self.stock,
            "forced_sale.reviewed": self.forced_sale,
            "shift.closed": self.shift_closed,
            "id.checked": self.id_checked,
            "id.refused": self.id_checked,
            "prices.published": self.published,
            "venue.changed": lambda entry: self._settings(entry["body"]["settings"]["timezone"]),
        }

    def _settings(self, timezone: str) -> None:
        try:
            self._zone: Zone | None = Zone(timezone)
        except ZoneUnknownError:
            self._zone = None
        self._minute, self._shown = -1, ""

    def wall(self, wall_ms: int) -> str:
        minute, second = divmod(wall_ms // 1000, 60)
        if minute != self._minute and self._zone is not None:
            self._minute, self._shown = minute, self._zone.text(minute * 60, " ")[:17]
        return self._shown + _TWO_DIGITS[second]

    def entry(self, entry: Entry, leaf: str) -> None:
        seq, kind = entry["seq"], entry["type"]
        self.add["entries"](
            f"{seq},{kind},{self.wall(entry['wall'])},{entry['biz_day']},"
            f"{field(entry['till'])},{entry['actor']},{entry['clk']},{leaf}"
        )
        if seq % 4096 == 0:
            for table in self._tables.values():
                table.compare()
        if kind not in WITH_ROWS:
            return
        body = entry["body"] = _scan(entry["body"], 0)[0]
        own_rows = self._rows.get(kind)
        if own_rows is not None:
            own_rows(entry)
        head, add = f"{seq},{kind},", self.add["postings"]
        for posting in body.get("postings", ()):
            add(head + field(posting["account"]) + "," + yuan(posting["fen"]))

    def visit_settled(self, entry: Entry) -> None:
        body, usage = entry["body"], entry["body"]["usage"]
        lines = body["bill"]["lines"]
        packages = sum([line["amount_fen"] for line in lines if line["kind"] == "package"])
        time = total_fen(lines, "amount_fen") - packages
        reductions = body.get("reductions", ())
        head = f"{entry['seq']},{body['receipt']},{body['visit']},"
        self.add["visits"](
            f"{entry['seq']},{body['visit']},{body['receipt']},"
            f"{field(body['seat'])},{field(body['zone'])},{field(body['tier'])},{body['list']},"
            f"{spaced(usage['start'])},{spaced(usage['end'])},{body['used_seconds']},{body['ends']},"
            f"{yuan(time)},{yuan(packages)},{yuan(total_fen(body['orders'], 'amount_fen'))},"
            f"{yuan(total_fen(reductions))},{yuan(body['total_fen'])}"
        )
        number, add = 0, self.add["lines"]
        for line in lines:
            number += 1
            start, kind, amount = f"{head}{number},", line["kind"], yuan(line["amount_fen"])
            if kind == "time":
                add(
                    f"{start}time,,{field(line['zone'])},{spaced(line['from'])},{spaced(line['to'])},{line['seconds']},"
                    f"{line['extension_seconds']},{yuan(line['fen_per_hour'])},,,{amount}"
                )
            else:
                add(start + kind + "," + field(line.get("code", "")) + ",,,,,,,,," + amount)
        self._item_lines(head, number, body["orders"], reductions)
        self._tenders(head, body["change_fen"], paid=body["tenders"], returned=body["returned"])

    def _item_lines(self, head: str, number: int, items: list[Entry], reductions: Iterable[Entry]) -> None:
        for line in items:
            number += 1
            self.add["lines"](
                f"{head}{number},{line['kind']},{field(line['code'])},,,,,,,{line['qty']},{yuan(line['unit_fen'])},{yuan(line['amount_fen'])}"
            )

        for reduction in reductions:
            number += 1
            self.add["lines"](
                f"{head}{number},reduction,{field(reduction['reason'])},,,,,,,,,{yuan(-reduction['fen'])}"
            )

    def _tenders(self, head: str, change: int, **ways: list[Entry]) -> None:
        add = self.add["tenders"]
        for way, given in ways.items():
            for tender in given:
                add(
                    "{}{},{},{},{}".format(head, way, tender["kind"], yuan(tender["fen"]), field(tender.get("ref", "")))
                )
        if change:
            add(f"{head}change,cash,{yuan(change)},")

    def sale_settled(self, entry: Entry) -> None:
        body = entry["body"]
        head = f"{entry['seq']},{body['receipt']},{body['sale']},"
        self._item_lines(head, 0, body["lines"], body.get("reductions", ()))
        self._tenders(head, body["change_fen"], paid=body["tenders"])

    def deposit_taken(self, entry: Entry) -> None:
        body = entry["body"]
        self._tenders(f"{entry['seq']},{body['receipt']},{body['visit']},", 0, deposit=[body["tender"]])

    def _head(self, entry: Entry) -> str:
        return f"{entry['seq']},{self.wall(entry['wall'])},{entry['actor']},"

    def order_cancelled(self, entry: Entry) -> None:
        body = entry["body"]
        saving = yuan(body["saving"]["amount_fen"]) if "saving" in body else ""
        self.add["cancellations"](
            f"{self._head(entry)}{body['visit']},{body['order']},{body['line']},{body['qty']},{yuan(body['amount_fen'])},"
            f"{saving},{field(body['reason'])},{'yes' if 'handed_over' in body else ''},{_approved_by(body)}"
        )

    def refund_given(self, entry: Entry) -> None:
        body, of = entry["body"], next(iter(entry["body"]["of"].values()))
        head = f"{self._head(entry)}{body['receipt']},{body['refund']},{of},"
        tail = f",{field(body['reason'])},,{_approved_by(body)}"
        for line in body["lines"]:
            item = f"{line['kind']},{field(line['code'])},{line['qty']},{yuan(line['amount_fen'])}"
            self.add["refunds"](head + item + tail)
        if "unpaid_fen" in body:
            self.add["refunds"](f"{head}reduction,,,{yuan(-body['unpaid_fen'])}{tail}")
        self._tenders(f"{entry['seq']},{body['receipt']},{of},", 0, refunded=body["tenders"])

    def overcharge_refunded(self, entry: Entry) -> None:
        body, of = entry["body"], entry["body"]["visit"]
        head = f"{self._head(entry)}{body['receipt']},{body['refund']},{of},"
        self.add["refunds"](f"{head}overcharge,,,{yuan(body['amount_fen'])},,{body['list']},{_approved_by(body)}")
        self._tenders(f"{entry['seq']},{body['receipt']},{of},", 0, refunded=body["tenders"])

    def stock(self, entry: Entry) -> None:
        body, head = entry["body"], self._head(entry) + entry["type"].partition(".")[2] + ","
        for line in body["lines"]:
            amounts = ",".join(str(line.get(key, "")) for key in ("qty", "counted", "expected"))
            self.add["stock"](f"{head}{field(line['code'])},{amounts},{field(body.get('reason', ''))}")

    def forced_sale(self, entry: Entry) -> None:
        body = entry["body"]
        head = f"{entry['seq']},{self.wall(entry['wall'])},{body['from']},{body['to']},"
        for found in body["findings"]:
            counts = ",".join(str(found[key]) for key in ("of", "hits", "others_of", "others_hits"))
            who = f"{found['signal']},{found['staff']},{found.get('hour', '')},{field(found.get('item', ''))}"
            self.add["forced_sale"](f"{head}{who},{counts},{field(found['p'])}")

    def shift_closed(self, entry: Entry) -> None:
        body = entry["body"]
        start = [
            str(entry["seq"]),
            str(body["shift"]),
            str(body["z"]),
            field(entry["till"]),
            entry["actor"],
            self.wall(entry["wall"]),
        ]
        money = [yuan(body[key + "_fen"]) for key in ("expected", "counted", "difference")]
        taken = [yuan(body["totals_fen"][kind]) for kind in ("cash", "wechat", "alipay", "bank")]
        self.add["shifts"](",".join(start + money + [field(body.get("reason", "")), yuan(body["sales_fen"])] + taken))

    def id_checked(self, entry: Entry) -> None:
        body = entry["body"]
        values = [
            body.get("check", ""),
            body.get("kind", ""),
            body["method"],
            body.get("verdict", "refused"),
            body.get("reason", ""),
        ]
        cells = [str(entry["seq"]), self.wall(entry["wall"])] + [field(value) for value in values]
        self.add["id_checks"](",".join([*cells, _approved_by(body)]))

    def published(self, entry: Entry) -> None:
        body = entry["body"]
        head = f"{entry['seq']},{body['list']},{field(body['title'])},"
        self.add["price_lists"](f"{head}{spaced(body['effective'])},{body['sha256']}")

    def finish(self) -> dict[str, int]:
        """The line at which each table differs that does."""
        for table in self._tables.values():
            table.finish()
        found = {name: table.difference for name, table in self._tables.items()}
        return {name: row + 1 for name, row in found.items() if row is not None}


def chain_and_tables(path: str, timezone: str, prev: str, tree: Tree, wanted: set[int]) -> tuple[Any, ...]:
    """The chain of step 3, the tree of step 4 and the tables of step 7, in a walk that needs no other process.

    It answers with the entries whose `prev` is not what it should be, the root at each wanted size, the first
    differing line of each table that differs, and the hashes of the files read. The entries' form is the other walk's.
    """
    gc.disable()
    bundle, fits = Bundle(path), _outline()
    broken, roots = [], {}
    try:
        tables = Tables(bundle.stream, timezone)
        for raw in bundle.hashed_lines("log/entries.jsonl"):
            data = raw[:-1]
            leaf = leaf_hash(data)
            tree.append(leaf)
            if tree.size in wanted:
                roots[tree.size] = tree.root()
            expected, prev = prev, leaf.hex()
            try:
                entry = _envelope(fits(data.decode("utf-8")))
                if entry["prev"] != expected:
                    broken.append(entry["seq"])
                tables.entry(entry, prev)
            except FORM_ERRORS:
                continue  # The other walk tells it.
        differences = tables.finish()
        return broken, roots, differences, {name: digest.hexdigest() for name, digest in bundle.streamed.items()}
    finally:
        bundle.close()


# Zip or folder (bundle §2).

WITHOUT_HASH = ("manifest.json", "manifest.sig")
NEEDED = [
    "manifest.json",
    "manifest.sig",
    "log/entries.jsonl",
    "log/before.jsonl",
    "log/range.json",
    "log/checkpoints.txt",
]
NEEDED += [f"csv/{name}.csv" for name in TABLES]
STREAMED = ["log/entries.jsonl"] + [f"csv/{name}.csv" for name in TABLES]  # Hashed while the entries are walked.


class Hashed(io.RawIOBase):
    """A file that feeds a digest, if one is given, while it is read."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:
        self._file, self._digest = file, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        if self._digest is not None:
            self._digest.update(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class Bundle:
    """The files of a zip or of an unpacked folder, by their path in the bundle."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        self.streamed: dict[str, Any] = {}
        self._streams: list[IO[bytes]] = []
        if os.path.isdir(path):
            found = (os.path.join(at, name) for at, _, names in os.walk(path) for name in names)
            self.names = sorted(os.path.relpath(name, path).replace(os.sep, "/") for name in found)
        else:
            self._zip = zipfile.ZipFile(path)
            self.names = sorted(self._zip.namelist())

    def open(self, name: str) -> IO[bytes]:
        if self._zip is None:
            return open(os.path.join(self.path, *name.split("/")), "rb")
        if self._zip.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"a compression that no bundle uses: {name}")
        return self._zip.open(name)

    def stream(self, name: str) -> IO[bytes]:
        """Open a large file for one reading, which hashes it."""
        self.streamed[name] = hashlib.sha256()
        self._streams.append(io.BufferedReader(Hashed(self.open(name), self.streamed[name]), 1 << 18))
        return self._streams[-1]

    def is_large(self) -> bool:
        """Whether a second process is worth its start."""
        name = "log/entries.jsonl"
        if self._zip is not None:
            return self._zip.getinfo(name).file_size > LARGE_BYTES
        return os.path.getsize(os.path.join(self.path, *name.split("/"))) > LARGE_BYTES

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            data = file.read(SMALL_FILE_BYTES + 1)
        if len(data) > SMALL_FILE_BYTES:
            raise ValueError("too large: " + name)
        return data

    def hash(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.open(name) as file:
            for chunk in iter(functools.partial(file.read, 1 << 18), b""):
                digest.update(chunk)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        with io.BufferedReader(Hashed(self.open(name), None), 1 << 18) as file:
            yield from iter(functools.partial(file.readline, LONGEST_LINE_BYTES), b"")

    def hashed_lines(self, name: str) -> Iterator[bytes]:
        return iter(functools.partial(self.stream(name).readline, LONGEST_LINE_BYTES), b"")

    def close(self) -> None:
        for file in self._streams:
            file.close()
        if self._zip is not None:
            self._zip.close()


class Beside:
    """A walk in a second process where the bundle is large and this Python can start one; else when it is asked for."""

    def __init__(self, walk: Callable[[], Any], *, large: bool) -> None:
        self._walk = walk
        self._pool: Any = None
        self._answer: Any = None
        if large and (os.cpu_count() or 1) > 1:
            try:
                from concurrent.futures import ProcessPoolExecutor
                from multiprocessing import get_context

                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
                self._answer = self._pool.submit(self._walk)
            except (ImportError, OSError, RuntimeError):
                self._answer = None

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def answer(self) -> Any:
        if self._answer is not None:
            try:
                return self._answer.result()
            except RuntimeError:  # The process could not start, or was ended from outside.
                pass
        return self._walk()


class Introduced(NamedTuple):
    """A checkpoint key, and the entry and desk that introduced it."""

    key: Key
    seq: int
    till: str


class Earlier(NamedTuple):
    """An entry before the range, and the proof that it is in the log."""

    seq: int
    data: bytes
    entry: Entry
    proof: list[bytes]


class Verification:
    """One run over one bundle; the steps are those of bundle §3."""

    def __init__(self, bundle: Bundle, anchors: list[Anchor], report: Report) -> None:
        self._bundle, self._anchors, self._report = bundle, anchors, report
        self._keys: list[Introduced] = []
        self._manifest: Note | None = None
        self._key_files: list[tuple[str, int]] = []
        self._roots: dict[int, bytes] = {}
        self._checkpoints: list[tuple[Checkpoint, Note]] = []
        self.origin, self.first, self.last, self.newest, self.demo = "", 0, -1, 0, False

    def run(self) -> None:
        if not self._step_1_files():
            return
        self._read_range()
        self._read_checkpoints()
        self._steps_2_to_7_entries()
        self._step_4_heads()
        self._step_8_anchors()

    # 1. Files.

    def _step_1_files(self) -> bool:
        """Whether everything is there that the other steps read."""
        names, report = self._bundle.names, self._report
        for name in sorted({name for name in names if names.count(name) > 1}):
            report("file-unlisted", None, "bundle §3.1", name + " is there twice")
        if "manifest.json" not in names:
            report("file-missing", None, "bundle §3.1", "manifest.json")
            return False
        data = self._bundle.read("manifest.json")
        manifest = parse_canonical(data)
        if not isinstance(manifest, dict) or list(manifest) != ["files"] or not isinstance(manifest["files"], dict):
            raise ValueError("manifest.json is not a manifest")
        listed = manifest["files"]
        for name in sorted(set(names).difference(listed, WITHOUT_HASH)):
            report("file-unlisted", None, "bundle §3.1", name)
        for name in sorted(set(listed).union(NEEDED).difference(names)):
            report("file-missing", None, "bundle §3.1", name)
        for name in sorted(set(listed).intersection(names).difference(STREAMED)):
            if self._bundle.hash(name) != listed[name]:
                report("file-changed", None, "bundle §3.1", name)
        self._listed = listed
        self._manifest_sha256 = sha256_hex(data)
        report.checked.append("files")
        return set(NEEDED).issubset(names)

    # 2. Signatures. They are checked when the entries that introduce the keys have been read.

    def _read_range(self) -> None:
        form = _fits(record("first:count last:count size:count newest:count frontier:[hex] consistency:[hex]"))
        span = parse_as(form, self._bundle.read("log/range.json"))
        self.first, self.last, self.newest = span["first"], span["last"], span["newest"]
        if not self.first <= self.last < span["size"] == self.last + 1 <= self.newest:
            raise ValueError("log/range.json contradicts itself")
        self._tree = Tree(self.first, [bytes.fromhex(node) for node in span["frontier"]])
        self._consistency = [bytes.fromhex(node) for node in span["consistency"]]

    def _read_checkpoints(self) -> None:
        lines = self._bundle.read("log/checkpoints.txt").split(b"\n")
        if len(lines) % 7 or lines[6::7].count(b"") != len(lines) // 7:
            self._report("signature", None, "bundle §2", "log/checkpoints.txt is not a list of notes of two signatures")
            return
        for at in range(0, len(lines), 7):
            try:
                note = parse_note(b"\n".join(lines[at : at + 6]) + b"\n")
                self._checkpoints.append((parse_checkpoint(note.text), note))
            except ValueError as error:
                self._report("signature", None, "journal §3", f"checkpoint {at // 7 + 1}: {error}")
        sizes = [checkpoint.size for checkpoint, _ in self._checkpoints]
        if sizes != sorted(set(sizes)):
            self._report("checkpoint-root", None, "bundle §2", "the checkpoints do not ascend")

    def _step_2_signatures(self) -> None:
        text = f"{self.origin}\nmanifest\n{self._manifest_sha256}\n"
        try:
            note = parse_note(self._bundle.read("manifest.sig"))
        except ValueError as error:
            self._report("signature", None, "bundle §2", f"manifest.sig: {error}")
        else:
            if note.text != text.encode("utf-8"):
                self._report("file-changed", None, "bundle §2", "manifest.sig signs another manifest.json")
            self._manifest = note
            self._signed_twice(note, self.last + 1, "manifest.sig")
        for checkpoint, note in self._checkpoints:
            if checkpoint.origin != self.origin:
                self._report("signature", None, "journal §3", "checkpoint of another log: " + checkpoint.origin)
            self._signed_twice(note, checkpoint.size, f"checkpoint {checkpoint.size}")
        files = sorted(name for name in self._bundle.names if name.startswith("keys/"))
        texts = [self._bundle.read(name) for name in files]
        expected = [f"keys/{number + 1:03}.txt" for number in range(len(self._key_files))]
        if files != expected or texts != [f"{public}\n{seq}\n".encode() for public, seq in self._key_files]:
            self._report("signature", None, "bundle §2", "keys/ is not what the key.added entries say")
        self._report.checked.append("signatures")

    def _signed_twice(self, note: Note, size: int, what: str) -> None:
        """Journal §3: one Ed25519 and one P-256 line, by keys of one desk whose entries the size covers."""
        algorithms, desks = [], set()
        for signature in note.signatures:
            signer = self._signer(signature, size)
            if signer is None:
                self._report(
                    "signature", None, "journal §3", what + ": signed by a key that no entry introduced before"
                )
                algorithms.append(0)
                continue
            if not signer.key.holds(note.text, signature.value):
                self._report("signature", None, "journal §3", f"{what}: signature {signer.key.algorithm} does not hold")
            algorithms.append(signer.key.algorithm)
            desks.add(signer.till)
        if len(algorithms) != 2 or (0 not in algorithms and algorithms != [1, 2]) or len(desks) > 1:
            self._report(
                "signature", None, "journal §3", what + ": not one Ed25519 and one P-256 signature of one desk"
            )

    def _signer(self, signature: Signature, size: int) -> Introduced | None:
        for one in self._keys:
            if (one.key.name, one.key.key_id) == signature[:2] and one.seq < size:
                return one
        return None

    # 3 to 7. One walk over the entries: form, clocks, money, prices. Chain, tree and tables have their own, beside it.

    def _steps_2_to_7_entries(self) -> None:
        lists, hashes = self._price_lists()
        report = self._report
        refunded = self._refunded()
        self._clocks, self._money = Clocks(report), Money(report, refunded)
        self._visits = Visits(report, lists, hashes, refunded)
        self._handlers = self._all_handlers()
        earlier = self._earlier()
        wanted = {self.first, self.last + 1}.union(head.size for head, _ in self._checkpoints)
        wanted.update(anchor.size for anchor in self._anchors)
        self._roots[self.first] = self._tree.root()
        prev = self._start(earlier)
        walk = functools.partial(chain_and_tables, self._bundle.path, self._clocks.timezone, prev, self._tree, wanted)
        beside = Beside(walk, large=self._bundle.is_large())
        try:
            count = self._walk()
            self._step_2_signatures()
            broken, roots, differences, hashes = beside.answer()
        finally:
            beside.close()
        self._roots.update(roots)
        for seq in broken:
            report("prev", seq, "journal §2", "prev is not the hash of the entry before")
        if count != self.last - self.first + 1:
            report("seq-gap", None, "bundle §2", f"{count} entries, range.json says {self.first} … {self.last}")
        for number in self._visits.never_published():
            report("price", None, "bundle §2", f"prices/{number}.json was never published")
        for name in STREAMED:
            if self._listed.get(name, "") not in ("", hashes[name]):
                report("file-changed", None, "bundle §3.1", name)
        self._tables_differ(differences)
        self._prove_earlier(earlier)
        report.checked += ["entries", "tree", "clocks", "money", "prices", "tables"]

    def _tables_differ(self, differences: dict[str, int]) -> None:
        no_clock = any(what.startswith("time-zone") for what in self._report.not_checked)
        for name, line in differences.items():
            if no_clock and name in TABLES_WITH_WALL:
                self._report.skip(f"csv/{name}.csv")
            else:
                evidence = f"csv/{name}.csv differs from the entries in line {line}"
                self._report("csv-differs", None, "bundle §4", evidence)

    def _walk(self) -> int:
        """Take every entry of the range in turn; how many there were."""
        report, expected, count = self._report, self.first, 0
        for raw in self._bundle.lines("log/entries.jsonl"):
            count += 1
            data = raw[:-1]
            try:
                if raw[-1:] != b"\n":
                    raise ValueError("no line feed at its end")
                entry = parse_entry(data)
                if entry["seq"] != expected:
                    report("seq-gap", expected, "journal §2", f"entry {entry['seq']} stands where {expected} should")
                expected = entry["seq"] + 1
                self._entry(entry, data)
            except FORM_ERRORS as error:
                report("entry-form", expected, "journal §1, §2, §6", f"{error}")
                expected += 1
        self._visits.refuse_owed()
        return count

    def _refunded(self) -> set[str]:
        """The visits and sales that a refund names, so that no other needs to be kept in memory.

        The table is only a hint: where it leaves one out, the refund is a finding, and so is the table (step 7).
        """
        rows = (line.split(b",") for line in self._bundle.lines("csv/refunds.csv"))
        return {row[5].decode("ascii", "replace") for row in rows if len(row) > 5}

    def _price_lists(self) -> tuple[dict[int, PriceList | None], dict[int, str]]:
        lists: dict[int, PriceList | None] = {}
        hashes: dict[int, str] = {}
        for name in self._bundle.names:
            match = re.fullmatch(r"prices/([1-9][0-9]{0,8})\.json", name)
            if match:
                number, data = int(match.group(1)), self._bundle.read(name)
                hashes[number] = sha256_hex(data)
                try:
                    lists[number] = PriceList(number, data)
                except ZoneUnknownError as error:
                    lists[number] = None
                    self._report.skip("time-zone " + str(error))
                except FORM_ERRORS as error:
                    self._report("price", None, "bundle §2", f"{name} is not a price list: {error}")
        return lists, hashes

    def _all_handlers(self) -> dict[str, list[Callable[[Entry], Any]]]:
        money, visits, stock = self._money, self._visits, self._visits.stock
        return {
            "key.added": [self._key_added],
            "desk.enrolled": [self._desk_enrolled],
            "prices.published": [lambda entry: money.number(entry, "list"), visits.published],
            "board.posted": [visits.posted],
            "id.checked": [visits.checked],
            "visit.opened": [visits.opened],
            "visit.moved": [visits.moved],
            "visit.paused": [visits.paused],
            "visit.resumed": [visits.resumed],
            "outage.began": [visits.outage_began],
            "outage.ended": [visits.outage_ended],
            "package.bought": [visits.package_bought],
            "visit.ended": [visits.ended],
            "deposit.taken": [money.deposit_taken, visits.deposit_taken],
            "order.added": [visits.order_added, stock.sold],
            "order.handed_over": [visits.order_handed_over],
            "order.cancelled": [visits.order_cancelled],
            "reduction.given": [visits.reduction_given],
            "reduction.withdrawn": [visits.reduction_withdrawn],
            "refund.given": [money.refund_given, visits.refund_given],
            "overcharge.refunded": [money.overcharge_refunded, visits.overcharge_refunded],
            "seat.closed": [visits.seat_closed],
            "seat.reopened": [visits.seat_reopened],
            "statement.shown": [visits.statement_shown],
            "visit.settled": [money.visit_settled, visits.settled],
            "sale.settled": [money.sale_settled, visits.sale_settled, stock.sold],
            "stock.received": [stock.received],
            "stock.counted": [stock.counted],
            "stock.written_off": [stock.written_off],
            "shift.opened": [money.shift_opened],
            "shift.read": [money.shift_of],
            "cash.moved": [money.cash_moved],
            "shift.closed": [money.shift_closed],
        }

    def _entry(self, entry: Entry, line: bytes) -> None:
        self._visits.line = line
        kind = entry["type"]
        if entry["log"] != self.origin or (kind == "log.started") is not (entry["seq"] == 0):
            raise ValueError("an entry of another log, or log.started elsewhere than in entry 0")
        if entry["clk"] == "simulated":
            self.demo = True
        self._clocks.entry(entry)
        if self._clocks.business_day(entry["wall"]) not in ("", entry["biz_day"]):
            self._report("entry-form", entry["seq"], "journal §2", "biz_day is not the business day of wall")
        self._money.grow(entry)
        if self._visits.owed is not None and not (kind == "package.bought" and "order" in entry["body"]):
            self._visits.refuse_owed()
        for handle in self._handlers.get(kind, ()):
            handle(entry)
        if kind == "venue.changed":
            self._clocks.settings(entry["body"]["settings"])

    def _key_added(self, entry: Entry) -> None:
        body, seq = entry["body"], entry["seq"]
        if (body["use"] == "checkpoint") is not ("vkey" in body) or ("public" in body) is ("vkey" in body):
            raise ValueError("a key in another form")
        if "vkey" in body:
            key = parse_vkey(body["vkey"])
            if key.name != self.origin:
                self._report("signature", seq, "journal §3", "a key under another name than the log's")
            self._keys.append(Introduced(key, seq, entry["till"]))
        else:
            strict_base64(body["public"])
        self._key_files.append((body.get("vkey") or body["public"], seq))

    def _desk_enrolled(self, entry: Entry) -> None:
        if entry["body"]["desk"] != entry["till"]:
            self._report("entry-form", entry["seq"], "journal §6", "a desk enrols itself, no other")

    # Earlier entries: what a range that does not begin with the log stands on.

    def _earlier(self) -> list[Earlier]:
        found: list[Earlier] = []
        form = _fits(record("entry:text seq:count proof:[hex]"))
        for number, line in enumerate(self._bundle.lines("log/before.jsonl")):
            try:
                item = parse_as(form, line[:-1])
                if line[-1:] != b"\n":
                    raise ValueError("no line feed at its end")
                data = item["entry"].encode("utf-8")
                entry = parse_entry(data)
                if entry["seq"] != item["seq"] or not (found[-1].seq if found else -1) < item["seq"] < self.first:
                    raise ValueError("not an entry before the range, in ascending order")
                found.append(Earlier(item["seq"], data, entry, [bytes.fromhex(node) for node in item["proof"]]))
            except FORM_ERRORS as error:
                self._report("entry-form", None, "bundle §2", f"log/before.jsonl, line {number + 1}: {error}")
        return found

    def _start(self, earlier: list[Earlier]) -> str:
        """Take up what the earlier entries say; the hash that the first entry must name as `prev`."""
        clocks, money, visits = self._clocks, self._money, self._visits
        self._first_settings(earlier)
        money.lenient = visits.lenient = True
        for _, _, entry, _ in earlier:
            try:
                for handle in self._handlers.get(entry["type"], ()):
                    handle(entry)
                if entry["type"] == "venue.changed":
                    clocks.settings(entry["body"]["settings"])
            except FORM_ERRORS as error:
                self._report("entry-form", entry["seq"], "journal §6", f"{error}")
        visits.refuse_owed()
        money.lenient = visits.lenient = False
        if self.first == 0:
            money.start(_TOTALS % collections.defaultdict(int), from_zero=True)
            visits.stock.whole = True
            return "0" * 64
        if not earlier or earlier[-1].seq != self.first - 1 or earlier[0].seq != 0:
            self._report(
                "seq-gap", self.first, "bundle §2", "log/before.jsonl lacks entry 0 or the one before the range"
            )
            return ""
        clocks.start(earlier[-1].entry)
        money.start(earlier[-1].entry["gt"], from_zero=False)
        return leaf_hash(earlier[-1].data).hex()

    def _first_settings(self, earlier: list[Earlier]) -> None:
        """The log's name and the first settings, which hold for the entries before them too."""
        entries = [item.entry for item in earlier]
        for raw, _ in zip(self._bundle.lines("log/entries.jsonl"), range(16)):
            try:
                entries.append(parse_entry(raw[:-1]))
            except FORM_ERRORS:
                continue  # Told when its turn comes.
        self.origin = entries[0]["log"] if entries else ""
        for entry in entries:
            if entry["type"] == "venue.changed":
                try:
                    self._clocks.settings(entry["body"]["settings"])
                except FORM_ERRORS as error:
                    self._report("entry-form", entry["seq"], "journal §6", f"{error}")
                return
        self._report("entry-form", None, "journal §6", "no venue.changed says the time zone")

    def _prove_earlier(self, earlier: list[Earlier]) -> None:
        size = self.last + 1
        for seq, data, entry, proof in earlier:
            try:
                holds = inclusion_root(leaf_hash(data), seq, size, proof) == self._roots.get(size)
            except ValueError:
                holds = False
            if not holds or entry["log"] != self.origin:
                self._report("checkpoint-root", seq, "bundle §2", "an earlier entry is not proven to be in the log")

    # 4. The heads.

    def _step_4_heads(self) -> None:
        size, newest = self.last + 1, None
        for checkpoint, _ in self._checkpoints:
            root = self._roots.get(checkpoint.size)
            if checkpoint.size == self.newest:
                newest = checkpoint
            elif root is None:
                self._head(checkpoint.size, "a checkpoint of a size that these entries do not reach")
            if root is not None and root != checkpoint.root:
                self._head(checkpoint.size, f"the entries give the root {root.hex()}")
        if size not in [checkpoint.size for checkpoint, _ in self._checkpoints] or newest is None:
            self._head(size, "no checkpoint of the end of the range, or not the newest one")
            return
        root = self._roots.get(size)
        if root is None:
            self._head(size, "the entries end before it")
        elif not is_consistent(size, self.newest, root, newest.root, self._consistency):
            self._head(self.newest, "the newest checkpoint does not continue this log")
        else:
            self._roots[self.newest] = newest.root

    def _head(self, size: int, evidence: str) -> None:
        self._report("checkpoint-root", size - 1, "bundle §3.4", evidence)

    # 8. Anchors: what was outside the venue's reach.

    def _step_8_anchors(self) -> None:
        for anchor in self._anchors:
            if anchor.kind == "vkey":
                self._pinned(anchor.key)
            else:
                self._anchored(anchor)
        kinds = {anchor.kind for anchor in self._anchors}
        if "vkey" not in kinds:
            self._report.skip("key-origin")
        if not kinds.difference({"vkey"}):
            self._report.skip("outside-anchors")
        for what in ("identities", "sales-never-entered", "outside-time", "law-of-the-place"):
            self._report.skip(what)
        if self.first:
            self._report.skip("before-range")
        if self._anchors:
            self._report.checked.append("anchors")

    def _pinned(self, pinned: Key | None) -> None:
        """The key on the start slip must vouch for this bundle."""
        if pinned not in [one.key for one in self._vouching()]:
            self._report("signature", None, "bundle §3.8", "the key held outside does not vouch for this log")

    def _vouching(self) -> list[Introduced]:
        """Who signed the manifest or the range's head, and who signed a head that covers the key of one of them."""
        size = self.last + 1
        signed = [(head.size, self._signers(note, head.size)) for head, note in self._checkpoints]
        found = self._signers(self._manifest, size) if self._manifest is not None else []
        found += [signer for at, signers in signed if at == size for signer in signers]
        for one in found:  # It grows while it is walked.
            found += [signer for at, signers in signed if one.seq < at for signer in signers if signer not in found]
        return found

    def _signers(self, note: Note, size: int) -> list[Introduced]:
        signers = [self._signer(signature, size) for signature in note.signatures]
        return [signer for signer in signers if signer is not None]

    def _anchored(self, anchor: Anchor) -> None:
        log = base64.b32encode(hashlib.sha256(self.origin.encode("utf-8")).digest()).decode("ascii")[:10]
        head = f"{self.origin}\n{anchor.size}\n{base64.b64encode(anchor.root).decode('ascii')}\n"
        text = head.encode("utf-8")
        if anchor.note is None:
            other = anchor.log != log
            holds = any(
                one.key.holds(text, anchor.signature)
                for one in self._keys
                if one.key.algorithm == 1 and one.seq < anchor.size
            )
        else:
            other = anchor.note.text != text
            known = [(self._signer(signature, anchor.size), signature.value) for signature in anchor.note.signatures]
            results = [one.key.holds(text, value) for one, value in known if one is not None]
            holds = bool(results) and all(results)
        if other:
            self._report("fork", None, "bundle §3.8", "the anchor is of another log")
            return
        if not holds:
            self._report(
                "signature", None, "bundle §3.8", f"no key of this log signed the anchor of size {anchor.size}"
            )
        root = self._roots.get(anchor.size)
        if anchor.size > self.newest:
            self._report(
                "truncated",
                self.newest,
                "bundle §3.8",
                f"the anchor knows {anchor.size} entries, the log {self.newest}",
            )
        elif root is None:
            self._report.skip("anchor-outside-range")
        elif root != anchor.root:
            self._report("fork", anchor.size - 1, "bundle §3.8", f"another root at size {anchor.size}")


# Answer.

NOT_CHECKED = {
    "key-origin": (
        "密钥是否真属于该场所(请用 --anchor 给出起始单上的公钥)",
        "whose keys these are: give the start slip's key by --anchor",
    ),
    "outside-anchors": (
        "场所以外持有的凭证(请用 --anchor 给出小票二维码文字)",
        "what is held outside the venue: give receipts' QR texts by --anchor",
    ),
    "anchor-outside-range": ("凭证对应的记录不在本包范围内", "an anchor lies outside the range of this bundle"),
    "before-range": ("本包之前的记录只核对了所附部分", "of the entries before the range only those enclosed"),
    "identities": ("实名信息", "identities"),
    "sales-never-entered": ("从未录入的收入", "sales that were never entered"),
    "outside-time": ("记录时间与标准时间是否一致", "the venue's clock against time from outside"),
    "law-of-the-place": ("当地法规的要求", "what the law of the place asks"),
    "best-price": ("最优价规则 (P-16)", "charges under best price (P-16)"),
}


def verify(path: str, anchors: Iterable[str] = ()) -> dict[str, Any]:
    """Check a bundle; `{"ok", "findings", "checked", "not_checked", "demo", "log", "entries"}`.

    ValueError for an anchor that is neither receipt text, signed note nor vkey; everything else is a finding.
    """
    report, held = Report(), [parse_anchor(text) for text in anchors]
    run: Verification | None = None
    collects = gc.isenabled()
    gc.disable()  # Entries come and go without cycles; looking for some would take a tenth of the time.
    try:
        bundle = Bundle(path)
        try:
            run = Verification(bundle, held, report)
            run.run()
        finally:
            bundle.close()
    except READ_ERRORS as error:
        report("unreadable", None, "bundle §3.1", f"{type(error).__name__}: {error}")
    finally:
        if collects:
            gc.enable()
    findings = report.all_findings()
    return {
        "ok": not findings,
        "findings": findings,
        "checked": report.checked,
        "not_checked": report.not_checked,
        "demo": run is not None and run.demo,
        "log": run.origin if run else "",
        "entries": [run.first, run.last] if run else [],
    }


def told(path: str, answer: dict[str, Any]) -> Iterator[str]:
    """The answer for people, Chinese and English."""
    demo = "演示 DEMO: " if answer["demo"] else ""
    yield "明价数据包核验 / Mingjia bundle check: " + path
    yield "日志 Log: {}  记录 Entries: {}".format(answer["log"], " … ".join(map(str, answer["entries"])))
    for finding in answer["findings"]:
        chinese, english = CODES[finding["code"]]
        where = "" if finding["seq"] is None else f" #{finding['seq']}"
        yield "[{}]{} {} / {}: {} ({})".format(
            finding["code"], where, chinese, english, finding["evidence"], finding["rule"]
        )
    yield "已核验 Checked: " + ", ".join(answer["checked"])
    for what in answer["not_checked"]:
        chinese, english = NOT_CHECKED.get(what, ("本机无此时区数据", "no data for it here"))
        yield f"未核验 Not checked: {what}: {chinese} / {english}"
    verdict = "通过,未发现问题 / PASS, nothing found" if answer["ok"] else "不通过 / FAIL"
    yield f"{demo}结论 Verdict: {verdict}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description="核验明价数据包 / Verify a Mingjia bundle.")
    parser.add_argument(
        "file", metavar="FILE", help="数据包或其解压后的文件夹 / the zip, or the folder it was unpacked to"
    )
    parser.add_argument(
        "--anchor",
        metavar="TEXT",
        action="append",
        default=[],
        help="小票二维码文字、检查点或公钥,@文件名 则读取文件 / receipt text, note or key; @FILE reads it",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # A console that lacks a character still shows the rest.
    try:
        answer = verify(options.file, [_anchor_text(text) for text in options.anchor])
    except (ValueError, OSError, binascii.Error) as error:
        parser.error(f"--anchor: {error}")
    for line in [json.dumps(answer)] if options.json else told(options.file, answer):
        print(line)
    return 0 if answer["ok"] else 1


def _anchor_text(text: str) -> str:
    if not text.startswith("@"):
        return text
    with open(text[1:], encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
