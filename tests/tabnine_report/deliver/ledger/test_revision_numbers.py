"""The ledger reserves each revision number once, for one run at a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from processes import PROCESSES, run_at_once
from pydantic import SecretStr
from revision_number_process import Numbering

from tabnine_report.deliver.ledger.revision_numbers import LEASE, RevisionInProgress, RevisionNumber, RevisionNumbers

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
OpenNumbers = Callable[..., RevisionNumbers]


@pytest.fixture
def numbers(ledger_url: str) -> OpenNumbers:
    def at(late: timedelta = timedelta()) -> RevisionNumbers:
        return RevisionNumbers(SecretStr(ledger_url), lambda: NOW + late)

    return at


def reserve(numbers: RevisionNumbers, newest_sealed: int = 0, month: str = "2026-10") -> RevisionNumber:
    number = numbers.reserve("acme", month, newest_sealed)
    assert isinstance(number, RevisionNumber)
    return number


def test_each_sealed_revision_is_followed_by_the_next(numbers: OpenNumbers) -> None:
    for revision in (1, 2, 3):
        number = reserve(numbers(), revision - 1)
        assert number.revision == revision
        numbers().finish(number, sealed=True)


def test_while_a_run_builds_a_month_no_other_run_gets_a_number_of_it(numbers: OpenNumbers) -> None:
    reserve(numbers())

    assert numbers().reserve("acme", "2026-10", 0) == RevisionInProgress(NOW + LEASE)
    assert reserve(numbers(), month="2026-09").revision == 1
    assert isinstance(numbers().reserve("other", "2026-10", 0), RevisionNumber)


def test_an_unused_number_is_reserved_again(numbers: OpenNumbers) -> None:
    numbers().finish(reserve(numbers()), sealed=False)

    assert reserve(numbers()).revision == 1


def test_the_number_of_a_run_that_died_is_not_reused(numbers: OpenNumbers) -> None:
    reserve(numbers())

    assert reserve(numbers(LEASE)).revision == 2


def test_a_run_that_died_after_sealing_does_not_delay_the_next(numbers: OpenNumbers) -> None:
    reserve(numbers())

    assert reserve(numbers(), newest_sealed=1).revision == 2


def test_a_new_ledger_continues_from_the_archive(numbers: OpenNumbers) -> None:
    assert reserve(numbers(), newest_sealed=4).revision == 5


def test_a_late_run_finishes_only_its_own_number(numbers: OpenNumbers) -> None:
    slow = reserve(numbers())
    second = reserve(numbers(LEASE))
    numbers(LEASE).finish(slow, sealed=False)

    assert second.revision == 2
    assert numbers(LEASE).reserve("acme", "2026-10", 0) == RevisionInProgress(NOW + 2 * LEASE)


@pytest.mark.parametrize("count", [2, 8])
def test_parallel_runs_get_different_numbers(ledger_url: str, count: int) -> None:
    reserved = PROCESSES.Queue()

    exit_codes = run_at_once(*[Numbering(ledger_url).run] * count, more=(reserved,))

    assert exit_codes == [0] * count
    assert sorted(reserved.get(timeout=60) for _ in range(count)) == list(range(1, count + 1))
    reserved.close()
    reserved.join_thread()
