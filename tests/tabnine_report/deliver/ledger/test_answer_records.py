"""The records of answers: the newest answer to each action counts, and the earlier ones stay."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine, text

from tabnine_report.deliver.ledger.answer_records import AnswerRecords
from tabnine_report.model.answers import ActionAnswer, Answer, Note

NOW = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)
OpenRecords = Callable[..., AnswerRecords]
CLOSE = ActionAnswer(rule="reassign_inactive_accounts", answer=Answer.ACCEPTED, owner="IT", at=NOW)
RENEW = ActionAnswer(rule="decide_renewal", answer=Answer.DECLINED, comment="We grow.", at=NOW)
NOTE = Note(text="Warsaw joined on 12 October.", author="J. B.")


@pytest.fixture
def records(ledger_url: str) -> OpenRecords:
    def of(organization: str = "acme") -> AnswerRecords:
        return AnswerRecords(SecretStr(ledger_url), organization, lambda: NOW)

    return of


def count(url: str, table: str) -> int:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - a constant of this module


def test_answers_and_the_note_belong_to_an_organization_and_a_month(records: OpenRecords) -> None:
    assert (records().answers("2026-10"), records().note("2026-10")) == ((), None)
    records().record("2026-10", "J. B.", [CLOSE, RENEW], NOTE)

    assert records().answers("2026-10") == (CLOSE, RENEW)
    assert records().note("2026-10") == NOTE
    for other, month in ((records("bolt"), "2026-10"), (records(), "2026-09")):
        assert (other.answers(month), other.note(month)) == ((), None)


def test_the_newest_answer_counts_and_the_earlier_one_stays(records: OpenRecords, ledger_url: str) -> None:
    done = CLOSE.model_copy(update={"answer": Answer.DONE, "at": NOW + timedelta(days=3)})
    records().record("2026-10", "J. B.", [CLOSE, RENEW])
    records().record("2026-10", "C. D.", [done])

    assert records().answers("2026-10") == (done, RENEW)
    assert count(ledger_url, "answers") == 3


def test_what_is_recorded_already_is_not_recorded_again(records: OpenRecords, ledger_url: str) -> None:
    records().record("2026-10", "J. B.", [CLOSE], NOTE)
    records().record("2026-10", "C. D.", [CLOSE.model_copy(update={"at": NOW + timedelta(days=3)})], NOTE)

    assert records().answers("2026-10") == (CLOSE,)
    assert (count(ledger_url, "answers"), count(ledger_url, "notes")) == (1, 1)


def test_a_note_is_replaced_or_removed(records: OpenRecords, ledger_url: str) -> None:
    records().record("2026-10", "J. B.", [], Note(text=""))
    assert count(ledger_url, "notes") == 0
    records().record("2026-10", "J. B.", [], NOTE)
    records().record("2026-10", "J. B.", [], Note(text="Oslo joined."))
    assert records().note("2026-10") == Note(text="Oslo joined.")
    records().record("2026-10", "J. B.", [CLOSE])
    assert records().note("2026-10") == Note(text="Oslo joined.")
    records().record("2026-10", "J. B.", [], Note(text=""))
    assert records().note("2026-10") is None
    assert count(ledger_url, "notes") == 3
