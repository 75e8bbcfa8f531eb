"""The ledger gives out the numbers of a month's revisions: each once, and to one run at a time."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from revision_number_process import Numbering

from tabnine_report.deliver.ledger.revision_numbers import LEASE, RevisionInProgress, RevisionNumber, RevisionNumbers

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
Open = Callable[..., RevisionNumbers]

PROCESSES = multiprocessing.get_context("forkserver")


@pytest.fixture
def numbers(ledger_url: str) -> Open:
    def at(late: timedelta = timedelta()) -> RevisionNumbers:
        return RevisionNumbers(SecretStr(ledger_url), lambda: NOW + late)

    return at


def take(numbers: RevisionNumbers, newest_sealed: int = 0, month: str = "2026-10") -> RevisionNumber:
    taken = numbers.reserve("acme", month, newest_sealed)
    assert isinstance(taken, RevisionNumber)
    return taken


def test_each_sealed_revision_is_followed_by_the_next(numbers: Open) -> None:
    for revision in (1, 2, 3):
        number = take(numbers(), revision - 1)
        assert number.revision == revision
        numbers().finish(number, sealed=True)


def test_while_a_run_is_at_it_nobody_else_gets_a_number_of_that_month(numbers: Open) -> None:
    take(numbers())

    assert numbers().reserve("acme", "2026-10", 0) == RevisionInProgress(NOW + LEASE)
    assert take(numbers(), month="2026-09").revision == 1
    assert isinstance(numbers().reserve("other", "2026-10", 0), RevisionNumber)


def test_a_number_that_was_not_needed_is_given_out_again(numbers: Open) -> None:
    numbers().finish(take(numbers()), sealed=False)

    assert take(numbers()).revision == 1


def test_the_number_of_a_run_that_died_stays_a_gap(numbers: Open) -> None:
    take(numbers())

    assert take(numbers(LEASE)).revision == 2


def test_a_run_that_died_after_it_sealed_holds_nobody_up(numbers: Open) -> None:
    take(numbers())

    assert take(numbers(), newest_sealed=1).revision == 2


def test_a_new_ledger_goes_on_from_the_archive(numbers: Open) -> None:
    assert take(numbers(), newest_sealed=4).revision == 5


def test_who_comes_late_ends_its_own_number_and_no_other(numbers: Open) -> None:
    slow = take(numbers())
    second = take(numbers(LEASE))
    numbers(LEASE).finish(slow, sealed=False)

    assert second.revision == 2
    assert numbers(LEASE).reserve("acme", "2026-10", 0) == RevisionInProgress(NOW + 2 * LEASE)


@pytest.mark.parametrize("count", [2, 8])
def test_runs_at_once_get_different_numbers(ledger_url: str, count: int) -> None:
    begin, taken = PROCESSES.Event(), PROCESSES.Queue()
    processes = [PROCESSES.Process(target=Numbering(ledger_url).run, args=(begin, taken)) for _ in range(count)]
    for process in processes:
        process.start()
    begin.set()
    got = sorted(taken.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(60)

    assert got == list(range(1, count + 1))
    taken.close()
    taken.join_thread()
