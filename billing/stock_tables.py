"""Rows of stock: what came in, was counted and was written off, and how much there should be."""

from __future__ import annotations

import sqlalchemy as sa

from records.schema import fact_table, state_table

stock_moves = fact_table(
    "stock_moves",
    sa.Column("line", sa.Integer, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("pieces", sa.Integer, nullable=False),  # by which the level changes
    sa.Column("counted", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.PrimaryKeyConstraint("entry_id", "line"),
    sa.CheckConstraint("kind IN ('received', 'counted', 'written-off')", name="kind"),
    sa.CheckConstraint("kind <> 'received' OR pieces > 0", name="received"),
    sa.CheckConstraint("kind <> 'written-off' OR pieces < 0", name="written_off"),
    sa.CheckConstraint("(kind = 'counted') = (counted IS NOT NULL)", name="counted"),
    sa.CheckConstraint("counted >= 0", name="count"),
    sa.CheckConstraint("(kind = 'written-off') = (reason IS NOT NULL)", name="reason"),
    sa.Index("ix_stock_moves_code", "code"),
    entry_is_key=True,
)

stock_levels = state_table(
    "stock_levels",
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("pieces", sa.Integer, nullable=False),  # negative where more was sold than the books had
)
