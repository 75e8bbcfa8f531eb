"""The ledger's one table, as the program knows it now; `migrations/` tells how it came to be."""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from tabnine_report.deliver.message import DeliveryState


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC: SQLite knows no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Give the instant as UTC without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Give the kept instant its zone again."""
        return None if value is None else value.replace(tzinfo=UTC)


# Kept in the same words in which it is shown.
_State = Enum(DeliveryState, native_enum=False, values_callable=lambda states: [str(state) for state in states])

deliveries = Table(
    "deliveries",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("send", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", _State, nullable=False),
    Column("message_id", String, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("handed_over_at", Instant),
    Column("settled_at", Instant),
    Column("detail", String, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("lease_until", Instant),
    UniqueConstraint("organization", "month", "channel", "recipient", "send"),
)
