"""Rows of the print journal: each slip is a fact of the transaction that caused it, what became of it is state.

The states are those of a job on its way to paper (`PrintState`). Attempts are kept through a repair: what may be on
paper already must never be printed by itself again.
"""

from __future__ import annotations

import sqlalchemy as sa

from records.schema import Instant, Integer64, fact_table, state_table

print_jobs = fact_table(
    "print_jobs",
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", sa.Text, nullable=False),  # the visit, sale or shift that the slip is about
    sa.Column("copy_no", sa.Integer, sa.CheckConstraint("copy_no >= 1", name="copy_no"), nullable=False),
    sa.Column("original", sa.Text, sa.ForeignKey("print_jobs.job_id")),  # the first slip, for a copy of it
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # JSON of hardware.receipt
    sa.CheckConstraint("(copy_no = 1) = (original IS NULL)", name="original"),
    sa.UniqueConstraint("original", "copy_no"),
    sa.Index("ix_print_jobs_ref", "ref"),
    at_once=True,
)

print_attempts = state_table(
    "print_attempts",
    sa.Column("job_id", sa.Text, sa.ForeignKey("print_jobs.job_id"), primary_key=True),
    sa.Column("till", sa.Text, nullable=False),  # the desk whose printer it waits for
    sa.Column("position", Integer64, nullable=False),
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'confirmed', 'uncertain', 'failed', 'cancelled')", name="state"
        ),
        nullable=False,
    ),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("is_again", sa.Integer, sa.CheckConstraint("is_again IN (0, 1)", name="is_again"), nullable=False),
    sa.Column("cause", sa.Text),
    sa.Column("sent_at", Instant),
    sa.Column("confirmed_at", Instant),
    sa.UniqueConstraint("till", "position"),
    sa.Index("ix_print_attempts_till_state_position", "till", "state", "position"),
    is_kept=True,
    guards_check=True,
)
