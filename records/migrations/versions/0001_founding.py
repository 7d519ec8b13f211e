"""The first schema of a venue's records."""

from alembic import op

from records.migrations import ddl

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and indexes."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
