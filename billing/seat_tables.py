"""Rows of seats out of use (停用): taken out with a reason, and put in use again."""

from __future__ import annotations

import sqlalchemy as sa

from billing.table_rules import next_number, seat_closed, seat_occupied
from records.schema import Instant, fact_table

seat_closures = fact_table(
    "seat_closures",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seat", sa.Text, nullable=False),
    sa.Column("closed_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.CheckConstraint("reason IN ('faulty', 'cleaning', 'inspection', 'works')", name="reason"),
    sa.Index("ix_seat_closures_seat", "seat"),
    rules=[next_number("seat_closures", "number"), seat_closed(), seat_occupied()],
)

seat_reopenings = fact_table(
    "seat_reopenings",
    sa.Column("number", sa.Integer, sa.ForeignKey("seat_closures.number"), primary_key=True, autoincrement=False),
    sa.Column("reopened_at", Instant, nullable=False),
)
