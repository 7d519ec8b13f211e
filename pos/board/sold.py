"""What is sold beside hourly time, with its conditions: packages, goods, services, combos, promotions, top-ups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing.calendar import DAY_SECONDS, clock_text
from billing.price_list import (
    Combo,
    DurationPackage,
    Goods,
    Item,
    ItemKind,
    Package,
    Promotion,
    Refund,
    TopUp,
)
from pos.board.board import Column, Row, Section, Table
from pos.board.phrases import Phrases
from pos.languages import noted


@dataclass(frozen=True, slots=True)
class _Titled:
    """A column by its English title."""

    title: str
    weight: int
    is_price: bool = False


def _columns(phrases: Phrases, *titled: _Titled) -> tuple[Column, ...]:
    return tuple(Column(title=phrases.words(one.title), weight=one.weight, is_price=one.is_price) for one in titled)


def package_sections(phrases: Phrases) -> Iterator[Section]:
    """Packages, if there are any."""
    packages = phrases.prices.packages
    if packages:
        columns = _columns(
            phrases,
            _Titled(noted("Package"), 34),
            _Titled(noted("Content and conditions"), 120),
            _Titled(noted("Price"), 36, is_price=True),
        )
        rows = tuple(
            Row(
                item=f"package/{package.code}",
                cells=(
                    package.name,
                    "\n".join(package_terms(package, phrases)),
                    phrases.amount(package.price_fen),
                ),
            )
            for package in packages
        )
        yield Section(title=phrases.words("Packages"), blocks=(Table(columns=columns, rows=rows),))


def package_terms(package: Package, phrases: Phrases) -> Iterator[str]:
    """Say what a package gives and on what terms, one thing a line."""
    say = phrases.say
    if isinstance(package, DurationPackage):
        yield say(
            "{duration} on end, from the purchase or the end of the package before; pauses included",
            duration=phrases.minutes(package.minutes),
        )
        if package.until is not None:
            yield say("ends at {time} at the latest", time=clock_text(package.until))
    else:
        yield say("{band}; who buys later pays the same", band=phrases.band(package.start, package.end))
    yield _sale(package, phrases)
    if set(package.zones) == set(phrases.prices.zone_by_code):
        yield say("counts in every zone")
    else:
        zones = phrases.zones(package.zones)
        yield say("counts in {zones}; elsewhere time is charged by the hour and the package runs on", zones=zones)
    if set(package.tiers) != set(phrases.prices.tier_by_code):
        yield say("only for {tiers}", tiers=phrases.tiers(package.tiers))
    yield (
        say("who leaves early gets the unused share of the price back")
        if package.refund is Refund.PRO_RATA
        else say("who leaves early gets nothing back for the rest")
    )


def _sale(package: Package, phrases: Phrases) -> str:
    days = phrases.days(package.days)
    if isinstance(package, DurationPackage):
        begins = package.sold_from or 0
        ends = package.sold_until
        if package.sold_from is None and package.sold_until is None:
            return phrases.say("sold {days}, all day", days=days)
        band = phrases.band(begins, DAY_SECONDS if ends is None else ends)
        return phrases.say("sold {days}, {band}", days=days, band=band)
    begins = package.start if package.sold_from is None else package.sold_from
    ends = package.end if package.sold_until is None else package.sold_until
    return phrases.say("sold {days}, {band}", days=days, band=phrases.band(begins, ends))


def goods_sections(phrases: Phrases) -> Iterator[Section]:
    """Goods by category, if there are any."""
    categories: dict[str, list[Goods]] = {}
    for goods in phrases.prices.goods:
        categories.setdefault(goods.category or "", []).append(goods)
    if categories:
        blocks = tuple(_goods_table(category, some, phrases) for category, some in categories.items())
        yield Section(title=phrases.words("Goods"), blocks=blocks)


def _goods_table(category: str, some: list[Goods], phrases: Phrases) -> Table:
    has_origin = any(goods.origin for goods in phrases.prices.goods)
    origin = (Column(title=phrases.words("Origin"), weight=36),) if has_origin else ()
    return Table(
        columns=(
            Column(title=phrases.words("Item"), weight=62),
            Column(title=phrases.words("Specification"), weight=54),
            *origin,
            Column(title=phrases.words("Price"), weight=38, is_price=True),
        ),
        rows=tuple(
            Row(
                item=f"goods/{goods.code}",
                cells=(
                    goods.name,
                    goods.spec,
                    *((goods.origin or "",) if has_origin else ()),
                    phrases.per_unit(goods.price_fen, goods.unit),
                ),
            )
            for goods in some
        ),
        heading=category,
    )


def service_sections(phrases: Phrases) -> Iterator[Section]:
    """Paid services, if there are any."""
    services = phrases.prices.services
    if services:
        columns = _columns(
            phrases,
            _Titled(noted("Service"), 62),
            _Titled(noted("Content"), 90),
            _Titled(noted("Price"), 38, is_price=True),
        )
        rows = tuple(
            Row(
                item=f"service/{service.code}",
                cells=(service.name, service.content, phrases.per_unit(service.price_fen, service.unit)),
            )
            for service in services
        )
        yield Section(
            title=phrases.words("Services"),
            blocks=(Table(columns=columns, rows=rows),),
            remark=phrases.words("Nothing here is needed for a seat; it is charged only where a customer asks for it."),
        )


def combo_sections(phrases: Phrases) -> Iterator[Section]:
    """Combos with their parts (G-3), if there are any."""
    combos = phrases.prices.combos
    if combos:
        columns = _columns(
            phrases,
            _Titled(noted("Combo"), 30),
            _Titled(noted("Parts, each sold singly too"), 100),
            _Titled(noted("Parts singly"), 28, is_price=True),
            _Titled(noted("Price"), 32, is_price=True),
        )
        rows = tuple(_combo_row(combo, phrases) for combo in combos)
        yield Section(
            title=phrases.words("Combos"),
            blocks=(Table(columns=columns, rows=rows),),
            remark=phrases.words("A part may be left out: the others are then sold at their single prices."),
        )


def _combo_row(combo: Combo, phrases: Phrases) -> Row:
    singly_fen = sum(phrases.prices.price_fen(part.item) * part.quantity for part in combo.parts)
    lines = [
        line
        for part in combo.parts
        for line in (
            phrases.say(
                "{quantity} × {name}, singly {price}",
                quantity=part.quantity,
                name=item_name(part.item, phrases),
                price=item_price(part.item, phrases),
            ),
            *_terms_of(part.item, phrases),
        )
    ]
    price = phrases.amount(combo.price_fen)
    saving_fen = singly_fen - combo.price_fen
    saved = phrases.say("saves {amount}", amount=phrases.amount(saving_fen)) if saving_fen else ""
    return Row(
        item=f"combo/{combo.code}",
        cells=(combo.name, "\n".join(lines), phrases.amount(singly_fen), f"{price}\n{saved}".rstrip()),
    )


def _terms_of(item: Item, phrases: Phrases) -> Iterator[str]:
    if item.kind is ItemKind.PACKAGE:
        yield phrases.terms(package_terms(phrases.prices.package_by_code[item.code], phrases))


def promotion_sections(phrases: Phrases) -> Iterator[Section]:
    """Promotions with period, conditions and reference price (G-6), gifts with name and number (G-7)."""
    promotions = phrases.prices.promotions
    if promotions:
        columns = _columns(
            phrases,
            _Titled(noted("Promotion"), 34),
            _Titled(noted("What, when, on what conditions"), 86),
            _Titled(noted("List price"), 34, is_price=True),
            _Titled(noted("Price"), 36, is_price=True),
        )
        rows = tuple(_promotion_row(promotion, phrases) for promotion in promotions)
        has_reference = any(promotion.reference_fen is not None for promotion in promotions)
        remark = phrases.words(
            "A former price is no higher than the lowest one paid here in the seven days before the promotion; where "
            "nobody bought it then, no higher than the last one paid."
        )
        yield Section(
            title=phrases.words("Promotions"),
            blocks=(Table(columns=columns, rows=rows),),
            remark=remark if has_reference else "",
        )


def _promotion_row(promotion: Promotion, phrases: Phrases) -> Row:
    say, name = phrases.say, item_name(promotion.item, phrases)
    period = say(
        "{begins} to {ends}", begins=phrases.instant(promotion.begins_at), ends=phrases.instant(promotion.ends_at)
    )
    lines = [
        say("gift: 1 × {name}", name=name) if promotion.price_fen == 0 else name,
        period,
        promotion.conditions,
        *_terms_of(promotion.item, phrases),
    ]
    price = item_price(promotion.item, phrases, fen=promotion.price_fen)
    former = (
        say("formerly {amount}", amount=phrases.amount(promotion.reference_fen))
        if promotion.reference_fen is not None
        else ""
    )
    return Row(
        item=f"promotion/{promotion.code}",
        cells=(
            promotion.name,
            "\n".join(lines),
            item_price(promotion.item, phrases),
            f"{price}\n{former}".rstrip(),
        ),
    )


def topup_sections(phrases: Phrases) -> Iterator[Section]:
    """Top-ups with what is given on top, and for whom (REQ-P-18)."""
    topups = phrases.prices.topups
    if topups:
        columns = _columns(
            phrases,
            _Titled(noted("Top-up"), 34),
            _Titled(noted("Conditions"), 86),
            _Titled(noted("Given on top"), 34, is_price=True),
            _Titled(noted("To pay"), 36, is_price=True),
        )
        rows = tuple(_topup_row(topup, phrases) for topup in topups)
        yield Section(title=phrases.words("Top-ups"), blocks=(Table(columns=columns, rows=rows),))


def _topup_row(topup: TopUp, phrases: Phrases) -> Row:
    who = phrases.say("for {tiers}", tiers=phrases.tiers(topup.tiers))
    return Row(
        item=f"topup/{topup.code}",
        cells=(
            topup.name,
            f"{topup.conditions}\n{who}",
            phrases.amount(topup.bonus_fen),
            phrases.amount(topup.pay_fen),
        ),
    )


def item_name(item: Item, phrases: Phrases) -> str:
    """Name one thing on sale as its own row does."""
    prices = phrases.prices
    match item.kind:
        case ItemKind.GOODS:
            goods = prices.goods_by_code[item.code]
            return f"{goods.name} {goods.spec}"
        case ItemKind.SERVICE:
            service = prices.service_by_code[item.code]
            return f"{service.name} {service.content}"
        case ItemKind.PACKAGE:
            return prices.package_by_code[item.code].name


def item_price(item: Item, phrases: Phrases, *, fen: int | None = None) -> str:
    """Say the price of one thing on sale with its unit; `fen`: another price than its own."""
    prices = phrases.prices
    price_fen = prices.price_fen(item) if fen is None else fen
    match item.kind:
        case ItemKind.GOODS:
            return phrases.per_unit(price_fen, prices.goods_by_code[item.code].unit)
        case ItemKind.SERVICE:
            return phrases.per_unit(price_fen, prices.service_by_code[item.code].unit)
        case ItemKind.PACKAGE:
            return phrases.amount(price_fen)
