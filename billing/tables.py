"""Rows of billing: published lists, visits, orders, statements, money, shifts.

Facts hold what charges and books depend on; the entry that made a row holds the whole story (bill, usage, postings).
A person stands in `open_visits` alone, for as long as the visit is unsettled (I-7).
"""

from __future__ import annotations

import sqlalchemy as sa

from records.schema import Fen, Instant, Rule, fact_table, state_table


def _next_number(table: str, column: str) -> Rule:
    gap = f"NEW.{column} <> (SELECT coalesce(max({column}), 0) + 1 FROM {table})"  # noqa: S608  # Names of our own schema.
    return Rule(name="gap", event="INSERT", refused_when=gap)


def _visit_settled(visit: str = "NEW.visit_id") -> Rule:
    settled = f"EXISTS (SELECT 1 FROM settlements WHERE settlements.visit_id = {visit})"  # noqa: S608  # Names of our own schema.
    return Rule(name="visit_settled", event="INSERT", refused_when=settled)


def _shift_closed() -> Rule:
    closed = "EXISTS (SELECT 1 FROM shift_closings WHERE shift_closings.shift = NEW.shift)"
    return Rule(name="shift_closed", event="INSERT", refused_when=closed)


def _not_posted(list_of_row: str) -> Rule:
    """A line must name an item of its list at the price posted there, no fen more or less (I-4, G-2)."""
    posted = (
        f"SELECT 1 FROM price_items WHERE price_items.list = ({list_of_row}) AND price_items.kind = NEW.kind"  # noqa: S608  # Names of our own schema.
        " AND price_items.code = NEW.code AND price_items.unit_fen = NEW.unit_fen"
    )
    return Rule(name="price_not_posted", event="INSERT", refused_when=f"NOT EXISTS ({posted})")


price_lists = fact_table(
    "price_lists",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("effective", Instant, nullable=False, unique=True),
    sa.Column("canonical", sa.Text, nullable=False),
    rules=[_next_number("price_lists", "number")],
)

price_items = fact_table(
    "price_items",
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('goods', 'service', 'package')", name="kind"),
    sa.CheckConstraint("unit_fen >= 0", name="unit"),
)

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
        )
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
    sa.CheckConstraint(
        "kind IN ('moved', 'paused', 'resumed', 'outage-began', 'outage-ended', 'package', 'ended')", name="kind"
    ),
    sa.CheckConstraint("(kind = 'moved') = (seat IS NOT NULL AND zone IS NOT NULL)", name="moved"),
    sa.CheckConstraint("(kind IN ('package', 'ended')) = (code IS NOT NULL)", name="code"),
    rules=[
        _visit_settled(),
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
    ],
)

outages = fact_table(
    "outages",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    rules=[_next_number("outages", "number")],
)

outage_ends = fact_table(
    "outage_ends",
    sa.Column("number", sa.Integer, sa.ForeignKey("outages.number"), primary_key=True, autoincrement=False),
    sa.Column("ended_at", Instant, nullable=False),
)

orders = fact_table(
    "orders",
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # from 1 in each visit
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.UniqueConstraint("visit_id", "number"),
    rules=[_visit_settled()],
)

order_lines = fact_table(
    "order_lines",
    sa.Column("order_id", sa.Text, sa.ForeignKey("orders.order_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('goods', 'service')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[_not_posted("SELECT orders.list FROM orders WHERE orders.order_id = NEW.order_id")],
)

order_cancellations = fact_table(
    "order_cancellations",
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["order_id", "line"], ["order_lines.order_id", "order_lines.line"]),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[
        _visit_settled("(SELECT visit_id FROM orders WHERE orders.order_id = NEW.order_id)"),
        Rule(
            name="more_than_ordered",
            event="INSERT",
            refused_when=(
                "NEW.quantity + (SELECT coalesce(sum(quantity), 0) FROM order_cancellations"
                " WHERE order_id = NEW.order_id AND line = NEW.line)"
                " > (SELECT coalesce(sum(quantity), 0) FROM order_lines"
                " WHERE order_id = NEW.order_id AND line = NEW.line)"
            ),
        ),
    ],
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
    rules=[_visit_settled()],
)

shifts = fact_table(
    "shifts",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("till", sa.Text, nullable=False),
    sa.Column("float_fen", Fen, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.CheckConstraint("float_fen >= 0", name="float"),
    rules=[_next_number("shifts", "number")],
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
    rules=[_next_number("shift_closings", "z")],
)

receipts = fact_table(
    "receipts",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False, index=True),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    rules=[_next_number("receipts", "number"), _shift_closed()],
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
    rules=[_visit_settled(), _shift_closed()],
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
    sa.Column("orders_fen", Fen, nullable=False),
    sa.Column("total_fen", Fen, nullable=False),
    sa.Column("job_id", sa.Text, nullable=False, unique=True),
    sa.ForeignKeyConstraint(["visit_id", "statement"], ["statements.visit_id", "statements.number"]),
    sa.CheckConstraint("ends IN ('customer', 'closing-time', 'package-end')", name="ends"),
    sa.CheckConstraint("time_fen >= 0 AND packages_fen >= 0 AND orders_fen >= 0", name="parts"),
    sa.CheckConstraint("total_fen = time_fen + packages_fen + orders_fen", name="total"),
    rules=[
        _shift_closed(),
        Rule(  # What was shown is what is charged (G-5).
            name="not_the_statement",
            event="INSERT",
            refused_when=(
                "NOT EXISTS (SELECT 1 FROM statements WHERE statements.visit_id = NEW.visit_id"
                " AND statements.number = NEW.statement AND statements.at = NEW.ended_at"
                " AND statements.total_fen = NEW.total_fen)"
            ),
        ),
    ],
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
    rules=[_shift_closed()],
)

sale_lines = fact_table(
    "sale_lines",
    sa.Column("sale_id", sa.Text, sa.ForeignKey("sales.sale_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('goods', 'service')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[_not_posted("SELECT sales.list FROM sales WHERE sales.sale_id = NEW.sale_id")],
)

tenders = fact_table(
    "tenders",
    sa.Column("job_id", sa.Text, primary_key=True),  # of the settlement, sale or deposit
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("reference", sa.Text),
    sa.CheckConstraint("direction IN ('deposit', 'paid', 'returned', 'change')", name="direction"),
    sa.CheckConstraint("kind IN ('cash', 'wechat', 'alipay', 'bank')", name="kind"),
    sa.CheckConstraint("direction <> 'change' OR kind = 'cash'", name="change"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    sa.CheckConstraint("(kind = 'cash') = (reference IS NULL)", name="reference"),
    rules=[_shift_closed()],
)

postings = fact_table(
    "postings",
    sa.Column("line", sa.Integer, autoincrement=False),
    sa.Column("shift", sa.Integer, sa.ForeignKey("shifts.number"), nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),  # debit positive, credit negative
    sa.PrimaryKeyConstraint("entry_id", "line"),
    sa.CheckConstraint("amount_fen <> 0", name="amount"),
    rules=[_shift_closed()],
    entry_is_key=True,
)
postings.info["balanced"] = "amount_fen"  # The journal refuses an entry whose postings do not sum to zero (I-3).

open_visits = state_table(
    "open_visits",
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, unique=True),  # one person, one seat (I-6)
    sa.Column("seat", sa.Text, nullable=False, unique=True),
    sa.Column("deposit_fen", Fen, nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),  # how many there are
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
