"""People and accounts over three months, computed by hand, and their reasons where there is no figure."""

import pytest
from small_organization import Build, Organization, Usage, change, kpi

from tabnine_report.archive.report_digest import report_digest
from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.model.prior_reports import PriorReports, SealedMonth

PEOPLE, ACCOUNTS = "quarter_active_users", "quarter_inactive_accounts"


def test_the_quarter_is_one_period_and_not_a_sum(acme: Organization, build: Build) -> None:
    # 34, 36 and 40 people in the three months, 45 in all; 50 accounts at the end.
    acme.v1.quarter = 45
    report = build(acme)
    people, accounts = kpi(report, PEOPLE), kpi(report, ACCOUNTS)

    assert (people.figure.value, people.figure.state, people.note) == (
        45,
        State.MEASURED,
        "August 2026 to October 2026",
    )
    assert people.figure.source is not None
    assert people.figure.source.period == "2026-08 to 2026-10"
    assert (accounts.figure.value, accounts.figure.bound) == (5, "at_least")
    assert accounts.note.startswith("50 accounts at the month's end, 45 active users in three months")
    assert (people.change, people.history) == (None, None)


def test_earlier_quarters_come_from_archived_reports(acme: Organization, build: Build) -> None:
    source = Source(endpoint="/api/v1/organization/usage", field="activeUsers", period="2026-07 to 2026-09")
    before = SealedMonth(month="2026-09", revision=1, figures={PEOPLE: Figure.measured(38, Unit.PEOPLE, source)})

    assert change(kpi(build(acme, prior_reports=PriorReports(months=(before,))), PEOPLE)).absolute.value == 42 - 38


@pytest.mark.parametrize(
    ("quarter", "block", "expected", "reason"),
    [
        (39, {}, 40, "A single month had more active users (40) than the API counts for the three months (39)."),
        (40, {}, 40, ""),
        (41, {"agent": {"activeUsers": 44}}, 44, "More people used agents than the API counts as active"),
        (41, {"agent": {"activeUsers": 41}}, 41, ""),
    ],
)
def test_the_quarter_has_at_least_the_people_of_a_month_and_of_agents(
    acme: Organization, build: Build, quarter: int, block: dict[str, object], expected: int, *, reason: str
) -> None:
    acme.v1.quarter, acme.v1.quarter_block = quarter, block
    report = build(acme)
    people = kpi(report, PEOPLE).figure

    assert (people.value, people.at_least) == (expected, bool(reason))
    assert people.reason.startswith(reason)
    assert kpi(report, ACCOUNTS).figure.known is not bool(reason)


def test_a_month_without_all_its_agent_users_makes_the_quarter_a_lower_bound(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-09"] = {"agent": {"activeUsers": 39}}
    people = kpi(build(acme), PEOPLE).figure

    assert (people.value, people.bound) == (42, "at_least")
    assert people.reason.startswith("More people used agents")


def test_more_people_than_accounts_have_no_inactive_accounts(acme: Organization, build: Build) -> None:
    acme.v1.quarter = 51

    assert kpi(build(acme), ACCOUNTS).figure.reason == (
        "More people used Tabnine in the three months (51) than had an account at their end (50)."
    )


@pytest.mark.parametrize(
    ("first_of_v2", "known", "reason"),
    [
        ("2026-07", True, ""),
        ("2026-08", True, ""),
        ("2026-09", False, "The two versions of the API count different months of these three"),
        ("2026-10", False, "The two versions of the API count different months of these three"),
    ],
)
def test_the_quarter_is_of_one_version(
    acme: Organization, build: Build, first_of_v2: str, *, known: bool, reason: str
) -> None:
    people = acme.v1.people
    acme.v1.people = {month: number for month, number in people.items() if month < first_of_v2}
    acme.v2 = Usage({month: number for month, number in people.items() if month >= first_of_v2}, days=acme.v1.days)
    acme.v2.quarter = 43
    figure = kpi(build(acme), PEOPLE).figure

    assert figure.value == (43 if known else None)
    assert figure.reason.startswith(reason)
    assert figure.source is not None
    assert ("v2" in figure.source.endpoint, "v1" in figure.source.endpoint) == (True, not known)


def test_a_month_that_both_versions_counted_makes_the_quarter_partial(acme: Organization, build: Build) -> None:
    acme.v2 = Usage({month: acme.v1.people[month] for month in ("2026-08", "2026-09", "2026-10")}, days=acme.v1.days)
    acme.v1.people = {month: number for month, number in acme.v1.people.items() if month <= "2026-08"}
    report = build(acme)

    assert kpi(report, PEOPLE).figure.state is State.PARTIAL
    assert kpi(report, PEOPLE).figure.reason == "Both versions of the API counted a part of the month."
    assert kpi(report, ACCOUNTS).figure.reason.startswith(
        "Not available, because the count of active users is partial."
    )


def test_a_month_without_figures_is_the_reason(acme: Organization, build: Build) -> None:
    acme.v1.people = {month: number for month, number in acme.v1.people.items() if month >= "2026-09"}
    acme.accounts = {month: row for month, row in acme.accounts.items() if month >= "2026-09"}

    assert kpi(build(acme), PEOPLE).figure.reason == "The month is before the organization's first activity."


def test_a_rejected_quarter_leaves_a_complete_report_and_causes_no_revision(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.gaps = {"usage-v1": {"quarter": ("2026-08",), "weeks": ("2026-09",)}}
    report = build(acme)

    assert kpi(report, PEOPLE).figure.reason == (
        "Usage (version 1 of the API) could not be fetched for the three months that end with October 2026."
    )
    assert (
        kpi(report, "weekly_active_users").figure.reason == "The weekly figures of October 2026 could not be fetched."
    )
    assert report.complete
    assert report_digest(report) == report_digest(first)
    (line,) = [line for line in report.data_quality.data_sources if line.endpoint == "usage-v1"]
    assert "the figures of three months as a whole" in line.reason
    assert "the weekly figures of 2 months" in line.reason


@pytest.mark.parametrize("end", ["2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"])
def test_another_period_is_not_the_quarter(acme: Organization, build: Build, end: str) -> None:
    acme.v1.quarter_envelope = {"to": end}

    assert kpi(build(acme), PEOPLE).figure.reason == (
        "The API returned no figures for the three months that end with October 2026 as one period."
    )


def test_a_quarter_without_the_field_is_not_zero(acme: Organization, build: Build) -> None:
    acme.v1.quarter_block = {"activeUsers": None}

    assert kpi(build(acme), PEOPLE).figure.reason.startswith("The API returned no activeUsers")
