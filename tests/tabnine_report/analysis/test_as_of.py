"""As-of responses are shown until the next month is final; later, those of an earlier bundle are used."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_organization import Organization, TeamUse

from tabnine_report.analysis.as_of import is_late, replace_late_as_of_responses
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS, Endpoint
from tabnine_report.usage_api.snapshot import Fetch, Snapshot

OCTOBER = Month(2026, 10)
BERLIN = ZoneInfo("Europe/Berlin")
LATE = timedelta(days=40)


def taken(earlier: Snapshot, snapshot: Snapshot) -> Snapshot:
    return replace_late_as_of_responses(snapshot, earlier, BERLIN, 1)


@pytest.mark.parametrize(
    ("zone", "settle_days", "last"),
    [
        ("Europe/Berlin", 1, datetime(2026, 12, 1, 23, tzinfo=UTC)),
        ("Europe/Berlin", 5, datetime(2026, 12, 5, 23, tzinfo=UTC)),
        ("Asia/Kolkata", 0, datetime(2026, 12, 1, tzinfo=UTC)),
        ("America/Los_Angeles", 1, datetime(2026, 12, 2, 8, tzinfo=UTC)),
    ],
)
def test_an_answer_is_late_from_the_instant_at_which_the_next_month_is_final(
    zone: str, settle_days: int, last: datetime
) -> None:
    def late(at: datetime) -> bool:
        return is_late(Fetch(endpoint="license", started_at=at, ended_at=at), OCTOBER, ZoneInfo(zone), settle_days)

    assert not late(last - timedelta(seconds=1))
    assert late(last)


@given(
    st.integers(0, 120 * 24 * 60).map(lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati"]),
    st.integers(0, 28),
)
def test_the_newest_final_month_has_its_answers_on_every_day(at: datetime, zone: str, settle_days: int) -> None:
    newest = Month.last_final(at, ZoneInfo(zone), settle_days)
    fetch = Fetch(endpoint="license", started_at=at, ended_at=at)

    assert not is_late(fetch, newest, ZoneInfo(zone), settle_days)
    assert is_late(fetch, newest.back(1), ZoneInfo(zone), settle_days)


def test_late_answers_come_from_the_earlier_bundle_of_the_month(acme: Organization) -> None:
    acme.with_teams(core=TeamUse())
    in_time = acme.snapshot()
    acme.now += LATE
    late = acme.snapshot()
    fetches = taken(in_time, late).fetches

    for endpoint, fetch in fetches.items():
        assert fetch == (in_time if endpoint in AS_OF_ENDPOINTS else late).fetches[endpoint]


@pytest.mark.parametrize("days", [0, 20])
def test_answers_in_time_are_those_of_the_day_of_the_run(acme: Organization, days: int) -> None:
    first = acme.snapshot()
    acme.now += timedelta(days=days)
    second = acme.snapshot()

    assert taken(first, second) == second


def test_an_earlier_answer_that_is_late_or_failed_is_not_used(acme: Organization) -> None:
    acme.failed[Endpoint.LICENSE] = 500
    acme.late = {Endpoint.USERS: LATE}
    earlier = acme.snapshot()
    acme.failed, acme.late = {}, {}
    acme.now += 2 * LATE
    late = acme.snapshot()
    fetches = taken(earlier, late).fetches

    assert fetches[Endpoint.LICENSE] == late.fetches[Endpoint.LICENSE]
    assert fetches[Endpoint.USERS] == late.fetches[Endpoint.USERS]
    assert fetches[Endpoint.TEAMS] == earlier.fetches[Endpoint.TEAMS]
