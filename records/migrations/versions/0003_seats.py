"""Seats out of use."""

from alembic import op

from records.migrations import ddl

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
