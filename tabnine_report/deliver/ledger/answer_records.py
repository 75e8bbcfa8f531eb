"""The records of what the admins answered to a month's report: to its recommended actions, and with a note.

A new answer to the same action, or a new note, is a new row. The newest one counts; the earlier ones are the history.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from tabnine_report.deliver.ledger.organization_records import OrganizationRecords
from tabnine_report.deliver.ledger.tables import answers, notes
from tabnine_report.model.answers import ActionAnswer, Note

_ANSWER = tuple(answers.c[name] for name in ActionAnswer.model_fields)
_NOTE = tuple(notes.c[name] for name in Note.model_fields)


class AnswerRecords(OrganizationRecords):
    """The answers to one organization's reports."""

    def record(self, month: str, by: str, replies: Iterable[ActionAnswer], note: Note | None = None) -> None:
        """Record answers and a note, all or none of them; what is already recorded is not recorded again.

        Args:
            month: The month of the report, `YYYY-MM`.
            by: Who answered.
            replies: The answers.
            note: The note for the month; without text, the note is removed. None leaves it as it is.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        key = {"organization": self._organization, "month": month, "by": by}
        with self._database.transaction(self._organization, month) as connection:
            newest = {answer.rule: answer for answer in self._answers(connection, month)}
            for reply in replies:
                if reply.rule not in newest or newest[reply.rule] != reply.model_copy(
                    update={"at": newest[reply.rule].at}
                ):
                    connection.execute(insert(answers).values(**key, **reply.model_dump()))
            if note is not None and note != (self._note(connection, month) or Note(text="")):
                connection.execute(insert(notes).values(**key, **note.model_dump(), at=self._clock()))

    def answers(self, month: str) -> tuple[ActionAnswer, ...]:
        """Return the newest answer to each action that has one, in the order of the actions' first answers.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        with self._database.transaction() as connection:
            return self._answers(connection, month)

    def note(self, month: str) -> Note | None:
        """Return the newest note for a month; None if there is none, or if it was removed.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        with self._database.transaction() as connection:
            return self._note(connection, month)

    def _answers(self, connection: Connection, month: str) -> tuple[ActionAnswer, ...]:
        of_month = select(*_ANSWER).filter_by(organization=self._organization, month=month).order_by(answers.c.id)
        rows = (ActionAnswer.model_validate(row._asdict()) for row in connection.execute(of_month))
        return tuple({answer.rule: answer for answer in rows}.values())

    def _note(self, connection: Connection, month: str) -> Note | None:
        of_month = select(*_NOTE).filter_by(organization=self._organization, month=month)
        row = connection.execute(of_month.order_by(notes.c.id.desc()).limit(1)).one_or_none()
        return Note.model_validate(row._asdict()) if row is not None and row.text else None
