from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Never

import httpx
import pytest

from tabnine_report.model.errors import (
    AccessDenied,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UsageApiError,
)
from tabnine_report.usage_api.retrying import RetryPolicy, retry_after_seconds, with_retries
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]

LICENSE = {"license": {"seats": 520}}


@pytest.mark.parametrize(
    ("status", "requests", "error"),
    [
        (400, 1, RequestRejected),
        (401, 1, TokenRejected),
        (403, 1, AccessDenied),
        (404, 1, RequestRejected),
        (422, 1, RequestRejected),
        (429, 5, ServerError),
        (500, 5, ServerError),
        (502, 5, ServerError),
        (503, 5, ServerError),
        (504, 5, ServerError),
    ],
)
async def test_only_temporary_errors_are_retried(
    fetch: Fetching, status: int, requests: int, error: type[UsageApiError]
) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(status)

    with pytest.raises(UsageApiError) as caught:
        await fetch(handler)
    assert (len(received), type(caught.value), caught.value.status) == (requests, error, status)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
async def test_failed_connection_is_retried(fetch: Fetching, error: type[httpx.RequestError]) -> None:
    replies: Iterator[httpx.Response | httpx.RequestError] = iter(
        [error("no"), error("no"), httpx.Response(200, json=LICENSE)]
    )

    def handler(request: httpx.Request) -> httpx.Response:
        reply = next(replies)
        if isinstance(reply, httpx.Response):
            return reply
        raise reply

    got = await fetch(handler)
    assert got.responses[0].attempts == 3


async def test_response_that_is_not_json_is_retried(fetch: Fetching) -> None:
    replies = iter([httpx.Response(200, text="<html>"), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(replies))
    assert got.responses[0].attempts == 2


async def test_malformed_responses_fail_after_five_attempts(fetch: Fetching) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200, text="{")

    with pytest.raises(MalformedResponse):
        await fetch(handler)
    assert len(received) == 5


async def test_requested_wait_is_honored(fetch: Fetching) -> None:
    replies = iter([httpx.Response(429, headers={"retry-after": "0.01"}), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(replies))
    assert got.responses[0].attempts == 2


@pytest.mark.parametrize("requested_wait", ["3600", "Mon, 02 Nov 2026 08:00:00 GMT"])
@pytest.mark.parametrize("within_seconds", [None, 120])
async def test_requested_wait_over_the_remaining_time_is_an_error(
    fetch: Fetching, requested_wait: str, within_seconds: float | None
) -> None:
    received = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(429, headers={"retry-after": requested_wait})

    with pytest.raises(ServerError) as caught:
        await fetch(handler, within_seconds=within_seconds)
    assert len(received) == 1
    assert caught.value.retry_after_seconds == 3600
    assert str(caught.value) == (
        "console.example/api/v1/license returned 429 (Too Many Requests). "
        "Try again after 3600 seconds, as the server requests."
    )


async def test_waits_are_the_servers_or_double_up_to_the_maximum(caplog: pytest.LogCaptureFixture) -> None:
    requested_wait = iter([None, 0.05, None, 0.0, None])

    async def send(number: int) -> Never:
        raise ServerError("busy", endpoint="license", retry_after_seconds=next(requested_wait))

    policy = RetryPolicy(attempts=5, first_wait_seconds=0.01, max_wait_seconds=0.06, jitter_seconds=0)
    with pytest.raises(ServerError):
        await with_retries(send, policy, lambda: 60.0)
    assert [line.getMessage() for line in caplog.records] == [
        "Attempt 1 failed, retrying in 0.01 s: busy",
        "Attempt 2 failed, retrying in 0.05 s: busy",
        "Attempt 3 failed, retrying in 0.04 s: busy",
        "Attempt 4 failed, retrying in 0.06 s: busy",
    ]


async def test_attempts_are_numbered_from_one() -> None:
    numbers = []

    async def send(number: int) -> str:
        numbers.append(number)
        if number < 3:
            raise NoResponse("cut", endpoint="license")
        return "response"

    assert await with_retries(send, RetryPolicy(first_wait_seconds=0.001, jitter_seconds=0), lambda: 60.0) == "response"
    assert numbers == [1, 2, 3]


async def test_other_errors_are_not_retried() -> None:
    numbers = []

    async def send(number: int) -> Never:
        numbers.append(number)
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await with_retries(send, RetryPolicy(), lambda: 60.0)
    assert numbers == [1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("Mon, 02 Nov 2026 07:00:30 GMT", 30.0),
        ("Mon, 02 Nov 2026 06:00:00 GMT", 0.0),
        ("Monday, 02-Nov-26 07:00:30 GMT", 30.0),
        ("Mon, 02 Nov 2026 07:00:30 -0000", 30.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("-inf", 0.0),
        ("1e308", None),
        ("9" * 400, None),
        ("99999999999", None),
        ("Mon, 02 Nov 9999 07:00:30 GMT", None),
    ],
)
def test_retry_after_is_in_seconds_or_a_date(header: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert retry_after_seconds(httpx.Headers({"Retry-After": header}), now) == seconds


def test_absent_retry_after_requests_no_wait() -> None:
    assert retry_after_seconds(httpx.Headers(), datetime(2026, 11, 2, tzinfo=UTC)) is None
