"""Payments are found by the terminal's reference, so that one that was taken before is noticed at the counter."""

from alembic import op

from records.migrations import ddl

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the index."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
