"""An entry is refused while a refund or a sale of it does not add up: found by its entry, which has an index for it.

The rules themselves are guards, and made anew after each migration.
"""

from alembic import op

from records.migrations import ddl

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the indexes."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
