"""A figure whose field is invalid states this, and an unreadable row is counted and visible."""

import json
from typing import Any

import pytest
from small_organization import Build, Organization, TeamUse, history, kpi

from tabnine_report.model.data_quality import DataSource
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport

INVALID = "The API returned an invalid value for {field}."


def source(report: MonthlyReport, endpoint: str) -> DataSource:
    return next(line for line in report.data_quality.data_sources if line.endpoint == endpoint)


def test_invalid_usage_field_costs_its_figure(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"chat": {"activeUsers": -1, "interactions": 5}, "agent": []}
    report = build(acme)

    assert kpi(report, "chat_users").figure.reason == INVALID.format(field="chat.activeUsers")
    assert kpi(report, "agent_users").figure.reason == INVALID.format(field="agent.activeUsers")
    assert (kpi(report, "chat_volume").figure.value, kpi(report, "active_users").figure.value) == (5, 40)
    assert source(report, "usage-v1").reason == INVALID.format(field="agent, chat.activeUsers")
    assert report.complete


@pytest.mark.parametrize(
    ("field", "key"), [("active", "accounts"), ("pending", "pending"), ("registered", "registered")]
)
def test_invalid_account_field_costs_its_figure(acme: Organization, build: Build, field: str, key: str) -> None:
    acme.accounts["2026-10"][field] = "many"
    figure = kpi(build(acme), key).figure
    assert (figure.state, figure.reason) == (State.UNAVAILABLE, INVALID.format(field=field))


def test_invalid_setting_is_not_known(acme: Organization, build: Build) -> None:
    acme.sign_in["samlEnabled"] = "yes"
    governance = build(acme).governance
    assert governance is not None
    saml = next(requirement for requirement in governance.sign_in if requirement.key == "saml")
    assert (saml.actual, saml.note) == ("not known", INVALID.format(field="samlEnabled"))


@pytest.mark.parametrize("name", [None, 5, "", []])
def test_organization_without_a_name_has_that_of_the_profile(acme: Organization, build: Build, name: object) -> None:
    acme.sign_in["name"] = name
    assert build(acme).organization.name == ("5" if name == 5 else "acme")


@pytest.mark.parametrize(("row", "problem"), [({"name": "X"}, "no id"), ({"id": "t9", "name": []}, "invalid name")])
def test_unreadable_team_is_counted_and_visible(
    acme: Organization, build: Build, row: dict[str, Any], problem: str
) -> None:
    acme.with_teams(t1=TeamUse(), t2=TeamUse(), t3=TeamUse())
    acme.teams.append(row)
    report = build(acme)

    sentence = f"1 of 4 rows could not be read: {problem}."
    figure = kpi(report, "teams").figure
    assert (figure.value, figure.state, figure.reason) == (3, State.PARTIAL, sentence)
    assert source(report, "teams").reason == sentence
    # What is left of the organization's usage includes the unreadable team.
    assert report.teams is not None
    assert report.teams.no_team is None or not report.teams.no_team.completions.known


def test_day_without_activity_is_not_known_beside_an_unreadable_day(acme: Organization, build: Build) -> None:
    sunday = "2026-10-04"
    readable = build(acme).adoption.daily.points
    acme.v1.days["2026-10-32"] = 20
    unreadable = build(acme).adoption.daily.points

    assert {p.period: p.figure.value for p in readable}[sunday] == 0
    assert {p.period: p.figure.value for p in unreadable}[sunday] is None
    assert {p.period: p.figure.value for p in unreadable}["2026-10-05"] == 20


@pytest.mark.parametrize("text", ["{}", '{"seats": null, "exp": null}'])
def test_a_license_without_seats_and_end_is_unknown_and_not_unlimited(
    acme: Organization, build: Build, text: str
) -> None:
    acme.license = json.loads(text)
    report = build(acme)

    assert kpi(report, "seats").figure.value is None
    assert "no seat limit" not in kpi(report, "seats").figure.reason
    assert "never" not in [fact.text for fact in report.seats.license]
    assert not report.complete


def test_unlimited_seats_have_no_number(acme: Organization, build: Build) -> None:
    acme.license = json.loads('{"seats": "unlimited", "exp": 253402214400}')
    report = build(acme, price=(39.0, "USD"))

    for key in ("seats", "seat_utilization", "unassigned_seats", "unused_seats", "seat_spend"):
        assert (kpi(report, key).figure.value, kpi(report, key).figure.reason) == (
            None,
            "The license has no seat limit.",
        )
    assert [fact.text for fact in report.seats.license if fact.label == "License expires"] == ["never"]
    assert report.seats.title == "The license has no seat limit."
    assert report.complete
    assert "seat" not in report.headline


def test_month_with_two_different_answers_is_not_available(acme: Organization, build: Build) -> None:
    acme.accounts["again"] = acme.accounts["2026-05"] | {"active": 7}
    points = {point.period: point.figure for point in history(kpi(build(acme), "accounts"))}
    assert points["2026-05"].reason == "The API returned May 2026 twice, with different figures."
    assert {period for period, figure in points.items() if not figure.known} == {str(Month(2026, 5))}
