"""Several desks: the journal's head, each desk's clocks, and print jobs that wait for their own desk's printer.

With this revision PostgreSQL begins: there its file holds the whole schema, and earlier revisions have none.
"""

from alembic import op

from records.migrations import ddl

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables; print attempts, whose positions are now each desk's own, are written anew."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
