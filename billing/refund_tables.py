"""Rows of money given back: refunds of lines and of overcharges, and the ways by which they went (G-4)."""

# ruff: noqa: S608  # Every name in this SQL is one of our own schema.

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from billing.table_rules import other_entry, shift_closed
from records.schema import Fen, Instant, Rule, fact_table

# What a refund may take back less than its lines cost is what was taken off the bill (G-4); asked at its entry.
_LINES: Final = (
    "(SELECT coalesce(sum(quantity * unit_fen), 0) FROM refund_lines WHERE refund_lines.refund_id = refunds.refund_id)"
)
_LEFT: Final = (
    "(coalesce((SELECT total_fen FROM settlements WHERE settlements.visit_id = refunds.visit_id),"
    " (SELECT total_fen FROM sales WHERE sales.sale_id = refunds.sale_id), 0)"
    " - (SELECT coalesce(sum(earlier.amount_fen), 0) FROM refunds AS earlier"
    " WHERE (earlier.visit_id = refunds.visit_id OR earlier.sale_id = refunds.sale_id)"
    " AND earlier.refund_id <> refunds.refund_id))"
)
_REDUCED: Final = (
    "coalesce((SELECT reductions_fen FROM settlements WHERE settlements.visit_id = refunds.visit_id),"
    " (SELECT sum(fen) FROM sale_reductions WHERE sale_reductions.sale_id = refunds.sale_id), 0)"
)


def _of_entry(name: str, amiss: str) -> Rule:
    return Rule(
        name=name,
        event="INSERT",
        refused_when=f"EXISTS (SELECT 1 FROM refunds WHERE refunds.entry_id = NEW.entry_id AND ({amiss}))",
        only_when="EXISTS (SELECT 1 FROM refunds WHERE refunds.entry_id = NEW.entry_id)",
    )


_OF_SAME: Final = "refunds.visit_id = NEW.visit_id OR refunds.sale_id = NEW.sale_id"
_GIVEN_BACK: Final = f"(SELECT coalesce(sum(refunds.amount_fen), 0) FROM refunds WHERE {_OF_SAME})"
_PAID: Final = (
    "coalesce((SELECT total_fen FROM settlements WHERE settlements.visit_id = NEW.visit_id),"
    " (SELECT total_fen FROM sales WHERE sales.sale_id = NEW.sale_id), 0)"
)

refunds = fact_table(
    "refunds",
    sa.Column("refund_id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), index=True),
    sa.Column("sale_id", sa.Text, sa.ForeignKey("sales.sale_id"), index=True),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),  # the one that refunds
    sa.Column("refunded_at", Instant, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("reason", sa.Text),
    # Of an overcharge alone: what was charged and what should have been, under the list that should have counted.
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number")),
    sa.Column("charged_fen", Fen),
    sa.Column("due_fen", Fen),
    sa.Column("approved_by", sa.Text),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.Index("ix_refunds_entry_id", "entry_id"),
    sa.CheckConstraint("(visit_id IS NULL) <> (sale_id IS NULL)", name="of"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    sa.CheckConstraint("(list IS NULL) = (reason IS NOT NULL)", name="reason"),
    sa.CheckConstraint("list IS NULL OR visit_id IS NOT NULL", name="overcharge"),
    sa.CheckConstraint(
        "(list IS NULL) = (charged_fen IS NULL) AND (list IS NULL) = (due_fen IS NULL)"
        " AND (list IS NULL OR (due_fen >= 0 AND amount_fen = charged_fen - due_fen))",
        name="due",
    ),
    rules=[
        shift_closed(),
        Rule(
            name="not_settled",
            event="INSERT",
            refused_when=(
                "NOT EXISTS (SELECT 1 FROM settlements WHERE settlements.visit_id = NEW.visit_id)"
                " AND NOT EXISTS (SELECT 1 FROM sales WHERE sales.sale_id = NEW.sale_id)"
            ),
        ),
        Rule(name="more_than_paid", event="INSERT", refused_when=f"NEW.amount_fen + {_GIVEN_BACK} > {_PAID}"),
        Rule(
            name="charged_otherwise",
            event="INSERT",
            refused_when=f"NEW.list IS NOT NULL AND NEW.charged_fen <> {_PAID} - {_GIVEN_BACK}",
        ),
    ],
    entry_rules=[
        _of_entry(
            "refund_lines_otherwise",
            f"refunds.list IS NULL AND refunds.amount_fen <> {_LINES}"
            f" AND (refunds.amount_fen <> {_LEFT} OR {_LINES} NOT BETWEEN refunds.amount_fen"
            f" AND refunds.amount_fen + {_REDUCED})",
        ),
        _of_entry(
            "refund_ways_otherwise",
            "refunds.amount_fen <> (SELECT coalesce(sum(amount_fen), 0) FROM refund_tenders"
            " WHERE refund_tenders.refund_id = refunds.refund_id)",
        ),
    ],
)

_OTHERS: Final = (
    "JOIN refunds AS other ON other.refund_id = back.refund_id"
    " JOIN refunds AS this ON this.visit_id = other.visit_id OR this.sale_id = other.sale_id"
    " WHERE this.refund_id = NEW.refund_id"
)


def _back(line: str, *, savings: bool = False) -> str:
    """Pieces of a line of the order or sale that went back, by all refunds of the visit or sale."""
    kinds = "('combo', 'promotion')" if savings else "('goods', 'service')"
    return (
        f"(SELECT coalesce(sum(back.quantity), 0) FROM refund_lines AS back {_OTHERS}"
        f" AND back.order_id IS NOT DISTINCT FROM NEW.order_id AND back.line = {line} AND back.kind IN {kinds})"
    )


def _cancelled(quantity: str, line: str) -> str:
    return (
        f"(SELECT coalesce(sum({quantity}), 0) FROM order_cancellations AS gone JOIN order_lines AS cut"
        f" ON cut.order_id = gone.order_id AND cut.line = gone.line WHERE gone.order_id = NEW.order_id AND {line})"
    )


_LINES_CANCELLED: Final = _cancelled("gone.quantity", "gone.line = paid.line")
_SAVINGS_CANCELLED: Final = _cancelled("gone.saving_quantity", "cut.saving_line = paid.line")


def _paid_pieces(table: str, cancelled: str = "0") -> str:
    """Pieces on the named line of the order or sale that were paid, at the refund's price; NULL if it is none."""
    sale = table.startswith("sale_")
    owner = (
        "JOIN refunds AS this ON this.sale_id = paid.sale_id WHERE NEW.order_id IS NULL"
        if sale
        else "JOIN orders ON orders.order_id = paid.order_id JOIN refunds AS this ON this.visit_id = orders.visit_id"
        " WHERE paid.order_id = NEW.order_id"
    )
    return (
        f"(SELECT paid.quantity - {cancelled} FROM {table} AS paid {owner} AND this.refund_id = NEW.refund_id"
        " AND paid.line = NEW.line AND paid.kind = NEW.kind AND paid.code = NEW.code AND paid.unit_fen = NEW.unit_fen)"
    )


def _saving_kept(
    lines: str, savings: str, key: str, *, lines_cancelled: str = "0", savings_cancelled: str = "0"
) -> str:
    """Whether a saving stays on the bill although the line that now goes back leaves it without a part."""
    owner = (
        "this.sale_id = paid.sale_id AND NEW.order_id IS NULL" if key == "sale_id" else "paid.order_id = NEW.order_id"
    )
    return (
        f"EXISTS (SELECT 1 FROM {lines} AS paid JOIN refunds AS this ON this.refund_id = NEW.refund_id"
        f" JOIN {savings} AS saving ON saving.{key} = paid.{key} AND saving.line = paid.saving_line"
        f" WHERE {owner} AND paid.line = NEW.line"
        f" AND saving.quantity - {savings_cancelled} - {_back('paid.saving_line', savings=True)}"
        f" > (paid.quantity - {lines_cancelled} - {_back('paid.line')} - NEW.quantity)"
        " / (paid.quantity / saving.quantity))"
    )


refund_lines = fact_table(
    "refund_lines",
    sa.Column("refund_id", sa.Text, sa.ForeignKey("refunds.refund_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # its place in the refund, from 1
    sa.Column("order_id", sa.Text, sa.ForeignKey("orders.order_id")),  # of a visit's line but a package
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('goods', 'service', 'combo', 'promotion', 'package')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("kind <> 'package' OR (quantity = 1 AND order_id IS NULL)", name="package"),
    rules=[
        other_entry("refunds", "refund_id"),
        Rule(  # What was overcharged goes back as one sum.
            name="of_an_overcharge",
            event="INSERT",
            refused_when=(
                "EXISTS (SELECT 1 FROM refunds WHERE refunds.refund_id = NEW.refund_id AND refunds.list IS NOT NULL)"
            ),
        ),
        Rule(
            name="never_paid",
            event="INSERT",
            refused_when=(
                f"NEW.kind IN ('goods', 'service') AND NEW.quantity + {_back('NEW.line')} > coalesce("
                f"{_paid_pieces('order_lines', _LINES_CANCELLED)}, {_paid_pieces('sale_lines')}, 0)"
            ),
        ),
        Rule(
            name="saving_never_given",
            event="INSERT",
            refused_when=(
                f"NEW.kind IN ('combo', 'promotion') AND NEW.quantity + {_back('NEW.line', savings=True)} > coalesce("
                f"{_paid_pieces('order_savings', _SAVINGS_CANCELLED)}, {_paid_pieces('sale_savings')}, 0)"
            ),
        ),
        Rule(  # What falls away with a line is written before it.
            name="saving_kept",
            event="INSERT",
            refused_when=(
                "NEW.kind IN ('goods', 'service') AND ("
                + _saving_kept(
                    "order_lines",
                    "order_savings",
                    "order_id",
                    lines_cancelled=_LINES_CANCELLED,
                    savings_cancelled=_cancelled("gone.saving_quantity", "cut.saving_line = saving.line"),
                )
                + " OR "
                + _saving_kept("sale_lines", "sale_savings", "sale_id")
                + ")"
            ),
        ),
        Rule(  # A package gives back at most its posted price, once; how much of it, the verifier computes.
            name="package_never_paid",
            event="INSERT",
            refused_when=(
                "NEW.kind = 'package' AND (NOT EXISTS (SELECT 1 FROM refunds AS this"
                " JOIN settlements ON settlements.visit_id = this.visit_id"
                " JOIN visits ON visits.visit_id = this.visit_id"
                " JOIN price_items ON price_items.list = visits.list AND price_items.kind = 'package'"
                " WHERE this.refund_id = NEW.refund_id AND price_items.code = NEW.code"
                " AND NEW.unit_fen BETWEEN 1 AND price_items.unit_fen AND NEW.unit_fen <= settlements.packages_fen)"
                f" OR EXISTS (SELECT 1 FROM refund_lines AS back {_OTHERS} AND back.kind = 'package'"
                " AND back.line = NEW.line))"
            ),
        ),
    ],
)

refund_tenders = fact_table(
    "refund_tenders",
    sa.Column("refund_id", sa.Text, sa.ForeignKey("refunds.refund_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("reference", sa.Text),
    sa.CheckConstraint("kind IN ('cash', 'wechat', 'alipay', 'bank')", name="kind"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    sa.CheckConstraint("(kind = 'cash') = (reference IS NULL)", name="reference"),
    rules=[
        other_entry("refunds", "refund_id"),
        Rule(
            name="more_than_refunded",
            event="INSERT",
            refused_when=(
                "NEW.amount_fen + (SELECT coalesce(sum(amount_fen), 0) FROM refund_tenders"
                " WHERE refund_id = NEW.refund_id)"
                " > coalesce((SELECT amount_fen FROM refunds WHERE refund_id = NEW.refund_id), 0)"
            ),
        ),
        Rule(  # By kind and reference, never more than came in that way (G-4).
            name="not_paid_that_way",
            event="INSERT",
            refused_when=(
                f"NEW.amount_fen + (SELECT coalesce(sum(back.amount_fen), 0) FROM refund_tenders AS back {_OTHERS}"
                " AND back.kind = NEW.kind AND back.reference IS NOT DISTINCT FROM NEW.reference)"
                " > (SELECT coalesce(sum(CASE WHEN tenders.direction IN ('deposit', 'paid') THEN tenders.amount_fen"
                " ELSE -tenders.amount_fen END), 0) FROM refunds AS this JOIN tenders ON tenders.job_id IN"
                " (SELECT job_id FROM settlements WHERE settlements.visit_id = this.visit_id"
                " UNION ALL SELECT job_id FROM deposits WHERE deposits.visit_id = this.visit_id"
                " UNION ALL SELECT job_id FROM sales WHERE sales.sale_id = this.sale_id)"
                " WHERE this.refund_id = NEW.refund_id"
                " AND tenders.kind = NEW.kind AND tenders.reference IS NOT DISTINCT FROM NEW.reference)"
            ),
        ),
    ],
)
