"""On a server, what each settlement writes is judged by one guard for all rows of a statement: constraints included.

Rules of `records.carried` make the guards; here the constraints go for which they stand. A file keeps its own.
"""

from alembic import op

from records.migrations import ddl

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Drop what the guards carry from here on."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
