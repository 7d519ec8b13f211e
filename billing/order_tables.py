"""Rows of orders: what was ordered for a visit, what a combo saved, what was handed over, what was taken back."""

# ruff: noqa: S608  # Every name in this SQL is one of our own schema.

from __future__ import annotations

import sqlalchemy as sa

from billing.table_rules import (
    line_taken,
    order_list_not_in_force,
    other_entry,
    price_not_posted,
    saving_not_posted,
    saving_without_parts,
    visit_settled,
)
from records.schema import Fen, Instant, Rule, fact_table

orders = fact_table(
    "orders",
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.visit_id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # from 1 in each visit
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column(  # to the visit's list: a combo that holds a package (P-15)
        "pinned",
        sa.Integer,
        sa.CheckConstraint("pinned IN (0, 1)", name="pinned"),
        nullable=False,
        server_default=sa.text("0"),
    ),
    sa.UniqueConstraint("visit_id", "number"),
    rules=[visit_settled(), order_list_not_in_force()],
)

order_lines = fact_table(
    "order_lines",
    sa.Column("order_id", sa.Text, sa.ForeignKey("orders.order_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.Column("saving_line", sa.Integer),  # the line, among `order_savings`, of what covers it
    sa.CheckConstraint("kind IN ('goods', 'service')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[
        price_not_posted("SELECT orders.list FROM orders WHERE orders.order_id = NEW.order_id"),
        other_entry("orders", "order_id"),
        Rule(  # Only what belongs to a combo with a package takes the visit's list (P-15).
            name="pinned_alone",
            event="INSERT",
            refused_when=(
                "NEW.saving_line IS NULL"
                " AND EXISTS (SELECT 1 FROM orders WHERE orders.order_id = NEW.order_id AND orders.pinned = 1)"
            ),
        ),
    ],
)

_HOLDS_PACKAGE = (
    "EXISTS (SELECT 1 FROM price_saving_parts AS parts WHERE parts.list = orders.list"
    " AND parts.kind = NEW.kind AND parts.code = NEW.code AND parts.item_kind = 'package')"
)
_PACKAGES_BOUGHT = (
    " + (SELECT count(*) FROM visit_events WHERE visit_events.visit_id = orders.visit_id"
    " AND visit_events.kind = 'package' AND visit_events.order_id = NEW.order_id"
    " AND visit_events.saving_line = NEW.line AND visit_events.code = parts.item_code"
    " AND parts.item_kind = 'package')"
)

order_savings = fact_table(
    "order_savings",
    sa.Column("order_id", sa.Text, sa.ForeignKey("orders.order_id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('combo', 'promotion')", name="kind"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("unit_fen <= 0", name="unit"),
    rules=[
        other_entry("orders", "order_id"),
        line_taken("order_lines", "order_id"),
        saving_not_posted("orders", "order_id", "added_at"),
        saving_without_parts("orders", "order_lines", "order_id", packages=_PACKAGES_BOUGHT),
        Rule(  # P-15: a combo with a package is sold from the visit's list, everything else from the one in force.
            name="pinned",
            event="INSERT",
            refused_when=(
                "EXISTS (SELECT 1 FROM orders WHERE orders.order_id = NEW.order_id AND orders.pinned"
                f" <> CASE WHEN NEW.kind = 'combo' AND {_HOLDS_PACKAGE} THEN 1 ELSE 0 END)"
            ),
        ),
        Rule(  # A promoted package stands on the bill at the price of the visit's list: the saving must be off that.
            name="package_priced_otherwise",
            event="INSERT",
            refused_when=(
                "EXISTS (SELECT 1 FROM orders JOIN visits ON visits.visit_id = orders.visit_id"
                " JOIN price_saving_parts AS parts ON parts.list = orders.list"
                " JOIN price_items AS sold ON sold.list = orders.list"
                " AND sold.kind = parts.item_kind AND sold.code = parts.item_code"
                " JOIN price_items AS billed ON billed.list = visits.list"
                " AND billed.kind = parts.item_kind AND billed.code = parts.item_code"
                " WHERE orders.order_id = NEW.order_id AND parts.kind = NEW.kind AND parts.code = NEW.code"
                " AND parts.item_kind = 'package' AND sold.unit_fen <> billed.unit_fen)"
            ),
        ),
    ],
)

hand_overs = fact_table(
    "hand_overs",
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("handed_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["order_id", "line"], ["order_lines.order_id", "order_lines.line"]),
    rules=[visit_settled("(SELECT visit_id FROM orders WHERE orders.order_id = NEW.order_id)")],
)

_COVERED = (
    "FROM order_lines AS covered JOIN order_savings ON order_savings.order_id = covered.order_id"
    " AND order_savings.line = covered.saving_line WHERE covered.order_id = NEW.order_id AND covered.line = NEW.line"
)
_SAVINGS_LEFT = (
    "order_savings.quantity - (SELECT coalesce(sum(gone.saving_quantity), 0) FROM order_cancellations AS gone"
    " JOIN order_lines AS cut ON cut.order_id = gone.order_id AND cut.line = gone.line"
    " WHERE gone.order_id = NEW.order_id AND cut.saving_line = covered.saving_line)"
)
_SAVINGS_WHOLE = (
    "(covered.quantity - NEW.quantity - (SELECT coalesce(sum(quantity), 0) FROM order_cancellations"
    " WHERE order_id = NEW.order_id AND line = NEW.line)) / (covered.quantity / order_savings.quantity)"
)

order_cancellations = fact_table(
    "order_cancellations",
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column(  # how many of the savings that cover the line fall away with it
        "saving_quantity",
        sa.Integer,
        sa.CheckConstraint("saving_quantity >= 0", name="saving_quantity"),
        nullable=False,
        server_default=sa.text("0"),
    ),
    sa.Column(
        "handed_over",
        sa.Integer,
        sa.CheckConstraint("handed_over IN (0, 1)", name="handed_over"),
        nullable=False,
        server_default=sa.text("0"),
    ),
    sa.Column("approved_by", sa.Text),
    sa.ForeignKeyConstraint(["order_id", "line"], ["order_lines.order_id", "order_lines.line"]),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[
        visit_settled("(SELECT visit_id FROM orders WHERE orders.order_id = NEW.order_id)"),
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
        Rule(
            name="handed_over",
            event="INSERT",
            refused_when=(
                "NEW.handed_over <> CASE WHEN EXISTS (SELECT 1 FROM hand_overs"
                " WHERE hand_overs.order_id = NEW.order_id AND hand_overs.line = NEW.line) THEN 1 ELSE 0 END"
            ),
        ),
        Rule(  # Exactly the savings that lose a part fall away: one more would charge above the posted price.
            name="saving_otherwise",
            event="INSERT",
            refused_when=(
                f"NEW.saving_quantity <> coalesce((SELECT CASE WHEN {_SAVINGS_LEFT} > {_SAVINGS_WHOLE}"
                f" THEN {_SAVINGS_LEFT} - {_SAVINGS_WHOLE} ELSE 0 END {_COVERED}), 0)"
            ),
        ),
    ],
)
