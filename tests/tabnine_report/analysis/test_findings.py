"""Tests of the findings of complete reports."""

import pytest
from small_organization import Build, Organization

from tabnine_report.analysis.rules.table import FINDINGS
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport


def rules(report: MonthlyReport) -> list[str]:
    """Return the rules of the findings on the month as a whole, without details such as unused seats."""
    telling = {rule.name for rule in FINDINGS if rule.kind == "month"}
    return [finding.rule for finding in report.findings if finding.rule in telling]


def agents(acme: Organization, numbers: list[int]) -> None:
    """Set the agent users of the newest months, oldest first."""
    months = sorted(acme.v1.people)[-len(numbers) :]
    acme.v1.blocks = {month: {"agent": {"activeUsers": n}} for month, n in zip(months, numbers, strict=True)}


def test_a_month_without_unusual_changes_is_typical(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 37
    report = build(acme)

    assert (rules(report), report.month_summary) == (
        [],
        "October was a typical month: usage changed no more than usual.",
    )


@pytest.mark.parametrize(("people", "word", "compared"), [(45, "grew", "more"), (27, "fell", "fewer")])
def test_active_users_beyond_the_typical_change_are_reported(
    acme: Organization, build: Build, people: int, word: str, compared: str
) -> None:
    acme.v1.people["2026-10"] = people
    report = build(acme)

    assert rules(report) == ["active_users_changed"]
    # The eleven movements before: 3.0, 3.0, 3.1, 3.1, 3.1, 3.2, 3.2, 3.2, 3.3, 3.3, 5.9 %; 3.2 in the middle.
    assert report.findings[0].text == (
        f"Active users {word} more than usual. 25.0% {compared} than in September; a typical month changes by 3.2%."
    )
    assert report.findings[0].figures["active_users"].value == people
    assert report.month_summary == ""


def test_a_change_of_four_people_is_not_reported(acme: Organization, build: Build) -> None:
    # 40 after 36 are 11 %, far beyond the ordinary, but fewer than the smallest change.
    assert next(rule for rule in FINDINGS if rule.name == "active_users_changed").thresholds["min_people"] == 5
    assert rules(build(acme)) == []


def test_with_too_few_complete_months_nothing_is_typical(acme: Organization, build: Build) -> None:
    acme.v1.people = {month: n for month, n in acme.v1.people.items() if month >= "2026-08"} | {"2026-10": 60}
    report = build(acme)

    assert rules(report) == []
    assert report.month_summary == (
        "October has too few active users, or too few complete months before it, to determine whether it was typical."
    )


def test_a_month_after_a_small_base_is_not_called_typical(acme: Organization, build: Build) -> None:
    acme.v1.people |= {"2026-09": 19, "2026-10": 5}
    acme.v1.days = dict.fromkeys(acme.v1.days, 2)

    assert build(acme).month_summary.startswith("October has too few active users,")


def test_the_largest_rise_of_agent_users_is_reported(acme: Organization, build: Build) -> None:
    agents(acme, [2, 3, 4, 5, 6, 12])
    report = build(acme)

    assert rules(report) == []  # A base of six has no percentage, and six people more are no news of a company.
    agents(acme, [20, 21, 22, 23, 24, 25, 36])
    acme.v1.people = dict.fromkeys(acme.v1.people, 80)
    report = build(acme)
    assert rules(report) == ["agent_users_rose"]
    assert report.findings[0].text == (
        "Agent users rose faster than before. 11 more; the largest of the last 6 monthly changes."
    )


def test_agent_users_reaching_half_are_reported(acme: Organization, build: Build) -> None:
    agents(acme, [20, 21, 22, 23, 24, 25, 40])
    acme.v1.people = dict.fromkeys(acme.v1.people, 80)

    assert build(acme).findings[0].text == (
        "Agents reached half of all active users. 15 more agent users, the largest of the last 6 monthly changes."
    )


def test_first_agent_users_are_reported_after_a_month_without_any(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 37
    agents(acme, [0, 0, 7])
    first = build(acme).findings[0].text
    assert first == "Agents were used for the first time. 7 people used them, the first on record."

    agents(acme, [7])  # Of the months before, the API says nothing: that is not nobody.
    assert rules(build(acme)) == []


def test_missing_usage_is_the_first_finding(acme: Organization, build: Build) -> None:
    acme.failed["usage-v1"] = 500
    report = build(acme)

    assert report.findings[0].claim == "Usage in October is not available."
    assert report.findings[0].figures["active_users"].value is None


def test_a_partial_month_is_not_called_typical(acme: Organization, build: Build) -> None:
    acme.failed["usage-v2"] = 500

    assert (
        build(acme).month_summary
        == "The figures of October are incomplete, so they are not compared with another month."
    )


def use_on_working_days(acme: Organization, numbers: list[int]) -> None:
    """Set the daily active users of the newest months, oldest first, with 40 active users in each month."""
    months = Month(2026, 10).last(len(numbers))
    acme.v1.people |= {str(month): 40 for month in months}
    acme.v1.days = {
        str(day): people
        for month, people in zip(months, numbers, strict=True)
        for day in month.days
        if day.weekday() < 5
    }


@pytest.mark.parametrize(("october", "claim"), [(30, "Use became more routine."), (18, "Use became less routine.")])
def test_a_change_of_stickiness_is_reported(acme: Organization, build: Build, october: int, claim: str) -> None:
    use_on_working_days(acme, [24, 25, 24, 25, 24, october])
    report = build(acme)

    assert rules(report) == ["stickiness_changed"]
    percent = f"{25 * (october - 24) // 6:+d}.0%".replace("-", "\N{MINUS SIGN}")
    assert report.findings[0].claim == claim
    assert report.findings[0].evidence == f"Average daily active users {percent}, active users 0.0%."


@pytest.mark.parametrize(
    "numbers",
    [
        [16, 17, 16, 17, 16, 30],  # A base of 16 is too small for a percentage.
        [24, 25, 24, 25, 24, 28],  # Four people, 17 %, are too few to tell of.
        [24, 30, 24, 30, 24, 30],  # It moves like this every month.
        [24, 24, 24, 24, 30],  # Three movements are too few to know what is ordinary.
    ],
)
def test_a_typical_change_of_stickiness_is_not_reported(acme: Organization, build: Build, numbers: list[int]) -> None:
    use_on_working_days(acme, numbers)

    assert rules(build(acme)) == []
