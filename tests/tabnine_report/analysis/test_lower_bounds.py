"""A number of active users that is a lower bound is printed as "at least" in every channel."""

import json
import re
from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render_text import text_documents
from small_organization import AgentUse, Build, Organization, TeamUse, kpi

from tabnine_report.model.data_quality import CheckResult
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.chat.slack_report import report_payload
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook


@pytest.fixture
def report(acme: Organization, build: Build) -> MonthlyReport:
    """40 active users and 45 agent users of 50 accounts."""
    acme.v1.blocks["2026-10"] = {
        "agent": {"activeUsers": 45},
        "codeCompletions": {"activeUsers": 30, "completions": 90},
    }
    return build(acme, price=(39, "EUR"), targets={"adoption_rate": 0.8})


def test_active_users_are_at_least_the_agent_users(report: MonthlyReport) -> None:
    active, adoption = kpi(report, "active_users").figure, kpi(report, "adoption_rate").figure

    assert (active.value, active.state, active.at_least) == (45, State.PARTIAL, True)
    assert (adoption.value, adoption.at_least) == (0.9, True)
    assert report.headline == "At least 45 people used Tabnine in October. 10 of 60 seats were unassigned."
    assert report.adoption.title.startswith("At least 90% of 50 account holders used Tabnine")
    assert report.month_summary.startswith("The number of active users in October is a lower bound")
    # 50 accounts minus at least 45 people is at most 5, and at least that minus the people who left: nothing is known.
    for key in ("inactive_accounts", "unused_seats", "inactive_account_spend", "stickiness"):
        assert kpi(report, key).figure.state is State.UNAVAILABLE
    assert kpi(report, "completions_per_user").figure.value == 3
    assert {action.rule for action in report.recommended_actions}.isdisjoint({"reassign_inactive_accounts"})


def test_days_are_lower_bounds_if_agent_users_are_not_counted(report: MonthlyReport) -> None:
    average = kpi(report, "average_daily_active_users")

    assert (average.figure.value, average.figure.at_least) == (20, True)
    assert average.change is not None
    assert not average.change.absolute.known
    assert average.figure.reason in report.adoption.funnel[-1].drop
    assert {point.figure.at_least for point in report.adoption.daily.points if point.figure.value} == {True}
    assert not any(point.figure.at_least for point in report.adoption.daily.points if point.figure.value == 0)


def test_a_day_has_at_least_the_users_of_each_feature(acme: Organization, build: Build) -> None:
    acme.v1.day_blocks = {day: {"agent": {"activeUsers": 25}, "chat": {"activeUsers": 5}} for day in acme.v1.days}
    report = build(acme)
    average, stickiness = (kpi(report, key).figure for key in ("average_daily_active_users", "stickiness"))

    assert kpi(report, "active_users").figure.state is State.MEASURED
    assert (average.value, average.at_least) == (25, True)
    assert (stickiness.value, stickiness.at_least) == (25 / 40, True)
    assert "at least 25 of the 40 did" in report.adoption.title
    assert not [check.name for check in report.data_quality.checks if check.result is CheckResult.DIFFERS]


def test_no_check_differs_because_of_the_lower_bound(report: MonthlyReport) -> None:
    assert not [check.name for check in report.data_quality.checks if check.result is CheckResult.DIFFERS]


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 20))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=20)
def test_no_figure_claims_more_than_is_known(
    acme: Organization, build: Build, counted: int, agents: int, uncounted: int
) -> None:
    """Where the API obviously does not count everyone, every figure must hold if it did."""
    acme.v1.blocks["2026-10"] = {
        "agent": {"activeUsers": agents, "interactions": 900},
        "codeCompletions": {"activeUsers": min(counted, 30), "completions": 90},
    }
    acme.v1.day_blocks = {day: {"agent": {"activeUsers": agents // 2}} for day in list(acme.v1.days)[::7]}
    acme.agents = AgentUse()
    acme.v1.people["2026-10"] = counted
    printed = dict(_figures(build(acme, price=(39, "EUR"))))
    acme.v1.people["2026-10"] = agents + uncounted if agents > counted else counted
    true = dict(_figures(build(acme, price=(39, "EUR"))))

    for path in sorted(printed.keys() & true.keys()):
        figure, truth = printed[path], true[path]
        if figure.value is None or truth.value is None:
            continue
        assert not (figure.at_least and not figure.value), path
        if figure.at_least:
            assert figure.value <= truth.value, path
        elif figure.at_most:
            assert figure.value >= truth.value, path
        else:
            assert figure.value == truth.value, path


def _figures(report: MonthlyReport) -> Iterator[tuple[str, Figure]]:
    """Yield every figure whose path is the same in every report, by that path."""
    return ((path, figure) for path, figure in report.figures() if "findings" not in path and "actions" not in path)


def test_a_lower_bound_by_definition_is_printed_as_one(acme: Organization, build: Build) -> None:
    report = build(acme, price=(39, "EUR"))
    text = text_documents(report)["email.txt"].replace("\N{NO-BREAK SPACE}", " ")

    for key in ("inactive_accounts", "unused_seats", "inactive_account_spend"):
        assert (kpi(report, key).figure.state, kpi(report, key).figure.at_least) == (State.MEASURED, True)
    assert report.headline.endswith(" At least a third of the seats, 20 of 60, were unused.")
    assert report.seats.title.replace("\N{NO-BREAK SPACE}", " ") == "Unused seats cost at least EUR 780 a month."
    assert "- at least 10: inactive accounts, at least EUR 390 a month" in text
    assert "Reassign or deactivate inactive accounts?\n   At least 10 had no activity." in text
    assert "At stake: up to EUR 390 a month from renewal, if these 10 are deactivated." in text
    assert "at least at least" not in text


def test_nothing_is_at_least_zero(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 50
    acme.license["seats"] = 50
    report = build(acme)

    assert (kpi(report, "inactive_accounts").figure.value, kpi(report, "inactive_accounts").figure.at_least) == (
        0,
        False,
    )
    assert report.headline.endswith(" No unused seats were found among the 50.")


def test_a_small_average_that_is_a_lower_bound_is_not_zero(acme: Organization, build: Build) -> None:
    acme.v1.days = {"2026-10-01": 1, "2026-10-30": 1}
    acme.v1.people["2026-10"] = 2
    acme.v1.day_blocks = {day: {"agent": {"activeUsers": 2}} for day in acme.v1.days}
    average = kpi(build(acme), "average_daily_active_users").figure

    assert (average.value, average.state) == (None, State.UNAVAILABLE)
    assert "lower bounds" in average.reason


def test_every_channel_prints_at_least_and_none_the_smaller_number(report: MonthlyReport) -> None:
    language = language_of(report)
    texts = text_documents(report)
    texts["slack"] = json.dumps(report_payload(report, language, ""), ensure_ascii=False)
    texts["prefect"] = markdown_summary(report, language)

    for name in ("report.html", "email.html", "email.txt", "slack", "prefect"):
        words = " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", texts[name], flags=re.DOTALL).split())
        assert "at least 45" in words, name
        assert "at least 90" in words, name
        assert not re.search(r"\b40 (people|of 50|active)", words), name


def test_the_workbook_keeps_the_number_and_prints_at_least(report: MonthlyReport) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(report, language_of(report))))
    rows = [row for sheet in book for row in sheet.iter_rows() if any(cell.value == "active_users" for cell in row)]
    cells = [cell for row in rows for cell in row if cell.value == 45]

    assert cells
    assert {cell.number_format for cell in cells} == {'"at least "#,##0'}
    assert not [cell for row in rows for cell in row if cell.value == 40]


def test_more_active_users_than_accounts_are_at_least_that_many(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 55}}

    assert build(acme).adoption.title == (
        "At least 55 people used Tabnine; accounts at the month's end: 50. The count of active users is partial."
    )


def test_a_team_has_at_least_its_agent_users(acme: Organization, build: Build) -> None:
    acme.users = (41, 9, 3, 0)
    acme.with_teams(core=TeamUse(30, (20, 24), agents=27), web=TeamUse(20, (7, 7), agents=6))
    teams = build(acme).teams
    assert teams is not None
    web, core = teams.rows

    assert (core.active_users.value, core.active_users.at_least, core.share.value, core.share.at_least) == (
        27,
        True,
        0.9,
        True,
    )
    assert (core.per_user.value, core.per_user.at_most, core.change.absolute.value) == (80 / 27, True, None)
    assert (web.active_users.value, web.active_users.state) == (7, State.MEASURED)


def test_a_team_with_few_active_users_is_hidden_even_if_more_use_agents(acme: Organization, build: Build) -> None:
    acme.users = (41, 9, 3, 0)
    acme.with_teams(core=TeamUse(30, (20, 24)), web=TeamUse(20, (3, 3), agents=6), app=TeamUse(20, (9, 9)))
    teams = build(acme).teams

    assert teams is not None
    assert "WEB" not in [row.name for row in teams.rows]


def test_a_failed_check_of_a_lower_bound_states_it_as_one(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 55}}
    (failed,) = build(acme).data_quality.failed_checks

    assert failed.sentence.startswith(
        "Active users in the month: at least 55; accounts registered at any time in it: 52"
    )
