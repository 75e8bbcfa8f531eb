"""The ledger records once when a revision was previewed, withheld and released, and by whom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.ledger.release_records import Release, ReleaseRecord, ReleaseRecords
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumber, RevisionNumbers

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
LATER = timedelta(hours=1)
OpenRecords = Callable[..., ReleaseRecords]


@pytest.fixture
def records(ledger_url: str) -> OpenRecords:
    def at(late: timedelta = timedelta(), organization: str = "acme") -> ReleaseRecords:
        return ReleaseRecords(SecretStr(ledger_url), organization, lambda: NOW + late)

    return at


def test_each_event_keeps_its_first_time_and_person(records: OpenRecords) -> None:
    for late, person in ((timedelta(), "ann@build-1"), (LATER, "bob@build-2")):
        records(late).record_preview("2026-10", 1)
        records(late).record_withheld("2026-10", 1)
        assert records(late).record_release("2026-10", 1, person) == Release("ann@build-1", NOW)

    assert records().read("2026-10", 1) == ReleaseRecord("2026-10", 1, NOW, NOW, Release("ann@build-1", NOW))


def test_the_events_of_another_revision_month_or_organization_do_not_count(records: OpenRecords) -> None:
    records().record_release("2026-10", 1, "ann@build-1")

    assert records().read("2026-10", 2) == ReleaseRecord("2026-10", 2)
    assert records().read("2026-09", 1) == ReleaseRecord("2026-09", 1)
    assert records(organization="other").read("2026-10", 1) == ReleaseRecord("2026-10", 1)


def test_the_record_belongs_to_the_number_that_was_reserved_for_the_revision(
    ledger_url: str, records: OpenRecords
) -> None:
    numbers = RevisionNumbers(SecretStr(ledger_url), lambda: NOW)
    number = numbers.reserve("acme", "2026-10", 0)
    assert isinstance(number, RevisionNumber)
    numbers.finish(number, sealed=True)

    records().record_withheld("2026-10", 1)

    assert records().read_all() == [ReleaseRecord("2026-10", 1, withheld_at=NOW)]


def test_of_simultaneous_releases_one_is_recorded(records: OpenRecords) -> None:
    people = [f"person-{number}@build" for number in range(8)]
    with ThreadPoolExecutor(len(people)) as pool:
        releases = set(pool.map(lambda person: records().record_release("2026-10", 1, person), people))

    (release,) = releases
    assert release.by in people
    assert records().read("2026-10", 1).release == release
