"""What one desk does stands on the other's screen, because it is told; and also when it is not told."""

from __future__ import annotations

import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos.bootstrap import open_venue
from pos.counter.counter import Counter
from pos.tui.desk import floor_watch, house_news
from records.announcements import ANNOUNCED, Listening, listening
from records.clock import SimulatedClock, monotonic_seconds
from records.errors import StoreLostError
from records.folder import VenueFolder
from tests.conftest import MONDAY_EVENING
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.venues import PASSPHRASE, cash, counter_of, seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at
from tests.servers import Server
from tests.soak.soaking import found_desks

_EARS = "FROM pg_stat_activity WHERE application_name LIKE '% ear' AND datname = current_database()"
_NEVER = 10**9
_GONE_WITHIN_MS = 60_000


@dataclass(frozen=True, kw_only=True)
class House:
    """A venue on a server: a screen may sit at its second desk, while `counter` works at its first."""

    server: Server
    database_name: str
    second: Path
    counter: Counter

    def cut_ears(self) -> int:
        """End the connections on which desks listen, and count them."""
        with self.server.superuser(self.database_name) as connection:
            cut = len(connection.execute(f"SELECT pg_terminate_backend(pid, {_GONE_WITHIN_MS}) {_EARS}").fetchall())
        connection.close()
        return cut

    def wait_until_nobody_listens(self) -> None:
        """Wait until the server has noticed that its listeners are gone."""
        until = monotonic_seconds() + LONGEST_SECONDS
        while self.ears():
            assert monotonic_seconds() < until

    def ears(self) -> int:
        with self.server.superuser(self.database_name) as connection:
            row = connection.execute(f"SELECT count(*) {_EARS}").fetchone()
        connection.close()
        assert row is not None
        return int(row[0])


@pytest.fixture
def house(server: Server, tmp_path: Path) -> Iterator[House]:
    name = server.create()
    first, second = found_desks(server, name, tmp_path, 2)
    with open_venue(VenueFolder(path=first), passphrase=lambda: PASSPHRASE, clock=clock()) as venue:
        counter = counter_of(venue, "wang")
        counter.shifts.open(float_fen=20_000)
        yield House(server=server, database_name=name, second=second, counter=counter)
    server.drop(name)


def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY_EVENING + timedelta(minutes=5), boot="test-boot")


@pytest.fixture
def no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen that never looks of its own accord: what it shows it was told."""
    for name in ("NET_EVERY", "SHARED_PULSE_EVERY", "_UPKEEP_EVERY"):
        monkeypatch.setattr(floor_watch, name, _NEVER)


async def shown(desk: Desk, seat: str, sign: str) -> None:
    """Wait until the map has a sign beside a seat of the first zone."""
    await desk.until_it_holds(lambda: sign in re.findall(rf"\b{seat} (\S)", desk.text())[:1])


def at_the_second_desk(house: House, story: Callable[[Desk], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with sitting_at(house.second, clock()) as desk:
            await desk.log_in("chen")
            await desk.until_it_holds(lambda: desk.services.news.is_listening)
            await shown(desk, "01", "·")
            await story(desk)

    play(whole)
    house.wait_until_nobody_listens()  # The desk let go of its ear.


def test_a_screen_shows_what_another_desk_did_because_it_was_told(house: House, no_net: None) -> None:
    del no_net

    async def story(desk: Desk) -> None:
        counter = house.counter
        visit = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
        await shown(desk, "01", "▶")
        counter.seats.pause(visit)
        await shown(desk, "01", "‖")
        counter.seats.resume(visit)
        counter.seats.move(visit, "A03")
        await shown(desk, "03", "▶")
        await shown(desk, "01", "·")
        counter.seats.close_seat("A02", "faulty")
        await shown(desk, "02", "×")
        counter.settlements.show(visit)
        counter.settlements.settle(visit, [], request="told-once-only-1")
        await shown(desk, "03", "·")

    at_the_second_desk(house, story)


def test_a_desk_whose_ear_was_cut_looks_by_itself_each_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor_watch, "NET_EVERY", _NEVER)

    async def story(desk: Desk) -> None:
        def deaf(_engine: sa.Engine, **_options: str) -> Iterator[Listening]:
            raise StoreLostError

        monkeypatch.setattr(house_news, "listening", deaf)
        assert house.cut_ears() == 1
        await desk.until_it_holds(lambda: not desk.services.news.is_listening)
        seat_someone(house.counter, "adult-a", "A01", deposit=cash(2000))
        await shown(desk, "01", "▶")

    at_the_second_desk(house, story)


def test_an_ear_listens_again_when_the_server_is_back_and_makes_up_for_what_it_missed(
    house: House, no_net: None
) -> None:
    del no_net

    async def story(desk: Desk) -> None:
        seat_someone(house.counter, "adult-a", "A01", deposit=cash(2000))  # So that this desk has its connection.
        await shown(desk, "01", "▶")
        house.server.run(f"ALTER DATABASE {house.database_name} CONNECTION LIMIT 0")
        assert house.cut_ears() == 1
        await desk.until_it_holds(lambda: not desk.services.news.is_listening)
        seat_someone(house.counter, "adult-c", "A03", deposit=cash(2000))
        assert house.ears() == 0
        house.server.run(f"ALTER DATABASE {house.database_name} CONNECTION LIMIT -1")
        await desk.until_it_holds(lambda: desk.services.news.is_listening)
        await shown(desk, "03", "▶")
        seat_someone(house.counter, "adult-b", "A02", deposit=cash(2000))
        await shown(desk, "02", "▶")

    at_the_second_desk(house, story)


def test_what_piles_up_while_nobody_takes_it_is_one_piece_of_news(house: House) -> None:
    heard: list[int] = []
    came, goes_on = threading.Semaphore(0), threading.Event()

    def take(length: int) -> None:
        heard.append(length)
        came.release()
        assert goes_on.wait(timeout=LONGEST_SECONDS)

    news = house_news.HouseNews(house.counter.till.records.engine)
    news.start(take)
    assert came.acquire(timeout=LONGEST_SECONDS)
    with listening(house.counter.till.records.engine) as neighbour:
        for letter, seat in zip("abcd", ("A01", "A02", "A03", "A04"), strict=True):
            seat_someone(house.counter, f"adult-{letter}", seat, deposit=cash(2000))
        while neighbour.wait(LONGEST_SECONDS) != house.counter.floors.entries():
            pass  # What the neighbour has heard has come to all.
    goes_on.set()
    while heard[-1] < house.counter.floors.entries():
        assert came.acquire(timeout=LONGEST_SECONDS)
    news.stop()
    assert len(heard) <= 3, "the beginning, and then all at once"


def test_what_was_rolled_back_or_made_up_by_a_stranger_is_no_news(house: House) -> None:
    engine = house.counter.till.records.engine
    with listening(engine) as heard:
        with engine.connect() as connection:
            connection.execute(sa.select(ANNOUNCED))  # Of every entry there is.
            connection.rollback()
        with house.server.superuser(house.database_name) as stranger:
            place = house.counter.till.reserve.folder.place
            assert place is not None
            stranger.execute("SELECT pg_notify(%s, 'drop everything')", [place.schema])
            stranger.execute("SELECT pg_notify('another venue', '1')")
            stranger.execute("SELECT pg_notify(%s, '7')", [place.schema])
        stranger.close()
        while (length := heard.wait(5.0)) is None:
            pass
    assert length == 7
