"""Version 1: the tables of deliveries, revision numbers, months, problems, answers and notes."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("send_number", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("claimed_at", sa.DateTime, nullable=False),
        sa.Column("handed_over_at", sa.DateTime),
        sa.Column("settled_at", sa.DateTime),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("lease_expires_at", sa.DateTime),
        sa.UniqueConstraint("organization", "month", "channel", "recipient", "send_number"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("reserved_at", sa.DateTime, nullable=False),
        sa.Column("lease_expires_at", sa.DateTime),
        sa.Column("previewed_at", sa.DateTime),
        sa.Column("withheld_at", sa.DateTime),
        sa.Column("released_at", sa.DateTime),
        sa.Column("released_by", sa.String),
        sa.UniqueConstraint("organization", "month", "revision"),
    )
    op.create_table(
        "months",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("organization", "month"),
    )
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sentence", sa.String, nullable=False),
        sa.Column("found_at", sa.DateTime, nullable=False),
        sa.Column("notified_on", sa.Date),
        sa.Column("claimed_until", sa.DateTime),
        sa.UniqueConstraint("organization", "key"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("answers_of_month", "answers", ["organization", "month"])
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organization", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("notes_of_month", "notes", ["organization", "month"])
