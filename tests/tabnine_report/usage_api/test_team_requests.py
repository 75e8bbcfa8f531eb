"""What is asked of every team: each for itself, and only what serves the months."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tabnine_report.model.errors import FeatureNotAvailable, NoResponse, TokenRejected, UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import (
    ORGANIZATION_ENDPOINTS,
    TEAM_ENDPOINTS,
    Endpoint,
    queries,
    team_queries,
)
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_requests import team_endpoints, team_ids

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
MakeApi = Callable[..., UsageApi]
ACCOUNTS = team_queries(Endpoint.TEAM_ACCOUNTS, OCTOBER, "org-1", ("a", "b", "c"))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with serve_sandbox(World(users=600, teams=500), now=lambda: NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.faults.clear()
    running.requests.entries.clear()
    return running


@pytest.fixture
async def api(make_api: MakeApi, sandbox: RunningSandbox) -> AsyncIterator[UsageApi]:
    async with make_api(sandbox.base_url, token=sandbox.token) as opened:
        yield opened


def answering(**statuses: int) -> Callable[[httpx.Request], httpx.Response]:
    """Answer about each team with its status, and 200 about the others."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(statuses.get(request.url.params["teamId"], 200), json={"registered": 7})

    return handler


async def organization(api: UsageApi, month: Month, organization_id: str) -> dict[Endpoint, Fetch]:
    return {
        endpoint: await api.fetch(endpoint, queries(endpoint, month, organization_id, "counts"))
        for endpoint in ORGANIZATION_ENDPOINTS
    }


def test_one_question_a_team_covers_the_month_and_the_one_before() -> None:
    (asked,) = team_queries(Endpoint.TEAM_USAGE_V2, OCTOBER, "org-1", ["t-9"])

    assert (asked.name, asked.path) == ("t-9", "/api/v2/team/usage")
    assert asked.params == {
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
async def test_only_the_versions_that_serve_the_two_months_are_asked(
    api: UsageApi, sandbox: RunningSandbox, month: Month, versions: list[Endpoint]
) -> None:
    fetches = await organization(api, month, sandbox.world.id)

    asked = [Endpoint.TEAM_ACCOUNTS, *versions, Endpoint.TEAM_AGENT_USAGE]
    assert list(team_endpoints(fetches, month)) == asked


async def test_without_a_list_of_teams_there_is_nobody_to_ask_about() -> None:
    failed = Failure(error="ServerError", message="500")
    fetches = {Endpoint.TEAMS: Fetch(endpoint="teams", started_at=NOW, ended_at=NOW, failure=failed)}

    assert team_ids(fetches) == ()


async def test_500_teams_are_each_answered_in_one_request_an_endpoint(api: UsageApi, sandbox: RunningSandbox) -> None:
    fetches = await organization(api, OCTOBER, sandbox.world.id)
    teams = team_ids(fetches)
    sandbox.requests.entries.clear()

    for endpoint in (Endpoint.TEAM_ACCOUNTS, Endpoint.TEAM_USAGE_V2):
        got = await api.fetch_each(endpoint, team_queries(endpoint, OCTOBER, sandbox.world.id, teams))
        assert [answer.query for answer in got.answers] == list(teams)
        assert got.unanswered == {}

    assert len(sandbox.requests.entries) == 2 * len(teams) == 1000


async def test_a_team_that_is_refused_or_misshapen_is_a_failure_and_the_others_stand(make_api: MakeApi) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        team = request.url.params["teamId"]
        return httpx.Response(404 if team == "a" else 200, json={"registered": "many" if team == "b" else 7})

    async with make_api(handler=handler) as api:
        got = await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)

    assert [answer.query for answer in got.answers] == ["c"]
    assert {team: failure.error for team, failure in got.unanswered.items()} == {
        "a": "RequestRejected",
        "b": "UnexpectedResponse",
    }
    snapshot = Snapshot(month="2026-10", host="console.example", fetches={"team-account-utilizations": got})
    assert Snapshot.read(snapshot.files()) == snapshot


async def test_a_team_that_is_in_trouble_is_asked_again(make_api: MakeApi) -> None:
    async with make_api(handler=answering(b=503)) as api:
        got = await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)

    assert [answer.query for answer in got.answers] == ["a", "c"]
    assert got.unanswered["b"].status == 503


async def test_what_is_refused_for_every_team_is_refused_as_any_endpoint(make_api: MakeApi) -> None:
    async with make_api(handler=answering(a=403, b=403, c=403)) as api:
        with pytest.raises(FeatureNotAvailable, match="403"):
            await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)


async def test_a_refused_token_ends_the_asking(make_api: MakeApi) -> None:
    async with make_api(handler=answering(a=401)) as api:
        with pytest.raises(TokenRejected):
            await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)


async def test_a_team_that_is_silent_ends_with_the_budget_and_the_others_stand(make_api: MakeApi) -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params["teamId"] == "b":
            await asyncio.Event().wait()
        return httpx.Response(200, json={"registered": 7})

    async with make_api(handler=handler, budget_seconds=0.3) as api:
        got = await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)

    assert [answer.query for answer in got.answers] == ["a", "c"]
    assert "within 0.3 seconds" in got.unanswered["b"].message


async def test_silence_for_every_team_is_no_answer(make_api: MakeApi) -> None:
    async def handler(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with make_api(handler=handler, budget_seconds=0.1) as api:
        with pytest.raises(NoResponse):
            await api.fetch_each(Endpoint.TEAM_ACCOUNTS, ACCOUNTS)


@pytest.mark.parametrize("endpoint", TEAM_ENDPOINTS)
async def test_an_endpoint_of_teams_in_a_wrong_shape_is_misshapen(make_api: MakeApi, endpoint: Endpoint) -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[])

    async with make_api(handler=handler) as api:
        with pytest.raises(UnexpectedResponse, match=f"^{endpoint}: the answer"):
            await api.fetch_each(endpoint, team_queries(endpoint, OCTOBER, "org-1", ["a"]))
