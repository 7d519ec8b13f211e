"""Several desks on one log: clocks and keys of each are its own, and the start slip's key vouches for the others'."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.compliance.bundles import codes, judged, resigned, rules
from tests.compliance.busy_shop import Shop
from tests.compliance.handmade import Entry, Export, Keys, day_of, keys

SECOND = keys(3)
"""The keys of the second desk."""


def enrolled(entries: list[Entry], *, at: int = 60) -> None:
    """A second desk is added, enrols itself with its own clocks and keys, and works on."""
    like = entries[at]
    added = {**copy.deepcopy(like), "type": "desk.added", "body": {"desk": "till-2"}, "actor": "s1", "commit": {}}
    entries.insert(at, added)
    clock = {"till": "till-2", "boot": "boot-of-till-2", "mono_us": 77, "wall": like["wall"] - 3_000_000}
    own = {**copy.deepcopy(added), **clock}
    told = [{**own, "type": "desk.enrolled", "body": {"desk": "till-2"}}]
    told += [{**own, "type": "key.added", "body": {"use": "checkpoint", "vkey": vkey}} for vkey in SECOND.vkeys]
    entries[at + 1 : at + 1] = told
    for place in (90, 130, 170):
        login = {"type": "staff.logged_in", "body": {"staff": "s3", "role": "manager"}, "actor": "s3"}
        passed = entries[place]["wall"] - like["wall"]
        wall = own["wall"] + passed
        later = {"wall": wall, "mono_us": 77 + passed * 1000, "biz_day": day_of(wall // 1000 + 2 * 3600)}
        entries.insert(place, {**copy.deepcopy(own), **login, **later})


@dataclass(frozen=True, kw_only=True)
class Signers(Keys):
    """Signs everything from a size on with another desk's keys; the manifest is of the last size."""

    later: Keys
    from_size: int

    def checkpoint(self, size: int, root: bytes) -> str:
        signers = self.later if size >= self.from_size else Keys(ed25519=self.ed25519, p256=self.p256)
        return signers.checkpoint(size, root)

    def note(self, text: str) -> str:
        return self.later.note(text)


def export(shop: Shop, signers: Keys | None = None) -> Export:
    made = resigned(shop, enrolled)
    made.keys = signers or made.keys
    return made


def by_the_second_desk(from_size: int) -> Signers:
    return Signers(ed25519=keys().ed25519, p256=keys().p256, later=SECOND, from_size=from_size)


def test_each_desk_is_held_to_its_own_clock(shop: Shop, tmp_path: Path) -> None:
    assert judged(export(shop).make(), tmp_path)["findings"] == []


def test_the_clock_of_one_desk_is_no_excuse_for_another(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        enrolled(entries)
        theirs = [entry for entry in entries if entry["till"] == "till-2"]
        theirs[-1]["wall"] += 3_600_000

    answer = judged(resigned(shop, change).make(), tmp_path)
    assert rules(answer, "clock-back") == {"journal §7"}


def test_a_desk_enrols_itself(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        enrolled(entries)
        next(entry for entry in entries if entry["type"] == "desk.enrolled")["body"]["desk"] = "till-3"

    assert "entry-form" in codes(judged(resigned(shop, change).make(), tmp_path))


def test_the_founding_key_vouches_for_what_the_second_desk_signs(shop: Shop, tmp_path: Path) -> None:
    """The head at the end of the first day, by the founding desk, covers the second one's keys."""
    size = len(resigned(shop, enrolled).lines)
    files = export(shop, by_the_second_desk(size)).make()
    for key in (keys(), SECOND):
        answer = judged(files, tmp_path, key.vkeys)
        assert answer["findings"] == []
        assert "key-origin" not in answer["not_checked"]


def test_a_key_that_signed_nothing_here_vouches_for_nothing(shop: Shop, tmp_path: Path) -> None:
    answer = judged(export(shop, by_the_second_desk(0)).make(), tmp_path, keys().vkeys[:1])
    assert rules(answer, "signature") == {"bundle §3.8"}


@pytest.mark.parametrize("which", [0, 1])
def test_both_signatures_of_a_head_are_one_desks(shop: Shop, which: int, tmp_path: Path) -> None:
    mixed = [
        Keys(ed25519=keys().ed25519, p256=SECOND.p256),
        Keys(ed25519=SECOND.ed25519, p256=keys().p256),
    ]
    answer = judged(export(shop, mixed[which]).make(), tmp_path)
    assert codes(answer) == {"signature"}
