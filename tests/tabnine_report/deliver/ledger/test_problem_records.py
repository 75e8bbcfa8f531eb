"""The watchdog's memory: each problem is told once a day by one watchdog, and once when it is solved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.ledger.problem_records import ProblemRecord, ProblemRecords

NOW = datetime(2026, 11, 5, 6, 0, tzinfo=UTC)
DAY, NEXT_DAY = date(2026, 11, 5), date(2026, 11, 6)
KEY, KIND, SENTENCE = "run 2026-10", "run_lost", "acme: the run for October 2026 ended without a result"
OpenRecords = Callable[..., ProblemRecords]


@pytest.fixture
def records(ledger_url: str) -> OpenRecords:
    def of(organization: str = "acme", late: timedelta = timedelta()) -> ProblemRecords:
        return ProblemRecords(SecretStr(ledger_url), organization, lambda: NOW + late)

    return of


def find(records: ProblemRecords, kind: str = KIND, day: date = DAY) -> bool:
    return records.claim_found(KEY, kind, SENTENCE, day)


def test_a_problem_is_reported_once_a_day_and_again_when_its_kind_changes(records: OpenRecords) -> None:
    memory = records()
    assert find(memory)
    memory.record_notified(KEY, DAY)
    assert not find(memory)
    assert find(memory, kind="month_withheld")
    memory.record_notified(KEY, DAY)
    assert find(memory, kind="month_withheld", day=NEXT_DAY)


def test_two_watchdogs_at_the_same_time_report_a_problem_once(records: OpenRecords) -> None:
    assert [find(records()), find(records())] == [True, False]
    assert records().read_all() == [ProblemRecord(KEY, KIND, SENTENCE, NOW, None, NOW + timedelta(minutes=5))]


def test_the_notice_of_a_watchdog_that_was_killed_is_sent_by_the_next_one(records: OpenRecords) -> None:
    assert find(records())
    assert find(records(late=timedelta(minutes=6)))


def test_a_notice_that_could_not_be_sent_is_sent_by_the_next_watchdog(records: OpenRecords) -> None:
    memory = records()
    assert find(memory)
    memory.release(KEY)
    assert find(memory)


def test_a_solved_problem_is_reported_once_and_forgotten(records: OpenRecords) -> None:
    memory = records()
    find(memory)
    memory.record_notified(KEY, DAY)
    assert memory.claim_solved(KEY)
    assert not records().claim_solved(KEY)
    memory.forget(KEY)
    assert memory.read_all() == []
    assert not memory.claim_solved(KEY)


def test_a_problem_that_was_never_reported_is_not_reported_as_solved(records: OpenRecords) -> None:
    memory = records()
    find(memory)
    assert not memory.claim_solved(KEY)
    memory.release(KEY)
    assert not memory.claim_solved(KEY)
    assert memory.read_all() == []


def test_each_organization_has_its_own_problems(records: OpenRecords) -> None:
    assert find(records())
    assert records("bolt").read_all() == []
    assert find(records("bolt"))
