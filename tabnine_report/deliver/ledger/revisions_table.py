"""The ledger's table of revision numbers, as the program knows it now; `migrations/` tells how it came to be."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from tabnine_report.deliver.ledger.deliveries_table import Instant, deliveries

revisions = Table(
    "revisions",
    deliveries.metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("shown_at", Instant),
    UniqueConstraint("organization", "month", "revision"),
)
