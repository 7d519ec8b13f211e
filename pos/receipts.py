"""What a customer's slips say: deposit, statement, settlement, sale, refunds; and the journal's start.

A slip is made from the body of the journal entry it belongs to (docs/journal-format.md §6), so the paper cannot say
anything else than the journal. It never bears a name or a document number: not one function here is given any. Paper is
for the customer and for inspectors: it speaks Chinese whatever language the clerk's screen has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from billing.money import yuan_text
from billing.price_list import PriceList, Tier
from billing.reasons import ReductionReason, RefundReason
from billing.visit_bill import VisitBill
from billing.wall_clock import second_of
from hardware.receipt import (
    Align,
    Cell,
    Item,
    Pair,
    Qr,
    ReceiptDocument,
    Row,
    Rule,
    Text,
    Total,
)
from pos.slip_layout import (
    HASH_DIGITS,
    Body,
    SlipFacts,
    SlipForm,
    numbered,
    receipt_number,
    slip,
    tender_pairs,
    uncovered_slip,
)

_ENDS: Final = {"closing-time": "营业时间结束", "package-end": "套餐到时"}
_REDUCTION_REASONS: Final = {
    ReductionReason.GOODWILL: "酌情优惠",
    ReductionReason.SERVICE_FAULT: "服务不周",
    ReductionReason.FAULTY: "商品有问题",
    ReductionReason.KEYED_WRONG: "录入差错",
}
_REFUND_REASONS: Final = {
    RefundReason.RETURNED: "顾客退货",
    RefundReason.FAULTY: "商品有问题",
    RefundReason.NOT_DELIVERED: "未交付",
    RefundReason.SERVICE_FAULT: "服务不周",
    RefundReason.LEFT_EARLY: "提前下机",
    RefundReason.KEYED_WRONG: "录入差错",
}
_AMOUNT_CELLS: Final = 9

ListNumbered = Callable[[int], PriceList]
"""Gives the published list of a number: what is sold to a seat may be of a later list than its time (P-15)."""


def settlement(body: Body, facts: SlipFacts, lists: ListNumbered) -> SlipForm:
    """The itemised receipt of `visit.settled`: stay, bill and money."""
    usage = body["usage"]
    return slip(
        "结账小票",
        facts,
        [
            numbered(body, f"机位 {body['seat']}"),
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            *_stay(usage, body["used_seconds"]),
            *_ending(body["ends"]),
            *_list_used(body, lists),
            Rule(),
            *_bill(body, lists),
            Rule(),
            _total(body["total_fen"]),
            Rule(),
            *_money(body),
        ],
    )


def statement(bill: VisitBill, facts: SlipFacts, lists: ListNumbered) -> ReceiptDocument:
    """The itemised statement that precedes a settlement (G-5)."""
    visit, shown = bill.visit, bill.statement_json()
    opened = visit.prices.clock.text(second_of(visit.opened_at))
    terms = {"list": visit.list_number, "tier": visit.tier, **shown}
    returned_fen = bill.deposits_fen - bill.total_fen
    head = [
        Pair(label=f"机位 {visit.seat}", value=f"员工 {facts.actor}"),
        Pair(label="上机", value=_clock(opened, beside=shown["at"])),
        Pair(label="截至", value=_clock(shown["at"], beside=opened)),
        *_pauses(bill.usage.to_json(visit.prices.clock)),
        *_list_used(terms, lists),
    ]
    foot: list[Item] = [
        Pair(label="已付押金", value=yuan_text(bill.deposits_fen)),
        Pair(label="结账应退", value=yuan_text(returned_fen))
        if returned_fen > 0
        else Pair(label="结账应付", value=yuan_text(bill.due_fen)),
        Text(text="请核对。本单不作收据，5 分钟内结账有效。"),
    ]
    charged = [Rule(), *_bill(terms, lists), Rule(), _total(bill.total_fen)]
    return uncovered_slip("消费清单", facts, [*head, *charged, *foot])


def sale(body: Body, facts: SlipFacts, lists: ListNumbered) -> SlipForm:
    """The receipt of `sale.settled`."""
    prices = lists(body["list"])
    return slip(
        "销售小票",
        facts,
        [
            numbered(body, "柜台零售"),
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            Pair(label="价目", value=f"第{body['list']}号 {prices.sha256[:HASH_DIGITS]}"),
            Rule(),
            *(_item_row(line, prices) for line in body["lines"]),
            *_reductions(body),
            Rule(),
            _total(body["total_fen"]),
            Rule(),
            *_money(body),
        ],
    )


def refund(body: Body, facts: SlipFacts, named_by: Sequence[PriceList]) -> SlipForm:
    """The slip of `refund.given`; `named_by` are the lists that name what goes back, line by line."""
    approval = [Pair(label="批准", value=f"员工 {body['approval']['by']}")] if "approval" in body else []
    lines = [_item_row(line, prices) for line, prices in zip(body["lines"], named_by, strict=True)]
    return slip(
        "退款小票",
        facts,
        [
            numbered(body, f"机位 {facts.seat}" if facts.seat else "柜台零售"),
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            Pair(label="退款原因", value=_REFUND_REASONS[RefundReason(body["reason"])]),
            *approval,
            Rule(),
            *lines,
            *([Pair(label="结账时已减免", value=f"-{yuan_text(body['unpaid_fen'])}")] if "unpaid_fen" in body else []),
            Rule(),
            *refunded(body),
        ],
    )


def overcharge(body: Body, facts: SlipFacts, *, settled_receipt: int) -> SlipForm:
    """The slip of `overcharge.refunded`; `settled_receipt` is the number of the receipt on which too much stood."""
    approval = [Pair(label="批准", value=f"员工 {body['approval']['by']}")] if "approval" in body else []
    return slip(
        "多收退款单",
        facts,
        [
            numbered(body, f"机位 {facts.seat}"),
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            Pair(label="原结账单号", value=receipt_number(settled_receipt)),
            Pair(label="应按价目", value=f"第{body['list']}号 {body['list_sha256'][:HASH_DIGITS]}"),
            *approval,
            Rule(),
            Pair(label="已收", value=yuan_text(body["charged_fen"])),
            Pair(label="应收", value=yuan_text(body["due_fen"])),
            *refunded(body),
        ],
    )


def refunded(body: Body) -> Iterator[Item]:
    """What goes back and by which way, of any refund."""
    yield Total(label="退款", amount=f"￥{yuan_text(body['amount_fen'])}")
    yield Rule()
    for tender in body["tenders"]:
        yield from tender_pairs("退回", tender)
    yield Text(text="按原支付方式退回。")


def deposit(body: Body, facts: SlipFacts) -> SlipForm:
    """The slip of `deposit.taken`."""
    tender = body["tender"]
    return slip(
        "押金收据",
        facts,
        [
            numbered(body, f"机位 {facts.seat}"),
            Pair(label=f"班次 {body['shift']}", value=f"员工 {facts.actor}"),
            Rule(),
            Total(label="押金", amount=f"￥{yuan_text(tender['fen'])}"),
            *tender_pairs("支付方式", tender, says_amount=False),
            Rule(),
            Text(text="结账时只扣除明码标价的消费，余额按原支付方式全额退回。"),
        ],
    )


def start(*, origin: str, vkeys: Sequence[str], facts: SlipFacts) -> SlipForm:
    """The slip of a journal's beginning: who keeps it can tell this venue's journal from any other."""
    keys: list[Item] = [Text(text=key) for key in vkeys]
    return slip(
        "账本起始单",
        facts,
        [
            Text(text="账本名称"),
            Text(text=origin),
            Rule(),
            Text(text="核验公钥"),
            *keys,
            Qr(text=vkeys[0], is_alphanumeric=False),
            Rule(),
            Text(text="请与营业执照一并保存。核验导出文件时以本单公钥为准：mingjia verify 文件 --anchor 公钥"),
        ],
    )


def _stay(usage: Body, used_seconds: int) -> Iterator[Item]:
    start_text, end_text = usage["start"], usage["end"]
    yield Pair(label="上机", value=_clock(start_text, beside=end_text))
    yield Pair(label="下机", value=_clock(end_text, beside=start_text))
    yield from _pauses(usage)
    yield Pair(label="计费时长", value=_duration(used_seconds))


def _pauses(usage: Body) -> Iterator[Item]:
    """Why less is charged than the clock shows between beginning and end."""
    for pause in usage.get("pauses", ()):
        begin, end = _clock(pause["from"], beside=usage["start"]), _clock(pause["to"], beside=pause["from"])
        yield Pair(label="场所暂停" if "venue" in pause else "暂停", value=f"{begin}–{end} 不计费")


def _ending(ends: str) -> Iterator[Item]:
    if ends in _ENDS:
        yield Pair(label="下机原因", value=_ENDS[ends])


def _list_used(body: Body, lists: ListNumbered) -> Iterator[Item]:
    prices = lists(body["list"])
    tier = prices.tier_by_code[body["tier"]]
    yield Pair(label="客类", value=tier.name)
    yield Pair(label="价目", value=f"第{body['list']}号 {prices.sha256[:HASH_DIGITS]}")


def _bill(body: Body, lists: ListNumbered) -> Iterator[Item]:
    prices = lists(body["list"])
    tier = prices.tier_by_code[body["tier"]]
    lines = body["bill"]["lines"]
    yield Row(cells=(Cell(text="项目"), Cell(text="金额", width=_AMOUNT_CELLS, align=Align.RIGHT)))
    if not lines and not body["orders"]:
        yield Text(text="无消费")
    for line in lines:
        yield _amount_row(_bill_line_text(line, prices, tier), line["amount_fen"])
    for line in body["orders"]:
        yield _item_row(line, lists(line["list"]))
    yield from _reductions(body)


def _bill_line_text(line: Body, prices: PriceList, tier: Tier) -> str:
    match line["kind"]:
        case "time":
            return _time_text(line, prices)
        case "package":
            return _package_text(line, prices)
        case "discount":
            return f"{tier.name}优惠 {_percent(tier.discount_bp)}"
        case "minimum":
            return f"补足起步价 {yuan_text(prices.method.minimum_fen)}"
        case "rounding":
            return "抹零"
        case "grace":
            return f"{prices.method.grace_minutes} 分钟内免费"
        case kind:
            raise ValueError(f"a bill has no line of kind {kind!r}")


def _package_text(line: Body, prices: PriceList) -> str:
    text = f"套餐 {prices.package_by_code[line['code']].name}"
    return f"{text}\n  按最优价计入，起于\n  {_clock(line['at'], beside='')}" if "best_price" in line else text


def _time_text(line: Body, prices: PriceList) -> str:
    begin, end = line["from"], line["to"]
    text = f"{prices.zone_by_code[line['zone']].name} {yuan_text(line['fen_per_hour'])} 元/时\n"
    text += f"  {_span(begin, end)}{_duration(line['seconds'])}"
    if line["extension_seconds"]:
        text += f"\n  其中补足 {_duration(line['extension_seconds'])}"
    return text


def _item_row(line: Body, prices: PriceList) -> Row:
    match line["kind"]:
        case "goods":
            goods = prices.goods_by_code[line["code"]]
            name, unit = f"{goods.name} {goods.spec}", goods.unit
        case "service":
            service = prices.service_by_code[line["code"]]
            name, unit = f"{service.name} {service.content}", service.unit
        case "package":
            name, unit = f"套餐 {prices.package_by_code[line['code']].name}", "份"
        case "combo":
            name, unit = f"组合优惠 {prices.combo_by_code[line['code']].name}", "份"
        case _:
            promotion = prices.promotion_by_code[line["code"]]
            name, unit = f"{'赠品' if promotion.price_fen == 0 else '促销'} {promotion.name}", "份"
    return _amount_row(f"{name}\n  {yuan_text(line['unit_fen'])} × {line['qty']} {unit}", line["amount_fen"])


def _reductions(body: Body) -> Iterator[Row]:
    for reduction in body.get("reductions", ()):
        yield _amount_row(f"减免 {_REDUCTION_REASONS[ReductionReason(reduction['reason'])]}", -reduction["fen"])


def _amount_row(text: str, amount_fen: int) -> Row:
    return Row(cells=(Cell(text=text), Cell(text=yuan_text(amount_fen), width=_AMOUNT_CELLS, align=Align.RIGHT)))


def _total(total_fen: int) -> Total:
    return Total(label="合计", amount=f"￥{yuan_text(total_fen)}")


def _money(body: Body) -> Iterator[Item]:
    """Deposits, tenders, change and what goes back, of a settlement or a sale."""
    for tender in body.get("deposits", ()):
        yield from tender_pairs("押金", tender)
    for tender in body["tenders"]:
        yield from tender_pairs("实收", tender)
    if body["change_fen"]:
        yield Pair(label="找零 现金", value=yuan_text(body["change_fen"]))
    for tender in body.get("returned", ()):
        yield from tender_pairs("退押金", tender)


def _clock(text: str, *, beside: str) -> str:
    """A local time of a body, short: the day only where the other end of the span is on another day."""
    day, clock_time, offset = text[5:10], text[11:19], text[19:]
    shown = clock_time.removesuffix(":00") + offset
    return shown if text[:10] == beside[:10] else f"{day} {shown}"


def _span(begin: str, end: str) -> str:
    """A line's time, ready for its duration; what 58 mm has no room for goes on in the next line."""
    if begin[:10] == end[:10]:
        start, finish = _clock(begin, beside=end), _clock(end, beside=begin)
        return f"{start}–{finish} 计 " if len(start) == len(finish) == len("00:00") else f"{start}–{finish}\n  计 "
    is_next_day = date.fromisoformat(end[:10]) - date.fromisoformat(begin[:10]) == timedelta(days=1)
    if is_next_day:
        return f"{_clock(begin, beside=begin)}–次日 {_clock(end, beside=end)}\n  计 "
    return f"{_clock(begin, beside=end)}–\n  {_clock(end, beside=begin)}\n  计 "


def _percent(basis_points: int) -> str:
    return f"{basis_points // 100}.{basis_points % 100:02}".rstrip("0").rstrip(".") + "%"


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
