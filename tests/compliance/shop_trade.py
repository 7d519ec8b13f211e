"""What the invented venue sells beside time: combos, promotions, what is taken back, reductions, refunds, stock.

Savings are written out by hand, not computed from the list.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.compliance.handmade import Entry

if TYPE_CHECKING:
    from tests.compliance.busy_shop import Shop, Stay

SINGLE_FEN = {"cola-330": 400, "chips": 300, "print-a4": 100}
OFFERS: dict[str, tuple[str, int, dict[str, int]]] = {
    "snack": ("combo", -150, {"cola-330": 1, "chips": 2}),
    "3h-cola": ("combo", -200, {"cola-330": 1}),  # And a package of three hours.
    "cola-day": ("promotion", -50, {"cola-330": 1}),
    "print-gift": ("promotion", -100, {"print-a4": 1}),
}


def kind_of(code: str) -> str:
    return "service" if code == "print-a4" else "goods"


def single(number: int, code: str, qty: int, **more: int) -> Entry:
    amount = qty * SINGLE_FEN[code]
    line = {"line": number, "kind": kind_of(code), "code": code, "qty": qty, "unit_fen": SINGLE_FEN[code]}
    return {**line, "amount_fen": amount, **more}


def offered(code: str, qty: int) -> list[Entry]:
    """The lines of a combo or promotion: the saving, then what it covers."""
    kind, unit, parts = OFFERS[code]
    saving = {"line": 1, "kind": kind, "code": code, "qty": qty, "unit_fen": unit, "amount_fen": qty * unit}
    covered = [single(n, item, qty * pieces, of=1) for n, (item, pieces) in enumerate(parts.items(), 2)]
    return [saving, *covered]


def fallen(lines: list[Entry], saving: Entry) -> int:
    """How many of a saving lost a part, given what is left of the lines."""
    parts = OFFERS[saving["code"]][2]
    mine = [line for line in lines if line.get("of") == saving["line"] and line.get("order") == saving.get("order")]
    whole = [line["qty"] // parts[line["code"]] for line in mine]
    return int(saving["qty"] - min(saving["qty"], *whole))


def take_back(lines: list[Entry], line: Entry, qty: int) -> tuple[Entry, int] | None:
    """Take pieces off; the saving that falls with them, and how many of it."""
    _less(line, qty)
    same = [one for one in lines if one.get("order") == line.get("order") and one["line"] == line.get("of")]
    if not same or not fallen(lines, same[0]):
        return None
    lost = fallen(lines, same[0])
    _less(same[0], lost)
    return same[0], lost


def _less(line: Entry, qty: int) -> None:
    line["qty"] -= qty
    line["amount_fen"] -= qty * line["unit_fen"]


class Trade:
    """Everything of a shop that is neither time nor a shift."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.stock = {"cola-330": 0, "chips": 0}
        self.settled: list[Entry] = []
        """Settlements and sales of which something may go back: `of`, `lines`, `ways`, `left_fen`, `body`."""

    # On a visit.

    def order(self, stay: Stay, lines: list[Entry], *, pinned: bool = False) -> str:
        shop, order = self.shop, self.shop.id()
        number = stay.list if pinned else shop.list
        body = {"order": order, "visit": stay.visit, "list": number, "lines": lines}
        shop.add("order.added", body | ({"pinned": True} if pinned else {}))
        stay.orders += [{"order": order, "list": number, **line} for line in lines]
        self._sold(lines)
        return order

    def order_something(self, stay: Stay) -> None:
        """Single things mostly, sometimes a combo or a promotion, with or without a package."""
        chance, qty = self.shop.random, self.shop.random.randrange(1, 4)
        what = chance.choice(["single", "single", "snack", "cola-day", "print-gift", "3h-cola"])
        if what == "3h-cola":
            order = self.order(stay, offered(what, 1), pinned=True)
            stay.package("3h", order=order, of=1)
        else:
            lines = offered(what, qty) if what != "single" else [single(1, "chips", qty), single(2, "cola-330", 1)]
            order = self.order(stay, lines)
        mine = [line for line in stay.orders if line["order"] == order and line["kind"] in {"goods", "service"}]
        if chance.random() < 0.3:
            self.shop.add(
                "order.handed_over", {"order": order, "visit": stay.visit, "lines": [line["line"] for line in mine]}
            )
            stay.handed_over.add(order)
        if chance.random() < 0.4:
            self.cancel(stay, chance.choice(mine))

    def cancel(self, stay: Stay, line: Entry) -> None:
        qty = self.shop.random.randrange(1, line["qty"] + 1)
        body = {"order": line["order"], "visit": stay.visit, "line": line["line"], "qty": qty}
        body |= {"amount_fen": qty * line["unit_fen"], "reason": "changed-mind"}
        lost = take_back(stay.orders, line, qty)
        if lost is not None:
            saving, number = lost
            body["saving"] = {"line": saving["line"], "qty": number, "amount_fen": number * saving["unit_fen"]}
        if line["order"] in stay.handed_over:
            body["handed_over"] = True
            body["approval"] = {"operation": "order.cancel_handed_over", "by": "s3", "reason": "changed-mind"}
        self.shop.add("order.cancelled", body)
        self._sold([{**line, "qty": -qty}])

    def reduce(self, stay: Stay) -> None:
        reduction: Entry = {
            "reduction": self.shop.id(),
            "fen": self.shop.random.choice([50, 120]),
            "reason": "goodwill",
        }
        stay.reductions.append(reduction)
        approval = {"operation": "reduction.give", "by": "s3", "reason": "goodwill"}
        more = {"approval": approval} if reduction["fen"] > 100 else {}
        self.shop.add("reduction.given", {**reduction, "visit": stay.visit, **more})

    def withdraw(self, stay: Stay) -> None:
        gone = stay.reductions.pop()
        self.shop.add("reduction.withdrawn", {"reduction": gone["reduction"], "visit": stay.visit})

    # At the counter.

    def sale_lines(self) -> list[Entry]:
        chance, qty = self.shop.random, self.shop.random.randrange(1, 4)
        what = chance.choice(["single", "snack", "cola-day", "print-gift"])
        lines = [single(1, "print-a4", qty)] if what == "single" else offered(what, qty)
        self._sold(lines)
        return lines

    # Money back.

    def keep(self, of: Entry, body: Entry, lines: list[Entry]) -> None:
        """Remember what was paid, and by which way."""
        ways: dict[tuple[str, str | None], int] = defaultdict(int)
        for sign, tenders in ((1, body.get("deposits", [])), (1, body["tenders"]), (-1, body.get("returned", []))):
            for tender in tenders:
                ways[tender["kind"], tender.get("ref")] += sign * tender["fen"]
        ways["cash", None] -= body["change_fen"]
        copies = [dict(line) for line in lines]
        del self.settled[:-40]
        self.settled.append(
            {"of": of, "lines": copies, "ways": ways, "left_fen": body["total_fen"], "body": body, "packages": []}
        )

    def refund(self, *, qty: int | None = None) -> None:
        """Give one line's pieces back, and the savings that fall with them."""
        for paid in self.shop.random.sample(self.settled, len(self.settled)):
            things = [line for line in paid["lines"] if line["kind"] in {"goods", "service"} and line["qty"]]
            for line in things:
                if self._refund_line(paid, line, qty or self.shop.random.randrange(1, line["qty"] + 1)):
                    return

    def refund_all_of_a_reduced_sale(self) -> None:
        """Give back every piece of a sale of which something was taken off: the last one at what is left."""
        for paid in self.settled:
            if "sale" in paid["of"] and paid["body"].get("reductions") and paid["left_fen"]:
                for line in paid["lines"]:
                    if line["kind"] in {"goods", "service"} and line["qty"]:
                        self._refund_line(paid, line, line["qty"])
                return

    def _refund_line(self, paid: Entry, line: Entry, pieces: int) -> bool:
        lines, amount = self._refunded(paid, line, pieces)
        unpaid = max(0, amount - paid["left_fen"])
        if (
            amount <= 0
            or not paid["left_fen"]
            or unpaid > sum(off["fen"] for off in paid["body"].get("reductions", ()))
        ):
            return False
        taken = take_back(paid["lines"], line, pieces)
        assert (taken is not None) == (len(lines) == 2)
        self.give_back(paid, lines, amount - unpaid, unpaid=unpaid)
        return True

    def _refunded(self, paid: Entry, line: Entry, qty: int) -> tuple[list[Entry], int]:
        copies = [dict(one) for one in paid["lines"]]
        lost = take_back(copies, copies[paid["lines"].index(line)], qty)
        back = [(line, qty), *([lost] if lost is not None else [])]
        lines = []
        for one, number in back:
            shown: Entry = {key: one[key] for key in ("order", "line", "kind", "code", "unit_fen") if key in one}
            lines.append({**shown, "qty": number, "amount_fen": number * one["unit_fen"]})
        return lines, sum(one["amount_fen"] for one in lines)

    def refund_package(self) -> None:
        """The rest of a package of three hours, bought alone, that its customer did not stay for."""
        for paid in self.settled:
            usage = paid["body"].get("usage", {})
            packages = usage.get("packages", [])
            if [one["code"] for one in packages] != ["3h"] or paid["packages"]:
                continue
            if sum(line["kind"] == "package" for line in paid["body"]["bill"]["lines"]) > 1:
                continue  # One was added before it.
            used = datetime.fromisoformat(usage["end"]) - datetime.fromisoformat(packages[0]["bought_at"])
            share = 1000 * (3 * 3600 - int(used.total_seconds())) // (3 * 3600)
            if 0 < share <= paid["left_fen"]:
                paid["packages"].append(share)
                line = {"line": 1, "kind": "package", "code": "3h", "qty": 1, "unit_fen": share, "amount_fen": share}
                self.give_back(paid, [line], share)
                return

    def give_back(self, paid: Entry, lines: list[Entry], amount: int, *, unpaid: int = 0) -> None:
        shop = self.shop
        by_kind: dict[str, int] = defaultdict(int)
        for line in lines:
            by_kind[line["kind"]] += line["amount_fen"]
        postings = [("revenue/packages", by_kind["package"]), ("revenue/goods", by_kind["goods"])]
        postings += [("revenue/services", by_kind["service"])]
        postings += [("revenue/savings", by_kind["combo"] + by_kind["promotion"]), ("revenue/reductions", -unpaid)]
        body = {"refund": shop.id(), "of": paid["of"], "lines": lines, "amount_fen": amount, "reason": "faulty"}
        if unpaid:
            body["unpaid_fen"] = unpaid
        body["approval"] = {"operation": "refund.give", "by": "s3", "reason": "faulty"}
        shop.add("refund.given", {**body, **self._paid_back(paid, amount, postings)})

    def refund_overcharge(self) -> None:
        """Who paid by a later list gets back what the first would not have charged."""
        for paid in self.settled:
            body = paid["body"]
            if "bill" not in body or body["list"] == 1:
                continue
            due = self.shop.billed(body["usage"], 1)["total_fen"] + sum(line["amount_fen"] for line in paid["lines"])
            due -= sum(given["fen"] for given in body.get("reductions", [])) + sum(paid["packages"])
            due = max(0, due)
            amount = paid["left_fen"] - due
            if amount > 0:
                first = {"list": 1, "list_sha256": self.shop.sha256_of(1)}
                facts = {"charged_fen": paid["left_fen"], "due_fen": due, "amount_fen": amount}
                body = {"refund": self.shop.id(), "visit": body["visit"], **first, **facts}
                postings = [("revenue/overcharges", amount)]
                self.shop.add("overcharge.refunded", {**body, **self._paid_back(paid, amount, postings)})
                return

    def _paid_back(self, paid: Entry, amount: int, postings: list[tuple[str, int]]) -> Entry:
        tenders: list[Entry] = []
        paid["left_fen"] -= amount
        for (kind, ref), fen in paid["ways"].items():
            part = min(fen, amount)
            if part > 0:
                paid["ways"][kind, ref] -= part
                amount -= part
                tenders.append({"kind": kind, "fen": part} | ({"ref": ref} if ref is not None else {}))
        assert amount == 0
        self.shop.take(tenders, sign=-1)
        postings += [("cash/till-1" if one["kind"] == "cash" else one["kind"], -one["fen"]) for one in tenders]
        return {"tenders": tenders, **self.shop.paper(postings)}

    # Stock.

    def _sold(self, lines: list[Entry]) -> None:
        for line in lines:
            if line["code"] in self.stock:
                self.stock[line["code"]] -= line["qty"]

    def receive(self) -> None:
        lines: list[Entry] = [{"code": code, "qty": 200} for code in self.stock]
        self.shop.add("stock.received", {"lines": lines})
        for line in lines:
            self.stock[line["code"]] += line["qty"]

    def write_off(self) -> None:
        self.shop.add("stock.written_off", {"lines": [{"code": "chips", "qty": 2}], "reason": "expired"})
        self.stock["chips"] -= 2

    def count(self) -> None:
        lines: list[dict[str, Any]] = []
        for code, expected in self.stock.items():
            counted = max(0, expected - self.shop.random.choice([0, 0, 1]))
            lines.append({"code": code, "counted": counted, "expected": expected})
            self.stock[code] = counted
        self.shop.add("stock.counted", {"lines": lines})

    def review(self, day: str) -> None:
        found: Entry = {"signal": "goods-at-opening", "staff": "s2", "hour": 20, "of": 40, "hits": 31, "others_of": 300}
        dearer: Entry = {"signal": "combo-dearer", "staff": "s3", "item": "snack", "of": 9, "hits": 8, "others_of": 50}
        found |= {"others_hits": 61, "p": "0.0000031"}
        dearer |= {"others_hits": 10, "p": "0.0004"}
        looks = {"from": day, "to": day, "visits": 340, "looks": 72}
        self.shop.add("forced_sale.reviewed", {**looks, "findings": [found, dearer]}, actor="s1")
