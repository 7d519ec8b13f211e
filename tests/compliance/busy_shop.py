"""Business days of an invented venue, as entries.

Visits over bands, packages, moves, pauses, outages, deposits, sales, shifts, and what `shop_trade` sells and takes
back. Bills come from the product's rating, which the verifier does not share.
"""

import heapq
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from billing.best_price import charge
from billing.price_checks import read_canonical
from billing.price_list import PriceList
from billing.usage import parse_usage
from tests.compliance.handmade import Entry, canonical, day_of, keys, local, sha256_hex
from tests.compliance.shop_trade import Trade

FIRST_MORNING_MS = 1_795_388_400_000  # 2026-11-23 07:00 in Shanghai, a Monday.
HOUR_MS = 3_600_000
BAND_EDGES = {"hall": (8, 12, 14, 18, 22), "esports": (6, 16)}
"""The hours at which another rate begins, by zone."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def band(zone: str, start: str, end: str, fen: int) -> dict[str, Any]:
    days = ["workday", "weekend", "holiday"]
    return {
        "zone": zone,
        "tiers": ["guest", "gold"],
        "days": days,
        "from": start,
        "to": end,
        "fen_per_hour": fen,
        "free": False,
    }


def promotion(code: str, item: dict[str, str], fen: int) -> dict[str, Any]:
    period = {"from": "2026-11-01T00:00:00+08:00", "until": "2027-11-01T00:00:00+08:00"}
    told = {"name": code, "conditions": "每人不限", "reference_fen": None, "raised_reason": None}
    return {"code": code, "item": item, "price_fen": fen, **period, **told}


@cache
def price_list(*, raised_fen: int = 0, best_price: bool = False) -> bytes:
    """A list in canonical form."""
    night = {"code": "night", "name": "通宵", "kind": "window", "start": "22:00", "end": "08:00", "price_fen": 2000}
    night |= {"zones": ["hall", "esports"], "sold_from": "21:00", "sold_until": "02:00"}
    three = {"code": "3h", "name": "包三小时", "kind": "duration", "minutes": 180, "until": None, "price_fen": 1000}
    three |= {"zones": ["hall"], "sold_from": None, "sold_until": None}
    common = {"tiers": ["guest", "gold"], "days": ["workday", "weekend", "holiday"], "refund": "none"}
    three |= {**common, "refund": "pro_rata"}
    return canonical(
        {
            "schema": 1,
            "title": '2026 年冬季价目, "试行"',
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "hours": {"open": "00:00", "close": "24:00", "exemption": "示例文旅〔2026〕1号"},
            "calendar": {"holidays": ["2027-01-01"], "workdays": []},
            "method": {
                "unit_minutes": 15,
                "grace_minutes": 5,
                "minimum_fen": 300,
                "round_to_fen": 10,
                "package_end": "hourly",
                "best_price": best_price,
                "wallet_order": "pro_rata",
                "pauses_max": 2,
                "pause_minutes_max": 30,
                "return_minutes": 0,
            },
            "deposit": {"guest_fen": 2000},
            "zones": [
                {"code": "hall", "name": "大厅", "spec": "x"},
                {"code": "esports", "name": "电竞区", "spec": "y"},
            ],
            "tiers": [
                {"code": "guest", "name": "散客", "discount_bp": 0, "conditions": ""},
                {"code": "gold", "name": "金卡会员", "discount_bp": 1000, "conditions": ""},
            ],
            "rates": [
                band("hall", "08:00", "12:00", 300 + raised_fen),
                band("hall", "12:00", "14:00", 350 + raised_fen),
                band("hall", "14:00", "18:00", 400 + raised_fen),
                band("hall", "18:00", "22:00", 500 + raised_fen),
                band("hall", "22:00", "08:00", 333 + raised_fen),
                band("esports", "06:00", "16:00", 700 + raised_fen),
                band("esports", "16:00", "06:00", 800 + raised_fen),
            ],
            "packages": [{**night, **common}, *([three, {**three, "code": "3h-twin"}] if best_price else [three])],
            "goods": [
                {"code": "cola-330", "name": "可乐", "spec": "330ml", "unit": "罐", "price_fen": 400}
                | {"barcode": None, "origin": None, "category": None},
                {"code": "chips", "name": "薯片", "spec": "70g", "unit": "包", "price_fen": 300}
                | {"barcode": None, "origin": None, "category": None},
            ],
            "services": [{"code": "print-a4", "name": "打印", "content": "A4", "unit": "页", "price_fen": 100}],
            "combos": [
                {"code": "snack", "name": "可乐+薯片", "price_fen": 850}
                | {"items": [{"goods": "cola-330", "qty": 1}, {"goods": "chips", "qty": 2}]},
                {"code": "3h-cola", "name": "三小时+可乐", "price_fen": 1200}
                | {"items": [{"package": "3h", "qty": 1}, {"goods": "cola-330", "qty": 1}]},
            ],
            "promotions": [
                promotion("cola-day", {"goods": "cola-330"}, 350),
                promotion("print-gift", {"service": "print-a4"}, 0),
            ],
            "topups": [],
        }
    )


class Shop:
    """Writes the entries of days, event by event in the order of time.

    With `stays_span_bands` nearly every guest stays until another rate has begun, and fewer order something.
    """

    def __init__(self, seed: int = 1, *, stays_span_bands: bool = False, best_price: bool = False) -> None:
        self.stays_span_bands, self.best_price = stays_span_bands, best_price
        self.random = random.Random(seed)  # noqa: S311  # A repeatable choice of examples.
        self.entries: list[Entry] = []
        self.lists = {1: price_list(best_price=best_price)}
        self.now_ms = FIRST_MORNING_MS
        self.list = 1
        self._prices: dict[int, PriceList] = {}
        self._receipt = self._shift = 0
        self._free = {"hall": [f"A{n:02}" for n in range(1, 41)], "esports": [f"B{n:02}" for n in range(1, 21)]}
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0
        self.trade = Trade(self)
        self._clear_shift()
        self.open_log()

    def id(self, length: int = 16) -> str:
        return "".join(self.random.choices(ALPHABET, k=length))

    def add(self, type_: str, body: Entry, *, actor: str = "s2", commit: dict[str, str] | None = None) -> Entry:
        local_s = self.now_ms // 1000 + 8 * 3600
        entry = {
            "v": 1,
            "log": keys().origin,
            "venue": "",
            "id": self.id(26),
            "type": type_,
            "wall": self.now_ms,
            "boot": "boot-1",
            "mono_us": (self.now_ms - FIRST_MORNING_MS) * 1000 + 5_000_000,
            "clk": "synced",
            "till": "till-1",
            "actor": actor,
            "biz_day": day_of(local_s - 6 * 3600),
            "body": body,
            "commit": commit or {},
        }
        self.entries.append(entry)
        return entry

    @property
    def at(self) -> str:
        return local(self.now_ms)

    def seconds_to_next_band(self, zone: str) -> int:
        clock = self.now_ms // 1000 + 8 * 3600
        return min((edge * 3600 - clock) % 86_400 for edge in BAND_EDGES[zone])

    # Opening.

    def open_log(self) -> None:
        settings = {"timezone": "Asia/Shanghai", "day_starts": "06:00", "name": "明价演示网咖", "venue_code": ""}
        self.add("log.started", {"product": "mingjia 0.1.0", "schema": "0001", "previous": None}, actor="system")
        self.add("venue.changed", {"settings": settings}, actor="system")
        for vkey in keys().vkeys:
            self.add("key.added", {"use": "checkpoint", "vkey": vkey}, actor="system")
        owner = {"use": "owner", "algorithm": "p256", "public": "AAAA"}
        self.add("key.added", owner, actor="system")
        for staff, role in (("s1", "owner"), ("s2", "cashier"), ("s3", "manager")):
            self.add("staff.added", {"staff": staff, "role": role}, actor="system")
        self.publish()

    def publish(self) -> None:
        data = self.lists[self.list]
        facts = {"list": self.list, "sha256": sha256_hex(data), "title": json.loads(data)["title"]}
        self.add(
            "prices.published", {**facts, "effective": self.at, "effective_ms": self.now_ms // 1000 * 1000}, actor="s1"
        )

    def publish_next(self) -> None:
        self.list += 1
        self.lists[self.list] = price_list(raised_fen=self.list - 1, best_price=self.best_price)
        self.publish()

    def post_board(self) -> None:
        self.add("board.posted", {"list": self.list, "sha256": sha256_hex(self.lists[self.list]), "how": "paper"})

    # Shifts.

    def _clear_shift(self) -> None:
        self._totals = dict.fromkeys(("cash", "wechat", "alipay", "bank", "wallet"), 0)
        self._sales = self._moved = 0
        self._receipts: list[int] = []

    def open_shift(self) -> None:
        self._shift += 1
        self._clear_shift()
        self.add("staff.logged_in", {"staff": "s2", "role": "cashier"})
        postings = [{"account": "cash/till-1", "fen": 20_000}, {"account": "safe", "fen": -20_000}]
        self.add("shift.opened", {"shift": self._shift, "float_fen": 20_000, "postings": postings})

    def close_shift(self, *, difference_fen: int = 0) -> None:
        expected = 20_000 + self._totals["cash"] + self._moved
        counted = expected + difference_fen
        receipts = {"first": self._receipts[0], "last": self._receipts[-1]} if self._receipts else None
        postings = [("safe", counted), ("over_short", -difference_fen), ("cash/till-1", -expected)]
        body = {
            "shift": self._shift,
            "counted_fen": counted,
            "expected_fen": expected,
            "difference_fen": difference_fen,
            "z": self._shift,
            "totals_fen": self._totals,
            "sales_fen": self._sales,
            "receipts": receipts,
            "postings": [{"account": account, "fen": fen} for account, fen in postings if fen],
            "job": self.id(),
        }
        if difference_fen:
            body["reason"] = "miscounted"
        self.add("shift.closed", body)

    def move_cash(self, direction: str, purpose: str, fen: int) -> None:
        signed = fen if direction == "in" else -fen
        self._moved += signed
        other = "petty_cash" if purpose == "petty-cash" else "safe"
        body = {"shift": self._shift, "direction": direction, "purpose": purpose, "fen": fen, "job": self.id()}
        body["approval"] = {"operation": "cash.move", "by": "s1", "reason": purpose}
        body["postings"] = [{"account": "cash/till-1", "fen": signed}, {"account": other, "fen": -signed}]
        self.add("cash.moved", body)

    def paper(self, postings: list[tuple[str, int]]) -> Entry:
        self._receipt += 1
        self._receipts.append(self._receipt)
        posted = [{"account": account, "fen": fen} for account, fen in postings if fen]
        return {"shift": self._shift, "receipt": self._receipt, "job": self.id(), "postings": posted}

    def take(self, tenders: list[Entry], change: int = 0, sign: int = 1) -> None:
        for tender in tenders:
            self._totals[tender["kind"]] += sign * tender["fen"]
        self._totals["cash"] -= change

    # Time.

    def later(self, seconds: int, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (self.now_ms + seconds * 1000 + self._count % 1000, self._count, do))

    def run(self) -> None:
        while self._events:
            at_ms, _, do = heapq.heappop(self._events)
            self.now_ms = max(self.now_ms, at_ms)
            do()

    def day(self, *, visits: int, sales: int) -> None:
        """One business day from 07:00; every visit of it is over by the next morning."""
        self.open_shift()
        for _ in range(visits):
            self.later(self.random.randrange(60, 14 * 3600), self.visit)
        for _ in range(sales):
            self.later(self.random.randrange(60, 15 * 3600), self.sale)
        self.later(40, self.refuse)
        start = self.now_ms
        self.later(20, self.trade.receive)
        self.later(5 * 3600, self.trade.write_off)
        self.later(3600, self.close_seat)
        for hours in (13, 15, 16, 18, 20):
            self.later(hours * 3600, self.trade.refund)
        self.later(21 * 3600, self.trade.refund_package)
        self.later(22 * 3600, self.trade.refund_overcharge)
        self.later(22 * 3600 + 1, self.trade.refund_all_of_a_reduced_sale)
        self.later(3 * 3600, lambda: self.move_cash("in", "change-money", 5_000))
        self.later(9 * 3600, lambda: self.move_cash("out", "petty-cash", 2_345))
        self.later(12 * 3600, lambda: self.move_cash("out", "banked", 10_000))
        self.run()
        self.now_ms = max(self.now_ms, start + 23 * HOUR_MS) + 1234
        self.trade.count()
        self.trade.review(day_of(start // 1000 + 8 * 3600))
        self.add("shift.read", {"shift": self._shift, "job": self.id()})
        self.close_shift(difference_fen=self.random.choice([0, 0, 150, -150]))
        self.now_ms = start + 24 * HOUR_MS

    def refuse(self) -> None:
        self.add("id.refused", {"reason": "minor", "method": "machine"})

    def close_seat(self) -> None:
        """The last free seat of the hall is cleaned for some hours."""
        if not self._free["hall"]:
            return
        seat = self._free["hall"].pop()
        self.add("seat.closed", {"seat": seat, "reason": "cleaning"})

        def reopen() -> None:
            self.add("seat.reopened", {"seat": seat})
            self._free["hall"].append(seat)

        self.later(9000, reopen)

    def sale(self) -> None:
        lines = self.trade.sale_lines()
        amount = sum(line["amount_fen"] for line in lines)
        reductions: list[Entry] = (
            [{"fen": 30, "reason": "rounding"}] if amount > 100 and self.random.random() < 0.4 else []
        )
        total = amount - sum(given["fen"] for given in reductions)
        given: list[Entry] = [{"kind": "cash", "fen": total + 200}] if total else []
        change = 200 if total else 0
        if total and self.random.random() < 0.4:
            given, change = [{"kind": "alipay", "fen": total, "ref": f"P{self.random.randrange(10**9)}"}], 0
        self.take(given, change)
        self._sales += total
        postings = [(_account(tender), tender["fen"]) for tender in given]
        postings += [("cash/till-1", -change), *revenue(lines), ("revenue/reductions", amount - total)]
        paper = self.paper(postings)
        body: Entry = {"sale": self.id(), "list": self.list, "lines": lines, "total_fen": total, "tenders": given}
        body |= {"change_fen": change, **({"reductions": reductions} if reductions else {})}
        self.add("sale.settled", {**body, **paper})
        self.trade.keep({"sale": body["sale"]}, body, lines)

    def billed(self, usage: Entry, number: int) -> Entry:
        """The bill of a usage under a list."""
        prices = self.prices(number)
        return charge(parse_usage(json.dumps(usage), prices.clock), prices).to_json()

    def sha256_of(self, number: int) -> str:
        return sha256_hex(self.lists[number])

    def visit(self) -> None:
        Stay(self).open()

    def prices(self, number: int) -> PriceList:
        if number not in self._prices:
            self._prices[number] = read_canonical(self.lists[number])
        return self._prices[number]


class Stay:
    """One visit, and what happens in it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.chance = shop, shop.random
        self.usage: Entry = {}
        self.orders: list[Entry] = []
        self.reductions: list[Entry] = []
        self.handed_over: set[str] = set()
        self.deposits: list[Entry] = []
        self.paused: str | None = None

    def open(self) -> None:
        shop, chance = self.shop, self.chance
        zone = "hall" if chance.random() < 0.7 and shop._free["hall"] else "esports"
        if shop.stays_span_bands and shop.seconds_to_next_band(zone) > 5 * 3600:
            zone = "hall"
        if not shop._free[zone]:
            return
        self.seat, self.visit, self.check, self.zone = shop._free[zone].pop(0), shop.id(), shop.id(), zone
        self.tier, self.list = chance.choice(["guest", "guest", "gold"]), shop.list
        checked: Entry = {"check": self.check, "kind": "resident", "method": "machine", "verdict": "adult"}
        if chance.random() < 0.03:
            checked |= {"method": "typed", "reason": "reader-broken"}
            checked["approval"] = {"operation": "typed-document", "by": "s3", "reason": "reader-broken"}
        shop.add("id.checked", checked, commit={"name": "A" * 43, "number": "b" * 43})
        self.sha256 = sha256_hex(shop.lists[self.list])
        where = {"seat": self.seat, "zone": zone, "tier": self.tier, "list": self.list, "list_sha256": self.sha256}
        shop.add("visit.opened", {"visit": self.visit, "check": self.check, **where, "at": shop.at, "port": "p1"})
        self.usage = {"tier": self.tier, "start": shop.at, "stays": [{"from": shop.at, "zone": zone}]}
        length = chance.choice([*[chance.randrange(7200, 18_000)] * 8, chance.randrange(60, 3600), 200])
        if shop.stays_span_bands and (length > 200 or chance.random() < 0.8):
            length = shop.seconds_to_next_band(zone) + chance.randrange(1800, 5400)
        self._plan(length)
        shop.later(length, self.settle)

    def _plan(self, length: int) -> None:
        shop, chance = self.shop, self.chance
        if chance.random() < 0.4:
            self.deposit()
        if chance.random() < 0.12 and self.zone == "hall":
            self.package("3h")
        if chance.random() < (0.2 if shop.stays_span_bands else 0.4) and length > 400:
            shop.later(chance.randrange(60, length - 60), lambda: shop.trade.order_something(self))
        if chance.random() < (0.03 if shop.stays_span_bands else 0.1) and length > 400:
            shop.later(chance.randrange(60, length - 60), lambda: shop.trade.reduce(self))
        if chance.random() < 0.08 and length > 400:
            shop.later(chance.randrange(60, length - 60), self.move)
        if chance.random() < 0.06 and length > 2400:
            begin = chance.randrange(60, length - 2000)
            shop.later(begin, self.pause)
            shop.later(begin + chance.randrange(60, 1500), self.resume)

    def deposit(self) -> None:
        shop = self.shop
        tender: Entry = {"kind": self.chance.choice(["cash", "wechat", "alipay", "bank"]), "fen": 2000}
        if tender["kind"] != "cash":
            tender["ref"] = f"R{self.chance.randrange(10**9)}"
        self.deposits.append(tender)
        shop.take([tender])
        account = "cash/till-1" if tender["kind"] == "cash" else tender["kind"]
        paper = shop.paper([(account, 2000), ("deposits", -2000)])
        shop.add("deposit.taken", {"visit": self.visit, "tender": tender, **paper})

    def package(self, code: str, **of: str | int) -> None:
        self.usage.setdefault("packages", []).append({"code": code, "bought_at": self.shop.at})
        self.shop.add("package.bought", {"visit": self.visit, "code": code, "at": self.shop.at, **of})

    def move(self) -> None:
        free = self.shop._free["esports"]
        if not free:
            return
        before, self.seat, self.zone = self.seat, free.pop(0), "esports"
        moved = {"visit": self.visit, "from_seat": before, "seat": self.seat, "zone": "esports", "at": self.shop.at}
        self.shop._free["hall" if before.startswith("A") else "esports"].append(before)
        self.shop.add("visit.moved", moved)
        self.usage["stays"].append({"from": self.shop.at, "zone": "esports"})

    def pause(self) -> None:
        self.paused = self.shop.at
        self.venue = self.chance.random() < 0.3
        if self.venue:
            self.shop.add("outage.began", {"visits": [self.visit], "at": self.shop.at, "reason": "power"})
        else:
            self.shop.add("visit.paused", {"visit": self.visit, "at": self.shop.at})

    def resume(self) -> None:
        if self.venue:
            self.shop.add("outage.ended", {"visits": [self.visit], "at": self.shop.at, "reason": "power"})
        else:
            self.shop.add("visit.resumed", {"visit": self.visit, "at": self.shop.at})
        pause: Entry = {"from": self.paused, "to": self.shop.at}
        self.usage.setdefault("pauses", []).append(pause | ({"venue": True} if self.venue else {}))

    def settle(self) -> None:
        shop = self.shop
        self.usage["end"] = shop.at
        prices = shop.prices(self.list)
        usage = parse_usage(json.dumps(self.usage), prices.clock)
        bill = charge(usage, prices).to_json()
        orders = [line for line in self.orders if line["qty"]]
        charged = bill["total_fen"] + sum(line["amount_fen"] for line in orders)
        while sum(given["fen"] for given in self.reductions) > charged or (
            self.reductions and self.chance.random() < 0.2
        ):
            shop.trade.withdraw(self)
        total = charged - sum(given["fen"] for given in self.reductions)
        reductions: Entry = {"reductions": list(self.reductions)} if self.reductions else {}
        shown = {"visit": self.visit, "at": shop.at, "bill": bill, "orders": orders, "total_fen": total, **reductions}
        statement = sha256_hex(canonical(shown))
        how = self.chance.choice(["screen", "printed"])
        shop.add("statement.shown", {"visit": self.visit, "at": shop.at, "how": how, "sha256": statement})
        shop.now_ms += 5000
        assert usage.end is not None
        used = int((usage.end - usage.start).total_seconds()) - sum(
            int((pause.end - pause.start).total_seconds()) for pause in usage.pauses
        )
        where = {"seat": self.seat, "zone": self.zone, "tier": self.tier, "list": self.list, "list_sha256": self.sha256}
        body = {
            "visit": self.visit,
            "check": self.check,
            **where,
            "usage": self.usage,
            "bill": bill,
            "orders": orders,
            **reductions,
            "used_seconds": used,
            "total_fen": total,
            **self._money(bill, orders, total, charged - total),
            "statement": statement,
            "ends": "customer",
        }
        shop.add("visit.settled", body)
        shop.trade.keep({"visit": self.visit}, body, orders)
        shop._free["hall" if self.seat.startswith("A") else "esports"].append(self.seat)

    def _money(self, bill: Entry, orders: list[Entry], total: int, reduced: int) -> Entry:
        shop = self.shop
        held = sum(tender["fen"] for tender in self.deposits)
        due, tenders, returned, change = total - held, [], [], 0
        if due < 0:
            returned = [{**self.deposits[0], "fen": -due}]
        elif due and self.chance.random() < 0.5:
            tenders, change = [{"kind": "cash", "fen": due + 70}], 70
        elif due:
            tenders = [{"kind": "wechat", "fen": due, "ref": f"W{self.chance.randrange(10**9)}"}]
        shop.take(tenders, change)
        shop.take(returned, sign=-1)
        shop._sales += total
        postings = [("deposits", held)]
        postings += [(_account(tender), tender["fen"]) for tender in tenders]
        postings += [("cash/till-1", -change)]
        postings += [(_account(tender), -tender["fen"]) for tender in returned]
        postings += [*revenue([*bill["lines"], *orders]), ("revenue/reductions", reduced)]
        money = {"deposits": self.deposits, "tenders": tenders, "returned": returned, "change_fen": change}
        return money | shop.paper(postings)


def revenue(lines: list[Entry]) -> list[tuple[str, int]]:
    """Postings of what lines bring in."""
    accounts = {"package": "packages", "goods": "goods", "service": "services", "combo": "savings"}
    accounts["promotion"] = "savings"
    fen = dict.fromkeys(("time", "packages", "goods", "services", "savings"), 0)
    for line in lines:
        fen[accounts.get(line["kind"], "time")] -= line["amount_fen"]
    return [(f"revenue/{name}", amount) for name, amount in fen.items()]


def _account(tender: Entry) -> str:
    return "cash/till-1" if tender["kind"] == "cash" else str(tender["kind"])


def busy_days(days: int = 2, *, visits: int = 12, sales: int = 4, seed: int = 1, best_price: bool = False) -> Shop:
    """A shop after some days; a new list is published on the second morning, its board seen at the end."""
    shop = Shop(seed, best_price=best_price)
    for number in range(days):
        if number == 1:
            shop.publish_next()
        shop.day(visits=visits, sales=sales)
    shop.post_board()
    return shop


def mix(shop: Shop) -> Iterator[tuple[str, int]]:
    """How many entries of each type."""
    for name in sorted({entry["type"] for entry in shop.entries}):
        yield name, sum(entry["type"] == name for entry in shop.entries)
