"""Endpoints that are queried per team: which are queried, and how single teams fail."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tabnine_report.model.errors import AccessDenied, NoResponse, ServerError, TokenRejected, UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, TEAM_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
MakeApi = Callable[..., UsageApi]
ACCOUNTS = team_queries(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, OCTOBER, "org-1", ("a", "b", "c"))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with serve_sandbox(World(users=600, teams=500), now=lambda: NOW) as sandbox:
        yield sandbox


def responding(**statuses: int) -> Callable[[httpx.Request], httpx.Response]:
    """Return the given status for each named team, and 200 for the others."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(statuses.get(request.url.params["teamId"], 200), json={"registered": 7})

    return handler


async def fetch_organization(api: UsageApi, month: Month, organization_id: str) -> dict[Endpoint, Fetch]:
    return {
        endpoint: await api.fetch(endpoint, queries(endpoint, month, organization_id, "counts"))
        for endpoint in ORGANIZATION_ENDPOINTS
    }


def test_team_query_covers_the_month_and_the_one_before() -> None:
    (query,) = team_queries(Endpoint.TEAM_USAGE_V2, OCTOBER, "org-1", ["t-9"])

    assert (query.name, Endpoint.TEAM_USAGE_V2.path) == ("t-9", "/api/v2/team/usage")
    assert query.params == {
        "teamId": "t-9",
        "organizationId": "org-1",
        "from": "2026-09-01T00:00:00Z",
        "to": "2026-11-01T00:00:00Z",
        "granularity": "monthly",
    }


@pytest.mark.parametrize(
    ("month", "versions"),
    [
        (Month(2026, 10), [Endpoint.TEAM_USAGE_V2]),
        (Month(2026, 6), [Endpoint.TEAM_USAGE_V2]),
        (Month(2026, 5), [Endpoint.TEAM_USAGE_V1, Endpoint.TEAM_USAGE_V2]),
        (Month(2026, 4), [Endpoint.TEAM_USAGE_V1]),
    ],
)
async def test_only_versions_that_serve_the_two_months_are_queried(
    api: UsageApi, sandbox: RunningSandbox, month: Month, versions: list[Endpoint]
) -> None:
    fetches = await fetch_organization(api, month, sandbox.world.id)

    expected = [Endpoint.TEAM_ACCOUNT_UTILIZATIONS, *versions, Endpoint.TEAM_AGENT_USAGE]
    assert list(team_endpoints(fetches, month)) == expected


async def test_failed_list_of_teams_means_no_team_queries() -> None:
    failed = Failure(error="ServerError", message="500")
    fetches = {Endpoint.TEAMS: Fetch(endpoint="teams", started_at=NOW, ended_at=NOW, failure=failed)}

    assert team_ids(fetches) == ()


async def test_500_teams_need_one_request_per_endpoint_and_team(api: UsageApi, sandbox: RunningSandbox) -> None:
    fetches = await fetch_organization(api, OCTOBER, sandbox.world.id)
    teams = team_ids(fetches)
    sandbox.requests.entries.clear()

    for endpoint in (Endpoint.TEAM_ACCOUNT_UTILIZATIONS, Endpoint.TEAM_USAGE_V2):
        fetch = await api.fetch(endpoint, team_queries(endpoint, OCTOBER, sandbox.world.id, teams))
        assert [response.query for response in fetch.responses] == list(teams)
        assert fetch.failed_queries == ()

    assert len(sandbox.requests.entries) == 2 * len(teams) == 1000


async def test_failed_team_does_not_affect_the_others(make_api: MakeApi) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        team = request.url.params["teamId"]
        return httpx.Response(404 if team == "a" else 200, json=["many"] if team == "b" else {"registered": 7})

    async with make_api(handler=handler) as api:
        fetch = await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)

    assert [response.query for response in fetch.responses] == ["c"]
    assert {failed.query: failed.error for failed in fetch.failed_queries} == {
        "a": "RequestRejected",
        "b": "UnexpectedResponse",
    }
    snapshot = Snapshot(month="2026-10", host="console.example", fetches={"team-account-utilizations": fetch})
    assert Snapshot.read(snapshot.files()) == snapshot


async def test_temporary_error_of_a_team_is_kept_after_retries(make_api: MakeApi) -> None:
    async with make_api(handler=responding(b=503)) as api:
        fetch = await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)

    assert [response.query for response in fetch.responses] == ["a", "c"]
    assert [(failed.query, failed.status) for failed in fetch.failed_queries] == [("b", 503)]


async def test_failure_of_every_team_raises_the_error(make_api: MakeApi) -> None:
    async with make_api(handler=responding(a=403, b=403, c=403)) as api:
        with pytest.raises(AccessDenied, match="403"):
            await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)


async def test_endpoint_is_not_offered_only_if_every_team_returns_this(make_api: MakeApi) -> None:
    sent = team_queries(Endpoint.TEAM_AGENT_USAGE, OCTOBER, "org-1", ("a", "b", "c"))
    async with make_api(handler=responding(a=404, b=503, c=404)) as api:
        with pytest.raises(ServerError):
            await api.fetch(Endpoint.TEAM_AGENT_USAGE, sent)


async def test_rejected_token_is_raised_immediately(make_api: MakeApi) -> None:
    async with make_api(handler=responding(a=401)) as api:
        with pytest.raises(TokenRejected):
            await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)


async def test_timeout_of_a_team_does_not_affect_the_others(make_api: MakeApi) -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params["teamId"] == "b":
            await asyncio.Event().wait()
        return httpx.Response(200, json={"registered": 7})

    async with make_api(handler=handler, attempt_seconds=0.3, retry_policy=RetryPolicy(attempts=1)) as api:
        fetch = await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)

    assert [response.query for response in fetch.responses] == ["a", "c"]
    assert "within 0.3 seconds" in fetch.failed_queries[0].message


async def test_timeout_of_every_team_raises_no_response(make_api: MakeApi) -> None:
    async def handler(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with make_api(handler=handler, attempt_seconds=0.1, retry_policy=RetryPolicy(attempts=1)) as api:
        with pytest.raises(NoResponse):
            await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)


@pytest.mark.parametrize("endpoint", TEAM_ENDPOINTS)
async def test_another_shape_is_an_unexpected_response_that_names_the_endpoint(
    make_api: MakeApi, endpoint: Endpoint
) -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[])

    async with make_api(handler=handler) as api:
        with pytest.raises(UnexpectedResponse, match=f"^{endpoint}: the response"):
            await api.fetch(endpoint, team_queries(endpoint, OCTOBER, "org-1", ["a"]))


async def test_a_response_without_any_field_of_the_api_fails_its_team_and_an_unknown_number_does_not(
    make_api: MakeApi,
) -> None:
    bodies = {"a": {"registered": 7}, "b": {"status": "ok"}, "c": {"registered": None, "invited": 2}}
    async with make_api(handler=lambda request: httpx.Response(200, json=bodies[request.url.params["teamId"]])) as api:
        fetch = await api.fetch(Endpoint.TEAM_ACCOUNT_UTILIZATIONS, ACCOUNTS)

    assert [response.query for response in fetch.responses] == ["a", "c"]
    assert [(failed.query, failed.error) for failed in fetch.failed_queries] == [("b", "UnexpectedResponse")]
