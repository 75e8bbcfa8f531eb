"""The table of revision numbers: which were given out, until when a run may be making one, and which were shown."""

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
        sa.Column("shown_at", sa.DateTime),
        sa.UniqueConstraint("organization", "month", "revision"),
    )
