"""On a server, entries and slips stay whole in their tables; a file always had them so.

PostgreSQL compresses the columns of a row from two kilobytes on, which most settlements' entries and slips have, while
every desk waits for the journal's head. Only what does not fit a page is still packed.
"""

from alembic import op

from records.migrations import ddl

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Have rows packed only where they would not fit a page."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
