"""A shop's counter for tests: real records, a list in force, operations one transaction each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from billing import orders, publication, settlement, shifts, statements, visits
from billing.orders import Order
from billing.price_checks import check
from billing.price_list import ItemKind, PriceList
from billing.settlement import SettlementDraft
from billing.sold_lines import OrderLine
from billing.statements import Statement
from billing.tenders import Tender
from members.tables import id_checks
from records.clock import SimulatedClock
from records.ids import new_id
from records.schema import journal
from records.unit_of_work import Records, UnitOfWork

WINTER = check((Path(__file__).parent / "winter.toml").read_bytes()).require()
FLOAT_FEN = 20_000

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def list_with(*changes: tuple[str, str]) -> PriceList:
    """The winter list with some of its text replaced."""
    text = (Path(__file__).parent / "winter.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return check(text).require()


def tenders(*texts: str) -> list[Tender]:
    return [Tender.parse(text) for text in texts]


def goods(code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=ItemKind.GOODS, code=code, quantity=quantity)


def service(code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=ItemKind.SERVICE, code=code, quantity=quantity)


@dataclass(kw_only=True)
class Counter:
    """Operations of a cashier, each committed by itself."""

    records: Records
    clock: SimulatedClock
    persons: int = field(default=0)
    actor: str = "s1"

    def do(
        self,
        operation: Callable[Concatenate[UnitOfWork, _Arguments], _Answer],
        *arguments: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Answer:
        with self.records.begin(actor=self.actor) as work:
            answer = operation(work, *arguments, **options)
            work.commit()
        return answer

    def wait(self, *, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        self.clock.advance(timedelta(hours=hours, minutes=minutes, seconds=seconds))

    def publish(self, prices: PriceList = WINTER) -> int:
        return self.do(publication.publish, prices, effective=None).number

    def open_shift(self, float_fen: int = FLOAT_FEN) -> int:
        return self.do(shifts.open_shift, float_fen=float_fen).number

    def checked(self, work: UnitOfWork) -> str:
        """An adult's ID check in the books."""
        check_id = new_id()
        body = {"check": check_id, "kind": "resident", "method": "machine", "verdict": "adult"}
        row = {
            "check_id": check_id,
            "kind": "resident",
            "method": "machine",
            "verdict": "adult",
            "checked_at": work.now,
        }
        work.insert(id_checks, row, entry=work.entry("id.checked", body))
        return check_id

    def open(self, seat: str = "A01", *, zone: str = "hall", tier: str = "guest", person: str | None = None) -> str:
        visit_id = new_id()
        self.persons += 1
        with self.records.begin(actor=self.actor) as work:
            visits.open_visit(
                work,
                visit_id=visit_id,
                check_id=self.checked(work),
                person_id=person or f"person-{self.persons}",
                seat=seat,
                zone=zone,
                tier=tier,
            )
            work.commit()
        return visit_id

    def order(self, visit_id: str, *lines: OrderLine) -> Order:
        return self.do(orders.add, visit_id, lines)

    def show(self, visit_id: str) -> Statement:
        return self.do(statements.show, visit_id, how="screen")

    def pay(self, visit_id: str, *texts: str, job_id: str | None = None) -> SettlementDraft:
        return self.do(settlement.settle, visit_id, tenders(*texts), job_id=job_id or new_id())

    def settle(self, visit_id: str, *texts: str) -> SettlementDraft:
        self.show(visit_id)
        return self.pay(visit_id, *texts)

    def entries(self, type_: str | None = None) -> list[dict[str, Any]]:
        query = sa.select(journal.c.entry).order_by(journal.c.seq)
        if type_ is not None:
            query = query.where(journal.c.type == type_)
        with self.records.reading() as connection:
            return [json.loads(entry) for entry in connection.execute(query).scalars()]

    def last(self, type_: str) -> dict[str, Any]:
        """The body of the newest entry of a type."""
        body: dict[str, Any] = self.entries(type_)[-1]["body"]
        return body

    def rows(self, table: sa.Table) -> Sequence[sa.Row[Any]]:
        with self.records.reading() as connection:
            return connection.execute(sa.select(table)).all()

    def ask(
        self,
        question: Callable[Concatenate[sa.Connection, _Arguments], _Answer],
        *arguments: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Answer:
        with self.records.reading() as connection:
            return question(connection, *arguments, **options)
