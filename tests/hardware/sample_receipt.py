"""The reference receipt: a name that wraps, a character of four bytes, a reprint mark, a QR code."""

from hardware.receipt import (
    Align,
    Cell,
    Cut,
    Feed,
    Heading,
    KickDrawer,
    Mark,
    Pair,
    Qr,
    ReceiptDocument,
    Row,
    Rule,
    Text,
    Total,
)


def item_row(name: str, quantity: str, amount: str) -> Row:
    return Row(
        cells=(
            Cell(text=name),
            Cell(text=quantity, width=4, align=Align.RIGHT),
            Cell(text=amount, width=9, align=Align.RIGHT),
        )
    )


SAMPLE = ReceiptDocument(
    items=(
        Heading(text="星空网咖"),
        Text(text="消费小票", align=Align.CENTRE),
        Rule(),
        item_row("品名", "数量", "金额"),
        item_row("康师傅红烧牛肉面(桶装)加卤蛋火腿肠", "1", "12.50"),
        item_row("可口可乐330ml", "2", "7.00"),
        item_row("喆镕㙓特调奶茶", "1", "15.00"),
        item_row("上网费 A区-012 3小时", "1", "18.00"),
        Rule(),
        Total(label="合计：", amount="￥52.50"),
        Pair(label="支付方式", value="微信支付"),
        Mark(text="【重打 第2次】2026-11-23 17:55"),
        Qr(text="https://example.cn/r/20261123-0001", align=Align.LEFT, is_alphanumeric=False),
        Feed(lines=1),
        Cut(),
        KickDrawer(),
    )
)

SAMPLE_32 = """\
        星空网咖
            消费小票
--------------------------------
品名               数量     金额
康师傅红烧牛肉面(桶   1    12.50
装)加卤蛋火腿肠
可口可乐330ml         2     7.00
喆镕㙓特调奶茶        1    15.00
上网费 A区-012 3小    1    18.00
时
--------------------------------
合计：                   ￥52.50
支付方式                微信支付
【重打 第2次】2026-11-23 17:55
[QR https://example.cn/r/20261123-0001]
"""
"""What the paper of 32 cells shows; the heading is twice as wide as it looks here."""
