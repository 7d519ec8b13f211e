"""Published price lists: numbered, immutable, effective from an instant (docs/pricing.md §4, P-15)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billing.list_errors import EffectiveInPastError, EffectiveTakenError, NoPriceListError, UnknownListError
from billing.posted_rows import posted_rows
from billing.price_checks import read_canonical
from billing.price_history import RecordedPrices
from billing.price_list import PriceList
from billing.price_tables import price_lists
from billing.promotion_checks import refuse_untrue_promotions
from billing.wall_clock import second_of
from records.clock import milliseconds_of
from records.schema import Instant
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

_LISTS_KEPT: Final = 16
"""Lists that stay parsed: those in force and those that running visits began with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A published list. `prices` parses it on first use and then keeps it."""

    number: int
    sha256: str
    effective: datetime
    title: str
    canonical: str

    @property
    def prices(self) -> PriceList:
        """The list itself."""
        return _PARSED.find(self.sha256) or _PARSED.keep(read_canonical(self.canonical.encode()))


def publish(work: UnitOfWork, prices: PriceList, *, effective: datetime | None) -> Publication:
    """Publish a list from an instant on, or from now.

    Raises EffectiveInPastError, EffectiveTakenError, and ListInvalidError for a promotion that the venue's history
    forbids (G-6).
    """
    refuse_untrue_promotions(prices, RecordedPrices(connection=work.connection))
    effective = work.now if effective is None else effective
    if effective < work.now:
        raise EffectiveInPastError(effective=effective, now=work.now)
    taken = _EFFECTIVE_AT.one(work.connection, instant=effective)
    if taken is not None:
        raise EffectiveTakenError(effective=effective, number=taken.number)
    publication = Publication(
        number=(_NEWEST_NUMBER.one(work.connection).newest or 0) + 1,
        sha256=prices.sha256,
        effective=effective,
        title=prices.title,
        canonical=prices.canonical_bytes.decode(),
    )
    _write(work, publication, prices)
    return publication


def _write(work: UnitOfWork, publication: Publication, prices: PriceList) -> None:
    entry = work.entry(
        "prices.published",
        {
            "list": publication.number,
            "sha256": publication.sha256,
            "title": publication.title,
            "effective": prices.clock.text(second_of(publication.effective)),
            "effective_ms": milliseconds_of(publication.effective),
        },
    )
    row = {
        "number": publication.number,
        "sha256": publication.sha256,
        "title": publication.title,
        "effective": publication.effective,
        "canonical": publication.canonical,
    }
    work.insert(price_lists, row, entry=entry)
    for table, rows in posted_rows(prices).items():
        work.insert(table, [{"list": publication.number, **posted} for posted in rows], entry=entry)


def in_force(connection: sa.Connection, at: datetime) -> Publication:
    """The list that counts at an instant: the last one effective by then. Raises NoPriceListError."""
    row = _IN_FORCE.one(connection, instant=at)
    if row is None:
        raise NoPriceListError(at=at)
    return _publication(row)


def counts_until(connection: sa.Connection, published: Publication) -> datetime | None:
    """The instant from which a later list counts in this one's place; None if there is none yet."""
    row = _AFTER.one(connection, instant=published.effective)
    return None if row is None else row.effective


def load(connection: sa.Connection, number: int) -> Publication:
    """The list with a number. Raises UnknownListError."""
    row = _BY_NUMBER.one(connection, wanted=number)
    if row is None:
        raise UnknownListError(number=number)
    return _publication(row)


def prices_of(connection: sa.Connection, *, number: int, sha256: str) -> PriceList:
    """The list of a visit, without a query if it is parsed already."""
    return _PARSED.find(sha256) or load(connection, number).prices


def history(connection: sa.Connection) -> list[Publication]:
    """Every published list, in the order of numbers."""
    return [_publication(row) for row in _ALL.rows(connection)]


def _publication(row: Any) -> Publication:
    return Publication(
        number=row.number, sha256=row.sha256, effective=row.effective, title=row.title, canonical=row.canonical
    )


class _ParsedLists:
    """The last lists that were parsed, by hash: a hash names one list for ever, whichever venue published it."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, PriceList] = OrderedDict()

    def find(self, sha256: str) -> PriceList | None:
        """The list with a hash, if it is kept."""
        return self._lists.get(sha256)

    def keep(self, prices: PriceList) -> PriceList:
        """Keep a list, the oldest one goes."""
        self._lists[prices.sha256] = prices
        while len(self._lists) > _LISTS_KEPT:
            self._lists.popitem(last=False)
        return prices


_PARSED: Final = _ParsedLists()

_NEWEST_NUMBER = Prepared(sa.select(sa.func.max(price_lists.c.number).label("newest")))
_EFFECTIVE_AT = Prepared(
    sa.select(price_lists.c.number).where(price_lists.c.effective == sa.bindparam("instant", type_=Instant))
)
_IN_FORCE = Prepared(
    sa.select(price_lists)
    .where(price_lists.c.effective <= sa.bindparam("instant", type_=Instant))
    .order_by(price_lists.c.effective.desc())
    .limit(1)
)
_AFTER = Prepared(
    sa.select(price_lists.c.effective)
    .where(price_lists.c.effective > sa.bindparam("instant", type_=Instant))
    .order_by(price_lists.c.effective)
    .limit(1)
)
_BY_NUMBER = Prepared(sa.select(price_lists).where(price_lists.c.number == sa.bindparam("wanted")))
_ALL = Prepared(sa.select(price_lists).order_by(price_lists.c.number))
