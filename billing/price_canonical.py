"""The canonical form of a price list: what is hashed, stored, put into bundles and read back.

JSON by RFC 8785 in the keys of the TOML file. Every default is written out; "every tier", "every zone" and "every day"
are lists; an optional key without a default is `null`; tables that were left out are empty lists. Instants carry their
offset. `billing.price_checks.read_canonical` is the way back.
"""

import datetime as dt
from collections.abc import Callable

from billing.calendar import clock_text
from billing.price_list import (
    Combo,
    DurationPackage,
    Goods,
    Item,
    Package,
    PriceList,
    Promotion,
    Rate,
    Service,
    Tier,
    TopUp,
    Zone,
)
from billing.wall_clock import second_of
from records.canonical import Json, canonical


def canonical_list(prices: PriceList) -> bytes:
    """The canonical bytes of a list."""

    def instant_text(instant: dt.datetime) -> str:
        return prices.clock.text_with_offset(second_of(instant))

    return canonical(
        {
            "schema": prices.schema,
            "title": prices.title,
            "timezone": prices.timezone,
            "currency": prices.currency,
            **_settings(prices),
            "zones": [_zone(zone) for zone in prices.zones],
            "tiers": [_tier(tier) for tier in prices.tiers],
            "rates": [_rate(rate) for rate in prices.rates],
            "packages": [_package(package) for package in prices.packages],
            "goods": [_goods(goods) for goods in prices.goods],
            "services": [_service(service) for service in prices.services],
            "combos": [_combo(combo) for combo in prices.combos],
            "promotions": [_promotion(promotion, instant_text) for promotion in prices.promotions],
            "topups": [_topup(topup) for topup in prices.topups],
        }
    )


def _settings(prices: PriceList) -> dict[str, Json]:
    hours, calendar, method = prices.hours, prices.calendar, prices.method
    return {
        "hours": {
            "open": clock_text(hours.open),
            "close": clock_text(hours.close),
            "exemption": hours.exemption,
        },
        "calendar": {
            "holidays": sorted(date.isoformat() for date in calendar.holidays),
            "workdays": sorted(date.isoformat() for date in calendar.workdays),
        },
        "method": {
            "unit_minutes": method.unit_minutes,
            "grace_minutes": method.grace_minutes,
            "minimum_fen": method.minimum_fen,
            "round_to_fen": method.round_to_fen,
            "package_end": method.package_end.value,
            "best_price": method.best_price,
            "wallet_order": method.wallet_order.value,
            "pauses_max": method.pauses_max,
            "pause_minutes_max": method.pause_minutes_max,
            "return_minutes": method.return_minutes,
        },
        "deposit": {"guest_fen": prices.deposit.guest_fen},
    }


def _zone(zone: Zone) -> Json:
    return {"code": zone.code, "name": zone.name, "spec": zone.spec}


def _tier(tier: Tier) -> Json:
    return {
        "code": tier.code,
        "name": tier.name,
        "discount_bp": tier.discount_bp,
        "conditions": tier.conditions,
    }


def _rate(rate: Rate) -> Json:
    return {
        "zone": rate.zone,
        "tiers": list(rate.tiers),
        "days": [kind.value for kind in rate.days],
        "from": clock_text(rate.begins),
        "to": clock_text(rate.ends),
        "fen_per_hour": rate.fen_per_hour,
        "free": rate.free,
    }


def _package(package: Package) -> Json:
    common: dict[str, Json] = {
        "code": package.code,
        "name": package.name,
        "price_fen": package.price_fen,
        "zones": list(package.zones),
        "tiers": list(package.tiers),
        "days": [kind.value for kind in package.days],
        "sold_from": _optional_clock(package.sold_from),
        "sold_until": _optional_clock(package.sold_until),
        "refund": package.refund.value,
    }
    if isinstance(package, DurationPackage):
        own: dict[str, Json] = {
            "kind": "duration",
            "minutes": package.minutes,
            "until": _optional_clock(package.until),
        }
    else:
        own = {"kind": "window", "start": clock_text(package.start), "end": clock_text(package.end)}
    return common | own


def _optional_clock(clock_time: int | None) -> str | None:
    return None if clock_time is None else clock_text(clock_time)


def _goods(goods: Goods) -> Json:
    return {
        "code": goods.code,
        "name": goods.name,
        "spec": goods.spec,
        "unit": goods.unit,
        "price_fen": goods.price_fen,
        "barcode": goods.barcode,
        "origin": goods.origin,
        "category": goods.category,
    }


def _service(service: Service) -> Json:
    return {
        "code": service.code,
        "name": service.name,
        "content": service.content,
        "unit": service.unit,
        "price_fen": service.price_fen,
    }


def _item(item: Item) -> dict[str, Json]:
    return {item.kind.value: item.code}


def _combo(combo: Combo) -> Json:
    return {
        "code": combo.code,
        "name": combo.name,
        "items": [{**_item(part.item), "qty": part.quantity} for part in combo.parts],
        "price_fen": combo.price_fen,
    }


def _promotion(promotion: Promotion, instant_text: Callable[[dt.datetime], str]) -> Json:
    return {
        "code": promotion.code,
        "name": promotion.name,
        "item": _item(promotion.item),
        "price_fen": promotion.price_fen,
        "reference_fen": promotion.reference_fen,
        "from": instant_text(promotion.begins_at),
        "until": instant_text(promotion.ends_at),
        "conditions": promotion.conditions,
        "raised_reason": promotion.raised_reason,
    }


def _topup(topup: TopUp) -> Json:
    return {
        "code": topup.code,
        "name": topup.name,
        "pay_fen": topup.pay_fen,
        "bonus_fen": topup.bonus_fen,
        "tiers": list(topup.tiers),
        "conditions": topup.conditions,
    }
