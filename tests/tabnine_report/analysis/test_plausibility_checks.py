"""Tests of the checks whether single responses can be true, and of the figures that rest on a check."""

import json
from datetime import timedelta
from typing import Any

import pytest
from small_organization import Build, Organization, TeamUse, Usage, kpi

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.figure import State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Snapshot

ONE_ORGANIZATION = "Responses about one organization"
MEMBERS = "Members: list of teams and list of users"
NEWEST_DAY = "Daily usage: newest day"
FACTORS = "Tabnine's ratios: from 0 to 100%"
FIELDS = {
    "automation_factor": ("codeCompletions", "automationFactor"),
    "chat_consumption_rate": ("chat", "chatConsumptionRate"),
    "productivity_factor": ("", "productivityFactor"),
}
BLOCKS: dict[str, Any] = {
    "codeCompletions": {"charsCompleted": 426, "keystrokes": 574},
    "chat": {"interactions": 100, "usefulChatInteractions": 50},
}


def check(report: MonthlyReport, name: str) -> CrossCheck:
    return next(one for one in report.data_quality.checks if one.name == name)


def with_factor(usage: Usage, month: str, key: str, value: float) -> None:
    """Set a factor of a month."""
    block, field = FIELDS[key]
    inner = {block: BLOCKS[block] | {field: value}} if block else {field: value}
    usage.blocks[month] = BLOCKS | inner


@pytest.mark.parametrize("key", FIELDS)
@pytest.mark.parametrize(("value", "shown"), [(42.6, "4,260%"), (1.002, "100.2%")])
def test_a_factor_outside_0_to_1_fails_and_marks_its_figure(
    acme: Organization, build: Build, key: str, value: float, shown: str
) -> None:
    with_factor(acme.v1, "2026-10", key, value)
    report = build(acme)
    found, figure = check(report, FACTORS), kpi(report, key).figure

    assert (found.result, found.severity, found.on_page_one) == (CheckResult.DIFFERS, Severity.WARNING, False)
    assert found.sentence == f"The API reports ratios outside 0 to 100%: {METRIC_LABELS[key]} {shown}."
    assert figure.reason == f"The API reports {shown} for this figure, but a share is from 0 to 100%."
    # The productivity factor is the API's own; the others are computed from their parts.
    assert figure.state is (State.UNAVAILABLE if key == "productivity_factor" else State.PARTIAL)


METRIC_LABELS = {
    "automation_factor": "Automation factor",
    "chat_consumption_rate": "Chat consumption rate",
    "productivity_factor": "Productivity factor",
}


@pytest.mark.parametrize("key", FIELDS)
@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_a_share_agrees(acme: Organization, build: Build, key: str, value: float) -> None:
    with_factor(acme.v1, "2026-10", key, value)
    report = build(acme)

    assert check(report, FACTORS).result is CheckResult.AGREES
    assert kpi(report, key).figure.state is State.MEASURED


@pytest.mark.parametrize("key", FIELDS)
def test_a_factor_of_an_earlier_month_marks_only_that_month(acme: Organization, build: Build, key: str) -> None:
    with_factor(acme.v1, "2026-09", key, 42.6)
    with_factor(acme.v1, "2026-10", key, 0.5)
    report = build(acme)
    months = kpi(report, key).history

    assert months is not None
    assert [point.figure.state is State.MEASURED for point in months.points[-2:]] == [False, True]
    assert check(report, FACTORS).result is CheckResult.AGREES


def test_version_2_reports_no_factors(acme: Organization, build: Build) -> None:
    acme.v1, acme.v2 = Usage(), acme.v1
    with_factor(acme.v2, "2026-10", "productivity_factor", 42.6)

    assert check(build(acme), FACTORS).result is CheckResult.NOT_POSSIBLE


@pytest.mark.parametrize("feature", ["codeCompletions.completions", "chat.interactions", "agent.interactions"])
@pytest.mark.parametrize(
    ("people_and_volume", "result"),
    [
        ((0, 1), CheckResult.DIFFERS),
        ((1, 1), CheckResult.AGREES),
        ((1, 0), CheckResult.AGREES),
        # Zeros in every field mean that the version no longer counts.
        ((0, 0), CheckResult.NOT_POSSIBLE),
    ],
)
def test_a_month_with_usage_has_active_users(
    acme: Organization, build: Build, feature: str, people_and_volume: tuple[int, int], result: CheckResult
) -> None:
    block, field = feature.split(".")
    acme.v1.people["2026-10"], volume = people_and_volume
    acme.v1.blocks = {"2026-10": {block: {field: volume}}}
    found = check(build(acme), "Active users and usage")

    assert (found.result, found.severity) == (result, Severity.HOLD)


@pytest.mark.parametrize(
    ("last_day", "result"),
    [
        ("2026-10-28", CheckResult.DIFFERS),
        ("2026-10-30", CheckResult.AGREES),
        ("2026-09-30", CheckResult.NOT_POSSIBLE),
    ],
)
def test_missing_newest_days_fail(acme: Organization, build: Build, last_day: str, result: CheckResult) -> None:
    acme.v1.days = {day: people for day, people in acme.v1.days.items() if day <= last_day}
    found = check(build(acme), NEWEST_DAY)

    assert (found.result, found.on_page_one) == (result, True)
    if result is CheckResult.DIFFERS:
        assert found.sentence == (
            "Newest day with usage: 28 October 2026; last working day that had ended: 30 October 2026."
        )


def one_team_of_users(acme: Organization) -> None:
    acme.users = (8, 1, 0, 0)


def one_team_of_accounts(acme: Organization) -> None:
    for row in acme.accounts.values():
        row |= {"active": 8, "registered": 8}
    acme.v1.people["2026-10"] = 8


def one_team_of_registered_accounts(acme: Organization) -> None:
    for row in acme.accounts.values():
        row["registered"] = 8


def one_team_in_the_list(acme: Organization) -> None:
    acme.teams = [{"id": "t1", "name": "One", "usersCount": 8}]


def too_large_teams_in_the_list(acme: Organization) -> None:
    acme.teams = [{"id": "t1", "name": "One", "usersCount": 120}]


@pytest.mark.parametrize(
    ("narrow", "sentence"),
    [
        (
            one_team_of_users,
            "Accounts by month: 50; registered users in the list of users: 9.",
        ),
        (
            one_team_of_accounts,
            "Accounts by month: 8; registered users in the list of users: 50.",
        ),
        (
            one_team_of_registered_accounts,
            "Active users in the month: 40; accounts registered at any time in it: 8.",
        ),
        (
            too_large_teams_in_the_list,
            "Members of all teams in the list of teams: 120; users in the list of users: 53.",
        ),
    ],
)
def test_an_answer_about_one_team_holds_the_report(
    acme: Organization, build: Build, narrow: Any, sentence: str
) -> None:
    narrow(acme)
    found = check(build(acme), ONE_ORGANIZATION)

    assert (found.holds, found.on_page_one) == (True, True)
    assert found.sentence == (
        "These counts contradict each other, so a response may cover only a part of the organization, for example "
        f"because the API token has narrow permissions. {sentence}"
    )


def test_another_meaning_of_active_does_not_hold_the_report(acme: Organization, build: Build) -> None:
    for row in acme.accounts.values():
        row |= {"active": 20, "registered": 52}

    assert check(build(acme), ONE_ORGANIZATION).result is CheckResult.AGREES


def test_a_list_of_one_team_fails_without_holding_the_report(acme: Organization, build: Build) -> None:
    one_team_in_the_list(acme)
    report = build(acme)
    found = check(report, MEMBERS)

    assert (found.result, found.severity, found.on_page_one) == (CheckResult.DIFFERS, Severity.WARNING, False)
    assert found.sentence == (
        "Members of all teams in the list of teams: 8; registered users in teams in the list of users: 46."
    )
    assert not check(report, ONE_ORGANIZATION).holds


def test_the_other_teams_of_a_list_of_one_team_are_no_users_without_a_team(acme: Organization, build: Build) -> None:
    acme.users = (46, 20, 3, 0)
    acme.with_teams(one=TeamUse(8, (6, 6), (60, 60)))
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"activeUsers": 40, "completions": 400}}
    acme.teams[0]["usersCount"] = 8
    narrow = build(acme).teams
    acme.teams[0]["usersCount"] = 46
    whole = build(acme).teams

    assert narrow is not None
    assert narrow.title == (
        "The list of teams is incomplete: its teams have 8 members, and the list of users has 46 users in teams."
    )
    assert whole is not None
    assert whole.no_team is not None
    assert whole.no_team.completions.value == 340
    assert narrow.no_team is None


@pytest.mark.parametrize(
    ("users", "members"),
    [
        ((46, 4, 3, 0), None),
        ((46, 4, 3, 0), 46),
        # Teams may count deactivated users and users without a team; a few users may have joined since.
        ((46, 4, 30, 0), 80),
        ((46, 4, 3, 0), 40),
        ((36, 4, 3, 0), 46),
        ((60, 4, 3, 0), 46),
    ],
)
def test_similar_counts_agree(
    acme: Organization, build: Build, users: tuple[int, int, int, int], members: int | None
) -> None:
    acme.users = users
    acme.teams = [{"id": "t1", "name": "One"} | ({} if members is None else {"usersCount": members})]

    report = build(acme)

    assert check(report, ONE_ORGANIZATION).result is CheckResult.AGREES
    assert check(report, MEMBERS).result is (CheckResult.NOT_POSSIBLE if members is None else CheckResult.AGREES)


def test_a_small_organization_does_not_hold(acme: Organization, build: Build) -> None:
    acme.users = (3, 0, 0, 0)
    for row in acme.accounts.values():
        row |= {"active": 12, "registered": 50}

    assert not check(build(acme), ONE_ORGANIZATION).holds


@pytest.mark.parametrize("late", [Endpoint.USERS, Endpoint.TEAMS])
def test_teams_and_users_of_different_runs_are_not_compared(acme: Organization, build: Build, late: Endpoint) -> None:
    acme.teams = [{"id": "t1", "name": "One", "usersCount": 8}]
    acme.late = {late: timedelta(days=1)}

    assert check(build(acme), MEMBERS).result is CheckResult.NOT_POSSIBLE


def with_pages(acme: Organization, endpoint: Endpoint, *pages: tuple[list[str], int]) -> Snapshot:
    """Respond to every query of a list with pages of ids, each with its total."""
    snapshot = acme.snapshot()
    fetch = snapshot.fetches[endpoint]
    responses = tuple(
        response.model_copy(
            update={
                "params": {"offset": str(number), "limit": "1000"},
                "body": json.dumps({"data": [{"id": i, "name": i} for i in ids], "meta": {"total": total}}).encode(),
            }
        )
        for response in fetch.responses
        for number, (ids, total) in enumerate(pages)
    )
    fetches = {**snapshot.fetches, endpoint: fetch.model_copy(update={"responses": responses})}
    return snapshot.model_copy(update={"fetches": fetches})


@pytest.mark.parametrize(
    ("endpoint", "name", "key", "rows"),
    [
        (Endpoint.TEAMS, "List of teams: rows and total", "teams", 3),
        (Endpoint.USERS, "List of users: rows and total", "accounts_without_team", 12),
        (Endpoint.USERS, "List of users: rows and total", "deactivated_in_teams", 12),
    ],
)
def test_a_total_of_each_page_fails_and_marks_the_counts(  # noqa: PLR0917 - four are the case
    acme: Organization,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: Endpoint,
    name: str,
    key: str,
    rows: int,
) -> None:
    snapshot = with_pages(acme, endpoint, (["a", "b"], 2), (["c"], 1))
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)
    report = build(acme)
    figure = kpi(report, key).figure

    assert check(report, name).result is CheckResult.DIFFERS
    assert check(report, name).sentence == (f"Rows received: {rows}; total reported by the API: {2 * rows // 3}.")
    assert (figure.value, figure.state) == (3, State.PARTIAL)
    assert figure.reason == (
        "The API reports only the number of rows in each page as the total of this list, so the list may be incomplete."
    )


@pytest.mark.parametrize("endpoint", [Endpoint.TEAMS, Endpoint.USERS])
def test_a_total_of_the_list_agrees(
    acme: Organization, build: Build, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    snapshot = with_pages(acme, endpoint, (["a", "b"], 3), (["c"], 3))
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)
    report = build(acme)

    assert check(report, f"List of {endpoint}: rows and total").result is CheckResult.AGREES
    assert kpi(report, "teams").figure.state is State.MEASURED
    assert kpi(report, "accounts_without_team").figure.state is State.MEASURED


def test_the_list_of_users_is_not_checked_if_only_its_total_was_requested(acme: Organization, build: Build) -> None:
    assert not any(one.name.startswith("List of users") for one in build(acme).data_quality.checks)


def test_a_check_names_the_figures_that_rest_on_it(acme: Organization, build: Build) -> None:
    checks = {one.name: one for one in build(acme).data_quality.checks}

    assert checks["Accounts and list of users"].metrics == (
        "accounts",
        "adoption_rate",
        "seat_utilization",
        "unassigned_seats",
        "inactive_accounts",
        "quarter_inactive_accounts",
        "unused_seats",
        "unassigned_seat_spend",
        "inactive_account_spend",
    )
    assert checks["Accounts and list of users"].on_page_one
    assert checks["List of teams: rows and total"].metrics == ("teams",)
    assert not checks["List of teams: rows and total"].on_page_one
    assert all(set(one.metrics) <= METRICS.keys() and one.metrics for one in checks.values())
