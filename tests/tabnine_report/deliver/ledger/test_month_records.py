"""The records of months: one for each organization and month, the newest one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.ledger.month_records import MonthRecord, MonthRecords

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
LATER = timedelta(hours=1)
DUE = date(2026, 11, 2)
OpenRecords = Callable[..., MonthRecords]


@pytest.fixture
def records(ledger_url: str) -> OpenRecords:
    def of(organization: str = "acme", late: timedelta = timedelta()) -> MonthRecords:
        return MonthRecords(SecretStr(ledger_url), organization, lambda: NOW + late)

    return of


def test_the_newest_record_of_each_month_is_read_oldest_month_first(records: OpenRecords) -> None:
    records().record("2026-10", due=DUE, state="failed", reason="The API is down.")
    records().record("2026-09", due=date(2026, 10, 2), state="sent", revision=2, digest="0a1")
    records("bolt").record("2026-10", due=DUE, state="withheld", revision=1, digest="ffe")
    records(late=LATER).record("2026-10", due=DUE, state="sent", revision=1, digest="1c2")

    september = MonthRecord("2026-09", date(2026, 10, 2), "sent", 2, "", "0a1", NOW)
    october = MonthRecord("2026-10", DUE, "sent", 1, "", "1c2", NOW + LATER)
    assert records().read_all() == [september, october]
    assert records().read("2026-10") == october
    assert records().read("2026-08") is None


def test_a_record_without_a_report_keeps_the_reports_revision_and_digest(records: OpenRecords) -> None:
    records().record("2026-10", due=DUE, state="partly_delivered", revision=2, digest="1c2")
    records(late=LATER).record("2026-10", due=DUE, state="failed", reason="The API is down.")

    assert records().read_all() == [MonthRecord("2026-10", DUE, "failed", 2, "The API is down.", "1c2", NOW + LATER)]


def test_a_record_that_is_to_stay_is_not_changed(records: OpenRecords) -> None:
    records().record("2026-10", due=DUE, state="sent", revision=1, digest="1c2")
    records(late=LATER).record("2026-10", due=DUE, state="failed", reason="The API is down.", unless=["sent"])

    assert records().read_all() == [MonthRecord("2026-10", DUE, "sent", 1, "", "1c2", NOW)]
