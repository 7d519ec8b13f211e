"""Rows of document checks. The check is a fact; what the document said is personal, and erased in its place.

`registrations` and `registration_boxes` are the only tables that lead from a check, and so from a visit, to a
person. A registration's `record_id` is its check's id.
"""

from __future__ import annotations

import sqlalchemy as sa

from records.schema import Instant, fact_table, personal_table

id_checks = fact_table(
    "id_checks",
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("method", sa.Text, sa.CheckConstraint("method IN ('machine', 'typed')", name="method"), nullable=False),
    # Nobody else is let in: a visit's row refers to this pair (I-5).
    sa.Column("verdict", sa.Text, sa.CheckConstraint("verdict = 'adult'", name="verdict"), nullable=False),
    sa.Column("checked_at", Instant, nullable=False),
    sa.UniqueConstraint("check_id", "verdict"),
)

registrations = personal_table(
    "registrations",
    sa.Column("record_id", sa.Text, sa.ForeignKey("id_checks.check_id"), primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("token", sa.LargeBinary, nullable=False),
    sa.Column("key_hash", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("wrapped_month", sa.Text, nullable=False),
    sa.Column("wrapped_info", sa.LargeBinary, nullable=False),
    sa.Index("ix_registrations_token", "token"),
    sa.Index("ix_registrations_person_id", "person_id"),
    changeable=("wrapped_key", "wrapped_month", "wrapped_info"),
)

registration_boxes = personal_table(
    "registration_boxes",
    sa.Column("record_id", sa.Text, sa.ForeignKey("id_checks.check_id"), primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("box", sa.LargeBinary, nullable=False),
)
