"""The numbers of a month's revisions, given out by the ledger: no two runs ever make the same one.

A run takes a number before it builds the month and ends it afterwards: kept when the revision is sealed, given back
when none was needed or the run failed. Meanwhile nobody else gets a number of that month, so whoever comes second sees
what the first one sealed. A number whose run died is never given out again, because that run may only be slow and still
be writing: the month's revisions then have a gap.

Beside each number stands whether the admins have been shown the revision, which a report that is held back must have
been before a person releases it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import ColumnElement, delete, insert, select, update

from tabnine_report.deliver.ledger.database import LedgerDatabase
from tabnine_report.deliver.ledger.revisions_table import revisions

# Longer than building, rendering and sealing a month takes at most.
LEASE = timedelta(minutes=5)

_column = revisions.c


@dataclass(frozen=True)
class RevisionNumber:
    """A number that is ours to make.

    Attributes:
        row: Its row in the ledger.
        revision: The number, from 1.
    """

    row: int
    revision: int


@dataclass(frozen=True)
class UnderWay:
    """Another run is making a revision of the month.

    Attributes:
        until: When it counts as dead if it has not ended by then, UTC.
    """

    until: datetime


class RevisionNumbers:
    """The revision numbers of all organizations.

    Args:
        url: The ledger's database, as for `Ledger`.
        clock: Gives the instants that are noted, and by which leases end.

    Raises:
        LedgerError: If the URL cannot be used, or its driver is not installed.
    """

    def __init__(self, url: SecretStr, clock: Callable[[], datetime]) -> None:
        self._database = LedgerDatabase(url.get_secret_value())
        self._clock = clock

    def take(self, organization: str, month: str, newest_sealed: int) -> RevisionNumber | UnderWay:
        """Take the next number of a month, unless another run has one under way.

        Args:
            organization: The profile's name.
            month: `YYYY-MM`.
            newest_sealed: The month's newest revision in the archive, 0 for none: a ledger that was begun later, or
                lost, goes on from there.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        of_month = select(_column.revision, _column.lease_until).where(_of(organization, month))
        newest = of_month.order_by(_column.revision.desc()).limit(1)
        with self._database.transaction() as connection:
            last = connection.execute(newest).one_or_none()
            given = 0 if last is None else last.revision
            if last is not None and last.lease_until is not None and last.lease_until > now and given > newest_sealed:
                return UnderWay(last.lease_until)
            values = {
                "organization": organization,
                "month": month,
                "revision": max(given, newest_sealed) + 1,
                "taken_at": now,
                "lease_until": now + LEASE,
            }
            row = connection.execute(insert(revisions).values(values).returning(_column.id, _column.revision)).one()
        return RevisionNumber(row.id, row.revision)

    def note_shown(self, organization: str, month: str, revision: int) -> None:
        """Note that the admins have been shown a revision.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now, ours = self._clock(), _of(organization, month) & (_column.revision == revision)
        with self._database.transaction() as connection:
            if connection.execute(update(revisions).where(ours).values(shown_at=now)).rowcount:
                return
            # Sealed before the ledger gave out numbers, or under another ledger.
            key = {"organization": organization, "month": month, "revision": revision}
            connection.execute(insert(revisions).values(**key, taken_at=now, shown_at=now))

    def was_shown(self, organization: str, month: str, revision: int) -> bool:
        """Tell whether the admins have been shown a revision.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        ours = _of(organization, month) & (_column.revision == revision) & _column.shown_at.is_not(None)
        with self._database.transaction() as connection:
            return connection.execute(select(_column.id).where(ours)).first() is not None

    def end(self, number: RevisionNumber, *, sealed: bool) -> None:
        """Note that a revision is sealed, or give its number back: nothing was made under it.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        ours = _column.id == number.row
        done = update(revisions).where(ours).values(lease_until=None) if sealed else delete(revisions).where(ours)
        with self._database.transaction() as connection:
            connection.execute(done)


def _of(organization: str, month: str) -> ColumnElement[bool]:
    return (_column.organization == organization) & (_column.month == month)
