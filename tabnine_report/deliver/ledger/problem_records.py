"""The watchdog's memory: the problems that are open, and when the admins were last notified of each.

A notice is claimed before it is sent, so that two watchdogs that run at the same time send it once. A claim ends by
itself: if its watchdog is killed, the next one sends the notice.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from tabnine_report.deliver.ledger.organization_records import OrganizationRecords
from tabnine_report.deliver.ledger.tables import problems

CLAIM = timedelta(minutes=5)
"""How long a notice may take to be sent before another watchdog sends it."""


@dataclass(frozen=True)
class ProblemRecord:
    """A problem that is open.

    Attributes:
        key: What the problem is about, such as `run 2026-10`.
        kind: The kind of the problem.
        sentence: The problem in one sentence.
        found_at: When it was first found, UTC.
        notified_on: The local day on which the admins were last notified of it; None if they were not.
        claimed_until: Until when a watchdog is sending the notice, UTC; None if none is.
    """

    key: str
    kind: str
    sentence: str
    found_at: datetime
    notified_on: date | None
    claimed_until: datetime | None


_RECORD = tuple(problems.c[field.name] for field in fields(ProblemRecord))


class ProblemRecords(OrganizationRecords):
    """The open problems of one organization."""

    def read_all(self) -> list[ProblemRecord]:
        """Return the open problems by their keys.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        statement = select(*_RECORD).filter_by(organization=self._organization).order_by(problems.c.key)
        with self._database.transaction() as connection:
            return [ProblemRecord(**row._asdict()) for row in connection.execute(statement)]

    def claim_found(self, key: str, kind: str, sentence: str, day: date) -> bool:
        """Record that a problem is open; return whether the caller has to notify the admins of it.

        The admins are notified once a day, and again if the problem becomes one of another kind.

        Args:
            key: See `ProblemRecord`.
            kind: See `ProblemRecord`.
            sentence: See `ProblemRecord`.
            day: The current local day.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        row = {"organization": self._organization, "key": key}
        with self._database.transaction(self._organization, "problems") as connection:
            earlier = connection.execute(select(*_RECORD).filter_by(**row)).one_or_none()
            is_claimed = earlier is not None and earlier.claimed_until is not None and earlier.claimed_until > now
            is_notified = earlier is not None and earlier.kind == kind and earlier.notified_on == day
            if is_claimed or is_notified:
                return False
            values = {"kind": kind, "sentence": sentence, "claimed_until": now + CLAIM}
            if earlier is None:
                connection.execute(insert(problems).values(**row, found_at=now, **values))
            else:
                connection.execute(update(problems).filter_by(**row).values(**values))
            return True

    def claim_solved(self, key: str) -> bool:
        """Return whether the caller has to notify the admins that a problem is solved.

        A problem that the admins were never notified of is only forgotten.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        row = {"organization": self._organization, "key": key}
        with self._database.transaction(self._organization, "problems") as connection:
            record = connection.execute(select(*_RECORD).filter_by(**row)).one_or_none()
            if record is None or (record.claimed_until is not None and record.claimed_until > now):
                return False
            if record.notified_on is None:
                connection.execute(delete(problems).filter_by(**row))
                return False
            connection.execute(update(problems).filter_by(**row).values(claimed_until=now + CLAIM))
            return True

    def record_notified(self, key: str, day: date) -> None:
        """Record that the admins were notified of a problem, which ends the claim.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        self._update(key, notified_on=day, claimed_until=None)

    def release(self, key: str) -> None:
        """End a claim whose notice could not be sent, so that the next watchdog sends it.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        self._update(key, claimed_until=None)

    def forget(self, key: str) -> None:
        """Remove a problem that is solved.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        with self._database.transaction(self._organization, "problems") as connection:
            connection.execute(delete(problems).filter_by(organization=self._organization, key=key))

    def _update(self, key: str, **values: date | datetime | None) -> None:
        with self._database.transaction(self._organization, "problems") as connection:
            connection.execute(update(problems).filter_by(organization=self._organization, key=key).values(**values))
