"""A second writer of logs and bundles, from the documents alone: the verifier is not tested on its own word.

Entries are plain dictionaries without `seq`, `gt` and `prev`; `seal` numbers and chains them as an honest venue does,
or as an owner with his keys could after changing them. Nothing here uses the product's journal, tree, notes or tables.
"""

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Entry = dict[str, Any]
ORIGIN = "mingjia/abcdefghijklmnop/1"
VERIFIER = Path(__file__).parents[2] / "compliance" / "verify" / "verify.py"


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Leaves:
    """RFC 6962 §2.1 by its recursive definitions."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._leaves = [hashlib.sha256(b"\x00" + line).digest() for line in lines]
        self._full: dict[tuple[int, int], bytes] = {}

    def __getitem__(self, index: int) -> bytes:
        return self._leaves[index]

    def root(self, begin: int, end: int) -> bytes:
        if end - begin == 1:
            return self._leaves[begin]
        if (begin, end) not in self._full:
            middle = begin + self._split(end - begin)
            node = hashlib.sha256(b"\x01" + self.root(begin, middle) + self.root(middle, end)).digest()
            self._full[begin, end] = node
        return self._full[begin, end]

    def inclusion(self, index: int, begin: int, end: int) -> list[bytes]:
        if end - begin == 1:
            return []
        middle = begin + self._split(end - begin)
        if index < middle:
            return [*self.inclusion(index, begin, middle), self.root(middle, end)]
        return [*self.inclusion(index, middle, end), self.root(begin, middle)]

    def consistency(self, old: int, begin: int, end: int, *, whole: bool = True) -> list[bytes]:
        if old == end:
            return [] if whole else [self.root(begin, end)]
        middle = begin + self._split(end - begin)
        if old <= middle:
            return [*self.consistency(old, begin, middle, whole=whole), self.root(middle, end)]
        return [*self.consistency(old, middle, end, whole=False), self.root(begin, middle)]

    def frontier(self, size: int) -> list[bytes]:
        nodes, begin = [], 0
        for bit in reversed(range(size.bit_length())):
            if size >> bit & 1:
                nodes.append(self.root(begin, begin + (1 << bit)))
                begin += 1 << bit
        return nodes

    @staticmethod
    def _split(width: int) -> int:
        return 1 << (width - 1).bit_length() - 1


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Both keys of a log, and notes signed with them."""

    ed25519: Ed25519PrivateKey
    p256: ec.EllipticCurvePrivateKey
    origin: str = ORIGIN

    @property
    def _publics(self) -> tuple[bytes, bytes]:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        spki = self.p256.public_key().public_bytes(serialization.Encoding.DER, form)
        return self.ed25519.public_key().public_bytes_raw(), spki

    @property
    def _ids(self) -> tuple[bytes, bytes]:
        raw, spki = self._publics
        return hashlib.sha256(self.origin.encode() + b"\n\x01" + raw).digest()[:4], hashlib.sha256(spki).digest()[:4]

    @property
    def vkeys(self) -> tuple[str, str]:
        raw, spki = self._publics
        first, second = (
            f"{self.origin}+{key_id.hex()}+{base64.b64encode(material).decode()}"
            for key_id, material in zip(self._ids, (b"\x01" + raw, b"\x02" + spki), strict=True)
        )
        return first, second

    def note(self, text: str) -> str:
        first, second = self._ids
        signatures = (first + self.ed25519.sign(text.encode()), second + self._ecdsa(text.encode()))
        return f"{text}\n" + "".join(f"— {self.origin} {base64.b64encode(s).decode()}\n" for s in signatures)

    def checkpoint(self, size: int, root: bytes) -> str:
        return self.note(f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n")

    def receipt(self, size: int, root: bytes) -> str:
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        log = base32(hashlib.sha256(self.origin.encode()).digest())[:10]
        return f"MJ1:{log}:{size}:{base32(root)}:{base32(self.ed25519.sign(text))}"

    def _ecdsa(self, text: bytes) -> bytes:
        return self.p256.sign(text, ec.ECDSA(hashes.SHA256()))


def base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


@cache
def keys(seed: int = 1) -> Keys:
    """Keys that are the same in every run."""
    return Keys(
        ed25519=Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32),
        p256=ec.derive_private_key(seed * 7919, ec.SECP256R1()),
    )


def seal(entries: Iterable[Entry], *, honest_totals: bool = True) -> list[bytes]:
    """Number, total and chain entries; the lines of the log. Without `honest_totals` an entry keeps its own `gt`."""
    totals = {"sales_fen": 0, "voids_fen": 0, "refunds_fen": 0, "used_seconds": 0}
    lines: list[bytes] = []
    prev = "0" * 64
    for seq, entry in enumerate(entries):
        body = entry["body"]
        if entry["type"] in {"visit.settled", "sale.settled"}:
            totals["sales_fen"] += body["total_fen"]
            totals["used_seconds"] += body.get("used_seconds", 0)
        if entry["type"] == "order.cancelled":
            totals["voids_fen"] += body["amount_fen"]
        if entry["type"] in {"refund.given", "overcharge.refunded"}:
            totals["refunds_fen"] += body["amount_fen"]
        gt = dict(totals) if honest_totals else entry.get("gt", dict(totals))
        lines.append(canonical({**entry, "seq": seq, "gt": gt, "prev": prev}))
        prev = hashlib.sha256(b"\x00" + lines[-1]).hexdigest()
    return lines


@dataclass(kw_only=True)
class Export:
    """What goes into a bundle besides what the entries say."""

    lines: list[bytes]
    keys: Keys
    lists: dict[int, bytes]
    first: int = 0
    last: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def make(self) -> dict[str, bytes]:
        """The files of the bundle, signed."""
        last = len(self.lines) - 1 if self.last is None else self.last
        entries = [json.loads(line) for line in self.lines]
        leaves, size, newest = Leaves(self.lines), last + 1, len(self.lines)
        consistency = leaves.consistency(size, 0, newest) if size < newest else []
        span: Entry = {"first": self.first, "last": last, "size": size, "newest": newest}
        span |= {
            "frontier": [n.hex() for n in leaves.frontier(self.first)],
            "consistency": [n.hex() for n in consistency],
        }
        inside = entries[self.first : size]
        sizes = {size, newest} | {e["seq"] + 1 for e, n in pairwise(inside) if e["biz_day"] != n["biz_day"]}
        self.files = {
            "README.txt": "核验 / verify\r\n".encode(),
            "log/entries.jsonl": b"".join(line + b"\n" for line in self.lines[self.first : size]),
            "log/before.jsonl": b"".join(self._earlier(entries, leaves, size)),
            "log/range.json": canonical(span),
            "log/checkpoints.txt": "\n".join(
                self.keys.checkpoint(n, leaves.root(0, n)) for n in sorted(sizes)
            ).encode(),
            "verify/verify.py": VERIFIER.read_bytes(),
        }
        published = {e["body"]["list"] for e in entries[:size] if e["type"] == "prices.published"}
        self.files |= {f"prices/{n}.json": data for n, data in self.lists.items() if n in published}
        introduced = [e for e in entries[:size] if e["type"] == "key.added"]
        for number, entry in enumerate(introduced, 1):
            public = entry["body"].get("vkey") or entry["body"]["public"]
            self.files[f"keys/{number:03}.txt"] = f"{public}\n{entry['seq']}\n".encode()
        self.files |= {
            f"csv/{name}.csv": table for name, table in tables(inside, self.lines[self.first : size]).items()
        }
        return self.sign()

    def sign(self) -> dict[str, bytes]:
        """Make the manifest again after a change of `files`."""
        listed = {name: sha256_hex(data) for name, data in self.files.items() if name not in MANIFEST}
        self.files["manifest.json"] = canonical({"files": listed})
        text = f"{self.keys.origin}\nmanifest\n{sha256_hex(self.files['manifest.json'])}\n"
        self.files["manifest.sig"] = self.keys.note(text).encode()
        return self.files

    def _earlier(self, entries: list[Entry], leaves: Leaves, size: int) -> Iterable[bytes]:
        inside = [canonical(entry).decode() for entry in entries[self.first : size]]
        seats = {e["body"]["seat"]: e["seq"] for e in entries[: self.first] if e["type"].startswith("seat.")}
        for entry in entries[: self.first]:
            body, seq = entry["body"], entry["seq"]
            outage = body["visits"] if entry["type"].startswith("outage.") else []
            names = [body[key] for key in ("visit", "check") if key in body] + outage
            is_needed = seq in {0, self.first - 1} or entry["type"] in {
                "key.added",
                "venue.changed",
                "prices.published",
            }
            is_needed |= seq in seats.values()
            is_needed |= "postings" in body or any(f'"{name}"' in line for name in names for line in inside)
            if is_needed:
                proof = [node.hex() for node in leaves.inclusion(seq, 0, size)]
                yield canonical({"entry": self.lines[seq].decode(), "seq": seq, "proof": proof}) + b"\n"


MANIFEST = ("manifest.json", "manifest.sig")


def write_zip(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 1)
    return path


# The tables, by csv.writer.

HEADERS = {
    "entries": "seq,type,at,business_day,till,actor,clock,leaf",
    "visits": "seq,visit,receipt,seat,zone,tier,price_list,started,ended,used_seconds,ends,time_yuan,packages_yuan,"
    "orders_yuan,reductions_yuan,total_yuan",
    "lines": "seq,receipt,of,line,kind,item,zone,from,to,seconds,extension_seconds,yuan_per_hour,quantity,unit_yuan,"
    "amount_yuan",
    "tenders": "seq,receipt,of,direction,kind,amount_yuan,reference",
    "cancellations": "seq,at,actor,visit,order,line,quantity,amount_yuan,saving_yuan,reason,handed_over,approved_by",
    "refunds": "seq,at,actor,receipt,refund,of,kind,item,quantity,amount_yuan,reason,price_list,approved_by",
    "stock": "seq,at,actor,type,item,quantity,counted,expected,reason",
    "forced_sale": "seq,at,from,to,signal,staff,hour,item,of,hits,others_of,others_hits,p",
    "shifts": "seq,shift,z,till,actor,closed_at,expected_yuan,counted_yuan,difference_yuan,reason,sales_yuan,cash_yuan,"
    "wechat_yuan,alipay_yuan,bank_yuan",
    "id_checks": "seq,at,check,kind,method,verdict,reason,approved_by",
    "price_lists": "seq,list,title,effective,sha256",
    "postings": "seq,type,account,amount_yuan",
}


def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def shown(wall_ms: int) -> str:
    """The clock of Asia/Shanghai."""
    seconds = wall_ms // 1000 + 8 * 3600
    return f"{day_of(seconds)} {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@cache
def _date(days: int) -> str:
    import datetime as dt

    return (dt.date(1970, 1, 1) + dt.timedelta(days=days)).isoformat()


def day_of(local_seconds: int) -> str:
    return _date(local_seconds // 86_400)


def local(wall_ms: int) -> str:
    return shown(wall_ms).replace(" ", "T")


def tables(entries: Iterable[Entry], lines: Iterable[bytes]) -> dict[str, bytes]:
    rows: dict[str, list[list[Any]]] = {name: [] for name in HEADERS}
    for entry, line in zip(entries, lines, strict=True):
        _add_rows(rows, entry, hashlib.sha256(b"\x00" + line).hexdigest())
    return {name: _csv(name, table) for name, table in rows.items()}


def _csv(name: str, table: list[list[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADERS[name].split(","))
    writer.writerows(table)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _add_rows(rows: dict[str, list[list[Any]]], entry: Entry, leaf: str) -> None:
    seq, kind, body, at = entry["seq"], entry["type"], entry["body"], shown(entry["wall"])
    rows["entries"].append([seq, kind, at, entry["biz_day"], entry["till"], entry["actor"], entry["clk"], leaf])
    rows["postings"] += [[seq, kind, posting["account"], yuan(posting["fen"])] for posting in body.get("postings", [])]
    if kind == "visit.settled":
        _settled(rows, seq, body)
    elif kind == "sale.settled":
        rows["lines"] += _items(seq, body, body["sale"], 0, body["lines"])
        _tenders(rows, seq, body, body["sale"])
    elif kind == "deposit.taken":
        tender = body["tender"]
        paid = [tender["kind"], yuan(tender["fen"]), tender.get("ref")]
        rows["tenders"].append([seq, body["receipt"], body["visit"], "deposit", *paid])
    elif kind == "shift.closed":
        amounts = [yuan(body[f"{key}_fen"]) for key in ("expected", "counted", "difference")]
        taken = [yuan(body["totals_fen"][key]) for key in ("cash", "wechat", "alipay", "bank")]
        who = [body["shift"], body["z"], entry["till"], entry["actor"], at]
        rows["shifts"].append([seq, *who, *amounts, body.get("reason"), yuan(body["sales_fen"]), *taken])
    elif kind in {"id.checked", "id.refused"}:
        facts = [
            body.get("check"),
            body.get("kind"),
            body["method"],
            body.get("verdict", "refused"),
            body.get("reason"),
        ]
        rows["id_checks"].append([seq, at, *facts, body.get("approval", {}).get("by")])
    elif kind in {"order.cancelled", "refund.given", "overcharge.refunded"}:
        _taken_back(rows, entry, at)
    elif kind.startswith("stock.") or kind == "forced_sale.reviewed":
        _told(rows, entry, at)
    elif kind == "prices.published":
        effective = body["effective"].replace("T", " ")
        rows["price_lists"].append([seq, body["list"], body["title"], effective, body["sha256"]])


def _settled(rows: dict[str, list[list[Any]]], seq: int, body: Entry) -> None:
    usage, lines, of, receipt = body["usage"], body["bill"]["lines"], body["visit"], body["receipt"]
    packages = sum(line["amount_fen"] for line in lines if line["kind"] == "package")
    time = sum(line["amount_fen"] for line in lines) - packages
    orders = sum(line["amount_fen"] for line in body["orders"])
    times = [usage["start"].replace("T", " "), usage["end"].replace("T", " "), body["used_seconds"], body["ends"]]
    reductions = sum(given["fen"] for given in body.get("reductions", []))
    money = [yuan(fen) for fen in (time, packages, orders, reductions, body["total_fen"])]
    where = [body["seat"], body["zone"], body["tier"], body["list"]]
    rows["visits"].append([seq, of, receipt, *where, *times, *money])
    for number, line in enumerate(lines, 1):
        times = ["", "", "", "", "", ""]
        if line["kind"] == "time":
            times = [line["zone"], line["from"].replace("T", " "), line["to"].replace("T", " "), line["seconds"]]
            times += [line["extension_seconds"], yuan(line["fen_per_hour"])]
        item = [line["kind"], line.get("code"), *times, "", "", yuan(line["amount_fen"])]
        rows["lines"].append([seq, receipt, of, number, *item])
    rows["lines"] += _items(seq, body, of, len(lines), body["orders"])
    _tenders(rows, seq, body, of)


def _items(seq: int, body: Entry, of: str, after: int, items: list[Entry]) -> list[list[Any]]:
    cells = [
        [line["kind"], line["code"], *[""] * 6, line["qty"], yuan(line["unit_fen"]), yuan(line["amount_fen"])]
        for line in items
    ]
    cells += [["reduction", given["reason"], *[""] * 8, yuan(-given["fen"])] for given in body.get("reductions", [])]
    return [[seq, body["receipt"], of, number, *row] for number, row in enumerate(cells, after + 1)]


def _taken_back(rows: dict[str, list[list[Any]]], entry: Entry, at: str) -> None:
    seq, body, by = entry["seq"], entry["body"], entry["body"].get("approval", {}).get("by")
    if entry["type"] == "order.cancelled":
        saving = yuan(body["saving"]["amount_fen"]) if "saving" in body else ""
        what = [body["visit"], body["order"], body["line"], body["qty"], yuan(body["amount_fen"]), saving]
        handed = "yes" if body.get("handed_over") else ""
        rows["cancellations"].append([seq, at, entry["actor"], *what, body["reason"], handed, by])
        return
    of = body["visit"] if entry["type"] == "overcharge.refunded" else next(iter(body["of"].values()))
    head = [seq, at, entry["actor"], body["receipt"], body["refund"], of]
    if entry["type"] == "overcharge.refunded":
        rows["refunds"].append([*head, "overcharge", "", "", yuan(body["amount_fen"]), "", body["list"], by])
    else:
        for line in body["lines"]:
            item = [line["kind"], line["code"], line["qty"], yuan(line["amount_fen"])]
            rows["refunds"].append([*head, *item, body["reason"], "", by])
        if "unpaid_fen" in body:
            unpaid = ["reduction", "", "", yuan(-body["unpaid_fen"])]
            rows["refunds"].append([*head, *unpaid, body["reason"], "", by])
    for tender in body["tenders"]:
        row = [seq, body["receipt"], of, "refunded", tender["kind"], yuan(tender["fen"]), tender.get("ref")]
        rows["tenders"].append(row)


def _told(rows: dict[str, list[list[Any]]], entry: Entry, at: str) -> None:
    """What was counted, and what was found when somebody asked."""
    seq, body, what = entry["seq"], entry["body"], entry["type"].split(".")[1]
    if entry["type"] == "forced_sale.reviewed":
        for found in body["findings"]:
            keys = ("signal", "staff", "hour", "item", "of", "hits", "others_of", "others_hits", "p")
            rows["forced_sale"].append([seq, at, body["from"], body["to"], *[found.get(key) for key in keys]])
        return
    for line in body["lines"]:
        amounts = [line.get(key) for key in ("code", "qty", "counted", "expected")]
        rows["stock"].append([seq, at, entry["actor"], what, *amounts, body.get("reason")])


def _tenders(rows: dict[str, list[list[Any]]], seq: int, body: Entry, of: str) -> None:
    for direction, tenders in (("paid", body["tenders"]), ("returned", body.get("returned", []))):
        for tender in tenders:
            row = [seq, body["receipt"], of, direction, tender["kind"], yuan(tender["fen"]), tender.get("ref")]
            rows["tenders"].append(row)
    if body["change_fen"]:
        rows["tenders"].append([seq, body["receipt"], of, "change", "cash", yuan(body["change_fen"]), ""])
