"""What agents cost: asked once where it is told at all, and read without taking what is absent for nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tabnine_report.model.errors import FeatureNotAvailable, ServerError, UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.service import Quirks
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import USAGE_HISTORY, USAGE_MONTH, Endpoint, queries, team_queries
from tabnine_report.usage_api.snapshot import Fetch

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
ASKED = queries(Endpoint.AGENT_USAGE, OCTOBER, "org-1", "counts")
Fetching = Callable[..., Awaitable[Fetch]]
Stored = Callable[..., Fetch]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with serve_sandbox(World(users=150, teams=6), now=lambda: NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.faults.clear()
    running.requests.entries.clear()
    return running


@pytest.fixture
async def api(make_api: Callable[..., UsageApi], sandbox: RunningSandbox) -> AsyncIterator[UsageApi]:
    async with make_api(sandbox.base_url, token=sandbox.token) as opened:
        yield opened


def envelope(*buckets: object) -> dict[str, object]:
    return {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "usage": {"data": list(buckets)}}


def october(**fields: object) -> dict[str, object]:
    return {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", **fields}


def test_the_month_is_asked_for_alone_and_with_the_twelve_before() -> None:
    month, history = ASKED

    assert (month.name, month.path) == (USAGE_MONTH, "/api/v1/organization/agent-usage")
    assert month.params == {
        "organizationId": "org-1",
        "from": "2026-10-01T00:00:00Z",
        "to": "2026-11-01T00:00:00Z",
        "granularity": "all",
    }
    assert (history.name, history.params["granularity"]) == (USAGE_HISTORY, "monthly")
    assert history.params["from"] == "2025-10-01T00:00:00Z"
    assert history.instead is not None
    assert history.instead.params == history.params | {"from": "2026-09-01T00:00:00Z"}


def test_one_question_a_team_covers_the_month_and_the_one_before() -> None:
    (asked,) = team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, "org-1", ["t-9"])

    assert asked.path == "/api/v1/team/agent-usage"
    assert (asked.params["teamId"], asked.params["granularity"]) == ("t-9", "monthly")
    assert (asked.params["from"], asked.params["to"]) == ("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z")


async def test_the_months_the_models_and_the_teams_of_the_sandbox_agree(api: UsageApi, sandbox: RunningSandbox) -> None:
    asked = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")
    fetch = await api.fetch(Endpoint.AGENT_USAGE, asked)
    (month,) = reading.agent_usage(fetch, USAGE_MONTH)
    history = {bucket.month: bucket for bucket in reading.agent_usage(fetch, USAGE_HISTORY)}

    assert month.month == OCTOBER
    assert month.total_cost == history[OCTOBER].total_cost
    assert month.total_cost
    assert sum(model.cost or 0 for model in month.model_breakdown or ()) == pytest.approx(month.total_cost)
    assert month.total_tokens_consumed == (month.total_input_tokens or 0) + (month.total_output_tokens or 0)
    assert OCTOBER.back(1) in history
    teams = [team.id for team in sandbox.world.teams]
    of_teams = await api.fetch_each(
        Endpoint.TEAM_AGENT_USAGE, team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, sandbox.world.id, teams)
    )
    costs = [
        bucket.total_cost or 0
        for team in teams
        for bucket in reading.agent_usage(of_teams, team)
        if bucket.month == OCTOBER
    ]
    assert 0 < sum(costs) <= month.total_cost


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_an_answer_that_means_not_told_is_asked_for_once(
    api: UsageApi, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"organization/agent-usage={status}")
    month = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")[:1]

    with pytest.raises(FeatureNotAvailable) as caught:
        await api.fetch(Endpoint.AGENT_USAGE, month)

    assert caught.value.status == status
    assert not caught.value.retryable
    assert len(sandbox.requests.entries) == 1


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_team_that_is_not_told_of_is_asked_about_once(
    api: UsageApi, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"team/agent-usage={status}")
    teams = [team.id for team in sandbox.world.teams]
    asked = team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, sandbox.world.id, teams)

    with pytest.raises(FeatureNotAvailable):
        await api.fetch_each(Endpoint.TEAM_AGENT_USAGE, asked)

    assert len(sandbox.requests.entries) == len(teams)


async def test_an_organization_without_the_licence_for_it_is_told_so(make_api: Callable[..., UsageApi]) -> None:
    quirks = Quirks(agent_usage_licensed=False)
    with serve_sandbox(World(users=20, teams=2), now=lambda: NOW, quirks=quirks) as sandbox:
        async with make_api(sandbox.base_url, token=sandbox.token) as api:
            asked = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")
            with pytest.raises(FeatureNotAvailable, match="not available in your plan"):
                await api.fetch(Endpoint.AGENT_USAGE, asked)


async def test_other_trouble_is_tried_again_and_500_of_other_endpoints_too(
    api: UsageApi, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("organization/agent-usage=503*1")
    asked = queries(Endpoint.AGENT_USAGE, OCTOBER, sandbox.world.id, "counts")
    fetch = await api.fetch(Endpoint.AGENT_USAGE, asked[:1])
    assert fetch.answers[0].tries == 2

    sandbox.faults.add("license=500")
    with pytest.raises(ServerError):
        await api.fetch(Endpoint.LICENSE, queries(Endpoint.LICENSE, OCTOBER, sandbox.world.id, "counts"))


async def test_where_13_months_are_too_many_two_are_asked_for(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        too_many = request.url.params["from"] == "2025-10-01T00:00:00Z"
        return httpx.Response(400 if too_many else 200, json=envelope(october(totalCost=1)))

    got = await fetch(handler, Endpoint.AGENT_USAGE)

    assert [answer.params["from"] for answer in got.answers] == ["2026-10-01T00:00:00Z", "2026-09-01T00:00:00Z"]


def test_what_is_absent_is_nothing_known_and_unknown_fields_are_passed_over(stored: Stored) -> None:
    sparse = october(totalCost=12, agentTypeBreakdown=[{"x": 1}], modelBreakdown=[{"model": None, "cost": 0.5}])
    (bucket,) = reading.agent_usage(
        stored(Endpoint.AGENT_USAGE, envelope(sparse), query=USAGE_HISTORY, granularity="monthly"), USAGE_HISTORY
    )

    assert (bucket.total_cost, bucket.total_tokens_consumed, bucket.active_users) == (12, None, None)
    assert bucket.model_breakdown is not None
    assert (bucket.model_breakdown[0].model, bucket.model_breakdown[0].cost) == (None, 0.5)
    assert bucket.model_breakdown[0].tokens_consumed is None


@pytest.mark.parametrize("cost", [-1, "12", True, 1e300])
def test_a_cost_that_is_none_is_misshapen(stored: Stored, cost: object) -> None:
    fetch = stored(Endpoint.AGENT_USAGE, envelope(october(totalCost=cost)), query=USAGE_HISTORY, granularity="monthly")

    with pytest.raises(UnexpectedResponse, match=r"usage\.data\[0\]\.totalCost"):
        reading.agent_usage(fetch, USAGE_HISTORY)


def test_a_month_told_twice_and_not_alike_is_misshapen(stored: Stored) -> None:
    twice = envelope(october(totalCost=1), october(totalCost=2))
    fetch = stored(Endpoint.TEAM_AGENT_USAGE, twice, query="t-9", granularity="monthly")

    with pytest.raises(UnexpectedResponse, match="tells 2026-10 twice"):
        reading.check(fetch)
