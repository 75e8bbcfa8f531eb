"""Changes against the same month of the year before, computed by hand."""

import pytest
from small_organization import AgentUse, Build, Organization, Usage, kpi

from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.kpi import Change
from tabnine_report.model.prior_reports import PriorReports, SealedMonth
from tabnine_report.model.report import MonthlyReport


def year_before(report: MonthlyReport, key: str) -> Change:
    found = kpi(report, key).year_before
    assert found is not None
    return found


def sealed(month: str, **figures: Figure) -> PriorReports:
    return PriorReports(months=(SealedMonth(month=month, revision=1, figures=figures),))


def seats(number: int, month: str) -> Figure:
    return Figure.measured(number, Unit.SEATS, Source(endpoint="/api/v1/license", period=month))


def test_a_monthly_figure_is_compared_with_the_same_month_of_the_year_before(acme: Organization, build: Build) -> None:
    # 40 active users after 30, 50 accounts after 48.
    report = build(acme)

    active = year_before(report, "active_users")
    assert (active.since, active.absolute.value, active.relative.value) == ("2025-10", 10, 10 / 30)
    assert year_before(report, "accounts").absolute.value == 2
    assert year_before(report, "adoption_rate").absolute.value == pytest.approx(40 / 50 - 30 / 48)


def test_a_current_figure_is_compared_with_the_archived_report(acme: Organization, build: Build) -> None:
    assert kpi(build(acme), "seats").year_before is None
    assert kpi(build(acme, prior_reports=sealed("2026-09", seats=seats(50, "2026-09"))), "seats").year_before is None

    report = build(acme, prior_reports=sealed("2025-10", seats=seats(45, "2025-10")))
    assert year_before(report, "seats").absolute.value == 15
    assert kpi(report, "seats").change is None


def test_nothing_is_compared_across_a_method_change(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(cost={"2025-10": 400.0, "2026-10": 1000.0})
    months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    completions = {"codeCompletions": {"activeUsers": 20, "completions": 400}}
    acme.v2 = Usage({month: acme.v1.people[month] for month in months}, dict.fromkeys(months, completions))
    acme.v1.blocks = {"2025-10": completions}
    for month in months:
        del acme.v1.people[month]
    used = Figure.measured(9, Unit.ACCOUNTS, Source(endpoint="/api/v1/organization/usage", period="2025-10"))
    report = build(acme, prior_reports=sealed("2025-10", inactive_accounts=used))

    for key in ("active_users", "adoption_rate", "inactive_accounts", "completion_users", "chat_volume"):
        assert kpi(report, key).year_before is None
    # Accounts, completions and agent spend are counted alike before and after it.
    assert year_before(report, "accounts").absolute.value == 2
    assert year_before(report, "completions").absolute.value == 0
    assert year_before(report, "agent_spend").absolute.value == 600


def test_a_missing_month_is_the_reason(acme: Organization, build: Build) -> None:
    del acme.accounts["2025-10"]
    acme.gaps = {"usage-v1": {"history": ("2025-10",)}}
    report = build(acme)

    assert year_before(report, "accounts").absolute.reason == "The API returned no accounts for October 2025."
    assert year_before(report, "active_users").absolute.reason.endswith("could not be fetched for October 2025.")


def test_a_month_before_the_organizations_first_is_the_reason(acme: Organization, build: Build) -> None:
    acme.v1.people = {month: people for month, people in acme.v1.people.items() if month >= "2026-06"}
    acme.accounts = {month: row for month, row in acme.accounts.items() if month >= "2026-06"}

    assert year_before(build(acme), "active_users").absolute.reason == (
        "The month is before the organization's first activity."
    )


def test_a_discontinued_figure_is_not_compared(acme: Organization, build: Build) -> None:
    acme.v2 = Usage(people=acme.v1.people, days=acme.v1.days)
    acme.v1 = Usage()

    assert kpi(build(acme), "productivity_factor").year_before is None
