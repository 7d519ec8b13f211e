"""What the customer pays: the bill as bought or, where the list promises the best price, the least one (P-16).

A combination is what was bought and packages that are added to it. Units, minimum and rounding make its total anything
but a sum over packages, so no rule of thumb finds the least; `_Search` leaves out only what provably isn't it.

**Chains.** Packages cover one after another (P-5), so a combination is a chain of purchases, and what is charged before
the end of its last cover stands fixed. Two chains that end at the same instant, have the same purchases still to come
and find the same on sale at the instants still free can be continued in the same ways, and each continuation adds the
same hourly time and the same packages to both.

**Dominance.** If moreover their hourly seconds are equal modulo the unit, and their last hourly time ends at the same
instant, then the unit's extension (P-9) is the same for both. One makes the other needless if it saves no less by the
hour, spends no more and comes first among equals; or if it is cheaper by a whole rounding step, because rounding (P-13)
takes off less than one.

**Bound.** For each instant at which a cover can end `_find_most_ahead` computes the most that packages can save from
there on, over the same chains without sale hours, units and rounding, which only forbid or make dearer. A total is
above what its chain costs so far, less the most ahead, less a rounding step. Chains are continued in the order of that
bound; once it exceeds the best total known, so does every combination that is left. Grace and minimum are of the bill
with no package (P-10, P-12), which is rated first.

**Purchases.** Of the instants that give one cover the earliest is taken: it comes first among equals, and leaves free
whatever a later one does. An instant is left out if nothing is on sale then that isn't at the free instant before it,
for the same reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from billing.bill import Bill
from billing.course import Course, chart
from billing.money import round_down_fen
from billing.package_offers import SHARES_A_FEN, Offer, Saving, Span, VisitOffers
from billing.packages import Window
from billing.price_list import PackageEnd, PriceList
from billing.rating import bill_of
from billing.usage import Purchase, Usage
from billing.wall_clock import instant_of, second_of


def charge(usage: Usage, prices: PriceList) -> Bill:
    """The bill that the customer pays for an ended visit (P-1 … P-16, P-19, P-20).

    Raises a UsageError for a usage that cannot be priced. A visit without an end is a caller's bug: ValueError.
    """
    course = chart(usage, prices)
    if course.end is None:
        raise ValueError("a running visit has no bill: give it an end")
    bill = bill_of(course, course.end)
    if not prices.method.best_price or bill.hourly_fen == 0:
        return bill  # Packages can only save what is charged by the hour.
    made = sorted(usage.packages, key=lambda purchase: purchase.bought_at)
    additions = _Search(course, course.end, made, best_fen=bill.total_fen).cheapest()
    return bill_of(chart(usage, prices, added=additions), course.end) if additions else bill


class _Addition(NamedTuple):
    """The second at which a package is added, and its place in the list: of equal ones the smaller comes first."""

    at: int
    place: int


class _Rank(NamedTuple):
    """The smallest is the bill."""

    total_fen: int
    added: int
    additions: tuple[_Addition, ...]


_Node: TypeAlias = tuple[int, int]
"""How many of the purchases made lie behind an instant, and that instant, at which a cover can end."""

_Keys: TypeAlias = frozenset[tuple[int, tuple[Window, ...]]]


class _Shelf(NamedTuple):
    """What is on sale at an instant, with the windows that count (P-6)."""

    offers: tuple[tuple[Offer, tuple[Window, ...]], ...]
    keys: _Keys


class _Step(NamedTuple):
    """A purchase that makes a chain longer, and what it saves; without `addition` it is the next of those made."""

    offer: Offer
    span: Span
    addition: _Addition | None
    saving: Saving


class _Chain(NamedTuple):
    """Purchases in the order of P-5: the first `made` of those made, and additions. Money as in `package_offers`.

    `end` is that of the last cover; `hourly_end` where the last hourly time before it ends, 0 if there is none or no
    unit. `spent` leaves out the purchases made. `free` are instants up to `end` at which can be bought: before the next
    purchase made, then between it and the one after it, and so on.
    """

    made: int
    end: int
    saved: int
    saved_seconds: int
    spent: int
    hourly_end: int
    additions: tuple[_Addition, ...]
    free: tuple[tuple[int, ...], ...]


class _Search:
    """The search for the least total of one visit (module docstring)."""

    def __init__(self, course: Course, end: int, made: list[Purchase], *, best_fen: int) -> None:
        method = course.prices.method
        self._course, self._end = course, end
        self._visit = VisitOffers(course, end)
        self._made_at = [second_of(purchase.bought_at) for purchase in made]
        self._made = [self._visit.offer(purchase.code) for purchase in made]
        self._made_fen = sum(offer.package.price_fen for offer in self._made)
        self._must_reach_end = method.package_end is PackageEnd.STOP
        self._unit_seconds = method.unit_minutes * 60
        self._step_fen = method.round_to_fen
        self._best = _Rank(best_fen, 0, ())
        self._kept: dict[tuple[object, ...], list[_Chain]] = {}
        self._shelves: dict[int, _Shelf] = {}
        self._outlooks: dict[tuple[int, ...], tuple[_Keys, ...]] = {}
        self._extensions: dict[tuple[int, int], int] = {}
        self._most_ahead = self._find_most_ahead()

    def cheapest(self) -> tuple[Purchase, ...]:
        """The additions of the least combination; none if nothing is cheaper than what was bought."""
        turn = count()
        first = self._first()
        waiting = [(self._bound(first, first.end), next(turn), first)]
        while waiting:
            bound, _, chain = heappop(waiting)
            if self._is_too_dear(bound):
                break
            for step in self._steps(chain):
                bound = self._bound_after(chain, step)
                if self._is_too_dear(bound):
                    continue
                longer = self._longer(chain, step)
                if self._keeps(longer):
                    self._judge(longer)
                    heappush(waiting, (bound, next(turn), longer))
        packages = self._course.prices.packages
        return tuple(
            Purchase(code=packages[place].code, bought_at=instant_of(at)) for at, place in self._best.additions
        )

    def _first(self) -> _Chain:
        start = self._course.start
        free: list[tuple[int, ...]] = [()] * (len(self._made) + 1)
        free[bisect_right(self._made_at, start)] = (start,)
        return _Chain(0, start, 0, 0, 0, 0, (), tuple(free))

    def _bound(self, chain: _Chain, instant: int) -> int:
        """What a combination costs at least before rounding that follows a chain with covers from an instant on."""
        ahead = 0 if instant >= self._end else self._most_ahead[chain.made, instant]
        return self._visit.hourly_money - chain.saved + chain.spent - ahead

    def _bound_after(self, chain: _Chain, step: _Step) -> int:
        """The same for a chain that is one purchase longer, from the end of its last cover on."""
        price, made = (0, chain.made + 1) if step.addition is None else (step.offer.price, chain.made)
        end = step.span.end
        ahead = 0 if end >= self._end else self._most_ahead[made, end]
        return self._visit.hourly_money - chain.saved - step.saving.money + chain.spent + price - ahead

    def _is_too_dear(self, bound: int) -> bool:
        """Whether every total with this bound is above the best: it is more than the bound less a rounding step."""
        return bound >= (self._best.total_fen - self._made_fen + self._step_fen) * SHARES_A_FEN

    def _steps(self, chain: _Chain) -> Iterator[_Step]:
        """Every purchase that can come next and lead to the least total."""
        before = self._end
        if chain.made < len(self._made):
            before = self._made_at[chain.made]
            span = self._made_span(chain.made, chain.end)
            if span is not None:
                yield self._step(self._made[chain.made], span, None)
        if chain.end >= self._end:
            return
        seen: set[tuple[int, Span]] = set()
        for instant in self._instants(chain, before):
            for offer, windows in self._shelf(instant).offers:
                span = offer.span(windows, max(instant, chain.end))
                if span is not None and (offer.place, span) not in seen:
                    seen.add((offer.place, span))
                    yield self._step(offer, span, _Addition(instant, offer.place))

    def _step(self, offer: Offer, span: Span, addition: _Addition | None) -> _Step:
        until = self._visit.coverages[offer.coverage].until
        money, seconds = until(span.end)
        money_before, seconds_before = until(span.start)
        return _Step(offer, span, addition, Saving(money - money_before, seconds - seconds_before))

    def _instants(self, chain: _Chain, before: int) -> Iterator[int]:
        """When the next package can be added: at free instants, or after a wait until a window's start."""
        yield from chain.free[0]
        starts = self._visit.window_starts
        for place in range(bisect_right(starts, chain.end), len(starts)):
            if starts[place] >= before or self._is_too_dear(self._bound(chain, starts[place])):
                return
            yield starts[place]

    def _made_span(self, made: int, free_from: int) -> Span | None:
        """What the next purchase made covers then; None if nothing is left to cover (P-6)."""
        offer, bought_at = self._made[made], self._made_at[made]
        windows = offer.on_sale(bought_at)
        return None if windows is None else offer.span(windows, max(bought_at, free_from))

    def _longer(self, chain: _Chain, step: _Step) -> _Chain:
        offer, (start, end), addition, saving = step
        hourly_end = chain.hourly_end
        if self._unit_seconds:
            gap_end = self._visit.time.last_end(chain.end, start)
            hourly_end = self._visit.coverages[offer.coverage].outside.last_end(start, end) or gap_end or hourly_end
        return _Chain(
            made=chain.made + (addition is None),
            end=end,
            saved=chain.saved + saving.money,
            saved_seconds=chain.saved_seconds + saving.seconds,
            spent=chain.spent if addition is None else chain.spent + offer.price,
            hourly_end=hourly_end,
            additions=chain.additions if addition is None else (*chain.additions, addition),
            free=self._free_after(chain, step),
        )

    def _free_after(self, chain: _Chain, step: _Step) -> tuple[tuple[int, ...], ...]:
        """At which instants can be bought after a purchase; none once the covers reach the end."""
        if step.addition is None:
            made, bought_at, free = chain.made + 1, self._made_at[chain.made], list(chain.free[1:])
        else:
            made, bought_at, free = chain.made, step.addition.at, list(chain.free)
            free[0] = tuple([instant for instant in free[0] if instant >= bought_at])
        end = step.span.end
        if end >= self._end:
            return ((),) * len(free)
        starts = self._visit.window_starts
        passed = starts[bisect_right(starts, chain.end) : bisect_right(starts, end)]
        for instant in passed if passed and passed[-1] == end else (*passed, end):
            place = bisect_right(self._made_at, instant) - made
            if instant >= bought_at and self._offers_more(instant, free[place]):
                free[place] += (instant,)
        return tuple(free)

    def _offers_more(self, instant: int, free: tuple[int, ...]) -> bool:
        """Whether anything is on sale that isn't at the last free instant."""
        keys = self._shelf(instant).keys
        return bool(keys) if not free else not keys <= self._shelf(free[-1]).keys

    def _shelf(self, instant: int) -> _Shelf:
        found = self._shelves.get(instant)
        if found is None:
            asked = [(offer, offer.on_sale(instant)) for offer in self._visit.offers]
            offers = tuple([(offer, windows) for offer, windows in asked if windows is not None])
            keys = frozenset([(offer.place, windows) for offer, windows in offers])
            found = self._shelves[instant] = _Shelf(offers, keys)
        return found

    def _keeps(self, chain: _Chain) -> bool:
        """Whether no chain known so far makes this one needless; it then may make others so."""
        remainder = chain.saved_seconds % self._unit_seconds if self._unit_seconds else 0
        key = (chain.made, chain.end, remainder, chain.hourly_end, *map(self._outlook, chain.free))
        rivals = self._kept.setdefault(key, [])
        if any(self._makes_needless(rival, chain) for rival in rivals):
            return False
        rivals[:] = [rival for rival in rivals if not self._makes_needless(chain, rival)]
        rivals.append(chain)
        return True

    def _makes_needless(self, one: _Chain, other: _Chain) -> bool:
        if one.spent <= other.spent and one.saved >= other.saved:
            ranks = [(len(chain.additions), chain.additions) for chain in (one, other)]
            if ranks[0] <= ranks[1]:
                return True
        return one.spent - one.saved + self._step_fen * SHARES_A_FEN <= other.spent - other.saved

    def _outlook(self, free: tuple[int, ...]) -> tuple[_Keys, ...]:
        """What can be bought at free instants, without those that another beside them makes needless."""
        found = self._outlooks.get(free)
        if found is None:
            left: list[_Keys] = []
            for instant in free:
                keys = self._shelf(instant).keys
                while left and left[-1] <= keys:
                    left.pop()
                if not left or not keys <= left[-1]:
                    left.append(keys)
            found = self._outlooks[free] = tuple(left)
        return found

    def _judge(self, chain: _Chain) -> None:
        """Take a chain as the best combination if it is one, and better than the best so far."""
        if chain.made < len(self._made) or (self._must_reach_end and chain.end < self._end):
            return
        rank = _Rank(self._total_fen(chain), len(chain.additions), chain.additions)
        self._best = min(self._best, rank)

    def _total_fen(self, chain: _Chain) -> int:
        """The total of a combination, which has packages and so no minimum (P-12)."""
        money = self._visit.hourly_money - chain.saved + self._extension_money(chain)
        charged_fen = round_down_fen(money // SHARES_A_FEN, multiple_fen=self._step_fen)
        return charged_fen + chain.spent // SHARES_A_FEN + self._made_fen

    def _extension_money(self, chain: _Chain) -> int:
        """What the unit's missing seconds cost (P-9)."""
        if not self._unit_seconds:
            return 0
        missing = -(self._visit.time.seconds - chain.saved_seconds) % self._unit_seconds
        if not missing:
            return 0
        hourly_end = self._visit.time.last_end(chain.end, self._end) or chain.hourly_end
        found = self._extensions.get((hourly_end, missing))
        if found is None:
            found = self._extensions[hourly_end, missing] = self._visit.extension_money(hourly_end, missing)
        return found

    def _find_most_ahead(self) -> dict[_Node, int]:
        """The most that can be saved from each instant on."""
        todo: list[_Node] = [(0, self._course.start)]
        onward: dict[_Node, list[tuple[_Node, int]]] = {}
        while todo:
            node = todo.pop()
            if node not in onward and node[1] < self._end:
                ways = onward[node] = self._onward(*node)
                todo += [following for following, _ in ways]
        most: dict[_Node, int] = {}
        for node in sorted(onward, key=itemgetter(1), reverse=True):
            most[node] = max([0, *[gain + most.get(following, 0) for following, gain in onward[node]]])
        return most

    def _onward(self, made: int, instant: int) -> list[tuple[_Node, int]]:
        """Where the next purchases and the wait for the next window lead, to a later instant, and what they gain."""
        ways: list[tuple[_Node, int]] = []
        coverages = self._visit.coverages
        here = [coverage.until(instant).money for coverage in coverages]
        for offer in self._visit.offers:
            coverage = offer.coverage
            for end in offer.ends_from(instant):
                gain = coverages[coverage].until(end).money - here[coverage] - offer.price
                ways.append(((made, end), gain))
        starts = self._visit.window_starts
        place = bisect_right(starts, instant)
        if place < len(starts):
            ways.append(((made, starts[place]), 0))
        if made < len(self._made):
            span = self._made_span(made, instant)
            if span is not None:
                until = coverages[self._made[made].coverage].until
                ways.append(((made + 1, span.end), until(span.end).money - until(span.start).money))
        return ways
