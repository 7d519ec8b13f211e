"""The double-entry ledger: postings of an entry sum to zero (I-3), balances follow them (journal-format.md §8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from billing.tables import account_balances, postings
from billing.tenders import Payment, Tender, TenderKind
from records.journal import Entry
from records.schema import Fen
from records.statements import Answer, Prepared
from records.unit_of_work import UnitOfWork

SAFE: Final = "safe"
OVER_SHORT: Final = "over_short"
PETTY_CASH: Final = "petty_cash"
DEPOSITS: Final = "deposits"
REVENUE_TIME: Final = "revenue/time"
REVENUE_PACKAGES: Final = "revenue/packages"
REVENUE_GOODS: Final = "revenue/goods"
REVENUE_SERVICES: Final = "revenue/services"
REVENUE_SAVINGS: Final = "revenue/savings"
REVENUE_REDUCTIONS: Final = "revenue/reductions"
REVENUE_OVERCHARGES: Final = "revenue/overcharges"


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """An amount on an account: debit positive, credit negative."""

    account: str
    fen: int


def drawer(till: str) -> str:
    """The account of a till's cash drawer."""
    return f"cash/{till}"


def tender_account(kind: TenderKind, till: str) -> str:
    """The account that money of this kind lies on."""
    return drawer(till) if kind is TenderKind.CASH else kind.value


def payment_postings(payment: Payment, *, till: str, revenue: Sequence[Posting]) -> list[Posting]:
    """What a settlement or sale posts, in the order of journal-format.md §8; `revenue` are the credits."""
    return [
        Posting(account=DEPOSITS, fen=payment.deposits_fen),
        *(_moved(tender, till, sign=1) for tender in payment.tenders),
        Posting(account=drawer(till), fen=-payment.change_fen),
        *(_moved(tender, till, sign=-1) for tender in payment.returned),
        *revenue,
    ]


def _moved(tender: Tender, till: str, *, sign: int) -> Posting:
    return Posting(account=tender_account(tender.kind, till), fen=sign * tender.fen)


def post(work: UnitOfWork, entry: Entry, amounts: Iterable[Posting], *, shift: int) -> None:
    """Write an entry's postings, in its body and in rows, and move the balances. Amounts of zero are left out.

    Amounts that do not sum to zero are a caller's mistake: ValueError.
    """
    posted = [posting for posting in amounts if posting.fen]
    if sum(posting.fen for posting in posted):
        raise ValueError("the postings of an entry sum to zero")
    entry.body["postings"] = [{"account": posting.account, "fen": posting.fen} for posting in posted]
    rows = [
        {"line": line, "shift": shift, "account": posting.account, "amount_fen": posting.fen}
        for line, posting in enumerate(posted, start=1)
    ]
    work.insert(postings, rows, entry=entry)
    # Every desk moves the same balances: under the head, so that none waits for another's whole transaction.
    work.when_held(lambda: _move_balances(work, posted))


def _move_balances(work: UnitOfWork, posted: Iterable[Posting]) -> None:
    moved: defaultdict[str, int] = defaultdict(int)
    for posting in posted:
        moved[posting.account] += posting.fen
    if not moved:
        return
    accounts = {f"account{place}": account for place, account in enumerate(moved)}
    amounts = {f"fen{place}": fen for place, fen in enumerate(moved.values())}
    touched = _move(len(moved)).ask(work.connection, **accounts, **amounts)
    work.when_numbered(lambda: _open_accounts(work, moved, touched))


def _open_accounts(work: UnitOfWork, moved: Mapping[str, int], touched: Answer) -> None:
    if touched.touched() == len(moved):
        return
    known = {row.account for row in _ACCOUNTS.rows(work.connection)}
    new = [{"account": account, "balance_fen": fen} for account, fen in moved.items() if account not in known]
    work.insert(account_balances, new)


def balance(connection: sa.Connection, account: str) -> int:
    """The balance of an account in fen; 0 for one that nothing was posted to."""
    row = _BALANCE.one(connection, wanted=account)
    return 0 if row is None else int(row.balance_fen)


@lru_cache(maxsize=32)
def _move(count: int) -> Prepared:
    # One statement for each number of accounts, because under the head every statement is waited for by all desks.
    accounts = [sa.bindparam(f"account{place}", type_=sa.Text) for place in range(count)]
    amounts = [sa.bindparam(f"fen{place}", type_=Fen) for place in range(count)]
    moved = sa.case(dict(zip(accounts, amounts, strict=True)), value=account_balances.c.account)
    return Prepared(
        account_balances.update()
        .where(account_balances.c.account.in_(accounts))
        .values(balance_fen=account_balances.c.balance_fen + moved)
    )


_ACCOUNTS = Prepared(sa.select(account_balances.c.account))
_BALANCE = Prepared(
    sa.select(account_balances.c.balance_fen).where(account_balances.c.account == sa.bindparam("wanted"))
)
