"""A founded venue, and builders for what comes over its counter."""

from __future__ import annotations

from pathlib import Path

from billing.price_checks import check
from billing.price_list import ItemKind
from billing.sold_lines import OrderLine
from billing.tenders import Tender
from hardware.id_readers.reader import DocumentRead
from hardware.simulated.people import find_card
from pos.bootstrap import Venue
from pos.counter.counter import Counter, counter_at
from pos.counter.seats import Opening
from pos.founding import Costs, Plan, found
from pos.secrets_file import StaffSecret
from pos.settings import read_venue_file
from privacy.passphrases import Argon2Cost
from records.clock import Clock
from records.server import Server
from staff import repository
from staff.pins import PinCost
from staff.repository import StaffMember

DEMO = Path(__file__).parents[3] / "pos" / "demo"
PASSPHRASE = "counter passphrase for tests"
STAFF = (
    StaffSecret(name="li", role="owner", pin="628194"),
    StaffSecret(name="wang", role="manager", pin="730518"),
    StaffSecret(name="chen", role="cashier", pin="416273"),
    StaffSecret(name="zhou", role="cashier", pin="951628"),
    StaffSecret(name="sun", role="auditor", pin="582917"),
)
CHEAP = Costs(
    passphrase=Argon2Cost(memory_kib=64, iterations=1, lanes=1),
    pin=PinCost(memory_kib=64, iterations=1, lanes=1),
    reserve_bytes=65536,
)


def found_venue(path: Path, clock: Clock, *, prices: str | None = None, server: Server | None = None) -> None:
    """Found the demo's venue, with cheap secrets and without devices."""
    text = (DEMO / "prices.toml").read_text(encoding="utf-8") if prices is None else prices
    checked = check(text)
    assert checked.prices is not None, checked.problems
    found(
        Plan(
            folder=path,
            venue=read_venue_file((DEMO / "venue.toml").read_text(encoding="utf-8"), path="venue.toml"),
            venue_path="venue.toml",
            prices=checked.prices,
            staff=STAFF,
            owner_key_path=path.parent / "owner-key.pem",
            owner_passphrase="owner passphrase for tests",
            counter_passphrase=PASSPHRASE,
            clock=clock,
            product="test",
            costs=CHEAP,
            server=server,
        )
    )


def member(venue: Venue, name: str) -> StaffMember:
    with venue.records.reading() as connection:
        found_member = repository.member_named(connection, name)
    assert found_member is not None
    return found_member


def counter_of(venue: Venue, name: str) -> Counter:
    """Put someone behind the counter whose PIN was checked elsewhere."""
    return counter_at(venue, member(venue, name))


def card(name: str) -> DocumentRead:
    """What the reader gives for a card of the simulator."""
    found_card = find_card(name)
    assert found_card is not None
    return DocumentRead(text_block=found_card.block, new_address=found_card.new_address)


def cash(fen: int) -> Tender:
    return Tender.parse(f"cash={fen}")


def wechat(fen: int) -> Tender:
    return Tender.parse(f"wechat={fen}:4200002231")


def goods(code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=ItemKind.GOODS, code=code, quantity=quantity)


def seat_someone(
    counter: Counter,
    who: str,
    seat: str,
    *,
    tier: str = "guest",
    package: str | None = None,
    deposit: Tender | None = None,
) -> str:
    """Check a card in and open a seat; returns the visit."""
    admission = counter.check_in.card(card(who))
    return counter.seats.open(admission, Opening.new(seat=seat, tier=tier, package=package, deposit=deposit)).visit_id
