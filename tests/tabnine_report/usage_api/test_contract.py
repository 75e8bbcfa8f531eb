"""The client against the sandbox, which serves the documented contract over real HTTP."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tabnine_report.model.errors import (
    AccessDenied,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UnexpectedResponse,
    UsageApiError,
)
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries
from tabnine_report.usage_api.endpoints.account_utilizations import ACCOUNT_UTILIZATIONS
from tabnine_report.usage_api.endpoints.instance_permissions import PERMISSIONS
from tabnine_report.usage_api.endpoints.license import LICENSE
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.endpoints.teams import TEAMS
from tabnine_report.usage_api.endpoints.usage import USAGE_V2, usage_by_month
from tabnine_report.usage_api.endpoints.users import (
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_REGISTERED_IN_TEAMS,
    USERS_REGISTERED_WITHOUT_TEAM,
    count_users,
    list_users,
)
from tabnine_report.usage_api.reading_problems import collected_problems
from tabnine_report.usage_api.snapshot import Fetch, Snapshot
from tabnine_report.usage_api.versions import decide

Fetching = Callable[..., Awaitable[Any]]

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
USER_COUNT, TEAM_COUNT = 150, 25


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    quirks = Quirks(users_limit=40, teams_limit=10, last_page="absent")
    with serve_sandbox(World(users=USER_COUNT, teams=TEAM_COUNT), now=lambda: NOW, quirks=quirks) as sandbox:
        yield sandbox


@pytest.fixture
def fetch_from_sandbox(make_api: Callable[..., UsageApi], sandbox: RunningSandbox) -> Fetching:
    """Return a function that fetches endpoints of the sandbox for a report on October 2026."""

    async def fetch_from_sandbox(
        *endpoints: Endpoint, people: People = "counts", token: str | None = None, attempt_seconds: float = 20.0
    ) -> Fetch | list[Fetch]:
        async with make_api(sandbox.base_url, token=token or sandbox.token, attempt_seconds=attempt_seconds) as api:
            fetches = [
                await api.fetch(endpoint, queries(endpoint, OCTOBER, sandbox.world.id, people))
                for endpoint in endpoints
            ]
        return fetches[0] if len(fetches) == 1 else fetches

    return fetch_from_sandbox


async def test_every_endpoint_responds_and_the_stored_snapshot_is_equal(fetch_from_sandbox: Fetching) -> None:
    fetches = await fetch_from_sandbox(*ORGANIZATION_ENDPOINTS)
    live = Snapshot(month="2026-10", host="sandbox", fetches={fetch.endpoint: fetch for fetch in fetches})
    stored = Snapshot.read(live.files())
    assert stored == live
    for endpoint in ORGANIZATION_ENDPOINTS:
        endpoint.spec.check(stored.fetches[endpoint])


async def test_organization_has_the_id_that_other_queries_need(
    fetch_from_sandbox: Fetching, sandbox: RunningSandbox
) -> None:
    got = ORGANIZATION.read(await fetch_from_sandbox(Endpoint.ORGANIZATION))
    assert (got.id, got.name) == (sandbox.world.id, "ACME")


async def test_all_teams_are_fetched_in_small_pages(fetch_from_sandbox: Fetching, sandbox: RunningSandbox) -> None:
    teams = TEAMS.read(await fetch_from_sandbox(Endpoint.TEAMS))
    assert [team.id for team in teams] == [team.id for team in sandbox.world.teams]


async def test_counted_and_listed_users_agree(fetch_from_sandbox: Fetching) -> None:
    counted, listed = await fetch_from_sandbox(Endpoint.USERS), await fetch_from_sandbox(Endpoint.USERS, people="lists")
    for query in (USERS_REGISTERED_WITHOUT_TEAM, USERS_DEACTIVATED_IN_TEAMS):
        users = [user for page in list_users(listed, query) for user in page]
        assert len({user.id for user in users}) == len(users) == count_users(counted, query)
        assert all((user.deactivated_at is not None) == (query == USERS_DEACTIVATED_IN_TEAMS) for user in users)
    in_teams = count_users(counted, USERS_REGISTERED_IN_TEAMS) or 0
    assert 40 < in_teams == count_users(listed, USERS_REGISTERED_IN_TEAMS)
    assert [len(page) for page in list_users(listed, USERS_REGISTERED_IN_TEAMS)] == [1]


async def test_account_utilizations_cover_13_months(fetch_from_sandbox: Fetching) -> None:
    rows = ACCOUNT_UTILIZATIONS.read(await fetch_from_sandbox(Endpoint.ACCOUNT_UTILIZATIONS))
    by_month = {row.month: row.registered for row in rows}
    assert set(OCTOBER.last(13)) <= set(by_month)
    assert all((by_month[month] or 0) > 0 for month in OCTOBER.last(13))


async def test_license_and_admins_are_read(fetch_from_sandbox: Fetching) -> None:
    license_fetch, permissions = await fetch_from_sandbox(Endpoint.LICENSE, Endpoint.PERMISSIONS)
    terms = LICENSE.read(license_fetch)
    assert isinstance(terms.seats, int)
    assert terms.seats > 0
    assert isinstance(terms.expires_at, datetime)
    assert terms.expires_at > NOW
    assert PERMISSIONS.read(permissions)


async def test_version_2_serves_from_the_cutover_and_may_is_partial(fetch_from_sandbox: Fetching) -> None:
    v1, v2 = await fetch_from_sandbox(Endpoint.USAGE_V1, Endpoint.USAGE_V2)
    months = OCTOBER.last(13)
    got = decide(months, usage_by_month(v1), usage_by_month(v2), None)
    assert [got.by_month[month].version for month in months] == ["v1"] * 7 + ["v2"] * 6
    assert [month for month, serving in got.by_month.items() if serving.partial] == [Month(2026, 5)]
    assert got.cutover == Month(2026, 5)
    assert USAGE_V2.read(v2).months[OCTOBER].start == OCTOBER.start


async def test_wrong_token_is_not_retried(fetch_from_sandbox: Fetching, sandbox: RunningSandbox) -> None:
    with pytest.raises(TokenRejected):
        await fetch_from_sandbox(Endpoint.ORGANIZATION, token="wrong")
    assert len(sandbox.requests.entries) == 1


@pytest.mark.parametrize(
    ("fault", "error", "requests"),
    [
        ("license=400", RequestRejected, 1),
        ("license=401", TokenRejected, 1),
        ("license=403", AccessDenied, 1),
        ("license=404", RequestRejected, 1),
        ("license=422", RequestRejected, 1),
        ("license=429", ServerError, 5),
        ("license=429:600", ServerError, 1),
        ("license=500", ServerError, 5),
        ("license=503", ServerError, 5),
        ("license=html", MalformedResponse, 5),
        ("license=truncated", MalformedResponse, 5),
        ("license=reset", NoResponse, 5),
        ("license=null", UnexpectedResponse, 1),
    ],
)
async def test_each_fault_raises_its_error(
    fetch_from_sandbox: Fetching, sandbox: RunningSandbox, fault: str, error: type[UsageApiError], requests: int
) -> None:
    sandbox.faults.add(fault)
    with pytest.raises(error) as caught:
        await fetch_from_sandbox(Endpoint.LICENSE)
    assert type(caught.value) is error
    assert len(sandbox.requests.entries) == requests


@pytest.mark.parametrize("fault", ["license=503*2", "license=truncated*2", "license=reset*2", "license=html*2"])
async def test_temporary_faults_are_retried(fetch_from_sandbox: Fetching, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.faults.add(fault)
    fetch = await fetch_from_sandbox(Endpoint.LICENSE)
    assert fetch.responses[0].attempts == 3


async def test_an_attempt_ends_with_its_time(fetch_from_sandbox: Fetching, sandbox: RunningSandbox) -> None:
    sandbox.faults.add("license=timeout")
    with pytest.raises(NoResponse, match=r"within 0\.3 seconds"):
        await fetch_from_sandbox(Endpoint.LICENSE, attempt_seconds=0.3)


@pytest.mark.parametrize("endpoint", sorted({*ORGANIZATION_ENDPOINTS} - {Endpoint.ORGANIZATION, Endpoint.USERS}))
async def test_fields_of_the_wrong_type_are_named_and_cost_no_endpoint(
    fetch_from_sandbox: Fetching, sandbox: RunningSandbox, endpoint: Endpoint
) -> None:
    sandbox.faults.add("*=shape")
    fetch = await fetch_from_sandbox(endpoint)
    with collected_problems() as problems:
        endpoint.spec.read(fetch)
    assert problems.invalid_fields or problems.unreadable_rows


async def test_organization_without_an_id_is_an_unexpected_response(
    fetch_from_sandbox: Fetching, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("organization=shape")
    with pytest.raises(UnexpectedResponse, match=r"^organization: id is not a string"):
        await fetch_from_sandbox(Endpoint.ORGANIZATION)
