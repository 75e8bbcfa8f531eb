"""The release record: when each revision was previewed, withheld and released, and by whom.

Each event is recorded once, at its first time. It is kept in the table of revision numbers, beside the deliveries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from tabnine_report.deliver.ledger.organization_records import OrganizationRecords
from tabnine_report.deliver.ledger.tables import revisions

_column = revisions.c


@dataclass(frozen=True)
class Release:
    """A person's decision to deliver a withheld revision.

    Attributes:
        by: Who released it.
        at: When it was released, UTC.
    """

    by: str
    at: datetime


@dataclass(frozen=True)
class ReleaseRecord:
    """What happened to one revision before its delivery.

    Attributes:
        month: The reported month, `YYYY-MM`.
        revision: The revision number, from 1.
        previewed_at: When an admin first received its preview, UTC; None if none has.
        withheld_at: When a run first withheld it, UTC; None if no run has.
        release: Its release; None if it was not released.
    """

    month: str
    revision: int
    previewed_at: datetime | None = None
    withheld_at: datetime | None = None
    release: Release | None = None


class ReleaseRecords(OrganizationRecords):
    """The release records of one organization."""

    def record_preview(self, month: str, revision: int) -> None:
        """Record that an admin has received a preview of a revision.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        self._record(month, revision, previewed_at=self._clock())

    def record_withheld(self, month: str, revision: int) -> None:
        """Record that a run has withheld a revision.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        self._record(month, revision, withheld_at=self._clock())

    def record_release(self, month: str, revision: int, by: str) -> Release:
        """Record that a revision is released, and return the release; an earlier release stays as it is.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        row = self._record(month, revision, released_at=self._clock(), released_by=by)
        return Release(row.released_by, row.released_at)

    def read(self, month: str, revision: int) -> ReleaseRecord:
        """Return the record of a revision; without events if the ledger does not know the revision.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        records = {(record.month, record.revision): record for record in self.read_all()}
        return records.get((month, revision), ReleaseRecord(month, revision))

    def read_all(self) -> list[ReleaseRecord]:
        """Return the records of all revisions that the ledger knows.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(select(revisions).filter_by(organization=self._organization))
            return [_record_of(row) for row in rows]

    def _record(self, month: str, revision: int, **event: datetime | str) -> Row[Any]:
        """Record an event unless it is recorded already, and return the revision's row."""
        key = {"organization": self._organization, "month": month, "revision": revision}
        row, time = select(revisions).filter_by(**key), next(iter(event))
        with self._database.transaction(self._organization, month) as connection:
            if connection.execute(row).first() is None:
                # The revision was sealed under another ledger.
                connection.execute(insert(revisions).values(**key, reserved_at=self._clock()))
            connection.execute(update(revisions).filter_by(**key).where(_column[time].is_(None)).values(**event))
            return connection.execute(row).one()


def _record_of(row: Row[Any]) -> ReleaseRecord:
    release = None if row.released_at is None else Release(row.released_by, row.released_at)
    return ReleaseRecord(row.month, row.revision, row.previewed_at, row.withheld_at, release)
