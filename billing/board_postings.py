"""Whose board hangs: staff confirm that a list's board was hung up where customers read it (REQ-P-6b).

A list counts from the instant that its publication names. The confirmation is evidence that its prices could be read,
and from when on; it may be given before that instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from billing import publication
from billing.list_errors import ListOverError
from billing.price_tables import board_postings
from billing.publication import Publication
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


def confirm(work: UnitOfWork, number: int) -> Publication:
    """Write down that the actor has seen the board of a list hanging.

    Raises UnknownListError, and ListOverError for a list that counts no longer.
    """
    published = publication.load(work.connection, number)
    over_since = publication.counts_until(work.connection, published)
    if over_since is not None and over_since <= work.now:
        raise ListOverError(number=number, over_since=over_since)
    entry = work.entry("board.posted", {"list": number, "sha256": published.sha256, "how": "paper"})
    row = {
        "number": (_NEWEST.one(work.connection).newest or 0) + 1,
        "list": number,
        "how": "paper",
        "posted_at": work.now,
    }
    work.insert(board_postings, row, entry=entry)
    return published


def first_posted(connection: sa.Connection) -> Mapping[int, datetime]:
    """When the board of each list was first seen hanging; lists without a confirmation are left out."""
    return {row.list: row.first for row in _FIRST.rows(connection)}


_NEWEST = Prepared(sa.select(sa.func.max(board_postings.c.number).label("newest")))
_FIRST = Prepared(
    sa.select(board_postings.c.list, sa.func.min(board_postings.c.posted_at).label("first")).group_by(
        board_postings.c.list
    )
)
