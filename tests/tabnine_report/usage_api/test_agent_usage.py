"""Agent usage: its queries, the statuses that mean that it is not offered, and the reading of its buckets."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tabnine_report.model.errors import AccessDenied, FeatureNotAvailable, ServerError
from tabnine_report.model.month import Month
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, queries, team_queries
from tabnine_report.usage_api.endpoints.agent_usage import (
    AGENT_HISTORY,
    AGENT_MONTH,
    AgentUsageBucket,
    agent_usage_buckets,
)
from tabnine_report.usage_api.request_errors import RequestTarget, error_status
from tabnine_report.usage_api.snapshot import Failure, Fetch

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
OCTOBER_PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
QUERIES = queries(Endpoint.AGENT_USAGE, OCTOBER, "org-1", "counts")
Fetching = Callable[..., Awaitable[Fetch]]
Stored = Callable[..., Fetch]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with serve_sandbox(World(users=150, teams=6), now=lambda: NOW) as sandbox:
        yield sandbox


def envelope(*buckets: object) -> dict[str, object]:
    return {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "usage": {"data": list(buckets)}}


def october(**fields: object) -> dict[str, object]:
    return {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", **fields}


def test_queries_request_the_month_alone_and_13_months() -> None:
    month, history = QUERIES

    assert (month.name, Endpoint.AGENT_USAGE.path) == (AGENT_MONTH, "/api/v1/organization/agent-usage")
    assert month.params == {
        "organizationId": "org-1",
        "from": "2026-10-01T00:00:00Z",
        "to": "2026-11-01T00:00:00Z",
        "granularity": "all",
    }
    assert (history.name, history.params["granularity"]) == (AGENT_HISTORY, "monthly")
    assert history.params["from"] == "2025-10-01T00:00:00Z"
    assert history.respelled == {"granularity": "month"}


def test_team_query_covers_the_month_and_the_one_before() -> None:
    (sent,) = team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, "org-1", ["t-9"])

    assert Endpoint.TEAM_AGENT_USAGE.path == "/api/v1/team/agent-usage"
    assert (sent.params["teamId"], sent.params["granularity"]) == ("t-9", "monthly")
    assert (sent.params["from"], sent.params["to"]) == ("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z")


def models_of(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    bucket = AgentUsageBucket.model_validate(OCTOBER_PERIOD | {"modelBreakdown": list(rows)})
    return [(model.model, model.tokens_consumed, model.cost) for model in bucket.model_breakdown or ()]


def test_rows_of_one_model_are_added_up() -> None:
    assert models_of(
        {"model": "sonnet", "tokensConsumed": 10, "cost": 1.5},
        {"model": "codex", "tokensConsumed": 1, "cost": 9},
        {"model": "sonnet", "tokensConsumed": 90, "cost": 0},
    ) == [("sonnet", 100, 1.5), ("codex", 1, 9)]


def test_a_missing_part_of_a_model_stays_missing_and_models_without_a_name_stay_apart() -> None:
    assert models_of(
        {"model": "sonnet", "tokensConsumed": 10, "cost": 1.5},
        {"model": "sonnet", "tokensConsumed": 5, "cost": -1},
        {"tokensConsumed": 7, "cost": 1},
        {"tokensConsumed": 7, "cost": 1},
    ) == [("sonnet", 15, None), (None, 7, 1), (None, 7, 1)]


def test_the_sum_of_a_model_knows_that_a_part_is_invalid() -> None:
    rows = [{"model": "sonnet", "cost": 1.5}, {"model": "sonnet", "cost": -1}]
    bucket = AgentUsageBucket.model_validate(OCTOBER_PERIOD | {"modelBreakdown": rows})
    assert bucket.is_invalid("modelBreakdown.cost")


async def test_sandbox_months_models_and_teams_agree(api: UsageApi, sandbox: RunningSandbox) -> None:
    sent = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")
    fetch = await api.fetch(Endpoint.AGENT_USAGE, sent)
    (month,) = agent_usage_buckets(fetch, AGENT_MONTH)
    history = {bucket.month: bucket for bucket in agent_usage_buckets(fetch, AGENT_HISTORY)}

    assert month.month == OCTOBER
    assert month.total_cost == history[OCTOBER].total_cost
    assert month.total_cost
    assert sum(model.cost or 0 for model in month.model_breakdown or ()) == pytest.approx(month.total_cost)
    assert month.total_tokens_consumed == (month.total_input_tokens or 0) + (month.total_output_tokens or 0)
    assert OCTOBER.back(1) in history
    teams = [team.id for team in sandbox.world.teams]
    team_fetch = await api.fetch(
        Endpoint.TEAM_AGENT_USAGE, team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, sandbox.world.id, teams)
    )
    costs = [
        bucket.total_cost or 0
        for team in teams
        for bucket in agent_usage_buckets(team_fetch, team)
        if bucket.month == OCTOBER
    ]
    assert 0 < sum(costs) <= month.total_cost


@pytest.mark.parametrize("status", [403, 404])
async def test_status_that_means_not_offered_is_not_retried(
    api: UsageApi, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"organization/agent-usage={status}")
    month = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")[:1]

    with pytest.raises(FeatureNotAvailable) as caught:
        await api.fetch(Endpoint.AGENT_USAGE, month)

    assert caught.value.status == status
    assert not caught.value.retryable
    assert len(sandbox.requests.entries) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_status_that_means_not_offered_is_not_retried_for_teams(
    api: UsageApi, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"team/agent-usage={status}")
    teams = [team.id for team in sandbox.world.teams]
    sent = team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, sandbox.world.id, teams)

    with pytest.raises(FeatureNotAvailable):
        await api.fetch(Endpoint.TEAM_AGENT_USAGE, sent)

    assert len(sandbox.requests.entries) == len(teams)


async def test_missing_license_raises_feature_not_available(make_api: Callable[..., UsageApi]) -> None:
    quirks = Quirks(agent_usage_licensed=False)
    with serve_sandbox(World(users=20, teams=2), now=lambda: NOW, quirks=quirks) as sandbox:
        async with make_api(sandbox.base_url, token=sandbox.token) as api:
            sent = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")
            with pytest.raises(FeatureNotAvailable, match="not available in your plan"):
                await api.fetch(Endpoint.AGENT_USAGE, sent)


@pytest.mark.parametrize("status", [500, 503])
async def test_server_error_is_retried_and_is_a_failure(api: UsageApi, sandbox: RunningSandbox, status: int) -> None:
    sent = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")[:1]
    sandbox.faults.add(f"organization/agent-usage={status}*1")
    fetch = await api.fetch(Endpoint.AGENT_USAGE, sent)
    assert fetch.responses[0].attempts == 2

    sandbox.faults.add(f"organization/agent-usage={status}")
    with pytest.raises(ServerError) as caught:
        await api.fetch(Endpoint.AGENT_USAGE, sent)
    assert not Failure.of(caught.value).is_not_offered


@pytest.mark.parametrize("endpoint", Endpoint)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": "FEATURE_NOT_AVAILABLE", "message": "Not available in your plan."}, "FEATURE_NOT_AVAILABLE"),
        ({"error": "FORBIDDEN", "message": "Insufficient permissions.", "status": 403}, "FORBIDDEN"),
        ({"error": {"message": "FEATURE_NOT_AVAILABLE", "errors": [], "status": 403}}, None),
        ({"message": "Forbidden", "status": 403}, None),
        ("<html><title>Forbidden</title></html>", None),
        ([], None),
    ],
)
def test_only_the_error_code_proves_that_a_403_means_not_offered(
    endpoint: Endpoint, body: object, code: str | None
) -> None:
    response = httpx.Response(403, json=body)
    error = error_status(RequestTarget("console.example", endpoint, ()), response, response.content, NOW)

    optional = endpoint in (Endpoint.AGENT_USAGE, Endpoint.TEAM_AGENT_USAGE)
    not_offered = optional and code == "FEATURE_NOT_AVAILABLE"
    assert type(error) is (FeatureNotAvailable if not_offered else AccessDenied)
    assert Failure.of(error).is_not_offered == not_offered
    assert ("The token lacks a permission (scope), or" in str(error)) != not_offered


async def test_history_of_13_months_falls_back_to_12(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        too_many = request.url.params["from"] == "2025-10-01T00:00:00Z"
        return httpx.Response(400 if too_many else 200, json=envelope(october(totalCost=1)))

    fetched = await fetch(handler, Endpoint.AGENT_USAGE)

    assert [response.params["from"] for response in fetched.responses] == [
        "2026-10-01T00:00:00Z",
        "2025-11-01T00:00:00Z",
    ]
    assert [failed.params["to"] for failed in fetched.failed_queries] == ["2025-11-01T00:00:00Z"]


def test_absent_fields_are_none_and_unknown_fields_are_ignored(stored: Stored) -> None:
    sparse = october(totalCost=12, agentTypeBreakdown=[{"x": 1}], modelBreakdown=[{"model": None, "cost": 0.5}])
    (bucket,) = agent_usage_buckets(
        stored(Endpoint.AGENT_USAGE, envelope(sparse), query=AGENT_HISTORY, granularity="monthly"), AGENT_HISTORY
    )

    assert (bucket.total_cost, bucket.total_tokens_consumed, bucket.active_users) == (12, None, None)
    assert bucket.model_breakdown is not None
    assert (bucket.model_breakdown[0].model, bucket.model_breakdown[0].cost) == (None, 0.5)
    assert bucket.model_breakdown[0].tokens_consumed is None


@pytest.mark.parametrize("cost", [-1, "12 USD", True, 1e300])
def test_invalid_cost_costs_only_itself(stored: Stored, cost: object) -> None:
    fetch = stored(Endpoint.AGENT_USAGE, envelope(october(totalCost=cost)), query=AGENT_HISTORY, granularity="monthly")

    (bucket,) = agent_usage_buckets(fetch, AGENT_HISTORY)

    assert (bucket.total_cost, bucket.is_invalid("totalCost"), bucket.month) == (None, True, Month(2026, 10))


def test_two_different_buckets_for_a_month_cost_only_the_month(stored: Stored) -> None:
    twice = envelope(october(totalCost=1), october(totalCost=2))
    fetch = stored(Endpoint.TEAM_AGENT_USAGE, twice, query="t-9", granularity="monthly")

    (bucket,) = agent_usage_buckets(fetch, "t-9")

    assert (bucket.month, bucket.is_unreadable, bucket.total_cost) == (Month(2026, 10), True, None)
