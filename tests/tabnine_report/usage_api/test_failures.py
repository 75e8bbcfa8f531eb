import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

from tabnine_report.model.errors import MalformedResponse, NoResponse, RequestRejected, TokenRejected, UsageApiError
from tabnine_report.usage_api.retrying import Patience
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]
Loopback = Callable[..., AbstractAsyncContextManager[str]]
Connected = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ONCE = Patience(tries=1)


@pytest.mark.parametrize(
    ("answer", "said"),
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
async def test_a_refusal_in_any_body_is_passed_on_in_one_line(
    fetch: Fetching, answer: dict[str, Any], said: str
) -> None:
    with pytest.raises(RequestRejected) as caught:
        await fetch(lambda request: httpx.Response(400, **answer))
    assert str(caught.value) == (
        f"console.example/api/v1/license answered 400 (Bad Request){': ' if said else ''}{said}. "
        "Asking again would not help; look for a newer version, or report it with the request id."
    )


async def test_a_long_refusal_is_shortened(fetch: Fetching) -> None:
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
async def test_the_servers_request_id_is_kept(
    fetch: Fetching, headers: dict[str, str], body: object, request_id: str | None
) -> None:
    with pytest.raises(RequestRejected) as caught:
        await fetch(lambda request: httpx.Response(422, headers=headers, json=body))
    assert caught.value.request_id == request_id


async def test_a_refused_token_says_what_to_do(fetch: Fetching) -> None:
    with pytest.raises(TokenRejected) as caught:
        await fetch(lambda request: httpx.Response(401, json={"message": "Unauthorized", "status": 401}))
    assert str(caught.value) == (
        "console.example refused the API token: console.example/api/v1/license answered 401 (Unauthorized): "
        '"Unauthorized". It is wrong, revoked or expired. '
        "Make a new one in the console as an Admin and put it where usage_api.token says."
    )
    assert (caught.value.endpoint, caught.value.status) == ("license", 401)


async def test_an_invalid_organization_is_told_from_a_bad_token(fetch: Fetching) -> None:
    body = {"message": "Unauthorized: Invalid organization.", "status": 401}
    with pytest.raises(TokenRejected, match="belongs to another organization, or the organization's id did not arrive"):
        await fetch(lambda request: httpx.Response(401, json=body))


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (403, "The organization does not have this feature, or the token's owner may not read it: ask an Admin."),
        (404, "This installation does not offer it, or usage_api.base_url is not the console's address."),
        (407, "Asking again would not help"),
        (304, "Asking again would not help"),
        (299 + 1, "Asking again would not help"),
        (599, "Try again later."),
    ],
)
async def test_every_other_status_has_a_sentence_with_advice(fetch: Fetching, status: int, advice: str) -> None:
    with pytest.raises(UsageApiError) as caught:
        await fetch(lambda request: httpx.Response(status), patience=ONCE)
    assert advice in str(caught.value)
    assert caught.value.status == status


@pytest.mark.parametrize("location", ["", "/elsewhere", "https://[broken"])
async def test_a_redirect_to_nowhere_is_refused_all_the_same(fetch: Fetching, location: str) -> None:
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


async def _falls_silent(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _falls_silent_in_the_body(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(100) + b"{")
    await reader.read()


@pytest.mark.parametrize(
    ("server", "error", "said"),
    [
        (_resets, NoResponse, "could not be asked: the connection broke before an answer came"),
        (_closes, NoResponse, "could not be asked: the connection broke before an answer came"),
        (_speaks_no_http, NoResponse, "could not be asked: the connection broke before an answer came"),
        (_cuts_the_body, MalformedResponse, "answered 200 (OK), but the answer was cut short or damaged on its way"),
        (
            _resets_in_the_body,
            MalformedResponse,
            "answered 200 (OK), but the answer was cut short or damaged on its way",
        ),
        (_falls_silent, NoResponse, "could not be asked: it did not answer in time"),
        (_falls_silent_in_the_body, NoResponse, "began to answer 200 (OK) and then fell silent"),
    ],
)
async def test_a_connection_that_breaks_is_told_by_where_it_broke(
    fetch: Fetching, loopback: Loopback, server: Connected, error: type[UsageApiError], said: str
) -> None:
    async with loopback(server) as address:
        with pytest.raises(error) as caught:
            await fetch(base_url=f"http://{address}", budget_seconds=0.4, patience=ONCE)
    assert str(caught.value).startswith(f"{address}/api/v1/license {said}")
    assert type(caught.value) is error


async def test_a_slow_answer_a_byte_at_a_time_ends_with_the_budget(fetch: Fetching, loopback: Loopback) -> None:
    async def trickles(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(100_000))
        for _ in range(10_000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with loopback(trickles) as address:
        with pytest.raises(NoResponse, match=r"did not give a whole answer within 0\.3 seconds"):
            await asyncio.wait_for(fetch(base_url=f"http://{address}", budget_seconds=0.3), timeout=30)


async def test_a_port_where_nobody_listens_is_no_answer(fetch: Fetching, loopback: Loopback) -> None:
    async with loopback(_closes) as address:
        pass
    with pytest.raises(NoResponse, match=r"could not be asked: no connection .* check usage_api\.base_url"):
        await fetch(base_url=f"http://{address}")


async def test_a_name_that_does_not_exist_is_no_answer(fetch: Fetching) -> None:
    with pytest.raises(NoResponse, match="could not be asked: no connection"):
        await fetch(base_url="https://no-such-host.invalid", patience=ONCE)
