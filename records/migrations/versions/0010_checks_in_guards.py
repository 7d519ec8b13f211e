"""On a server the guards of a job's way to paper ask what its CHECKs said: each text was parsed anew at each slip.

Rules of `records.carried` make the guards; here the constraints go for which they stand. A file keeps its own.
"""

from alembic import op

from records.migrations import ddl

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Drop what the guards carry from here on."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
