"""The memory that the responses of a run take is limited, and large ones do not block the event loop."""

import gc
import threading
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tabnine_report.model.errors import ResponseTooLarge
from tabnine_report.usage_api import paging, parsing_thread, response_body, response_memory, snapshot
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.users import USERS, USERS_REGISTERED_WITHOUT_TEAM, count_users
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]

LICENSE = {"license": {"seats": 520}}
KILOBYTE = "x" * 1000


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit one response to 25 kB, an endpoint to 100 kB, and a run to 150 kB."""
    monkeypatch.setattr(response_body, "MAX_RESPONSE_BYTES", 25_000)
    monkeypatch.setattr(response_memory, "MAX_ENDPOINT_BYTES", 100_000)
    monkeypatch.setattr(paging, "MAX_ENDPOINT_BYTES", 100_000)
    monkeypatch.setattr(response_memory, "MAX_RUN_BYTES", 150_000)


def page_of_rows(request: httpx.Request, *, total: int, known: bool = True) -> httpx.Response:
    """Return one page of a list: at most two rows of a kilobyte each."""
    offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
    rows = [{"id": f"{offset + n}", "name": KILOBYTE} for n in range(max(0, min(limit, 2, total - offset)))]
    return httpx.Response(200, json={"data": rows, "meta": {"total": total} if known else {}})


@pytest.mark.usefixtures("small_limits")
async def test_one_endpoint_leaves_room_for_the_others(make_api: Callable[..., UsageApi]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        text = KILOBYTE * (20 if request.url.path == Endpoint.TEAM_USAGE_V2.path else 1)
        return httpx.Response(200, json={**LICENSE, "usage": {"granularity": "all", "data": []}, "unknown": text})

    async with make_api(handler=handler) as api:
        teams = await api.fetch(Endpoint.TEAM_USAGE_V2, [Query(f"team-{number}") for number in range(20)])
        assert len(teams.responses) == 4
        assert "a run keeps at most" in teams.failed_queries[0].message
        assert teams.failed_queries[0].error == "ResponseTooLarge"
        assert (await api.fetch(Endpoint.LICENSE, [Query("license")])).responses


@pytest.mark.usefixtures("small_limits")
async def test_the_responses_of_all_endpoints_together_are_limited(make_api: Callable[..., UsageApi]) -> None:
    body = {"usage": {"granularity": "all", "data": []}, "unknown": KILOBYTE * 20}
    async with make_api(handler=lambda _: httpx.Response(200, json=body)) as api:
        first = await api.fetch(Endpoint.TEAM_USAGE_V1, [Query(f"team-{number}") for number in range(20)])
        second = await api.fetch(Endpoint.TEAM_USAGE_V2, [Query(f"team-{number}") for number in range(20)])
        assert (len(first.responses), len(second.responses)) == (4, 3)

        del first
        again = await api.fetch(Endpoint.TEAM_USAGE_V1, [Query(f"team-{number}") for number in range(20)])
        assert len(again.responses) == 4


@pytest.mark.usefixtures("small_limits")
async def test_a_list_that_is_read_again_takes_the_room_of_one(fetch: Fetching) -> None:
    served = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal served
        served += 1
        # In the first two passes, a user joins before the last page.
        return page_of_rows(request, total=60 if served in (20, 50) else 61)

    gc.disable()
    try:
        fetched = await fetch(handler, Endpoint.TEAMS, max_concurrency=1)
    finally:
        gc.enable()
    assert served > 62
    assert sum(len(response.body) for response in fetched.responses) > 60_000


@pytest.mark.usefixtures("small_limits")
async def test_of_a_list_without_room_only_the_total_is_read(fetch: Fetching, caplog: pytest.LogCaptureFixture) -> None:
    received: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return page_of_rows(request, total=5000)

    fetched = await fetch(handler, Endpoint.USERS, people="lists")
    assert count_users(fetched, USERS_REGISTERED_WITHOUT_TEAM) == 5000
    assert USERS.read(fetched)[USERS_REGISTERED_WITHOUT_TEAM] == 5000
    assert len(received) < 12
    assert "the list of 5,000 rows was not read" in caplog.text


@pytest.mark.usefixtures("small_limits")
async def test_a_list_of_unknown_length_ends_at_the_limit(fetch: Fetching) -> None:
    with pytest.raises(ResponseTooLarge, match=r"The rest of .*organization/teams was not read: a run keeps at most"):
        await fetch(lambda request: page_of_rows(request, total=5000, known=False), Endpoint.TEAMS)


async def test_responses_that_cannot_be_read_take_no_room(
    make_api: Callable[..., UsageApi], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_memory, "MAX_ENDPOINT_BYTES", 25_000)
    answers = iter([*[httpx.Response(200, text=KILOBYTE * 20)] * 4, httpx.Response(200, json=LICENSE)])
    async with make_api(handler=lambda _: next(answers)) as api:
        assert (await api.fetch(Endpoint.LICENSE, [Query("license")])).responses[0].attempts == 5


async def test_a_large_response_is_parsed_in_a_thread(fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set()
    parse = snapshot.parse_json

    def remember(body: bytes) -> object:
        threads.add(threading.current_thread().name)
        return parse(body)

    monkeypatch.setattr(snapshot, "parse_json", remember)
    monkeypatch.setattr(response_body, "parse_json", remember)
    large = {"data": [{"id": "1", "name": "x" * parsing_thread.LARGE_BYTES}], "meta": {"total": 1, "next": None}}
    await fetch(lambda _: httpx.Response(200, json=large), Endpoint.TEAMS)

    assert threads == {"parse responses_0"}
