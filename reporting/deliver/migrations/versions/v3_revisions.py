"""The table of revision numbers: which were given out for a month, and until when a run may be making one."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("taken_at", sa.DateTime, nullable=False),
        sa.Column("lease_until", sa.DateTime),
        sa.UniqueConstraint("organization", "month", "revision"),
    )
