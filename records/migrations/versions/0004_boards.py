"""Price boards that were seen hanging."""

from alembic import op

from records.migrations import ddl

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
