"""${message}."""

from alembic import op

from records.migrations import ddl

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Run versions/${up_revision}.<dialect>.sql."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
