"""Unusual responses that the API's documents allow: each has one correct result in the report."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from small_organization import AgentUse, Build, Json, Organization, TeamUse, all_measures, history, kpi

from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.snapshot import Snapshot

Change = Callable[[dict[str, str], Any], Any]
"""Returns the altered body of a response, from the query's parameters and the ordinary body."""


@dataclass
class Altered:
    """An organization whose responses of one endpoint are altered."""

    organization: Organization
    endpoint: str
    change: Change

    def snapshot(self) -> Snapshot:
        ordinary = self.organization.snapshot()
        fetch = ordinary.fetches[self.endpoint]
        responses = tuple(
            response.model_copy(
                update={"body": json.dumps(self.change(dict(response.params), json.loads(response.body))).encode()}
            )
            for response in fetch.responses
        )
        altered = fetch.model_copy(update={"responses": responses})
        return ordinary.model_copy(update={"fetches": {**ordinary.fetches, self.endpoint: altered}})


def buckets(change: Callable[[dict[str, str], Json], Json]) -> Change:
    """Return the change of a response that changes each of its buckets."""

    def whole(params: dict[str, str], body: Json) -> Json:
        return body | {"usage": body["usage"] | {"data": [change(params, one) for one in body["usage"]["data"]]}}

    return whole


def _earlier(params: dict[str, str], bucket: Json) -> Json:
    if params["granularity"] == "all":
        return bucket
    start = datetime.fromisoformat(bucket["from"]) - timedelta(hours=2)
    end = datetime.fromisoformat(bucket["to"]) - timedelta(hours=2)
    return bucket | {"from": f"{start:%Y-%m-%dT%H:%M:%SZ}", "to": f"{end:%Y-%m-%dT%H:%M:%SZ}"}


def _newest_first(_: dict[str, str], body: Json) -> Json:
    return body | {"usage": {"data": body["usage"]["data"][::-1]}}


def _accounts_newest_first(_: dict[str, str], rows: list[Json]) -> list[Json]:
    return [rows[-1] | {"month": 10}, *rows[::-1]]


def _later_users(params: dict[str, str], body: Json) -> Json:
    row = {"id": "u1", "email": "a@acme.example", "role": "TeamLead", "verified": True, "team": None}
    return body | {"data": [row | {"active": params["active"] == "true", "allowedTeams": []}]}


@pytest.mark.parametrize(
    ("endpoint", "change"),
    [
        pytest.param("usage-v1", buckets(_earlier), id="months-and-days-from-local-midnight"),
        pytest.param("usage-v1", _newest_first, id="months-and-days-newest-first"),
        pytest.param("account-utilizations", _accounts_newest_first, id="accounts-newest-first-with-the-open-month"),
        pytest.param("users", _later_users, id="users-without-username-and-team"),
    ],
)
def test_the_report_is_the_ordinary_one(acme: Organization, build: Build, endpoint: str, change: Change) -> None:
    ordinary, report = build(acme), build(Altered(acme, endpoint, change))

    assert all_measures(report) == all_measures(ordinary)
    assert report.adoption == ordinary.adoption
    assert (report.headline, report.findings, report.complete) == (ordinary.headline, ordinary.findings, True)


def _without_fields(_: dict[str, str], bucket: Json) -> Json:
    return bucket | {"codeCompletions": {}, "chat": {}, "agent": {}}


_NO_COST = "The API returned no totalCost for October 2026."
_NO_SEATS = "The license states 0 seats, so no figure is based on them."


@pytest.mark.parametrize(
    ("endpoint", "change", "key_and_reason"),
    [
        pytest.param(
            "license",
            lambda *_: {"license": {}},
            ("seats", "The API returned no license.seats."),
            id="an-empty-license-has-no-seats",
        ),
        pytest.param(
            "license",
            lambda *_: {"license": {"seats": 0}},
            ("seat_spend", _NO_SEATS),
            id="a-license-of-0-seats-costs-not-0",
        ),
        pytest.param(
            "account-utilizations",
            lambda _, rows: rows[:-1],
            ("accounts", "The API returned no accounts for October 2026."),
            id="accounts-without-the-newest-month-are-unavailable",
        ),
        pytest.param(
            "usage-v1",
            buckets(_without_fields),
            ("completions", "The API returned no codeCompletions.completions for October 2026."),
            id="empty-blocks-are-not-zero",
        ),
        pytest.param(
            "agent-usage",
            lambda _, body: body | {"usage": {"data": []}},
            ("agent_spend", _NO_COST),
            id="agent-usage-without-buckets-is-not-zero-spend",
        ),
    ],
)
def test_the_figure_is_unavailable_with_its_reason_and_usage_stays(
    acme: Organization, build: Build, endpoint: str, change: Change, key_and_reason: tuple[str, str]
) -> None:
    acme.agents = AgentUse()
    report = build(Altered(acme, endpoint, change), price=(39, "EUR"))

    key, reason = key_and_reason
    assert (kpi(report, key).figure.value, kpi(report, key).figure.reason) == (None, reason)
    assert kpi(report, "active_users").figure.value == 40
    assert report.headline.startswith("40 people used Tabnine in October")


def test_a_report_with_half_a_surrogate_pair_in_names_can_be_read_again(acme: Organization, build: Build) -> None:
    acme.with_teams(one=TeamUse(20, (9, 9))).teams[0]["name"] = "A\ud800"
    acme.agents = AgentUse(models={"b\udfff": 990.0})
    report = build(acme)

    assert "b\ufffd" in report.model_dump_json()
    assert MonthlyReport.model_validate_json(report.model_dump_json()) == report


def test_more_active_users_than_accounts_have_no_adoption_above_100_percent(acme: Organization, build: Build) -> None:
    adoption = kpi(build(acme.with_accounts(30)), "adoption_rate").figure

    reason = "More people used Tabnine in the month (40) than had an account at its end (30)."
    assert (adoption.value, adoption.reason) == (None, reason)


def test_a_license_of_0_seats_does_not_withhold_every_report(acme: Organization, build: Build) -> None:
    report = build(Altered(acme, "license", lambda *_: {"license": {"seats": 0}}))

    assert report.complete
    assert report.seats.title == _NO_SEATS
    assert "accounts for" not in report.headline


def _only_agents(_: dict[str, str], bucket: Json) -> Json:
    people = bucket["activeUsers"]
    return bucket | {"activeUsers": 0, "agent": {"activeUsers": people, "linesAdded": 10 * people}}


def test_only_agents_are_at_least_their_users_in_the_month_on_a_day_and_in_every_earlier_month(
    acme: Organization, build: Build
) -> None:
    report = build(Altered(acme, "usage-v1", buckets(_only_agents)))
    active, daily = kpi(report, "active_users"), kpi(report, "average_daily_active_users")

    assert (active.figure.value, active.figure.at_least) == (40, True)
    assert (daily.figure.value, daily.figure.at_least) == (20, True)
    assert [point.figure.value for point in history(active)] == [30, 31, 30, 31, 32, 31, 32, 33, 32, 33, 34, 36, 40]
    assert report.headline.startswith("At least 40 people used Tabnine in October")
    assert "0 not active" not in report.adoption.funnel[-1].drop
    assert not [check.sentence for check in report.data_quality.checks if check.result == "differs"]


def test_cached_tokens_beyond_input_and_output_count_in_the_total(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    change = buckets(lambda _, bucket: bucket | {"totalTokensConsumed": 3000, "modelBreakdown": []})
    report = build(Altered(acme, "agent-usage", change))

    assert kpi(report, "agent_tokens").figure.value == 3000
    assert kpi(report, "agent_spend").figure.value == 1000
    assert report.seats.agents is not None
    assert report.seats.agents.models == ()
    check = next(one for one in report.data_quality.checks if one.name == "Agent tokens: input, output and total")
    assert (check.result, check.sentence) == (
        "differs",
        "Input and output tokens: 1,000; total: 3,000. The rest may be cached tokens.",
    )


def test_no_teams_are_stated_as_such(acme: Organization, build: Build) -> None:
    acme.users = (0, 50, 0, 3)
    report = build(Altered(acme, "teams", lambda *_: {"data": [], "meta": {"count": 0, "total": 0}}))

    assert report.teams is not None
    assert (report.teams.title, report.teams.rows) == ("The organization has no teams.", ())
    assert report.complete


def test_a_team_without_a_size_has_active_users_but_no_adoption_rate(acme: Organization, build: Build) -> None:
    acme.users = (46, 4, 3, 0)
    acme.with_teams(core=TeamUse(None, (20, 24)), web=TeamUse(20, (9, 9)), app=TeamUse(None, (7, 7)))
    report = build(acme)

    assert report.teams is not None
    (core,) = [row for row in report.teams.rows if row.name == "CORE"]
    assert (core.active_users.value, core.members.value, core.share.value) == (24, None, None)


def test_a_license_that_ended_counts_no_negative_days(acme: Organization, build: Build) -> None:
    ended = int(Month(2026, 9).start.timestamp())
    report = build(Altered(acme, "license", lambda _, body: {"license": body["license"] | {"exp": ended}}))

    assert [fact.text for fact in report.seats.license[-2:]] == ["1 September 2026", "62 days"]
    assert "The license expired on 1 September 2026." in {finding.claim for finding in report.findings}
