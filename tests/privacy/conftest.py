"""One owner, one counter and one sealed registration of an invented person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy.blind_index import IndexKey, registration_token
from privacy.opening import Opener
from privacy.owner_key import OwnerKey
from privacy.passphrases import Argon2Cost
from privacy.sealing import Field, Sealer, Sealing

SITE = "abcdefghijklmnop"
VALUES = {
    Field.NAME: "测试甲",
    Field.NUMBER: "110101199003070011",
    Field.BIRTH: "1990-03-07",
    Field.ADDRESS: "北京市东城区测试路1号",
    Field.ISSUER: "测试公安局",
}


@dataclass(frozen=True, kw_only=True)
class House:
    """Both sides of the glass: what the counter has, and what the owner has."""

    sealer: Sealer
    owner: OwnerKey
    opener: Opener
    index: IndexKey

    def seal(
        self, values: dict[Field, str] | None = None, *, record_id: str = "check-1", month: str = "2026-11"
    ) -> Sealing:
        chosen = VALUES if values is None else values
        return self.sealer.seal(
            chosen,
            record_id=record_id,
            token=registration_token(self.index, site=SITE, series="CN-RIC", number=chosen.get(Field.NUMBER, "-")),
            recipient=self.owner.recipient(month),
            sealed_ms=1_795_000_000_000,
            actor="s1",
        )


@pytest.fixture(scope="session")
def house() -> House:
    device = Ed25519PrivateKey.generate()
    owner = OwnerKey.create(site=SITE, first_month=date(2026, 11, 23), months=3)
    return House(
        sealer=Sealer(site=SITE, signing_key=device),
        owner=owner,
        opener=Opener(site=SITE, owner=owner, desks=(device.public_key(),)),
        index=IndexKey(version=1, secret=bytes(range(32))),
    )


@pytest.fixture(scope="session")
def cheap() -> Argon2Cost:
    """A cost for tests that are not about the cost."""
    return Argon2Cost(memory_kib=64, iterations=1, lanes=1)
