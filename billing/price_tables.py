"""Rows of published price lists: the list, its single prices, what combos and promotions save, whose board hangs."""

from __future__ import annotations

import sqlalchemy as sa

from billing.table_rules import next_number, other_entry
from records.schema import Fen, Instant, fact_table

price_lists = fact_table(
    "price_lists",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("effective", Instant, nullable=False, unique=True),
    sa.Column("canonical", sa.Text, nullable=False),
    rules=[next_number("price_lists", "number")],
)

price_items = fact_table(
    "price_items",
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("unit_fen", Fen, nullable=False),
    sa.CheckConstraint("kind IN ('goods', 'service', 'package')", name="kind"),
    sa.CheckConstraint("unit_fen >= 0", name="unit"),
    rules=[other_entry("price_lists", "number", own_key="list")],
)

# What a combo or promotion takes off the single prices of what it covers; a promotion only within its period.
price_savings = fact_table(
    "price_savings",
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("saving_fen", Fen, nullable=False),
    sa.Column("begins", Instant),
    sa.Column("ends", Instant),
    sa.CheckConstraint("kind IN ('combo', 'promotion')", name="kind"),
    sa.CheckConstraint("saving_fen <= 0", name="saving"),
    sa.CheckConstraint(
        "(kind = 'promotion') = (begins IS NOT NULL) AND (begins IS NULL) = (ends IS NULL)", name="period"
    ),
    rules=[other_entry("price_lists", "number", own_key="list")],
)

price_saving_parts = fact_table(
    "price_saving_parts",
    sa.Column("list", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("item_kind", sa.Text, primary_key=True),
    sa.Column("item_code", sa.Text, primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(
        ["list", "kind", "code"],
        ["price_savings.list", "price_savings.kind", "price_savings.code"],
        name="fk_price_saving_parts_saving",
    ),
    sa.ForeignKeyConstraint(
        ["list", "item_kind", "item_code"],
        ["price_items.list", "price_items.kind", "price_items.code"],
        name="fk_price_saving_parts_item",
    ),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    rules=[other_entry("price_lists", "number", own_key="list")],
)

board_postings = fact_table(
    "board_postings",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("list", sa.Integer, sa.ForeignKey("price_lists.number"), nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.CheckConstraint("how = 'paper'", name="how"),
    rules=[next_number("board_postings", "number")],
)
