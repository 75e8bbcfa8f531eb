"""Tests of the newest days of a month whose data the API does not have yet."""

from datetime import UTC, date, datetime

import pytest
from small_organization import Build, Organization, TeamUse, Usage, change, kpi

from tabnine_report.analysis.late_days import late_days
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport

OCTOBER = Month(2026, 10)
REASON = (
    "The API reports no usage after 28 October 2026, although there were working days since then: the newest data is "
    "probably not available yet."
)


def october(first: int, last: int) -> frozenset[date]:
    return frozenset(date(2026, 10, day) for day in range(first, last + 1))


WEEKDAYS = frozenset(day for day in OCTOBER.days if day.weekday() < 5)


@pytest.mark.parametrize(
    ("active_days", "country", "late"),
    [
        (october(1, 31), "", frozenset()),
        # The 31st is a Saturday.
        (WEEKDAYS, "", frozenset()),
        (october(1, 30), "", frozenset()),
        (WEEKDAYS & october(1, 29), "", october(30, 31)),
        (WEEKDAYS & october(1, 28), "", october(29, 31)),
        (october(1, 24), "", october(25, 31)),
        # A gap in the middle is a holiday or a quiet week.
        (WEEKDAYS - october(12, 16), "", frozenset()),
        (WEEKDAYS - october(12, 16) - october(30, 31), "", october(30, 31)),
        # The 12th is a holiday of Spain; the data ends on the Friday before.
        (october(1, 9), "ES", october(10, 31)),
        # An organization with rare use has gaps at any time.
        (frozenset({date(2026, 10, 1), date(2026, 10, 20)}), "", frozenset()),
        (frozenset(), "", frozenset()),
    ],
)
def test_only_missing_working_days_at_the_end_are_late(
    active_days: frozenset[date], country: str, late: frozenset[date]
) -> None:
    assert frozenset(late_days(OCTOBER, active_days, WorkingDays(country), date(2026, 11, 1))) == late


def test_holidays_at_the_end_are_not_late() -> None:
    all_saints_and_weekend = Month(2026, 11).days[:28]

    assert late_days(Month(2026, 11), frozenset(all_saints_and_weekend), WorkingDays(""), date(2026, 12, 1)) == (
        date(2026, 11, 29),
        date(2026, 11, 30),
    )
    # Andrew's day is a public holiday of Scotland.
    scotland = WorkingDays("GB-SCT")
    assert late_days(Month(2026, 11), frozenset(all_saints_and_weekend), scotland, date(2026, 12, 1)) == ()


def test_days_before_the_organizations_start_are_no_gaps() -> None:
    active, ended = WEEKDAYS & october(19, 27), date(2026, 11, 1)

    assert late_days(OCTOBER, active, WorkingDays(""), ended) == ()
    assert frozenset(late_days(OCTOBER, active, WorkingDays(""), ended, date(2026, 10, 19))) == october(28, 31)


def test_the_first_month_can_have_late_days(acme: Organization, build: Build) -> None:
    acme.accounts = {"2026-10": acme.accounts["2026-10"]}
    acme.v1.people = {"2026-10": 40}
    acme.v1.days = {str(day): 20 for day in sorted(WEEKDAYS & october(19, 27))}
    average = kpi(build(acme), "average_daily_active_users").figure

    assert (average.value, average.state) == (20, State.PARTIAL)
    assert "The API reports no usage after 27 October 2026" in average.reason


def test_days_after_the_last_complete_one_are_not_late() -> None:
    assert late_days(OCTOBER, WEEKDAYS & october(1, 19), WorkingDays(""), date(2026, 10, 19)) == ()


@pytest.fixture
def late(acme: Organization) -> Organization:
    """Return the organization without data after 28 October."""
    acme.v1.days = {day: people for day, people in acme.v1.days.items() if day <= "2026-10-28"}
    return acme


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_average_excludes_late_days_and_is_partial(late: Organization, build: Build, version: str) -> None:
    if version == "v2":
        late.v1, late.v2 = Usage(), late.v1
    average = kpi(build(late), "average_daily_active_users")

    assert (average.figure.value, average.figure.state, average.figure.reason) == (20, State.PARTIAL, REASON)
    assert not change(average).absolute.known


def test_late_days_have_no_value_and_a_reason(late: Organization, build: Build) -> None:
    daily = {point.period: point.figure for point in build(late).adoption.daily.points}

    assert [daily[f"2026-10-{day}"].value for day in (24, 28)] == [0, 20]
    for day in (29, 30, 31):
        assert (daily[f"2026-10-{day}"].value, daily[f"2026-10-{day}"].reason) == (None, REASON)


def test_days_with_zero_users_at_the_end_are_late_too(late: Organization, build: Build) -> None:
    late.v1.days |= {"2026-10-29": 0, "2026-10-30": 0, "2026-10-31": 0}

    assert kpi(build(late), "average_daily_active_users").figure.reason == REASON


def figures_of_the_month(report: MonthlyReport) -> dict[str, State]:
    keys = ("active_users", "completions", "chat_users", "adoption_rate", "stickiness", "inactive_accounts")
    return {key: kpi(report, key).figure.state for key in keys}


def test_figures_of_the_month_are_partial_and_nothing_rests_on_them(late: Organization, build: Build) -> None:
    late.v1.blocks["2026-10"] = {"codeCompletions": {"activeUsers": 20, "completions": 99}, "chat": {"activeUsers": 9}}
    late.v1.people["2026-10"] = 45
    report = build(late)

    assert figures_of_the_month(report) == dict.fromkeys(figures_of_the_month(report), State.PARTIAL) | {
        "inactive_accounts": State.UNAVAILABLE
    }
    assert report.headline.startswith("At least 45 people used Tabnine in October")
    assert report.findings == ()
    assert report.month_summary == "The figures of October are incomplete, so they are not compared with another month."
    assert "Partial: Active users, Average daily active users" in report.data_quality.summary
    assert kpi(report, "accounts").figure.state is State.MEASURED


def test_figures_of_teams_are_partial(late: Organization, build: Build) -> None:
    teams = build(late.with_teams(t1=TeamUse(), t2=TeamUse())).teams

    assert teams is not None
    assert {row.active_users.state for row in teams.rows} == {State.PARTIAL}


def test_earlier_months_are_not_affected(late: Organization, build: Build) -> None:
    september = {point.period: point.figure for point in build(late).adoption.active_users.points}["2026-09"]

    assert september.state is State.MEASURED


def test_a_later_run_with_all_days_is_complete(acme: Organization, build: Build) -> None:
    acme.now = datetime(2026, 11, 5, tzinfo=UTC)

    assert kpi(build(acme), "average_daily_active_users").figure.state is State.MEASURED
