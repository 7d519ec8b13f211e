"""How time is charged (计价方法), in sentences: what P-1 to P-20, G-4, G-5 and G-8 make of a customer's money."""

from __future__ import annotations

from collections.abc import Iterator

from billing.price_list import PackageEnd, WalletOrder
from pos.board.board import Points, Section
from pos.board.phrases import Phrases
from pos.languages import noted

_WALLET_ORDERS = {
    WalletOrder.PRINCIPAL_FIRST: noted("Top-up money is spent before what was given on top of it."),
    WalletOrder.BONUS_FIRST: noted("What was given on top is spent before the top-up money."),
    WalletOrder.PRO_RATA: noted("Top-up money and what was given on top of it are spent in proportion."),
}


def method_section(phrases: Phrases) -> Section:
    """Say the method (REQ-P-7): unit, least charge, rounding, when charging begins and ends."""
    sentences = (
        *_time(phrases),
        *_charge(phrases),
        *_pauses(phrases),
        *_packages(phrases),
        *_money(phrases),
    )
    return Section(title=phrases.words("How it is charged"), blocks=(Points(sentences=sentences),))


def _time(phrases: Phrases) -> Iterator[str]:
    say, prices = phrases.say, phrases.prices
    yield say(
        "Hourly time begins when the seat is opened and ends with the statement shown before paying. Each second is "
        "charged at the price of the zone and time it falls in, also after a change of seats."
    )
    yield say(
        "Workdays are Monday to Friday and the weekend days listed as workdays; weekends are the other Saturdays and "
        "Sundays; holidays are the dates listed as such."
    )
    if any(rate.ends <= rate.begins for rate in prices.rates):
        yield say("A price that goes past midnight counts by the day on which it begins.")
    yield say("A visit is charged to its end by the list that counted when it began.")


def _charge(phrases: Phrases) -> Iterator[str]:
    say, method = phrases.say, phrases.prices.method
    if method.unit_minutes:
        yield say(
            "The unit is {minutes} min: what is missing to a full unit is charged once, on the visit's whole hourly "
            "time, at the prices of the time that follows, and no further than closing time.",
            minutes=method.unit_minutes,
        )
    else:
        yield say("Hourly time is charged by the second; there is no unit.")
    if method.grace_minutes:
        yield say(
            "Who leaves within {minutes} min and bought no package pays no time; whoever stays longer is charged from "
            "the beginning.",
            minutes=method.grace_minutes,
        )
    if method.minimum_fen:
        yield say(
            "The least hourly charge of a visit without package is {amount}, once, however often the seat changes.",
            amount=phrases.amount(method.minimum_fen),
        )
    else:
        yield say("There is no least charge.")
    if method.return_minutes:
        yield say(
            "Who comes back within {minutes} min of paying has what was paid by the hour before counted towards the "
            "least charge; the first minutes are not free again.",
            minutes=method.return_minutes,
        )
    if any(tier.discount_bp for tier in phrases.prices.tiers):
        yield say(
            "A discount is taken off the hourly charge; packages and goods have their posted price for everybody."
        )
    yield say(
        "The hourly charge is rounded down, once, to a multiple of {amount}: always in the customer's favour.",
        amount=phrases.amount(method.round_to_fen),
    )


def _pauses(phrases: Phrases) -> Iterator[str]:
    say, method = phrases.say, phrases.prices.method
    most, longest = method.pauses_max, method.pause_minutes_max
    if most == 0 or longest == 0:
        yield say("A visit cannot be paused; what the venue interrupts is not charged.")
    elif most is not None and longest is not None:
        yield say(
            "Pauses are not charged: up to {most} a visit, up to {minutes} min each; what the venue interrupts is not "
            "charged and does not count.",
            most=most,
            minutes=longest,
        )
    elif most is not None:
        yield say(
            "Pauses are not charged: up to {most} a visit; what the venue interrupts is not charged and does not "
            "count.",
            most=most,
        )
    elif longest is not None:
        yield say(
            "Pauses are not charged: up to {minutes} min each; what the venue interrupts is not charged and does not "
            "count.",
            minutes=longest,
        )
    else:
        yield say("Pauses are not charged.")


def _packages(phrases: Phrases) -> Iterator[str]:
    say, method = phrases.say, phrases.prices.method
    if not phrases.prices.packages:
        return
    if method.package_end is PackageEnd.STOP:
        yield say("When the last package of a visit is over the visit ends; nothing more is charged.")
    else:
        yield say("When a package is over time is charged by the hour again.")
    if method.best_price:
        yield say(
            "At the end the customer pays the least that his visit costs with any packages of this board that were on "
            "sale to him; the bill names them."
        )


def _money(phrases: Phrases) -> Iterator[str]:
    say, prices = phrases.say, phrases.prices
    if prices.deposit.guest_fen:
        yield say(
            "The deposit of {amount} is no charge: at the end it comes back in full, less nothing but posted charges, "
            "by the way it was paid.",
            amount=phrases.amount(prices.deposit.guest_fen),
        )
    else:
        yield say(
            "No deposit is asked. What a customer leaves beforehand comes back at the end, less nothing but posted "
            "charges, by the way it was paid."
        )
    if prices.topups:
        yield phrases.words(_WALLET_ORDERS[prices.method.wallet_order])
    if prices.goods or prices.services:
        yield say("What has not been handed over yet can be cancelled in full.")
    yield say("The itemised statement is shown before paying. Nothing is charged that is not on this board.")
