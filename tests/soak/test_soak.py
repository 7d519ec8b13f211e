"""Several desks at random work on one server, some killed, some cut off: the short soak (`make soak` is longer)."""

from __future__ import annotations

from pathlib import Path

from tests.servers import Server
from tests.soak.soaking import soak


def test_what_was_acknowledged_is_in_the_books_once_whatever_befell_the_desks(server: Server, tmp_path: Path) -> None:
    assert soak(server, tmp_path, seconds=14, desks=3, kills=2).findings == []
