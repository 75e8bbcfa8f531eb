"""A hostile header, id or message affects at most its own endpoint or row, and one line of the log."""

import json
import logging
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tabnine_report.model.errors import UsageApiError
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint
from tabnine_report.usage_api.endpoints.teams import TEAMS
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]

LICENSE = {"license": {"seats": 520}}
ESCAPES = "a\x1b[2J\x1b[31m\r\nFAKE LINE\u2028\x85\x00\u202e"


async def test_a_token_that_the_api_repeats_is_not_kept(fetch: Fetching, token: str) -> None:
    body = {"data": [{"id": "t1", "name": f"Team {token}"}], "meta": {"total": 1}}
    fetched = await fetch(lambda _: httpx.Response(200, json=body), Endpoint.TEAMS)

    assert token.encode() not in fetched.responses[0].body
    assert [team.name for team in TEAMS.read(fetched)] == ["Team [secret]"]


@pytest.mark.parametrize(
    "date", ["Sun, 01 Nov 99999999999999999999 07:00:00 GMT", "Fri, 31 Dec 9999 23:00:00 -2359", "x" * 5000, ""]
)
async def test_a_date_out_of_range_costs_only_the_clock_of_the_server(fetch: Fetching, date: str) -> None:
    fetched = await fetch(lambda _: httpx.Response(200, json=LICENSE, headers={"Date": date}))

    assert fetched.failure is None
    assert fetched.responses[0].server_time is None


@pytest.mark.parametrize(
    "wait", ["9" * 400, "1e308", "Fri, 31 Dec 9999 23:00:00 -2359", "Sun, 01 Nov 99999999999 07:00:00 GMT"]
)
async def test_a_wait_out_of_range_is_no_wait(fetch: Fetching, wait: str) -> None:
    answers = iter([httpx.Response(503, headers={"Retry-After": wait}), httpx.Response(200, json=LICENSE)])

    assert (await fetch(lambda _: next(answers))).responses[0].attempts == 2


@pytest.mark.parametrize(
    "team_id", ["x" * 70_000, ESCAPES, "\ud800", " "], ids=["long", "escapes", "surrogate", "blank"]
)
async def test_a_hostile_id_costs_its_team_alone(fetch: Fetching, team_id: str) -> None:
    rows = [{"id": "team-1", "name": "Platform"}, {"id": team_id, "name": "Data"}, {"id": "team-2", "name": "Web"}]
    body = json.dumps({"data": rows, "meta": {"total": 3}})
    fetched = await fetch(lambda _: httpx.Response(200, content=body), Endpoint.TEAMS)

    assert [team.id for team in TEAMS.read(fetched)] == ["team-1", "team-2"]
    assert [row.field for row in TEAMS.read(fetched).unreadable] == ["id"]


@pytest.mark.parametrize("status", [200, 301, 401, 403, 503])
@pytest.mark.parametrize(
    "body",
    [
        ESCAPES,
        json.dumps({"message": ESCAPES, "error": ESCAPES, "errors": [ESCAPES, {"message": ESCAPES}]}),
        json.dumps({"error": {"message": ESCAPES * 5000}}),
        f"<title>{ESCAPES}</title>",
        json.dumps({ESCAPES: ESCAPES, "license": ESCAPES, "data": {ESCAPES: 1}}),
    ],
    ids=["text", "messages", "long", "page", "keys"],
)
async def test_every_log_record_and_error_is_one_line(
    fetch: Fetching, caplog: pytest.LogCaptureFixture, status: int, body: str
) -> None:
    headers = {"X-Request-Id": "a\x1b[31m\tb" * 100, "Location": "https://x\x1b[31m.example/"}
    with caplog.at_level(logging.DEBUG):
        for endpoint in ORGANIZATION_ENDPOINTS:
            try:
                await fetch(lambda _: httpx.Response(status, content=body, headers=headers), endpoint)
            except UsageApiError as error:
                logging.getLogger("test").warning("Fetching failed: %s (%s)", error, error.request_id)

    ours = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert ours
    assert [message for message in ours if not message.isprintable()] == []
    assert max(map(len, ours)) < 1500
