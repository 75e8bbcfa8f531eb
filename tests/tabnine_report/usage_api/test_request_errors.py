import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tabnine_report.model.errors import MalformedResponse, NoResponse, RequestRejected, TokenRejected, UsageApiError
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS, Endpoint
from tabnine_report.usage_api.request_errors import RequestTarget, error_status
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]
Loopback = Callable[..., AbstractAsyncContextManager[str]]
Connected = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ONCE = RetryPolicy(attempts=1)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            {
                "json": {
                    "error": {"message": "Bad input", "errors": ["limit: too large", {"message": "x"}], "status": 400}
                }
            },
            '"Bad input; limit: too large; x"',
        ),
        (
            {"json": {"error": "BAD_INPUT", "message": "No such role", "status": 400, "requestId": "r", "details": {}}},
            '"BAD_INPUT; No such role"',
        ),
        ({"json": {"message": "No such role", "status": 400}}, '"No such role"'),
        ({"json": {"error": "NOT_HERE"}}, '"NOT_HERE"'),
        ({"json": {"error": {"message": None, "errors": None}, "message": 7}}, ""),
        ({"json": ["no", "form"]}, ""),
        ({"text": "upstream  said\n\x1b[31mno\x00"}, '"upstream said [31mno"'),
        ({"html": "<html><head><title>Proxy &amp; Co</title></head><body><h1>No</h1></body>"}, '"Proxy & Co"'),
        ({"html": "<h1>Sorry</h1><p>not here</p>"}, '"Sorry not here"'),
        ({"content": b"\xff\xfe"}, '"\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"'),
        ({"content": b""}, ""),
        ({"content": b"{" * 50_000}, ""),
    ],
    ids=[
        "nested",
        "coded",
        "plain",
        "code-only",
        "odd-types",
        "list",
        "text",
        "title",
        "html",
        "bytes",
        "empty",
        "deep",
    ],
)
async def test_error_message_of_any_format_is_passed_on_in_one_line(
    fetch: Fetching, reply: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestRejected) as caught:
        await fetch(lambda request: httpx.Response(400, **reply))
    assert str(caught.value) == (
        f"console.example/api/v1/license returned 400 (Bad Request){': ' if message else ''}{message}. "
        "Retrying does not help. Check for a newer version of tabnine-report, or report this with the request id."
    )


async def test_long_error_message_is_shortened(fetch: Fetching) -> None:
    with pytest.raises(RequestRejected) as caught:
        await fetch(lambda request: httpx.Response(400, text="no " * 50_000))
    assert len(str(caught.value)) < 400
    assert "no no n…" in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "body", "request_id"),
    [
        ({}, {"requestId": "body-1"}, "body-1"),
        ({"X-Request-Id": "head-1"}, {}, "head-1"),
        ({"X-Request-Id": "head-1"}, {"requestId": "body-1"}, "body-1"),
        ({"X-Correlation-Id": "head-2"}, {"requestId": 5}, "head-2"),
        ({}, {"requestId": "  "}, None),
        ({}, {}, None),
    ],
)
async def test_request_id_is_kept(
    fetch: Fetching, headers: dict[str, str], body: object, request_id: str | None
) -> None:
    with pytest.raises(RequestRejected) as caught:
        await fetch(lambda request: httpx.Response(422, headers=headers, json=body))
    assert caught.value.request_id == request_id


async def test_rejected_token_has_advice(fetch: Fetching) -> None:
    with pytest.raises(TokenRejected) as caught:
        await fetch(lambda request: httpx.Response(401, json={"message": "Unauthorized", "status": 401}))
    assert str(caught.value) == (
        "The API token was rejected. console.example/api/v1/license returned 401 (Unauthorized): "
        '"Unauthorized". The token is wrong, revoked or expired, or it lacks a permission (scope). '
        "Create a token with the permissions that it needs in the console's user settings, and store it where "
        "usage_api.token reads it from."
    )
    assert (caught.value.endpoint, caught.value.status) == ("license", 401)


async def test_invalid_organization_has_its_own_advice(fetch: Fetching) -> None:
    body = {"message": "Unauthorized: Invalid organization.", "status": 401}
    with pytest.raises(TokenRejected, match="belongs to another organization or lacks a permission"):
        await fetch(lambda request: httpx.Response(401, json=body))


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (
            403,
            "The token lacks a permission (scope), or the organization does not have this feature. Create a token with",
        ),
        (404, "This installation does not have the endpoint, or usage_api.base_url is not the address of the console."),
        (407, "Retrying does not help"),
        (304, "Retrying does not help"),
        (299 + 1, "Retrying does not help"),
        (599, "Try again later."),
    ],
)
async def test_every_other_status_has_advice(fetch: Fetching, status: int, advice: str) -> None:
    with pytest.raises(UsageApiError) as caught:
        await fetch(lambda request: httpx.Response(status), retry_policy=ONCE)
    assert advice in str(caught.value)
    assert caught.value.status == status


@pytest.mark.parametrize("endpoint", TEAM_ENDPOINTS)
def test_404_of_a_team_may_be_that_of_a_deleted_team(endpoint: Endpoint) -> None:
    response = httpx.Response(404, json={"message": "Team not found", "status": 404})
    error = error_status(
        RequestTarget("console.example", endpoint, ()), response, response.content, datetime(2026, 11, 2, tzinfo=UTC)
    )
    assert "the team no longer exists" in str(error).lower()


@pytest.mark.parametrize("location", ["", "/elsewhere", "https://[broken"])
async def test_redirect_without_a_valid_location_is_rejected(fetch: Fetching, location: str) -> None:
    with pytest.raises(RequestRejected, match="redirects to another address"):
        await fetch(lambda request: httpx.Response(302, headers={"location": location}))


def _head(length: int, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n".encode()


async def _resets(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _closes(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    pass


async def _speaks_no_http(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def _cuts_the_body(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(100) + b'{"license": {"seats"')


async def _resets_in_the_body(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(100) + b'{"license": {"seats"')
    await writer.drain()
    writer.transport.abort()


async def _stops_sending(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _stops_sending_in_the_body(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(100) + b"{")
    await reader.read()


@pytest.mark.parametrize(
    ("server", "error", "message"),
    [
        (_resets, NoResponse, "did not respond: the connection was closed"),
        (_closes, NoResponse, "did not respond: the connection was closed"),
        (_speaks_no_http, NoResponse, "did not respond: the connection was closed"),
        (_cuts_the_body, MalformedResponse, "returned 200 (OK), but the response was cut off or damaged"),
        (
            _resets_in_the_body,
            MalformedResponse,
            "returned 200 (OK), but the response was cut off or damaged",
        ),
        (_stops_sending, NoResponse, "did not return a complete response within 0.4 seconds"),
        (_stops_sending_in_the_body, NoResponse, "did not return a complete response within 0.4 seconds"),
    ],
)
async def test_broken_connection_is_described_by_where_it_broke(
    fetch: Fetching, loopback: Loopback, server: Connected, error: type[UsageApiError], message: str
) -> None:
    async with loopback(server) as address:
        with pytest.raises(error) as caught:
            await fetch(base_url=f"http://{address}", attempt_seconds=0.4, retry_policy=ONCE)
    assert str(caught.value).startswith(f"{address}/api/v1/license {message}")
    assert type(caught.value) is error


async def test_slow_response_ends_with_the_attempt(fetch: Fetching, loopback: Loopback) -> None:
    async def sends_slowly(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(100_000))
        for _ in range(10_000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with loopback(sends_slowly) as address:
        with pytest.raises(NoResponse, match=r"did not return a complete response within 0\.3 seconds"):
            await asyncio.wait_for(
                fetch(base_url=f"http://{address}", attempt_seconds=0.3, retry_policy=ONCE), timeout=30
            )


async def test_closed_port_raises_no_response(fetch: Fetching, loopback: Loopback) -> None:
    async with loopback(_closes) as address:
        pass
    with pytest.raises(NoResponse, match=r"did not respond: no connection .* Check usage_api\.base_url"):
        await fetch(base_url=f"http://{address}")


async def test_unknown_host_raises_no_response(fetch: Fetching) -> None:
    with pytest.raises(NoResponse, match="did not respond: no connection"):
        await fetch(base_url="https://no-such-host.invalid", retry_policy=ONCE)
