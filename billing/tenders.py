"""What a customer pays with (支付方式), and how deposits and tenders meet a total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from billing.payment_errors import BadTenderError, NonCashAboveDueError, TendersTooLowError

TENDER_FEN_MAX: Final = 100_000_000
"""A million yuan: more at one counter is a slip of the keys."""

REFERENCE_LENGTH_MAX: Final = 64


class TenderKind(StrEnum):
    """The ways of paying."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK = "bank"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tender:
    """An amount given one way; `reference` is the terminal's number, there exactly when it is not cash.

    Raises BadTenderError for what cannot be one.
    """

    kind: TenderKind
    fen: int
    reference: str | None = None

    def __post_init__(self) -> None:
        """Refuse an amount or a reference that no counter takes."""
        if not 0 < self.fen <= TENDER_FEN_MAX:
            raise BadTenderError(text=f"{self.kind}={self.fen}", flaw="amount")
        reference = self.reference
        has_sound_reference = (
            reference is None if self.kind is TenderKind.CASH else reference is not None and _is_reference(reference)
        )
        if not has_sound_reference:
            raise BadTenderError(text=f"{self.kind}={self.fen}", flaw="reference")

    @classmethod
    def parse(cls, text: str) -> Tender:
        """Read `cash=FEN` or `wechat=FEN:REFERENCE`. Raises BadTenderError."""
        kind, _, rest = text.partition("=")
        amount, colon, reference = rest.partition(":")
        if kind not in set(TenderKind):
            raise BadTenderError(text=text, flaw="kind")
        if not (amount.isascii() and amount.isdecimal() and len(amount) <= len(str(TENDER_FEN_MAX))):
            raise BadTenderError(text=text, flaw="amount")
        return cls(kind=TenderKind(kind), fen=int(amount), reference=reference if colon else None)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Tender:
        """The tender that `to_json` wrote."""
        return cls(kind=TenderKind(written["kind"]), fen=written["fen"], reference=written.get("ref"))

    def to_json(self) -> dict[str, Any]:
        """The tender in an entry's body."""
        plain: dict[str, Any] = {"kind": self.kind.value, "fen": self.fen}
        return plain if self.reference is None else {**plain, "ref": self.reference}

    def part(self, fen: int) -> Tender:
        """So much of it, by the same way and under the same reference."""
        return Tender(kind=self.kind, fen=fen, reference=self.reference)


def _is_reference(text: str) -> bool:
    return 0 < len(text) <= REFERENCE_LENGTH_MAX and text.isprintable() and text == text.strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """How a total is paid: deposits are used first, the oldest before the others.

    Σ deposits + Σ tenders = total + Σ returned + change. What is left of a deposit goes back by the way it was paid,
    change only in cash and only from cash given now.
    """

    total_fen: int
    deposits: tuple[Tender, ...]
    tenders: tuple[Tender, ...]
    returned: tuple[Tender, ...]
    change_fen: int

    @property
    def deposits_fen(self) -> int:
        """All deposits together."""
        return total(self.deposits)


def pay(total_fen: int, *, deposits: Sequence[Tender], tenders: Sequence[Tender]) -> Payment:
    """Meet a total with deposits and tenders.

    Raises TendersTooLowError, or NonCashAboveDueError where change would have to come from a card.
    """
    unpaid_fen = total_fen
    returned: list[Tender] = []
    for deposit in deposits:
        used_fen = min(unpaid_fen, deposit.fen)
        unpaid_fen -= used_fen
        if used_fen < deposit.fen:
            returned.append(deposit.part(deposit.fen - used_fen))
    given_fen = total(tenders)
    if given_fen < unpaid_fen:
        raise TendersTooLowError(total_fen=total_fen, deposits_fen=total(deposits), given_fen=given_fen)
    non_cash_fen = total(tender for tender in tenders if tender.kind is not TenderKind.CASH)
    if non_cash_fen > unpaid_fen:
        raise NonCashAboveDueError(due_fen=unpaid_fen, non_cash_fen=non_cash_fen)
    return Payment(
        total_fen=total_fen,
        deposits=tuple(deposits),
        tenders=tuple(tenders),
        returned=tuple(returned),
        change_fen=given_fen - unpaid_fen,
    )


def share(dues_fen: Sequence[int], tenders: Sequence[Tender]) -> list[tuple[Tender, ...]]:
    """Share one payer's tenders out among several bills, by what is due on each beside its deposits.

    What is not cash is used first, so that change can come from cash; cash that is left over lies with the last bill
    that has cash, or with the last bill. Too little or too much without cash is for `pay` to refuse.
    """
    shares: list[list[Tender]] = [[] for _ in dues_fen]
    left = list(dues_fen)
    last_with_cash = len(left) - 1
    for tender in sorted(tenders, key=lambda tender: tender.kind is TenderKind.CASH):
        rest_fen = tender.fen
        for number, due_fen in enumerate(left):
            used_fen = min(rest_fen, due_fen)
            if used_fen:
                shares[number].append(tender.part(used_fen))
                left[number] -= used_fen
                rest_fen -= used_fen
                last_with_cash = number if tender.kind is TenderKind.CASH else last_with_cash
        if rest_fen:
            given = shares[last_with_cash]
            is_same = bool(given) and (given[-1].kind, given[-1].reference) == (tender.kind, tender.reference)
            used_fen = given.pop().fen if is_same else 0
            given.append(tender.part(used_fen + rest_fen))
    return [tuple(shared) for shared in shares]


def total(tenders: Iterable[Tender]) -> int:
    """The sum of some tenders, in fen."""
    return sum(tender.fen for tender in tenders)
