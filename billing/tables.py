"""Rows of billing: visits, sales, statements, money, shifts.

Published lists, orders, refunds, stock and seats out of use have modules of their own (`price_tables`, `order_tables`,
`refund_tables`, `stock_tables`, `seat_tables`).

Facts hold what charges and books depend on; the entry that made a row holds the whole story (bill, usage, postings).
A person stands in `open_visits` alone, for as long as the visit is unsettled (I-7).
"""

from __future__ import annotations

import sqlalchemy as sa

import billing.order_tables
import billing.price_tables
import billing.refund_tables
import billing.seat_tables
import billing.stock_tables  # noqa: F401  # With this module every table of billing is known.
from billing.table_rules import (
    line_taken,
    next_number,
    not_in_force,
    orders_otherwise,
    other_entry,
    price_not_posted,
    saving_not_posted,
    saving_without_parts,
    seat_closed,
    shift_closed,
    visit_settled,
)
from records.schema import Fen, Instant, Rule, fact_table, state_table

visits = fact_table(
    "visits",
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("check_id", sa.Text, nullable=False, unique=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("seat", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("port", sa.Text),
    sa.Column("terminal_ip", sa.Text),
    sa.ForeignKeyConstraint(["check_id", "verdict"], ["id_checks.check_id", "id_checks.verdict"]),
    sa.CheckConstraint("verdict = 'adult'", name="adult"),
    rules=[
        Rule(  # The same as the foreign key, for connections that have those switched off (I-5).
            name="no_id_check",
            event="INSERT",
            refused_when=(
                "NOT EXISTS (SELECT 1 FROM id_checks"
                " WHERE id_checks.check_id = NEW.check_id AND id_checks.verdict = 'adult')"
            ),
        ),
        not_in_force("opened_at"),
        seat_closed(),
    ],
)

visit_events = fact_table(
    "visit_events",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("seat", sa.Text),
    sa.Column("zone", sa.Text),
    sa.Column("code", sa.Text),  # of a package, or the reason of an end
    # Of a package that is part of a combo or promotion: the order, and the line of the saving that covers it.
    sa.Column("order_id", sa.Text),
    sa.Column("saving_line", sa.Integer),
    sa.CheckConstraint(
        "kind IN ('moved', 'paused', 'resumed', 'outage-began', 'outage-ended', 'package', 'ended')", name="kind"
    ),
    sa.CheckConstraint("(kind = 'moved') = (seat IS NOT NULL AND zone IS NOT NULL)", name="moved"),
    sa.CheckConstraint("(kind IN ('package', 'ended')) = (code IS NOT NULL)", name="code"),
    rules=[
        visit_settled(),
        seat_closed(),
        Rule(
            name="gap",
            event="INSERT",
            refused_when=(
                "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM visit_events WHERE visit_id = NEW.visit_id)"
            ),
        ),
        Rule(
            name="visit_ended",
            event="INSERT",
            refused_when="EXISTS (SELECT 1 FROM visit_events WHERE visit_id = NEW.visit_id AND kind = 'ended')",
        ),
        Rule(
            name="package_not_posted",
            event="INSERT",
            refused_when=(
                "NEW.kind = 'package' AND NOT EXISTS (SELECT 1 FROM price_items JOIN visits"
                " ON visits.list = price_items.list WHERE visits.visit_id = NEW.visit_id"
                " AND price_items.kind = 'package' AND price_items.code = NEW.code)"
            ),
        ),
        Rule(
            name="other_order",
            event="INSERT",
            refused_when=(
                "NEW.order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders"
                " WHERE orders.order_id = NEW.order_id AND orders.visit_id = NEW.visit_id)"
            ),
        ),
    ],
)

outages = fact_table(
    "outages",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    rules=[next_number("outages", "number")],
)

outage_ends = fact_table(
    "outage_ends",
    sa.Column("number", sa.Integer, sa.ForeignKey("outages.number"), primary_key=True, autoincrement=False),
    sa.Column("ended_at", Instant, nullable=False),
)

reductions = fact_table(
    "reductions",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # from 1 in each visit
    sa.Column("reduction_id", sa.Text, nullable=False, unique=True),
    sa.Column("fen", Fen, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.CheckConstraint("fen > 0", name="fen"),
    rules=[visit_settled()],
)

reduction_withdrawals = fact_table(
    "reduction_withdrawals",
    sa.Column("reduction_id", sa.Text, sa.ForeignKey("reductions.reduction_id"), primary_key=True),
    rules=[visit_settled("(SELECT visit_id FROM reductions WHERE reductions.reduction_id = NEW.reduction_id)")],
)

statements = fact_table(
    "statements",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),  # where the stay ends on it
    sa.Column("shown_at", Instant, nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("total_fen", Fen, nullable=False),
    sa.CheckConstraint("how IN ('screen', 'printed')", name="how"),
    rules=[visit_settled()],
)

shifts = fact_table(
    "shifts",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("till", sa.Text, nullable=False),
    sa.Column("float_fen", Fen, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.CheckConstraint("float_fen >= 0", name="float"),
    rules=[next_number("shifts", "number")],
)

shift_closings = fact_table(
    "shift_closings",
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), primary_key=True, autoincrement=False),
    sa.Column("z", sa.Integer, nullable=False, unique=True),
    sa.Column("closed_at", Instant, nullable=False),
    sa.Column("counted_fen", Fen, nullable=False),
    sa.Column("expected_fen", Fen, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.CheckConstraint("counted_fen >= 0", name="counted"),
    sa.CheckConstraint("counted_fen = expected_fen OR reason IS NOT NULL", name="reason"),
    rules=[next_number("shift_closings", "z")],
)

receipts = fact_table(
    "receipts",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False, index=True),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    rules=[next_number("receipts", "number"), shift_closed()],
    at_once=True,
)

deposits = fact_table(
    "deposits",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # from 1 in each visit
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("reference", sa.Text),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.CheckConstraint("kind IN ('cash', 'wechat', 'alipay', 'bank')", name="kind"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    sa.CheckConstraint("(kind = 'cash') = (reference IS NULL)", name="reference"),
    rules=[visit_settled(), shift_closed()],
)

settlements = fact_table(
    "settlements",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("statement", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("ends", sa.Text, nullable=False),
    sa.Column("used_seconds", sa.Integer, nullable=False),
    sa.Column("time_fen", Fen, nullable=False),
    sa.Column("packages_fen", Fen, nullable=False),
    sa.Column("orders_fen", Fen, nullable=False),  # savings included: those of packages stand here too
    sa.Column("reductions_fen", Fen, nullable=False),
    sa.Column("total_fen", Fen, nullable=False),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.ForeignKeyConstraint(
        ["visit_id", "statement"], ["statements.visit_id", "statements.number"], name="fk_settlements_statement"
    ),
    sa.CheckConstraint("ends IN ('customer', 'closing-time', 'package-end')", name="ends"),
    sa.CheckConstraint("time_fen >= 0 AND packages_fen >= 0 AND reductions_fen >= 0", name="parts"),
    sa.CheckConstraint(
        "total_fen = time_fen + packages_fen + orders_fen - reductions_fen AND total_fen >= 0", name="total"
    ),
    rules=[
        shift_closed(),
        Rule(  # What was shown is what is charged (G-5).
            name="not_the_statement",
            event="INSERT",
            refused_when=(
                "(SELECT 1 FROM statements WHERE statements.visit_id = NEW.visit_id"
                " AND statements.number = NEW.statement AND statements.at = NEW.ended_at"
                " AND statements.total_fen = NEW.total_fen) IS NULL"
            ),
        ),
        orders_otherwise(),
        Rule(
            name="reductions_otherwise",
            event="INSERT",
            refused_when=(
                "NEW.reductions_fen <> (SELECT coalesce(sum(fen), 0) FROM reductions WHERE visit_id = NEW.visit_id"
                " AND (SELECT 1 FROM reduction_withdrawals"
                " WHERE reduction_withdrawals.reduction_id = reductions.reduction_id) IS NULL)"
            ),
            only_when=(
                "NEW.reductions_fen <> 0"
                " OR (SELECT 1 FROM reductions WHERE reductions.visit_id = NEW.visit_id LIMIT 1) IS NOT NULL"
            ),
        ),
    ],
    at_once=True,
    implied=("fk_settlements_statement", "fk_settlements_visit_id"),  # by the rule on the statement
)


def _of_sale(name: str, comes_to: str) -> Rule:
    """No entry is written while a sale of it has another total than this."""
    sale = "SELECT 1 FROM sales WHERE sales.entry_id = NEW.entry_id"
    return Rule(
        name=f"sale_{name}",
        event="INSERT",
        refused_when=f"EXISTS ({sale} AND sales.total_fen <> {comes_to})",
        only_when=f"EXISTS ({sale})",
    )


sales = fact_table(
    "sales",
    sa.Column("sale_id", sa.Text, primary_key=True),
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), nullable=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("sold_at", Instant, nullable=False),
    sa.Column("total_fen", Fen, nullable=False),
    sa.Column("change_fen", Fen, nullable=False),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.Index("ix_sales_entry_id", "entry_id"),
    rules=[
        shift_closed(),
        not_in_force("sold_at"),
        Rule(name="negative", event="INSERT", refused_when="NEW.total_fen < 0"),
    ],
    entry_rules=[
        _of_sale(
            "total",
            "(SELECT coalesce(sum(quantity * unit_fen), 0) FROM sale_lines WHERE sale_id = sales.sale_id)"
            " + (SELECT coalesce(sum(quantity * unit_fen), 0) FROM sale_savings WHERE sale_id = sales.sale_id)"
            " - (SELECT coalesce(sum(fen), 0) FROM sale_reductions WHERE sale_id = sales.sale_id)",
        ),
        _of_sale(
            "paid",
            "(SELECT coalesce(sum(CASE WHEN direction = 'paid' THEN amount_fen ELSE -amount_fen END), 0)"
            " FROM tenders WHERE tenders.job_id = sales.job_id)",
        ),
    ],
)

sale_lines = fact_table(
    "sale_lines",
    sa.Column("sale_id", sa.Text, sa.ForeignKey("sales.sale_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.Column("saving_line", sa.Integer),  # the line, among `sale_savings`, of what covers it
    sa.CheckConstraint("kind IN ('goods', 'service')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[
        price_not_posted("SELECT sales.list FROM sales WHERE sales.sale_id = NEW.sale_id"),
        other_entry("sales", "sale_id"),
    ],
)

sale_savings = fact_table(
    "sale_savings",
    sa.Column("sale_id", sa.Text, sa.ForeignKey("sales.sale_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('combo', 'promotion')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("unit_fen <= 0", name="unit"),
    rules=[
        other_entry("sales", "sale_id"),
        line_taken("sale_lines", "sale_id"),
        saving_not_posted("sales", "sale_id", "sold_at"),
        saving_without_parts("sales", "sale_lines", "sale_id"),  # A package has no place in a sale, so none counts.
    ],
)

sale_reductions = fact_table(
    "sale_reductions",
    sa.Column("sale_id", sa.Text, sa.ForeignKey("sales.sale_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("fen", Fen, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.CheckConstraint("fen > 0", name="fen"),
    rules=[
        other_entry("sales", "sale_id"),
        Rule(
            name="above_due",
            event="INSERT",
            refused_when=(
                "NEW.fen + (SELECT coalesce(sum(fen), 0) FROM sale_reductions WHERE sale_id = NEW.sale_id)"
                " > (SELECT coalesce(sum(quantity * unit_fen), 0) FROM sale_lines WHERE sale_id = NEW.sale_id)"
                " + (SELECT coalesce(sum(quantity * unit_fen), 0) FROM sale_savings WHERE sale_id = NEW.sale_id)"
                " - (SELECT coalesce(sum(total_fen), 0) FROM sales WHERE sale_id = NEW.sale_id)"
            ),
        ),
    ],
)

tenders = fact_table(
    "tenders",
    sa.Column("job_id", sa.Text, primary_key=True),  # of the settlement, sale or deposit
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("reference", sa.Text, index=True),
    sa.CheckConstraint("direction IN ('deposit', 'paid', 'returned', 'change')", name="direction"),
    sa.CheckConstraint("kind IN ('cash', 'wechat', 'alipay', 'bank')", name="kind"),
    sa.CheckConstraint("direction <> 'change' OR kind = 'cash'", name="change"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    sa.CheckConstraint("(kind = 'cash') = (reference IS NULL)", name="reference"),
    rules=[
        shift_closed(),
        Rule(
            name="receipt_numbered",
            event="INSERT",
            refused_when="(SELECT 1 FROM receipts WHERE receipts.job_id = NEW.job_id) IS NOT NULL",
        ),
    ],
    at_once=True,
)

postings = fact_table(
    "postings",
    sa.Column("line", sa.Integer, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),  # debit positive, credit negative
    sa.PrimaryKeyConstraint("entry_id", "line"),
    sa.CheckConstraint("amount_fen <> 0", name="amount"),
    rules=[shift_closed()],
    entry_rules=[
        Rule(  # I-3
            name="postings_balance",
            event="INSERT",
            refused_when="(SELECT coalesce(sum(amount_fen), 0) FROM postings WHERE entry_id = NEW.entry_id) <> 0",
        )
    ],
    entry_is_key=True,
    at_once=True,
)

open_visits = state_table(
    "open_visits",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, unique=True),  # one person, one seat (I-6)
    sa.Column("seat", sa.Text, nullable=False, unique=True),
    sa.Column("deposit_fen", Fen, nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),  # how many there are
    sa.Column("reductions", sa.Integer, nullable=False, server_default=sa.text("0")),  # how many were given
    sa.Column("statement", sa.Integer),  # the one that nothing has overtaken
    sa.CheckConstraint("deposit_fen >= 0", name="deposit"),
)

account_balances = state_table(
    "account_balances",
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("balance_fen", Fen, nullable=False),
    sa.CheckConstraint("account <> 'deposits' OR balance_fen <= 0", name="deposits"),
)

open_shifts = state_table(
    "open_shifts",
    sa.Column("till", sa.Text, primary_key=True),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False, unique=True),
)
