"""Average weekly active users: whole weeks only, computed by hand, and the reasons where there is no mean."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import Build, Organization, change, history, kpi, week

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.report import MonthlyReport

MONDAYS = tuple(date(2026, 10, day) for day in (5, 12, 19))
"""The Mondays of the whole weeks of October 2026."""


def weekly(report: MonthlyReport) -> Figure:
    return kpi(report, "weekly_active_users").figure


def weeks(*people: int) -> list[dict[str, Any]]:
    return [week(monday, number) for monday, number in zip(MONDAYS, people, strict=True)]


def test_it_is_the_mean_of_the_whole_weeks(acme: Organization, build: Build) -> None:
    # 24, 27 and 29: a mean of 26.7. The weeks at both ends of October belong to two months.
    acme.v1.weeks = [week(date(2026, 9, 28), 39), *weeks(24, 27, 29), week(date(2026, 10, 26), 39)]

    assert (weekly(build(acme)).value, weekly(build(acme)).state) == (27, State.MEASURED)


def test_it_is_compared_with_the_month_before(acme: Organization, build: Build) -> None:
    september = [week(date(2026, 9, day), 20) for day in (7, 14, 21)]
    acme.v1.weeks = [*september, *weeks(24, 27, 29)]
    found = kpi(build(acme), "weekly_active_users")

    assert change(found).absolute.value == 7
    assert [point.figure.value for point in history(found)][-3:] == [None, 20, 27]
    assert history(found)[-3].figure.reason == "This was not requested from the API."


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ([], "The API returned no whole weeks for October 2026."),
        ([week(date(2026, 10, 26), 30)], "The API returned no whole weeks for October 2026."),
        (weeks(24, 27, 29)[:2], "The API did not return every whole week of October 2026."),
        ([*weeks(24, 27, 29), week(MONDAYS[0], 25)], "The API did not return every whole week of October 2026."),
        ([*weeks(24, 27, 29), week(date(2026, 10, 7), 25)], "The API returned no whole weeks for October 2026."),
        ([*weeks(24, 27, 29)[:2], week(MONDAYS[2], 3, {"activeUsers": None})], "The API returned no activeUsers."),
        (weeks(40, 41, 42), "The API reports more active users in an average week (41) than in the month (40)."),
    ],
)
def test_without_every_whole_week_there_is_no_mean(
    acme: Organization, build: Build, returned: list[dict[str, Any]], reason: str
) -> None:
    acme.v1.weeks = returned

    assert weekly(build(acme)).reason == reason


def test_shortened_weeks_do_not_count(acme: Organization, build: Build) -> None:
    first = {"from": "2026-10-01T00:00:00Z", "to": "2026-10-05T00:00:00Z", "activeUsers": 39}
    last = {"from": "2026-10-26T00:00:00Z", "to": "2026-11-01T00:00:00Z", "activeUsers": 39}
    acme.v1.weeks = [first, *weeks(24, 27, 29), last]

    assert weekly(build(acme)).value == 27


def test_weeks_may_begin_on_any_day_and_end_in_the_last_second(acme: Organization, build: Build) -> None:
    sundays = (date(2026, 10, day) for day in (4, 11, 18, 25))
    acme.v1.weeks = [week(day, 30) | {"to": f"{date.fromordinal(day.toordinal() + 6)}T23:59:59Z"} for day in sundays]

    assert weekly(build(acme)).value == 30


def test_agent_users_who_are_not_counted_make_it_a_lower_bound(acme: Organization, build: Build) -> None:
    agents = {"agent": {"activeUsers": 33}}
    acme.v1.weeks = [week(monday, 30, agents) for monday in MONDAYS]
    assert (weekly(build(acme)).value, weekly(build(acme)).bound) == (33, "at_least")

    acme.v1.weeks, acme.v1.blocks["2026-10"] = weeks(24, 27, 29), {"agent": {"activeUsers": 45}}
    assert (weekly(build(acme)).value, weekly(build(acme)).bound) == (27, "at_least")


def test_a_week_that_is_not_over_does_not_count(acme: Organization, build: Build) -> None:
    acme.now = datetime(2026, 10, 20, 6, tzinfo=UTC)
    acme.v1.weeks = weeks(24, 27, 9)
    figure = weekly(build(acme, draft=True))

    assert (figure.value, figure.state) == (26, State.PARTIAL)


@settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 31), st.integers(0, 45), st.sampled_from([1, 6, 7, 8])), max_size=6))
def test_the_mean_lies_between_the_weeks(acme: Organization, build: Build, found: list[tuple[int, int, int]]) -> None:
    acme.v1.weeks = []
    for day, people, length in found:
        end = date.fromordinal(date(2026, 10, day).toordinal() + length)
        acme.v1.weeks.append(week(date(2026, 10, day), people) | {"to": f"{end}T00:00:00Z"})
    value = weekly(build(acme)).value

    if value is not None:
        whole = [people for _, people, length in found if length == 7]
        assert min(whole) <= value <= min(40, max(whole))
