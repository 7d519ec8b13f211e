"""Rows of the staff: who was added and disabled is fact; PINs' verifiers and wrong attempts are state."""

from __future__ import annotations

import sqlalchemy as sa

from records.schema import Instant, fact_table, state_table

staff_members = fact_table(
    "staff_members",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # s1 is number 1
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column(
        "role",
        sa.Text,
        sa.CheckConstraint("role IN ('cashier', 'manager', 'owner', 'auditor')", name="role"),
        nullable=False,
    ),
)

staff_disabled = fact_table(
    "staff_disabled",
    sa.Column("number", sa.Integer, sa.ForeignKey("staff_members.number"), primary_key=True, autoincrement=False),
)

# Only the newest verifier is kept: an old PIN must not be tried against for ever. A repair cannot make one.
staff_pins = state_table(
    "staff_pins",
    sa.Column("number", sa.Integer, sa.ForeignKey("staff_members.number"), primary_key=True, autoincrement=False),
    sa.Column("verifier", sa.Text, nullable=False),  # PHC form of Argon2id
    is_kept=True,
)

staff_attempts = state_table(
    "staff_attempts",
    sa.Column("number", sa.Integer, sa.ForeignKey("staff_members.number"), primary_key=True, autoincrement=False),
    sa.Column("failures", sa.Integer, sa.CheckConstraint("failures >= 1", name="failures"), nullable=False),
    sa.Column("last_failed_at", Instant, nullable=False),
)
