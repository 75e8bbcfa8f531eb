"""Every endpoint answers with the documented schema, and the responses are consistent."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.sandbox.world import World

V1_BUCKET = {
    "from": str, "to": str, "activeUsers": int, "productivityFactor": float,
    "instruct": {"acceptedCount": int},
    "codeCompletions": {
        "activeUsers": int, "completions": int, "charsCompleted": int, "keystrokes": int, "lines": int,
        "automationFactor": float,
    },
    "chat": {
        "activeUsers": int, "interactions": int, "usefulChatInteractions": int, "lines": int, "charsCompleted": int,
        "chatConsumptionRate": float,
    },
    "agent": {
        "activeUsers": int, "interactions": int, "linesAdded": int, "linesAddedAccepted": int, "linesRemoved": int,
        "linesRemovedAccepted": int,
    },
}  # fmt: skip
MODEL = {"model": str, "messages": int, "uniqueUsers": int, "inputTokens": int, "outputTokens": int}
V2_BUCKET = {
    "from": str, "to": str, "activeUsers": int,
    "codeCompletions": {
        "activeUsers": int, "completions": int, "charsCompleted": int, "keystrokes": int, "lines": int,
    },
    "chat": {"activeUsers": int, "messages": int, "linesAdded": int, "models": [MODEL]},
    "agent": {
        "activeUsers": int, "messages": int, "linesAdded": int, "linesAddedAccepted": int, "linesRemoved": int,
        "linesRemovedAccepted": int, "models": [MODEL],
    },
}  # fmt: skip
MODEL_SPEND = {"model": str, "tokensConsumed": int, "inputTokens": int, "outputTokens": int, "cost": float}
AGENT_BUCKET = {
    "from": str, "to": str, "activeUsers": int, "totalTokensConsumed": int, "totalInputTokens": int,
    "totalOutputTokens": int, "totalCost": float,
    "modelBreakdown": [MODEL_SPEND],
    "agentTypeBreakdown": [
        {
            "agentType": str, "activeUsers": int, "interactions": int, "userInitiatedMessages": int,
            "linesAdded": int, "linesAddedAccepted": int, "linesRemoved": int, "linesRemovedAccepted": int,
            "tokensConsumed": int, "inputTokens": int, "outputTokens": int, "cost": float,
            "modelBreakdown": [MODEL_SPEND],
        }
    ],
}  # fmt: skip

Fetch = Callable[..., httpx.Response]


def shape(value: object) -> object:
    """Return the types of a JSON value; for a list, those of its first element."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value)


def test_the_organization(fetch: Fetch, world: World) -> None:
    response = fetch("v1/organization").json()

    assert (world.id, "ACME") == (response["id"], response["name"])
    assert {
        "id": str, "name": str, "planType": str, "domains": [str], "samlEnabled": bool, "smtpConfigured": bool,
        "usernamePasswordEnabled": bool, "oauthEnabled": bool, "publicKey": str,
    } == shape(response)  # fmt: skip


def test_teams_are_paged_by_50_with_the_empty_default_team_first(fetch: Fetch) -> None:
    response = fetch("v1/organization/teams").json()

    assert response["meta"] == {"count": 8, "total": 8, "next": None}
    default, *others = response["data"]
    assert {
        "id": str, "name": str, "usersCount": int, "isDefaultTeam": bool, "seatCap": int, "pendingInvitationsCount": int
    } == shape(default)  # fmt: skip
    assert (default["isDefaultTeam"], default["usersCount"]) == (True, 0)
    assert not any(team["isDefaultTeam"] for team in others)
    assert any("seatCap" not in team for team in others)


def test_the_license_has_seats_below_its_cap_and_times_in_unix_seconds(fetch: Fetch) -> None:
    terms = fetch("v1/license").json()["license"]

    assert {"seats", "seatsCap", "exp", "iat", "audience", "features", "settings"} == set(terms)
    assert terms["seatsCap"] > 100 * terms["seats"]
    assert datetime(2026, 2, 1, tzinfo=UTC).timestamp() == terms["iat"]
    assert datetime(2027, 2, 1, tzinfo=UTC).timestamp() == terms["exp"]


def test_permissions_name_the_accounts_with_a_role(fetch: Fetch, world: World) -> None:
    users = [
        user
        for member in ("true", "false")
        for user in fetch("v1/organization/users", offset=0, limit=500, teamMember=member, active="true").json()["data"]
    ]
    for role in ("Admin", "Manager", "TeamLead", "Member"):
        response = fetch("v1/instance/permissions", role=role).json()

        assert response
        assert {world.id} == {account["organizationId"] for account in response}
        assert {account["username"] for account in response} == {
            user["email"] for user in users if user["role"] == role
        }
    assert len(fetch("v1/instance/permissions", role="Admin").json()) == 4


def test_a_team_has_at_most_one_lead(fetch: Fetch, world: World) -> None:
    for team in world.teams:
        members = fetch(f"v1/team/{team.id}/users", offset=0, limit=200).json()["data"]
        assert [member["role"] for member in members].count("TeamLead") <= 1


def test_account_utilizations_count_months_from_zero_and_end_with_the_current_one(fetch: Fetch) -> None:
    response = fetch("v1/organization/account-utilizations", startDate="2026-09").json()

    assert [(row["year"], row["month"]) for row in response] == [(2026, 8), (2026, 9), (2026, 10)]
    assert {"year", "month", "registered", "deactivated", "active", "pending"} == set(response[0])
    assert all(row["active"] <= row["registered"] for row in response)


def test_account_utilizations_without_a_start_return_the_last_12_months(fetch: Fetch) -> None:
    response = fetch("v1/organization/account-utilizations").json()

    assert len(response) == 12
    assert (response[0]["year"], response[0]["month"]) == (2025, 11)


def test_account_utilizations_start_with_the_organization_at_the_earliest(fetch: Fetch) -> None:
    response = fetch("v1/organization/account-utilizations", startDate="2019-01").json()

    assert (response[0]["year"], response[0]["month"]) == (2024, 10)
    assert len(response) == 25


def test_the_current_accounts_match_the_list_of_users(fetch: Fetch) -> None:
    totals = {
        (member, active): fetch(
            "v1/organization/users", offset=0, limit=1, teamMember=member, active=active
        ).json()["meta"]["total"]
        for member in ("true", "false")
        for active in ("true", "false")
    }  # fmt: skip
    newest = fetch("v1/organization/account-utilizations", startDate="2026-11").json()[-1]
    teams = fetch("v1/organization/teams").json()["data"]

    assert newest["active"] == totals["true", "true"] + totals["false", "true"]
    assert newest["deactivated"] == totals["true", "false"] + totals["false", "false"]
    assert totals["true", "true"] == sum(team["usersCount"] for team in teams)
    assert totals["false", "true"] > 0


def test_users_have_a_team_and_times_of_varying_precision(fetch: Fetch, now: datetime) -> None:
    users = fetch("v1/organization/users", offset=0, limit=200, teamMember="true", active="true").json()["data"]
    deactivated = fetch("v1/organization/users", offset=0, limit=200, teamMember="true", active="false").json()["data"]

    assert {"Admin", "Manager", "TeamLead", "Member"} == {user["role"] for user in users}
    assert all({"id", "username", "email", "role", "verified", "team"} <= set(user) for user in users)
    assert not any("deactivatedAt" in user for user in users)
    assert any("updatedAt" not in user for user in users)
    digits = {len(user["deactivatedAt"].partition(".")[2].rstrip("Z")) for user in deactivated}
    assert {0, 1, 2} == digits
    assert max(datetime.fromisoformat(user["deactivatedAt"]) for user in deactivated) <= now


def test_a_teams_users_and_accounts_match_the_list_of_teams(fetch: Fetch) -> None:
    team = fetch("v1/organization/teams").json()["data"][1]
    users = fetch(f"v1/team/{team['id']}/users", offset=0, limit=200).json()
    accounts = fetch("v1/team/account-utilizations", teamId=team["id"]).json()

    assert team["usersCount"] == users["meta"]["total"] == len(users["data"]) == accounts["registered"]
    assert {"id", "username", "email", "role", "verified"} == set(users["data"][0])
    assert {"registered", "deactivated", "invited"} == set(accounts)
    assert team["pendingInvitationsCount"] == accounts["invited"]


def test_version_1_has_the_documented_schema(fetch: Fetch, april: dict[str, str]) -> None:
    response = fetch("v1/organization/usage", **april, granularity="monthly").json()
    (bucket,) = response["usage"]["data"]

    assert april == {name: response[name] for name in april}
    assert response["usage"]["granularity"] == "monthly"
    assert shape(bucket) == V1_BUCKET


def test_version_1_computes_its_factors_from_its_counts(fetch: Fetch, april: dict[str, str]) -> None:
    (bucket,) = fetch("v1/organization/usage", **april, granularity="all").json()["usage"]["data"]
    completions, chat = bucket["codeCompletions"], bucket["chat"]
    written, typed = completions["charsCompleted"], completions["keystrokes"]

    assert round(written / (written + typed), 3) == completions["automationFactor"]
    assert round(chat["usefulChatInteractions"] / chat["interactions"], 3) == chat["chatConsumptionRate"]
    with_chat = written + chat["charsCompleted"]
    assert round(with_chat / (with_chat + typed), 3) == bucket["productivityFactor"]


def test_version_1_with_all_returns_one_bucket_with_the_end_as_from_and_to(fetch: Fetch, april: dict[str, str]) -> None:
    response = fetch("v1/organization/usage", **april, granularity="all").json()
    (bucket,) = response["usage"]["data"]

    assert (april["from"], april["to"]) == (response["from"], response["to"])
    assert (april["to"], april["to"]) == (bucket["from"], bucket["to"])


def test_version_1_omits_the_agent_before_its_launch(fetch: Fetch, world: World) -> None:
    window = {"organizationId": world.id, "from": "2025-09-01T00:00:00Z", "to": "2025-10-01T00:00:00Z"}
    (bucket,) = fetch("v1/organization/usage", **window, granularity="monthly").json()["usage"]["data"]

    assert "agent" not in bucket


def test_factors_are_omitted_with_little_activity(fetch: Fetch, world: World) -> None:
    window = {"organizationId": world.id, "from": "2024-11-01T00:00:00Z", "to": "2024-11-02T00:00:00Z"}
    (bucket,) = fetch("v1/organization/usage", **window, granularity="all").json()["usage"]["data"]

    assert bucket["activeUsers"] == 0
    assert "productivityFactor" not in bucket
    assert "automationFactor" not in bucket["codeCompletions"]
    assert "chatConsumptionRate" not in bucket["chat"]


def test_version_2_has_the_documented_schema_with_models_only_for_all(fetch: Fetch, october: dict[str, str]) -> None:
    (bucket,) = fetch("v2/organization/usage", **october, granularity="all").json()["usage"]["data"]
    (monthly,) = fetch("v2/organization/usage", **october, granularity="monthly").json()["usage"]["data"]

    assert shape(bucket) == V2_BUCKET
    assert (october["from"], october["to"]) == (bucket["from"], bucket["to"])
    del bucket["chat"]["models"], bucket["agent"]["models"]
    assert bucket == monthly


def test_agent_usage_has_the_documented_schema_and_one_bucket_by_default(fetch: Fetch, october: dict[str, str]) -> None:
    response = fetch("v1/organization/agent-usage", **october).json()["usage"]
    (bucket,) = response["data"]

    assert response["granularity"] == "all"
    assert shape(bucket) == AGENT_BUCKET
    assert bucket["totalInputTokens"] + bucket["totalOutputTokens"] == bucket["totalTokensConsumed"]
    assert sum(model["tokensConsumed"] for model in bucket["modelBreakdown"]) == bucket["totalTokensConsumed"]
    assert sum(model["cost"] for model in bucket["modelBreakdown"]) == pytest.approx(bucket["totalCost"])


@pytest.mark.parametrize("granularity", ["all", "daily"])
def test_types_of_agents_add_up_to_the_agent(fetch: Fetch, october: dict[str, str], granularity: str) -> None:
    window = {**october, "granularity": granularity}
    spends = fetch("v1/organization/agent-usage", **window).json()["usage"]["data"]
    usages = fetch("v2/organization/usage", **window).json()["usage"]["data"]
    agents = {bucket["from"]: bucket["agent"] for bucket in usages}

    for bucket in spends:
        types, agent = bucket["agentTypeBreakdown"], agents[bucket["from"]]
        assert {kind["agentType"] for kind in types} <= {"ide", "cli"}
        # A person may use both types.
        assert max(kind["activeUsers"] for kind in types) <= bucket["activeUsers"]
        assert bucket["activeUsers"] <= sum(kind["activeUsers"] for kind in types)
        for tokens in ("TokensConsumed", "InputTokens", "OutputTokens"):
            name = f"{tokens[0].lower()}{tokens[1:]}"
            assert bucket[f"total{tokens}"] == sum(kind[name] for kind in types)
        assert bucket["totalCost"] == pytest.approx(sum(kind["cost"] for kind in types))
        assert agent["messages"] == sum(kind["userInitiatedMessages"] for kind in types)
        for lines in ("linesAdded", "linesAddedAccepted", "linesRemoved", "linesRemovedAccepted"):
            assert agent[lines] == sum(kind[lines] for kind in types)
        for model in bucket["modelBreakdown"]:
            parts = [part for kind in types for part in kind["modelBreakdown"] if part["model"] == model["model"]]
            assert model["tokensConsumed"] == sum(part["tokensConsumed"] for part in parts)


def test_models_are_uuids_in_version_2_and_partly_names_in_agent_usage(fetch: Fetch, october: dict[str, str]) -> None:
    (usage,) = fetch("v2/organization/usage", **october, granularity="all").json()["usage"]["data"]
    (spend,) = fetch("v1/organization/agent-usage", **october).json()["usage"]["data"]
    ids = {model["model"] for feature in ("chat", "agent") for model in usage[feature]["models"]}
    names = {model["model"] for model in spend["modelBreakdown"]}

    assert all(str(UUID(model)) == model for model in ids)
    assert len(ids & names) == 1
    assert len(names) == 3


@pytest.mark.parametrize("path", ["v1/team/usage", "v2/team/usage", "v1/team/agent-usage"])
def test_a_teams_usage_names_the_team(fetch: Fetch, world: World, october: dict[str, str], path: str) -> None:
    team = world.teams[1].id
    response = fetch(path, **october, teamId=team, granularity="monthly").json()

    assert {"organizationId", "teamId", "from", "to", "usage"} == set(response)
    assert (world.id, team) == (response["organizationId"], response["teamId"])


def test_days_and_weeks_add_up_to_their_month_and_empty_days_are_omitted(fetch: Fetch, october: dict[str, str]) -> None:
    days = fetch("v2/organization/usage", **october, granularity="daily").json()["usage"]["data"]
    weeks = fetch("v2/organization/usage", **october, granularity="weekly").json()["usage"]["data"]
    (month,) = fetch("v2/organization/usage", **october, granularity="monthly").json()["usage"]["data"]

    for buckets in (days, weeks):
        for feature, count in (("codeCompletions", "completions"), ("chat", "messages"), ("agent", "linesAdded")):
            assert month[feature][count] == sum(bucket[feature][count] for bucket in buckets)
        assert max(bucket["activeUsers"] for bucket in buckets) < month["activeUsers"]
        assert all(bucket["activeUsers"] for bucket in buckets)
    assert 22 <= len(days) <= 31
    assert [week["from"] for week in weeks[:2]] == ["2026-10-01T00:00:00Z", "2026-10-05T00:00:00Z"]


def test_teams_and_people_without_team_add_up_to_the_organization(
    fetch: Fetch, world: World, october: dict[str, str]
) -> None:
    (organization,) = fetch("v2/organization/usage", **october, granularity="monthly").json()["usage"]["data"]
    team_counts = [
        bucket["codeCompletions"]["completions"]
        for team in world.teams
        for bucket in fetch("v2/team/usage", **october, teamId=team.id, granularity="monthly").json()["usage"]["data"]
    ]

    without_team = organization["codeCompletions"]["completions"] - sum(team_counts)
    start, end = (int(datetime.fromisoformat(october[name]).timestamp()) for name in ("from", "to"))

    assert world.usage(start, end).count("completions", world.no_team) == without_team


def test_nothing_happens_after_the_current_time(fetch: Fetch, world: World) -> None:
    window = {"organizationId": world.id, "from": "2026-11-16T00:00:00Z", "to": "2027-03-01T00:00:00Z"}
    days = fetch("v2/organization/usage", **window, granularity="daily").json()["usage"]["data"]
    future = {"organizationId": world.id, "from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z"}
    (empty,) = fetch("v2/organization/usage", **future, granularity="all").json()["usage"]["data"]

    assert "2026-11-20T00:00:00Z" <= days[-1]["from"] <= "2026-11-22T00:00:00Z"
    assert empty["activeUsers"] == 0
    assert fetch("v2/organization/usage", **future, granularity="monthly").json()["usage"]["data"] == []


async def responses_at(world: World, now: datetime, path: str, params: dict[str, str]) -> Any:
    app = create_app(world, token="t", now=lambda: now)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox/api/") as client:
        return (await client.get(path, params=params, headers={"Authorization": "Bearer t"})).json()


async def test_a_past_month_never_changes(world: World, october: dict[str, str]) -> None:
    soon_after, years_later = datetime(2026, 11, 2, tzinfo=UTC), datetime(2029, 5, 17, 8, 1, tzinfo=UTC)
    for path, params in (
        ("v2/organization/usage", {**october, "granularity": "all"}),
        ("v1/organization/agent-usage", october),
        ("v2/team/usage", {**october, "teamId": world.teams[2].id, "granularity": "daily"}),
    ):
        assert await responses_at(world, soon_after, path, params) == await responses_at(
            world, years_later, path, params
        )
    utilizations = [
        (await responses_at(world, now, "v1/organization/account-utilizations", {"startDate": "2026-10"}))[0]
        for now in (soon_after, years_later)
    ]
    assert utilizations[0] == utilizations[1]


async def test_usage_is_known_up_to_the_last_full_minute(world: World) -> None:
    window = {"organizationId": world.id, "from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z"}
    params = {**window, "granularity": "all"}
    noon, in_the_same_minute, an_hour_later = (
        datetime(2026, 11, 20, 12, tzinfo=UTC),
        datetime(2026, 11, 20, 12, 0, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 13, tzinfo=UTC),
    )
    at_noon = await responses_at(world, noon, "v2/organization/usage", params)
    later = await responses_at(world, an_hour_later, "v2/organization/usage", params)

    assert at_noon == await responses_at(world, in_the_same_minute, "v2/organization/usage", params)
    assert at_noon["usage"]["data"][0]["activeUsers"] < later["usage"]["data"][0]["activeUsers"]


@pytest.mark.parametrize(
    ("month", "v1_active", "v2_active"),
    [("2026-04", True, False), ("2026-05", True, True), ("2026-06", False, True)],
)
def test_version_1_ends_where_version_2_begins(
    fetch: Fetch, world: World, month: str, *, v1_active: bool, v2_active: bool
) -> None:
    window = {
        "organizationId": world.id,
        "from": f"{month}-01T00:00:00Z",
        "to": f"{month}-28T00:00:00Z",
    }

    version_1 = fetch("v1/organization/usage", **window, granularity="daily").json()["usage"]["data"]
    version_2 = fetch("v2/organization/usage", **window, granularity="daily").json()["usage"]["data"]

    assert v1_active == bool(version_1)
    assert v2_active == bool(version_2)
    assert all(bucket["from"] < "2026-05-12" for bucket in version_1)
    assert all(bucket["from"] >= "2026-05-12" for bucket in version_2)


def test_both_versions_together_count_all_completions_of_the_cutover_month(fetch: Fetch, world: World) -> None:
    window = {"organizationId": world.id, "from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}
    counts = [
        fetch(f"{version}/organization/usage", **window, granularity="monthly").json()["usage"]["data"][0]
        for version in ("v1", "v2")
    ]
    start, end = (int(datetime.fromisoformat(window[name]).timestamp()) for name in ("from", "to"))

    assert world.usage(start, end).count("completions") == sum(b["codeCompletions"]["completions"] for b in counts)


def test_version_1_answers_without_activity_after_the_cutover(fetch: Fetch, october: dict[str, str]) -> None:
    monthly = fetch("v1/organization/usage", **october, granularity="monthly")
    (bucket,) = fetch("v1/organization/usage", **october, granularity="all").json()["usage"]["data"]

    assert (monthly.status_code, monthly.json()["usage"]["data"]) == (200, [])
    assert (bucket["activeUsers"], bucket["codeCompletions"]["completions"]) == (0, 0)


async def test_without_a_cutover_version_2_is_not_found_and_version_1_is_complete() -> None:
    world = World(seed=7, users=40, teams=3, cutover=None)
    window = {"organizationId": world.id, "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    params = {**window, "granularity": "all"}
    now = datetime(2026, 11, 22, tzinfo=UTC)

    version_1 = await responses_at(world, now, "v1/organization/usage", params)

    assert version_1["usage"]["data"][0]["activeUsers"] > 0
    for path, team_parameter in (("v2/organization/usage", {}), ("v2/team/usage", {"teamId": world.teams[1].id})):
        response = await responses_at(world, now, path, {**params, **team_parameter})
        assert response == {"message": "Path not found.", "status": 404}


def test_openapi_describes_every_endpoint_with_its_parameters(sandbox: RunningSandbox) -> None:
    paths = httpx.get(f"{sandbox.base_url}/openapi.json").json()["paths"]
    required = {
        path: {parameter["name"] for parameter in operations["get"].get("parameters", []) if parameter["required"]}
        for path, operations in paths.items()
    }
    window = {"organizationId", "from", "to"}

    assert {
        "/api/v1/organization": set(),
        "/api/v1/organization/teams": set(),
        "/api/v1/license": set(),
        "/api/v1/instance/permissions": {"role"},
        "/api/v1/organization/account-utilizations": set(),
        "/api/v1/organization/usage": {*window, "granularity"},
        "/api/v2/organization/usage": {*window, "granularity"},
        "/api/v1/organization/users": {"offset", "limit", "teamMember", "active"},
        "/api/v1/team/usage": {*window, "granularity", "teamId"},
        "/api/v2/team/usage": {*window, "granularity", "teamId"},
        "/api/v1/team/account-utilizations": {"teamId"},
        "/api/v1/team/{teamId}/users": {"teamId", "offset", "limit"},
        "/api/v1/organization/agent-usage": window,
        "/api/v1/team/agent-usage": {*window, "teamId"},
    } == required


def test_the_docs_page_lists_the_endpoints_without_external_resources(sandbox: RunningSandbox) -> None:
    page = httpx.get(f"{sandbox.base_url}/docs").text

    assert "GET /api/v2/organization/usage" in page
    assert "granularity*" in page
    assert re.findall(r"https?://|src=|<script|@import", page) == []
