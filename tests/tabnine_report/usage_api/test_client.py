import asyncio
import json
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tabnine_report.model.errors import (
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ResponseTooLarge,
    ServerError,
    SettingsError,
    TokenRejected,
    UnexpectedResponse,
    UsageApiError,
)
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.query import PageSelection, Query
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]
Loopback = Callable[..., AbstractAsyncContextManager[str]]
Handler = Callable[[httpx.Request], httpx.Response]

LICENSE = {"license": {"seats": 520}}


def responding(body: object) -> Handler:
    return lambda request: httpx.Response(200, json=body)


class Endless(httpx.AsyncByteStream):
    """An endless body."""

    def __init__(self, part: bytes, pause_seconds: float) -> None:
        self.part, self.pause_seconds = part, pause_seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield self.part
            await asyncio.sleep(self.pause_seconds)


async def test_response_is_kept_unchanged_with_its_request(fetch: Fetching) -> None:
    text = '{"license":  {"seats": 520, "unknown": "é"}}'
    headers = {"Date": "Mon, 02 Nov 2026 06:58:00 GMT"}
    got = await fetch(lambda request: httpx.Response(200, content=text.encode(), headers=headers))
    (response,) = got.responses
    assert response.body == text.encode()
    assert response.server_time == datetime(2026, 11, 2, 6, 58, tzinfo=UTC)
    assert (response.query, response.path, dict(response.params)) == ("license", "/api/v1/license", {})
    assert (response.status, response.attempts) == (200, 1)
    assert response.received_at == got.started_at == got.ended_at == datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert got.failure is None


async def test_request_has_token_accept_and_user_agent_headers(fetch: Fetching, token: str) -> None:
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[])

    await fetch(handler, Endpoint.PERMISSIONS)
    (request,) = seen
    assert str(request.url) == "https://console.example/api/v1/instance/permissions?role=Admin"
    assert request.headers["authorization"] == f"Bearer {token}"
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"].startswith("tabnine-report/")


async def test_responses_are_in_the_order_of_the_queries(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        granularity = request.url.params["granularity"]
        return httpx.Response(200, json={"usage": {"granularity": granularity, "data": []}})

    got = await fetch(handler, Endpoint.USAGE_V2)
    assert [response.query for response in got.responses] == [
        "month",
        "previous",
        "history",
        "days",
        "weeks",
        "quarter",
    ]
    assert [response.json_body()["usage"]["granularity"] for response in got.responses] == [
        *["all", "all"],
        *["monthly", "daily"],
        *["weekly", "all"],
    ]


async def test_concurrent_requests_are_limited(fetch: Fetching) -> None:
    running, most = 0, 0

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        offset, limit = int(request.url.params["offset"]), min(int(request.url.params["limit"]), 10)
        rows = [{"id": str(n), "name": "x"} for n in range(offset, min(offset + limit, 200))]
        return httpx.Response(200, json={"data": rows, "meta": {"total": 200}})

    got = await fetch(handler, Endpoint.TEAMS, max_concurrency=3)
    assert len(got.responses) == 20
    assert most == 3


async def test_response_of_another_shape_names_endpoint_and_field(fetch: Fetching) -> None:
    with pytest.raises(UnexpectedResponse, match=r"^license: license is not an object") as caught:
        await fetch(responding({"license": "many"}))
    assert (caught.value.endpoint, caught.value.status) == ("license", 200)


async def test_response_of_another_shape_is_not_retried(fetch: Fetching) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200, json=[1])

    with pytest.raises(UnexpectedResponse, match="the response is not an object"):
        await fetch(handler)
    assert len(received) == 1


@pytest.mark.parametrize("kind", ["silent", "slow"])
async def test_attempt_ends_within_its_time(fetch: Fetching, kind: str) -> None:
    """Whether the server sends nothing, or one byte at a time."""

    async def handler(request: httpx.Request) -> httpx.Response:
        if kind == "silent":
            await asyncio.Event().wait()
        return httpx.Response(200, stream=Endless(b" ", pause_seconds=0.01))

    with pytest.raises(NoResponse) as caught:
        await asyncio.wait_for(fetch(handler, attempt_seconds=0.1, retry_policy=RetryPolicy(attempts=1)), timeout=30)
    assert str(caught.value) == (
        "console.example/api/v1/license did not return a complete response within 0.1 seconds. "
        "Try again later, or raise usage_api.timeout_seconds."
    )


async def test_no_retry_if_too_little_time_remains_for_the_wait(fetch: Fetching) -> None:
    """The server's error is more informative than a timeout."""
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(503)

    with pytest.raises(ServerError, match="returned 503"):
        await fetch(handler, within_seconds=10, retry_policy=RetryPolicy(first_wait_seconds=60, max_wait_seconds=60))
    assert len(received) == 1


async def test_pages_and_waits_end_together(fetch: Fetching) -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        row = {"id": request.url.params["offset"], "name": "x"}
        return httpx.Response(200, json={"data": [row], "meta": {"next": {"offset": int(row["id"]) + 1}}})

    with pytest.raises(
        NoResponse, match=r"organization/teams did not return a complete response in time: the 2 minutes"
    ):
        await asyncio.wait_for(fetch(handler, Endpoint.TEAMS, within_seconds=0.2), timeout=30)


async def test_endless_response_is_malformed(fetch: Fetching) -> None:
    with pytest.raises(ResponseTooLarge, match="the response is larger than 16 MiB"):
        await fetch(
            lambda request: httpx.Response(200, stream=Endless(b" " * 2**22, pause_seconds=0)),
            retry_policy=RetryPolicy(attempts=1),
        )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<html><title>Sign in</title></html>", "is a web page instead of an API response"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "is a web page instead of an API response"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b'{"license": {"seats": 5', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"license": "\xe9"}', "is not UTF-8"),
    ],
    ids=["html", "html-with-mark", "empty", "blank", "cut", "deep", "latin-1"],
)
async def test_response_that_is_not_json_is_malformed(fetch: Fetching, body: bytes, what: str) -> None:
    with pytest.raises(MalformedResponse, match=what) as caught:
        await fetch(lambda request: httpx.Response(200, content=body, headers={"x-request-id": "r-1"}))
    assert caught.value.request_id == "r-1"


async def test_body_that_cannot_be_decompressed_is_malformed(fetch: Fetching) -> None:
    with pytest.raises(MalformedResponse, match="cut off or damaged"):
        await fetch(
            lambda request: httpx.Response(
                200, headers={"content-encoding": "gzip"}, stream=Endless(b"no gzip", pause_seconds=0)
            )
        )


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip"])
async def test_encoding_that_was_not_requested_is_not_decompressed(fetch: Fetching, encoding: str) -> None:
    body = Endless(b"no such encoding", pause_seconds=0)

    def responding(status: int) -> Callable[[httpx.Request], httpx.Response]:
        return lambda request: httpx.Response(status, headers={"content-encoding": encoding}, stream=body)

    with pytest.raises(MalformedResponse, match="has an encoding that was not requested"):
        await fetch(responding(200))
    with pytest.raises(RequestRejected, match=r"returned 404 \(Not Found\)\."):
        await fetch(responding(404))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_not_followed(fetch: Fetching, status: int) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://login.example/oauth?next=1"})

    with pytest.raises(
        RequestRejected, match=r"redirects to login\.example, and the token is not sent there"
    ) as caught:
        await fetch(handler)
    assert received == ["console.example"]
    assert caught.value.status == status


async def test_counting_a_list_needs_one_request_of_one_row(fetch: Fetching) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append((request.url.params["offset"], request.url.params["limit"]))
        return httpx.Response(200, json={"data": [{"id": "u1"}], "meta": {"total": 447}})

    got = await fetch(handler, Endpoint.USERS)
    assert received == [("0", "1")] * 4
    assert len(got.responses) == 4


async def test_every_page_has_the_parameters_of_the_query(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        assert params["teamMember"] == "true"
        rows = [{"id": params["offset"]}]
        return httpx.Response(200, json={"data": rows, "meta": {"total": 3}})

    got = await fetch(handler, Endpoint.USERS, sent=[Query("q", {"teamMember": "true"}, PageSelection.ALL)])
    assert [response.params["offset"] for response in got.responses] == ["0", "1", "2"]


def _echo(token: str) -> Iterator[Handler]:
    """Yield servers that repeat the token wherever they can."""
    message = f"bad token {token} {token}"
    yield lambda request: httpx.Response(401, json={"message": message})
    yield lambda request: httpx.Response(403, json={"error": message, "requestId": token})
    yield lambda request: httpx.Response(404, text=message)
    yield lambda request: httpx.Response(422, json={"error": {"message": "x" * 195 + token}})
    yield lambda request: httpx.Response(503, html=f"<title>{message}</title>", headers={"x-request-id": token})
    yield lambda request: httpx.Response(302, headers={"location": f"https://{token}/?{token}"})
    yield lambda request: httpx.Response(200, text=message)
    yield responding({"license": token})


async def test_token_is_in_no_error_log_or_repr(
    fetch: Fetching, make_api: Callable[..., UsageApi], token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    for handler in _echo(token):
        with pytest.raises(UsageApiError) as caught:
            await fetch(handler)
        error = caught.value
        texts += [str(error), repr(error), str(error.request_id), *traceback.format_exception(error)]
    async with make_api() as api:
        texts += [repr(api), repr(vars(api)), *(repr(connection.headers) for connection in api._connections)]
    assert "Attempt 1 failed" in caplog.text
    assert token not in caplog.text
    assert token not in "".join(texts)


async def test_traceback_does_not_quote_an_invalid_response(fetch: Fetching, loopback: Loopback, token: str) -> None:
    async def echoes(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {token}\r\n\r\n".encode())

    async with loopback(echoes) as address:
        with pytest.raises(NoResponse, match=r"illegal status line: .*\[secret\]") as caught:
            await fetch(base_url=f"http://{address}")
    assert token not in "".join(traceback.format_exception(caught.value))


async def test_token_with_invalid_header_characters_is_not_quoted(fetch: Fetching) -> None:
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.raw)
        return httpx.Response(401)

    token = "geh\u00e9im"
    with pytest.raises(TokenRejected) as caught:
        await fetch(handler, token=token)
    assert dict(seen[0])[b"Authorization"] == f"Bearer {token}".encode()
    assert token not in "".join(traceback.format_exception(caught.value))


async def test_each_retry_logs_one_line(fetch: Fetching, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    replies = iter([httpx.Response(503), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(replies))
    assert got.responses[0].attempts == 2
    (line,) = [record for record in caplog.records if record.name.startswith("tabnine_report")]
    assert line.levelname == "WARNING"
    assert line.getMessage() == (
        "Attempt 1 failed, retrying in 0.00 s: console.example/api/v1/license returned 503 (Service Unavailable). "
        "Try again later."
    )


def test_file_without_certificates_is_rejected_before_the_first_request(
    make_api: Callable[..., UsageApi], tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("nothing")
    with pytest.raises(SettingsError, match=r"network\.ca_bundle.*contains no readable certificates"):
        make_api(network=NetworkSettings(ca_bundle=path))


async def test_error_can_be_pickled(fetch: Fetching) -> None:
    with pytest.raises(UsageApiError) as caught:
        await fetch(lambda request: httpx.Response(429, headers={"retry-after": "600"}, json={"requestId": "r-9"}))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))
    assert (again.endpoint, again.status, again.request_id, again.retry_after_seconds) == ("license", 429, "r-9", 600)


async def test_json_is_read_with_any_content_type(fetch: Fetching) -> None:
    got = await fetch(lambda request: httpx.Response(200, text=json.dumps(LICENSE)))
    assert got.responses[0].json_body() == LICENSE


async def test_queries_that_have_had_no_turn_when_the_time_is_up_were_not_sent(fetch: Fetching) -> None:
    """They also take hardly any memory, which matters with thousands of teams."""
    sent = [Query(name, {"teamId": name}) for name in ("first", "second", "third", "fourth", "fifth")]

    async def answers_only_the_first(request: httpx.Request) -> httpx.Response:
        if request.url.params["teamId"] != "first":
            await asyncio.sleep(60)
        return httpx.Response(200, json={"usage": {"data": []}})

    got = await fetch(answers_only_the_first, Endpoint.TEAM_USAGE_V2, sent=sent, within_seconds=1, max_concurrency=1)
    assert [response.query for response in got.responses] == ["first"]
    problems = {failed.query: failed.message for failed in got.failed_queries}
    assert {name for name, problem in problems.items() if "complete response in time" in problem} == {"second", "third"}
    assert {name for name, problem in problems.items() if "was not queried" in problem} == {"fourth", "fifth"}
