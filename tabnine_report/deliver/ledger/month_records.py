"""The record of months: the status of each organization's report of each month, for operators and other programs."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import insert, select, update

from tabnine_report.deliver.ledger.organization_records import OrganizationRecords
from tabnine_report.deliver.ledger.tables import months


@dataclass(frozen=True)
class MonthRecord:
    """The status of an organization's report of a month.

    Attributes:
        month: The month, `YYYY-MM`.
        due: The first local day on which the report can be built, because the month is final.
        state: How the month's last run ended, as the value of a `RunStatus`; settled deliveries are considered.
        revision: The newest revision of the report; None if there is none.
        reason: Why the report is withheld or postponed, or its run failed or crashed, in one sentence; otherwise empty.
        digest: The digest of the report's content; empty if there is none.
        updated_at: When the month's last run ended, UTC.
    """

    month: str
    due: date
    state: str
    revision: int | None
    reason: str
    digest: str
    updated_at: datetime


_RECORD = tuple(months.c[field.name] for field in fields(MonthRecord))


class MonthRecords(OrganizationRecords):
    """The records of one organization's months."""

    def record(  # noqa: PLR0913 - the columns
        self,
        month: str,
        *,
        due: date,
        state: str,
        revision: int | None = None,
        reason: str = "",
        digest: str = "",
        unless: Collection[str] = (),
    ) -> None:
        """Write the record of a month. An empty revision or digest keeps the stored one.

        Args:
            month: The month, `YYYY-MM`.
            due: See `MonthRecord`.
            state: See `MonthRecord`.
            revision: See `MonthRecord`.
            reason: See `MonthRecord`.
            digest: See `MonthRecord`.
            unless: Do not overwrite an earlier record in one of these states.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        record = MonthRecord(month, due, state, revision, reason, digest, self._clock())
        key = {"organization": self._organization, "month": month}
        with self._database.transaction(self._organization, month) as connection:
            earlier = connection.execute(select(*_RECORD).filter_by(**key)).one_or_none()
            if earlier is None:
                connection.execute(insert(months).values(organization=self._organization, **asdict(record)))
            elif earlier.state not in unless:
                kept = {"revision": revision or earlier.revision, "digest": digest or earlier.digest}
                connection.execute(update(months).filter_by(**key).values(asdict(record) | kept))

    def change_state(self, month: str, state: str) -> None:
        """Change the state of a recorded month, which an event after its last run decides: a settled delivery.

        Args:
            month: The month, `YYYY-MM`.
            state: See `MonthRecord`.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        key = {"organization": self._organization, "month": month}
        with self._database.transaction(self._organization, month) as connection:
            connection.execute(update(months).filter_by(**key).values(state=state))

    def read(self, month: str) -> MonthRecord | None:
        """Return the record of a month; None if no run of it has ended.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        return next((record for record in self.read_all() if record.month == month), None)

    def read_all(self) -> list[MonthRecord]:
        """Return the records of all months, oldest first.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        statement = select(*_RECORD).filter_by(organization=self._organization).order_by(months.c.month)
        with self._database.transaction() as connection:
            return [MonthRecord(**row._asdict()) for row in connection.execute(statement)]
