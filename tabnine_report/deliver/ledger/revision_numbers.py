"""Revision numbers of a month: the ledger reserves each for one run, so that no two runs build the same one.

A run reserves a number before it builds the month and finishes it afterward: the number is kept if the revision was
sealed, and freed if no revision was needed or the run failed. Meanwhile no other run gets a number of that month, so
the second run sees what the first one sealed. The number of a run that died is never reused, because that run may only
be slow and still be writing; the month's revisions then have a gap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import ColumnElement, delete, insert, select, update

from tabnine_report.deliver.ledger.database import LedgerDatabase
from tabnine_report.deliver.ledger.tables import revisions

# Longer than building, rendering and sealing a month takes.
LEASE = timedelta(minutes=5)

_column = revisions.c


@dataclass(frozen=True)
class RevisionNumber:
    """A number that is reserved for this run.

    Attributes:
        organization: The profile's name.
        month: The month as `YYYY-MM`.
        row: The row's number in the ledger.
        revision: The revision number, from 1.
    """

    organization: str
    month: str
    row: int
    revision: int


@dataclass(frozen=True)
class RevisionInProgress:
    """Another run is building a revision of the month.

    Attributes:
        until: When that run is considered dead, UTC.
    """

    until: datetime


class RevisionNumbers:
    """The revision numbers of all organizations.

    Args:
        url: The ledger's database, as for `Ledger`.
        clock: Returns the current instant.

    Raises:
        LedgerError: If the URL is not valid, or its driver is not installed.
    """

    def __init__(self, url: SecretStr, clock: Callable[[], datetime]) -> None:
        self._database = LedgerDatabase(url.get_secret_value())
        self._clock = clock

    def reserve(self, organization: str, month: str, newest_sealed: int) -> RevisionNumber | RevisionInProgress:
        """Reserve the next number of a month, unless another run is building a revision.

        Args:
            organization: The profile's name.
            month: The month as `YYYY-MM`.
            newest_sealed: The month's newest revision in the archive, 0 for none. A new ledger continues from there.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        newest = (
            select(_column.revision, _column.lease_expires_at)
            .where(_is_month(organization, month))
            .order_by(_column.revision.desc())
            .limit(1)
        )
        with self._database.transaction(organization, month) as connection:
            last = connection.execute(newest).one_or_none()
            reserved = 0 if last is None else last.revision
            expires = None if last is None else last.lease_expires_at
            if expires is not None and expires > now and reserved > newest_sealed:
                return RevisionInProgress(expires)
            values = {
                "organization": organization,
                "month": month,
                "revision": max(reserved, newest_sealed) + 1,
                "reserved_at": now,
                "lease_expires_at": now + LEASE,
            }
            row = connection.execute(insert(revisions).values(values).returning(_column.id, _column.revision)).one()
        return RevisionNumber(organization, month, row.id, row.revision)

    def finish(self, number: RevisionNumber, *, sealed: bool) -> None:
        """Record that a revision is sealed, or free its number if nothing was sealed.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        is_row = _column.id == number.row
        keep, free = update(revisions).where(is_row).values(lease_expires_at=None), delete(revisions).where(is_row)
        with self._database.transaction(number.organization, number.month) as connection:
            connection.execute(keep if sealed else free)


def _is_month(organization: str, month: str) -> ColumnElement[bool]:
    return (_column.organization == organization) & (_column.month == month)
