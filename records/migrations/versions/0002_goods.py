"""Savings of combos and promotions, hand-overs, reductions, refunds and stock.

Lists that were published before get the savings of their combos and promotions here, as rows of their own entries.
"""

from alembic import op

from records.migrations import ddl

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add tables and columns; the settlements, whose checks change, are written anew."""
    for statement in ddl(revision, op.get_bind().dialect.name):
        op.execute(statement)
