"""Refunds of what was settled (退款, G-4): lines of a visit or a sale, at the price that was paid for them.

A refund takes the savings along that lose a part, never exceeds what was paid, goes back by the way it was paid and
belongs to the shift that refunds. What was taken off the bill is kept from what goes back last. A package gives back
its posted share of what it would still have covered, where its list says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import ledger, paid_back, repository
from billing.course import chart
from billing.ledger import Posting
from billing.order_errors import BadQuantityError
from billing.ordered_rows import FallingSaving, OrderRows, order_rows, sale_rows
from billing.paid_back import GivenBack, Settled
from billing.price_list import ItemKind, PriceList, Refund
from billing.publication import load
from billing.reasons import RefundReason, reason_of
from billing.refund_errors import (
    NothingToRefundError,
    PackageNotRefundableError,
    RefundedTooManyError,
    RefundRepeatedError,
    UnknownPaidLineError,
)
from billing.refund_tables import refund_lines, refunds
from billing.tables import sales, settlements
from billing.usage import Purchase, Usage, parse_usage
from billing.wall_clock import second_of
from records.journal import Entry, Totals
from records.schema import journal
from records.statements import Prepared
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundLine:
    """What should go back: pieces of a line, of the order for a visit, of the sale itself otherwise.

    For a package of a visit `is_package` is set and `line` is its place among the bill's packages, from 1.
    """

    line: int
    quantity: int = 1
    order_id: str | None = None
    is_package: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BackLine:
    """A line of a refund; `list_number` is the list that names its item. A saving that falls away is negative."""

    order_id: str | None
    line: int
    kind: str
    code: str
    quantity: int
    unit_fen: int
    list_number: int

    @property
    def amount_fen(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_fen

    def to_json(self) -> dict[str, Any]:
        """The line in the entry's body."""
        named = {} if self.order_id is None else {"order": self.order_id}
        return {
            **named,
            "line": self.line,
            "kind": self.kind,
            "code": self.code,
            "qty": self.quantity,
            "unit_fen": self.unit_fen,
            "amount_fen": self.amount_fen,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundDraft:
    """A refund before its commit; after it `receipt` is known. `seat` is the visit's last one, empty for a sale.

    `amount_fen` goes back: the lines less what of them was taken off the bill.
    """

    entry: Entry
    settled: Settled
    lines: tuple[BackLine, ...]
    amount_fen: int
    seat: str

    @property
    def receipt(self) -> int:
        """The receipt's number. KeyError before the commit."""
        number: int = self.entry.body["receipt"]
        return number


def give(
    work: UnitOfWork,
    settled: Settled,
    lines: Sequence[RefundLine],
    *,
    refund_id: str,
    reason: str,
    job_id: str,
    approval: Approval | None = None,
) -> RefundDraft:
    """Give money back for lines of a settled visit or a sale (`paid_back.paid`), all or nothing.

    Whether the person may is for the caller to ask, once the amount is known. A refund given before under this id:
    RefundRepeatedError. Raises NoShiftError, UnknownReasonError, BadQuantityError, UnknownPaidLineError,
    RefundedTooManyError, PackageNotRefundableError, NothingToRefundError, RefundAbovePaidError or DrawerShortError.
    """
    _refuse_repeat(work, refund_id)
    why = reason_of(RefundReason, reason)
    back = back_lines(work.connection, settled, lines)
    lines_fen = sum(line.amount_fen for line in back)
    if lines_fen <= 0:
        raise NothingToRefundError
    unpaid_fen = settled.unpaid_fen(lines_fen)
    amount_fen = lines_fen - unpaid_fen
    tenders = settled.tenders(amount_fen)
    of = {"visit": settled.visit_id} if settled.visit_id is not None else {"sale": settled.sale_id}
    body = {
        "refund": refund_id,
        "of": of,
        "lines": [line.to_json() for line in back],
        **({"unpaid_fen": unpaid_fen} if unpaid_fen else {}),
        "amount_fen": amount_fen,
        "reason": why.value,
    }
    entry = work.entry(
        "refund.given",
        body if approval is None else {**body, "approval": approval.body()},
        share=Totals(refunds_fen=amount_fen),
    )
    given = GivenBack(
        refund_id=refund_id,
        amount_fen=amount_fen,
        reason=why.value,
        approved_by=None if approval is None else approval.approver.staff,
    )
    paid_back.write(work, entry, settled, given, tenders=tenders, taken_back=_income(back, unpaid_fen), job_id=job_id)
    _write_lines(work, entry, refund_id, back)
    seat = "" if settled.visit_id is None else _settled_body(work.connection, settled.visit_id)["seat"]
    return RefundDraft(entry=entry, settled=settled, lines=back, amount_fen=amount_fen, seat=seat)


def _write_lines(work: UnitOfWork, entry: Entry, refund_id: str, back: Sequence[BackLine]) -> None:
    rows = [
        {
            "refund_id": refund_id,
            "number": number,
            "order_id": line.order_id,
            "line": line.line,
            "kind": line.kind,
            "code": line.code,
            "quantity": line.quantity,
            "unit_fen": line.unit_fen,
        }
        for number, line in enumerate(back, start=1)
    ]
    # What falls away goes first, so that the database can compare (`refund_tables`).
    work.insert(refund_lines, sorted(rows, key=lambda row: row["unit_fen"] > 0), entry=entry)


def _income(back: Sequence[BackLine], unpaid_fen: int) -> list[Posting]:
    def fen(*kinds: str) -> int:
        return sum(line.amount_fen for line in back if line.kind in kinds)

    return [
        Posting(account=ledger.REVENUE_PACKAGES, fen=fen("package")),
        Posting(account=ledger.REVENUE_GOODS, fen=fen("goods")),
        Posting(account=ledger.REVENUE_SERVICES, fen=fen("service")),
        Posting(account=ledger.REVENUE_SAVINGS, fen=fen("combo", "promotion")),
        Posting(account=ledger.REVENUE_REDUCTIONS, fen=-unpaid_fen),
    ]


def refundable(connection: sa.Connection, settled: Settled) -> list[BackLine]:
    """Every piece and package of a visit or sale that could still go back, each line by itself, with its price."""
    lines: list[BackLine] = []
    for order_id, rows in _owners(connection, settled).items():
        lines += [_piece_line(order_id, rows, piece.line, piece.left) for piece in rows.lines if piece.left]
    if settled.visit_id is not None:
        stay = _Stay.load(connection, settled.visit_id)
        gone = _packages_gone(connection, settled)
        shares = ((place, stay.share_fen(connection, place)) for place in range(1, len(stay.packages) + 1))
        lines += [stay.line(place, fen) for place, fen in shares if fen > 0 and place not in gone]
    return lines


def back_lines(connection: sa.Connection, settled: Settled, asked: Sequence[RefundLine]) -> tuple[BackLine, ...]:
    """What a refund of these lines consists of, savings that lose a part included; the errors of `give`."""
    pieces: dict[str | None, dict[int, int]] = {}
    places: list[int] = []
    for line in asked:
        if line.quantity <= 0 or (line.is_package and line.quantity != 1):
            raise BadQuantityError(quantity=line.quantity)
        if line.is_package:
            places.append(line.line)
        else:
            wanted = pieces.setdefault(line.order_id, {})
            wanted[line.line] = wanted.get(line.line, 0) + line.quantity
    lines: list[BackLine] = []
    owners = _owners(connection, settled)
    for order_id, wanted in pieces.items():
        lines += _pieces(owners.get(order_id), order_id, wanted)
    return (*lines, *_packages(connection, settled, places))


def _pieces(rows: OrderRows | None, order_id: str | None, wanted: Mapping[int, int]) -> list[BackLine]:
    lines: list[BackLine] = []
    for number, quantity in wanted.items():
        piece = None if rows is None else rows.line(number)
        if rows is None or piece is None:
            raise UnknownPaidLineError(order=order_id or "", line=number)
        if quantity > piece.left:
            raise RefundedTooManyError(order=order_id or "", line=number, left=piece.left)
        lines.append(_piece_line(order_id, rows, number, quantity))
    assert rows is not None, "something was asked for"
    return [*lines, *(_falling_line(order_id, rows, saving) for saving in rows.savings_falling(wanted))]


def _piece_line(order_id: str | None, rows: OrderRows, number: int, quantity: int) -> BackLine:
    piece = rows.line(number)
    assert piece is not None, "the caller found it"
    return BackLine(
        order_id=order_id,
        line=number,
        kind=piece.item.kind.value,
        code=piece.item.code,
        quantity=quantity,
        unit_fen=piece.unit_fen,
        list_number=rows.list_number,
    )


def _falling_line(order_id: str | None, rows: OrderRows, saving: FallingSaving) -> BackLine:
    return BackLine(
        order_id=order_id,
        line=saving.line,
        kind=saving.kind.value,
        code=saving.code,
        quantity=saving.quantity,
        unit_fen=saving.unit_fen,
        list_number=rows.list_number,
    )


def _owners(connection: sa.Connection, settled: Settled) -> dict[str | None, OrderRows]:
    """The orders of a visit by id, or the sale (None), each less what went back."""
    back: dict[str | None, dict[tuple[int, bool], int]] = {}
    for row in _BACK.rows(connection, visit=settled.visit_id, sale=settled.sale_id):
        key = (row.line, row.kind in {"combo", "promotion"})
        gone = back.setdefault(row.order_id, {})
        gone[key] = gone.get(key, 0) + row.quantity
    if settled.sale_id is not None:
        number = _LIST_OF_SALE.one(connection, wanted=settled.sale_id).list
        return {None: sale_rows(connection, settled.sale_id, list_number=number, back=back.get(None, {}))}
    found: dict[str | None, OrderRows] = {}
    for order_id in repository.order_ids(connection, settled.named):
        rows = order_rows(connection, order_id, back=back.get(order_id))
        if rows is not None:
            found[order_id] = rows
    return found


def _packages(connection: sa.Connection, settled: Settled, places: Sequence[int]) -> list[BackLine]:
    if not places:
        return []
    if settled.visit_id is None:
        raise UnknownPaidLineError(order="", line=places[0])
    stay = _Stay.load(connection, settled.visit_id)
    gone = _packages_gone(connection, settled)
    lines: list[BackLine] = []
    for place in places:
        if not 1 <= place <= len(stay.packages):
            raise UnknownPaidLineError(order="", line=place)
        fen = stay.share_fen(connection, place)
        if fen <= 0 or place in gone:
            raise PackageNotRefundableError(line=place, package=stay.packages[place - 1])
        gone.add(place)
        lines.append(stay.line(place, fen))
    return lines


def _packages_gone(connection: sa.Connection, settled: Settled) -> set[int]:
    back = _BACK.rows(connection, visit=settled.visit_id, sale=settled.sale_id)
    return {row.line for row in back if row.kind == ItemKind.PACKAGE.value}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stay:
    """A settled stay as its entry tells it: the packages on its bill, in their order.

    `added` are those among them that the best price bought (P-16).
    """

    visit_id: str
    list_number: int
    prices: PriceList
    usage: Usage
    packages: tuple[str, ...]
    added: tuple[Purchase, ...]

    @classmethod
    def load(cls, connection: sa.Connection, visit_id: str) -> _Stay:
        body = _settled_body(connection, visit_id)
        prices = load(connection, body["list"]).prices
        lines = [line for line in body["bill"]["lines"] if line["kind"] == "package"]
        return cls(
            visit_id=visit_id,
            list_number=body["list"],
            prices=prices,
            usage=parse_usage(json.dumps(body["usage"]), prices.clock),
            packages=tuple(line["code"] for line in lines),
            added=tuple(
                Purchase(code=line["code"], bought_at=prices.clock.parse_instant(line["at"]))
                for line in lines
                if "best_price" in line
            ),
        )

    def share_fen(self, connection: sa.Connection, place: int) -> int:
        """What a package still gives back: its price by the seconds that it would have covered after the end.

        A package under a combo or promotion counts with its part of that price; one that the best price added was
        never sold, and gives nothing back (P-16).
        """
        covers = chart(self.usage, self.prices, added=self.added).covers
        on_bill = [cover for cover in covers if cover.package.price_fen or cover.added_at is not None]
        cover = on_bill[place - 1]
        package = cover.package
        if package.refund is not Refund.PRO_RATA or cover.added_at is not None:
            return 0
        assert self.usage.end is not None, "it was settled"
        left = cover.end - max(cover.start, second_of(self.usage.end))
        if left <= 0:
            return 0
        bought = [one for one in covers if one.added_at is None].index(cover) + 1
        price_fen = repository.package_price_fen(connection, self.visit_id, place=bought, posted_fen=package.price_fen)
        return price_fen * left // (cover.end - cover.start)

    def line(self, place: int, fen: int) -> BackLine:
        """The line of a refund for a package."""
        return BackLine(
            order_id=None,
            line=place,
            kind=ItemKind.PACKAGE.value,
            code=self.packages[place - 1],
            quantity=1,
            unit_fen=fen,
            list_number=self.list_number,
        )


def _settled_body(connection: sa.Connection, visit_id: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_SETTLED_ENTRY.one(connection, wanted=visit_id).entry)["body"]
    return body


def _refuse_repeat(work: UnitOfWork, refund_id: str) -> None:
    row = _BY_ID.one(work.connection, wanted=refund_id)
    if row is not None:
        receipt = repository.receipt_of(work.connection, row.job_id)
        raise RefundRepeatedError(refund_id=refund_id, receipt=receipt or 0, amount_fen=row.amount_fen)


_WANTED = sa.bindparam("wanted", type_=sa.Text)
_BY_ID = Prepared(sa.select(refunds.c.job_id, refunds.c.amount_fen).where(refunds.c.refund_id == _WANTED))
_LIST_OF_SALE = Prepared(sa.select(sales.c.list).where(sales.c.sale_id == _WANTED))
_BACK = Prepared(
    sa.select(refund_lines.c.order_id, refund_lines.c.line, refund_lines.c.kind, refund_lines.c.quantity)
    .join(refunds, refunds.c.refund_id == refund_lines.c.refund_id)
    .where(
        sa.or_(
            refunds.c.visit_id == sa.bindparam("visit", type_=sa.Text),
            refunds.c.sale_id == sa.bindparam("sale", type_=sa.Text),
        )
    )
)
_SETTLED_ENTRY = Prepared(
    sa.select(journal.c.entry)
    .join(settlements, settlements.c.entry_id == journal.c.entry_id)
    .where(settlements.c.visit_id == _WANTED)
)
