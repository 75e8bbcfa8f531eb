"""The ledger's tables as the code uses them; `migrations/` creates them."""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from tabnine_report.deliver.receipt import DeliveryState


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC: SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the instant as UTC without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the stored instant with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


# The column holds the states' values, which are also the words that users see.
_State = Enum(DeliveryState, native_enum=False, values_callable=lambda states: [str(state) for state in states])

metadata = MetaData()

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("send_number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", _State, nullable=False),
    Column("message_id", String, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("handed_over_at", Instant),
    Column("settled_at", Instant),
    Column("detail", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_expires_at", Instant),
    UniqueConstraint("organization", "month", "channel", "recipient", "send_number"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("reserved_at", Instant, nullable=False),
    Column("lease_expires_at", Instant),
    Column("previewed_at", Instant),
    Column("withheld_at", Instant),
    Column("released_at", Instant),
    Column("released_by", String),
    UniqueConstraint("organization", "month", "revision"),
)

months = Table(
    "months",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", String, nullable=False),
    Column("revision", Integer),
    Column("reason", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("organization", "month"),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sentence", String, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("notified_on", Date),
    Column("claimed_until", Instant),
    UniqueConstraint("organization", "key"),
)

# Rows of these two are only added, and the newest one counts, so they keep the history.
answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("comment", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("answers_of_month", "organization", "month"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("text", String, nullable=False),
    Column("author", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("notes_of_month", "organization", "month"),
)
