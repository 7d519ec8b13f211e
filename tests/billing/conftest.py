"""A counter with the winter list in force and its shift open."""

from __future__ import annotations

import pytest

from records.clock import SimulatedClock
from records.unit_of_work import Records
from tests.billing.counter import Counter


@pytest.fixture
def bare_counter(records: Records, clock: SimulatedClock) -> Counter:
    """A counter on empty books: no list, no shift."""
    return Counter(records=records, clock=clock)


@pytest.fixture
def counter(bare_counter: Counter) -> Counter:
    """A counter that is ready for customers, at 19:00 on a Monday."""
    bare_counter.publish()
    bare_counter.open_shift()
    return bare_counter
