"""The counter as a whole: every operation, wired to one till."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from members.registration import Registrar
from pos.bootstrap import Venue
from pos.counter.check_in import CheckIn
from pos.counter.deposits import Deposits
from pos.counter.floor import Floors
from pos.counter.overcharges import Overcharges
from pos.counter.payments import Payments
from pos.counter.reductions import Reductions
from pos.counter.refunds import Refunds
from pos.counter.sales import Sales
from pos.counter.seats import Seats
from pos.counter.settlement import Settlements
from pos.counter.shifts import Shifts
from pos.counter.slips import Slips
from pos.counter.stock import Stock
from pos.counter.till import Till, nobody_prints
from privacy.sealing import Sealer
from staff.repository import StaffMember


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The operations of one person at one till."""

    till: Till
    check_in: CheckIn
    seats: Seats
    deposits: Deposits
    sales: Sales
    settlements: Settlements
    payments: Payments
    reductions: Reductions
    refunds: Refunds
    stock: Stock
    shifts: Shifts
    overcharges: Overcharges
    slips: Slips
    floors: Floors

    @classmethod
    def of(cls, till: Till, registrar: Registrar) -> Counter:
        """Wire every operation to a till."""
        check_in, deposits = CheckIn(till=till, registrar=registrar), Deposits(till=till)
        return cls(
            till=till,
            check_in=check_in,
            seats=Seats(till=till, check_in=check_in, deposits=deposits),
            deposits=deposits,
            sales=Sales(till=till),
            settlements=Settlements(till=till),
            payments=Payments(till=till),
            reductions=Reductions(till=till),
            refunds=Refunds(till=till),
            stock=Stock(till=till),
            shifts=Shifts(till=till),
            overcharges=Overcharges(till=till),
            slips=Slips(till=till),
            floors=Floors(till=till),
        )


def registrar_of(venue: Venue) -> Registrar:
    """Return what an open venue registers documents with."""
    return Registrar(
        sealer=Sealer(site=venue.secrets.site, signing_key=venue.secrets.registration_key()),
        recipients=venue.recipients,
        index=venue.secrets.registration_index,
    )


def counter_at(venue: Venue, cashier: StaffMember, *, wake: Callable[[], None] = nobody_prints) -> Counter:
    """Put a person who has logged in behind the counter of an open venue."""
    till = Till(records=venue.records, reserve=venue.reserve, cashier=cashier, wake=wake)
    return Counter.of(till, registrar_of(venue))
