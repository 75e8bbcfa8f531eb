"""Claims that end: how often a row was claimed, and until when its claim counts.

A claim from before has no lease, so it is dead at once: no program that made one waits any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("deliveries", sa.Column("attempt", sa.Integer, nullable=False, server_default="1"))
    op.add_column("deliveries", sa.Column("lease_until", sa.DateTime))
