"""A desk's folder on two computers: one of them is the desk, the other is told so (PostgreSQL)."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pos.languages import Language, words_of
from pos.tui.desk.house_news import HouseNews
from pos.tui.desk.opening import opened_desk
from pos.tui.desk.services import DeskServices
from pos.wording import sentence_of
from records import postgres
from records.clock import monotonic_seconds
from records.errors import DeskElsewhereError
from records.folder import VenueFolder
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.venues import PASSPHRASE
from tests.servers import Server, database_of
from tests.soak.soaking import found_desks

CUT_NAME = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name LIKE '% name'"


@pytest.fixture
def nobody_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the name keeps it: nothing is waited for."""
    monkeypatch.setattr(postgres, "NAME_SECONDS", 0.1)


@pytest.fixture
def folders(server: Server, tmp_path: Path) -> Iterator[list[Path]]:
    """The folders of two desks, and a copy of the first one's."""
    name = server.create()
    desks = found_desks(server, name, tmp_path, 2)
    shutil.copytree(desks[0], tmp_path / "copy")
    yield [*desks, tmp_path / "copy"]
    server.drop(name)


def opened(folder: Path) -> AbstractContextManager[DeskServices]:
    words = words_of(Language.EN)
    return opened_desk(VenueFolder(path=folder), passphrase=lambda: PASSPHRASE, language=Language.EN, words=words)


@pytest.mark.usefixtures("nobody_leaves")
def test_a_desk_is_open_once_however_often_its_folder_was_copied(folders: list[Path]) -> None:
    first, second, copy = folders
    with opened(first), opened(second):
        with pytest.raises(DeskElsewhereError) as refused, opened(copy):
            pass
        assert refused.value.desk == "desk-1"
        assert "is open in a copy of this folder" in sentence_of(refused.value, words_of(Language.EN))
    with opened(copy), pytest.raises(DeskElsewhereError), opened(first):
        pass
    with opened(first):
        pass


@pytest.mark.usefixtures("nobody_leaves")
def test_a_desk_whose_server_was_away_has_its_name_again(server: Server, folders: list[Path]) -> None:
    first, _, copy = folders
    with opened(first) as services:
        news = services.news
        assert isinstance(news, HouseNews)
        place = VenueFolder(path=first).place
        assert place is not None
        with server.superuser(place.url.rpartition("/")[2].partition("?")[0]) as superuser:
            superuser.execute(CUT_NAME)
        superuser.close()
        heard = threading.Event()
        news.start(lambda _: heard.set())
        assert heard.wait(LONGEST_SECONDS)
        with pytest.raises(DeskElsewhereError), opened(copy):
            pass
        news.stop()


@pytest.mark.usefixtures("nobody_leaves")
def test_a_desk_that_lost_the_connection_of_its_name_alone_holds_it_by_another(
    server: Server, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.tui.desk.house_news.NAME_EVERY_SECONDS", 0.0)
    first, _, copy = folders
    with opened(first) as services:
        news, place = services.news, VenueFolder(path=first).place
        assert isinstance(news, HouseNews)
        assert place is not None
        heard = threading.Event()
        news.start(lambda _: heard.set())
        assert heard.wait(LONGEST_SECONDS)
        with server.superuser(database_of(place)) as superuser:
            superuser.execute(CUT_NAME)
            held = "SELECT FROM pg_locks NATURAL JOIN pg_stat_activity WHERE locktype = 'advisory' AND granted"
            deadline = monotonic_seconds() + LONGEST_SECONDS
            while superuser.execute(f"{held} AND application_name LIKE '% ear'").fetchone() is None:
                assert monotonic_seconds() < deadline
        superuser.close()
        with pytest.raises(DeskElsewhereError), opened(copy):
            pass
        news.stop()


def test_a_name_is_waited_for_until_who_has_just_left_is_gone(
    server: Server, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "NAME_SECONDS", 60.0)
    place = VenueFolder(path=folders[0]).place
    assert place is not None
    with server.superuser(database_of(place)) as leaving, ThreadPoolExecutor() as threads:
        key = "hashtextextended('mingjia ' || %s || ' ' || %s, 0)"
        leaving.execute(f"SELECT pg_advisory_lock({key})", [place.schema, place.desk])

        def come() -> None:
            with opened(folders[0]):
                pass

        coming = threads.submit(come)
        waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        while not coming.done() and leaving.execute(waiting).fetchone() is None:
            pass
        leaving.execute("SELECT pg_advisory_unlock_all()")
        coming.result(60)
    leaving.close()
