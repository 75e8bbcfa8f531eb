"""A month or day that could not be fetched is a gap with its reason: never a zero, and nothing is concluded from it."""

import pytest
from small_organization import (
    PEOPLE,
    AgentUse,
    Build,
    Organization,
    Usage,
    change,
    history,
    kpi,
)

from tabnine_report.model.data_quality import DataSource
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport

MONTHS = tuple(map(str, Month(2026, 10).last(13)))
GAP = "Usage (version 1 of the API) could not be fetched for {month}."


def source_of(report: MonthlyReport, endpoint: str) -> DataSource:
    return next(source for source in report.data_quality.data_sources if source.endpoint == endpoint)


def test_the_month_and_its_change_survive_without_the_history(acme: Organization, build: Build) -> None:
    acme.gaps["usage-v1"] = {"history": MONTHS}
    report = build(acme)
    active_users = kpi(report, "active_users")

    assert active_users.figure.value == 40
    assert change(active_users).absolute.value == 4
    assert [point.figure.value for point in history(active_users)] == [None] * 11 + [36, 40]
    assert history(active_users)[0].figure.reason == GAP.format(month="October 2025")


def test_the_report_states_what_is_missing(acme: Organization, build: Build) -> None:
    acme.gaps["usage-v1"] = {"history": MONTHS[:1], "days": MONTHS}
    report = build(acme)
    source = source_of(report, "usage-v1")

    assert not report.complete
    assert "No figure is missing." not in report.data_quality.summary
    assert source.state == "answered"
    assert source.reason == (
        "Could not be fetched: the monthly figures of 1 month; the daily figures of 13 months. "
        "console.example returned 504."
    )
    assert source in report.data_quality.incomplete_sources


def test_a_gap_in_the_history_is_not_the_first_month(acme: Organization, build: Build) -> None:
    acme.failed["account-utilizations"] = 503
    acme.gaps["usage-v1"] = {"history": MONTHS[:5]}
    report = build(acme)

    assert kpi(report, "active_users").figure.state is State.MEASURED
    reasons = [point.figure.reason for point in history(kpi(report, "active_users"))[:5]]
    assert reasons == [GAP.format(month=f"{Month.parse(month).first_day:%B %Y}") for month in MONTHS[:5]]
    assert history(kpi(report, "active_users"))[5].figure.state is State.MEASURED


def test_the_same_months_without_a_gap_are_the_first(acme: Organization, build: Build) -> None:
    acme.failed["account-utilizations"] = 503
    acme.v1.people = dict(zip(MONTHS[5:], PEOPLE[5:], strict=True))
    report = build(acme)

    assert history(kpi(report, "active_users"))[5].figure.state is State.PARTIAL


def test_an_inactive_month_after_gaps_is_not_called_frozen(acme: Organization, build: Build) -> None:
    acme.failed["account-utilizations"] = 503
    acme.gaps["usage-v1"] = {"history": MONTHS}
    acme.v1 = Usage(people=dict.fromkeys(MONTHS, 0))
    figure = kpi(build(acme), "active_users").figure

    assert figure.value is None
    assert figure.reason.startswith("The API reports no activity for the month. Whether that is complete is not known")


def test_without_the_previous_month_there_is_no_change(acme: Organization, build: Build) -> None:
    acme.gaps["usage-v1"] = {"previous": MONTHS, "history": MONTHS}
    report = build(acme)

    for key in ("active_users", "adoption_rate", "completions"):
        assert change(kpi(report, key)).absolute.value is None
        assert change(kpi(report, key)).absolute.reason
    assert change(kpi(report, "active_users")).absolute.reason == GAP.format(month="September 2026")
    assert "fell" not in report.headline
    collapse = next(check for check in report.data_quality.checks if "tenth" in check.sentence)
    assert collapse.result != "differs"


def test_a_previous_month_that_only_the_history_has_is_used(acme: Organization, build: Build) -> None:
    acme.gaps["usage-v1"] = {"previous": MONTHS}
    assert change(kpi(build(acme), "active_users")).absolute.value == 4


@pytest.mark.parametrize("failed", [MONTHS, MONTHS[-1:]])
def test_days_of_the_month_that_failed_are_unavailable(
    acme: Organization, build: Build, failed: tuple[str, ...]
) -> None:
    acme.gaps["usage-v1"] = {"days": failed}
    report = build(acme)
    reason = "The daily figures of October 2026 could not be fetched."

    assert {point.figure.value for point in report.adoption.daily.points} == {None}
    assert {point.figure.reason for point in report.adoption.daily.points} == {reason}
    assert kpi(report, "average_daily_active_users").figure.reason == reason
    assert kpi(report, "stickiness").figure.reason == reason
    assert kpi(report, "active_users").figure.value == 40


def test_days_of_the_other_version_are_not_taken_for_the_whole(acme: Organization, build: Build) -> None:
    """In the month in which version 2 replaces version 1, both versions have some of the activity."""
    acme.v2 = type(acme.v1)(people={"2026-10": 30}, days={"2026-10-05": 7})
    whole = build(acme).adoption.daily.points[5].figure
    acme.gaps["usage-v1"] = {"days": MONTHS[-1:]}
    day = build(acme).adoption.daily.points[4].figure

    assert whole.state is State.MEASURED
    assert (day.value, day.state) == (7, State.PARTIAL)


def test_an_organization_that_started_in_a_month_without_days_has_no_known_first_day(
    acme: Organization, build: Build
) -> None:
    acme.license["iat"] = 1500000000
    acme.v1.people = {"2026-09": 36, "2026-10": 40}
    acme.accounts = {month: row for month, row in acme.accounts.items() if month >= "2026-09"}
    acme.gaps["usage-v1"] = {"days": ("2026-09",)}
    september = history(kpi(build(acme), "active_users"))[-2].figure

    assert september.reason == "This is the organization's first month, and its first day is not known."


def test_a_gap_in_agent_usage_is_named(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    acme.gaps["agent-usage"] = {"history": MONTHS[:-1]}
    report = build(acme)
    spend = kpi(report, "agent_spend")

    assert spend.figure.value == 1000
    assert change(spend).absolute.reason == "Agent usage could not be fetched for September 2026."
    assert not report.complete


def test_agent_spend_without_the_months_own_query_has_no_models(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    acme.gaps["agent-usage"] = {"month": MONTHS}
    report = build(acme)

    assert kpi(report, "agent_spend").figure.value == 1000
    assert report.seats.agents is not None
    assert not report.seats.agents.models
    assert source_of(report, "agent-usage").reason == (
        "Could not be fetched: the figures of the month as a whole. console.example returned 504."
    )
