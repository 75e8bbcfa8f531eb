"""The client against the sandbox, which serves the documented contract over real HTTP."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tabnine_report.model.errors import (
    FeatureNotAvailable,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UnexpectedResponse,
    UsageApiError,
)
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import NetworkSettings, People, UsageApiSettings
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.service import Quirks
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import (
    ORGANIZATION_ENDPOINTS,
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_REGISTERED_IN_TEAMS,
    USERS_REGISTERED_WITHOUT_TEAM,
    Endpoint,
    queries,
)
from tabnine_report.usage_api.retrying import Patience
from tabnine_report.usage_api.snapshot import Fetch, Snapshot
from tabnine_report.usage_api.versions import decide

Fetching = Callable[..., Awaitable[Any]]

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
USERS, TEAMS = 150, 25
TINY = Patience(first_wait_seconds=0.001, longest_wait_seconds=0.002, jitter_seconds=0)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    quirks = Quirks(users_limit=40, teams_limit=10, last_page="absent")
    with serve_sandbox(World(users=USERS, teams=TEAMS), now=lambda: NOW, quirks=quirks) as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(sandbox: RunningSandbox) -> None:
    """Each test begins with a sandbox that behaves and was asked nothing."""
    sandbox.faults.clear()
    sandbox.requests.entries.clear()


@pytest.fixture
def ask(sandbox: RunningSandbox) -> Fetching:
    """Fetch endpoints of the sandbox as a report on October 2026 does."""

    async def ask(
        *endpoints: Endpoint, people: People = "counts", token: str | None = None, budget_seconds: float = 20.0
    ) -> Fetch | list[Fetch]:
        settings = UsageApiSettings(base_url=sandbox.base_url, token=token or sandbox.token)
        async with UsageApi(
            settings, NetworkSettings(), clock=lambda: NOW, budget_seconds=budget_seconds, patience=TINY
        ) as api:
            fetches = [
                await api.fetch(endpoint, queries(endpoint, OCTOBER, sandbox.world.id, people))
                for endpoint in endpoints
            ]
        return fetches[0] if len(fetches) == 1 else fetches

    return ask


async def test_every_endpoint_answers_and_a_stored_snapshot_reads_the_same(ask: Fetching) -> None:
    fetches = await ask(*ORGANIZATION_ENDPOINTS)
    live = Snapshot(month="2026-10", host="sandbox", fetches={fetch.endpoint: fetch for fetch in fetches})
    stored = Snapshot.read(live.files())
    assert stored == live
    for fetch in stored.fetches.values():
        reading.check(fetch)


async def test_the_organization_is_the_one_that_the_other_questions_need(
    ask: Fetching, sandbox: RunningSandbox
) -> None:
    got = reading.organization(await ask(Endpoint.ORGANIZATION))
    assert (got.id, got.name) == (sandbox.world.id, "ACME")


async def test_all_teams_come_through_pages_smaller_than_asked_for(ask: Fetching, sandbox: RunningSandbox) -> None:
    teams = reading.teams(await ask(Endpoint.TEAMS))
    assert [team.id for team in teams] == [team.id for team in sandbox.world.teams]


async def test_users_are_the_same_many_whether_counted_or_listed(ask: Fetching) -> None:
    counted, listed = await ask(Endpoint.USERS), await ask(Endpoint.USERS, people="lists")
    for query in (USERS_REGISTERED_IN_TEAMS, USERS_REGISTERED_WITHOUT_TEAM, USERS_DEACTIVATED_IN_TEAMS):
        users = reading.users(listed, query)
        assert len({user.id for user in users}) == len(users) == reading.user_total(counted, query)
        assert all((user.deactivated_at is not None) == (query == USERS_DEACTIVATED_IN_TEAMS) for user in users)
    assert reading.user_total(counted, USERS_REGISTERED_IN_TEAMS) > 40


async def test_accounts_are_told_for_the_thirteen_months_asked_for(ask: Fetching) -> None:
    rows = reading.account_utilizations(await ask(Endpoint.ACCOUNT_UTILIZATIONS))
    by_month = {row.month: row.registered for row in rows}
    assert set(OCTOBER.last(13)) <= set(by_month)
    assert all(by_month[month] > 0 for month in OCTOBER.last(13))


async def test_licence_and_admins_are_told(ask: Fetching) -> None:
    license_fetch, permissions = await ask(Endpoint.LICENSE, Endpoint.PERMISSIONS)
    assert reading.license(license_fetch).seats > 0
    assert reading.license(license_fetch).expires_at > NOW
    assert reading.admins(permissions)


async def test_the_second_version_serves_from_the_cutover_on_and_may_is_partial(ask: Fetching) -> None:
    v1, v2 = await ask(Endpoint.USAGE_V1, Endpoint.USAGE_V2)
    months = OCTOBER.last(13)
    got = decide(months, reading.usage_by_month(v1), reading.usage_by_month(v2), None)
    assert [got.by_month[month].version for month in months] == ["v1"] * 7 + ["v2"] * 6
    assert [month for month, serving in got.by_month.items() if serving.partial] == [Month(2026, 5)]
    assert got.cutover == Month(2026, 5)
    assert reading.usage_by_month(v2)[OCTOBER].start == OCTOBER.start


async def test_a_wrong_token_costs_one_request(ask: Fetching, sandbox: RunningSandbox) -> None:
    with pytest.raises(TokenRejected):
        await ask(Endpoint.ORGANIZATION, token="wrong")
    assert len(sandbox.requests.entries) == 1


@pytest.mark.parametrize(
    ("fault", "error", "requests"),
    [
        ("license=400", RequestRejected, 1),
        ("license=401", TokenRejected, 1),
        ("license=403", FeatureNotAvailable, 1),
        ("license=404", RequestRejected, 1),
        ("license=422", RequestRejected, 1),
        ("license=429", ServerError, 5),
        ("license=429:600", ServerError, 1),
        ("license=500", ServerError, 5),
        ("license=503", ServerError, 5),
        ("license=html", MalformedResponse, 5),
        ("license=truncated", MalformedResponse, 5),
        ("license=reset", NoResponse, 5),
        ("license=shape", UnexpectedResponse, 1),
        ("license=null", UnexpectedResponse, 1),
    ],
)
async def test_each_way_to_fail_is_told_apart(
    ask: Fetching, sandbox: RunningSandbox, fault: str, error: type[UsageApiError], requests: int
) -> None:
    sandbox.faults.add(fault)
    with pytest.raises(error) as caught:
        await ask(Endpoint.LICENSE)
    assert type(caught.value) is error
    assert len(sandbox.requests.entries) == requests


@pytest.mark.parametrize("fault", ["license=503*2", "license=truncated*2", "license=reset*2", "license=html*2"])
async def test_trouble_that_passes_is_not_seen(ask: Fetching, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.faults.add(fault)
    fetch = await ask(Endpoint.LICENSE)
    assert fetch.answers[0].tries == 3


async def test_silence_ends_with_the_budget(ask: Fetching, sandbox: RunningSandbox) -> None:
    sandbox.faults.add("license=timeout")
    with pytest.raises(NoResponse, match=r"within 0\.3 seconds"):
        await ask(Endpoint.LICENSE, budget_seconds=0.3)


@pytest.mark.parametrize("endpoint", ORGANIZATION_ENDPOINTS)
async def test_every_endpoint_in_a_wrong_shape_is_misshapen_and_named(
    ask: Fetching, sandbox: RunningSandbox, endpoint: Endpoint
) -> None:
    sandbox.faults.add("*=shape")
    with pytest.raises(UnexpectedResponse, match=f"^{endpoint}: "):
        await ask(endpoint)
