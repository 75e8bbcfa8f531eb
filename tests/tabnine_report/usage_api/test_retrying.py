from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Never

import httpx
import pytest

from tabnine_report.model.errors import (
    FeatureNotAvailable,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UsageApiError,
)
from tabnine_report.usage_api.retrying import Patience, patiently, retry_after_seconds
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]

LICENSE = {"license": {"seats": 520}}


@pytest.mark.parametrize(
    ("status", "requests", "error"),
    [
        (400, 1, RequestRejected),
        (401, 1, TokenRejected),
        (403, 1, FeatureNotAvailable),
        (404, 1, RequestRejected),
        (422, 1, RequestRejected),
        (429, 5, ServerError),
        (500, 5, ServerError),
        (502, 5, ServerError),
        (503, 5, ServerError),
        (504, 5, ServerError),
    ],
)
async def test_only_what_may_pass_by_itself_is_asked_again(
    fetch: Fetching, status: int, requests: int, error: type[UsageApiError]
) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status)

    with pytest.raises(UsageApiError) as caught:
        await fetch(handler)
    assert (len(asked), type(caught.value), caught.value.status) == (requests, error, status)


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
async def test_a_connection_that_fails_is_made_again(fetch: Fetching, trouble: type[httpx.RequestError]) -> None:
    answers = iter([trouble("no"), trouble("no"), httpx.Response(200, json=LICENSE)])

    def handler(request: httpx.Request) -> httpx.Response:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    got = await fetch(handler)
    assert got.answers[0].tries == 3


async def test_an_answer_that_is_not_json_is_asked_for_again(fetch: Fetching) -> None:
    answers = iter([httpx.Response(200, text="<html>"), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(answers))
    assert got.answers[0].tries == 2


async def test_garbled_answers_are_given_up_after_five(fetch: Fetching) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, text="{")

    with pytest.raises(MalformedResponse):
        await fetch(handler)
    assert len(asked) == 5


async def test_a_wait_that_the_server_asks_for_is_waited(fetch: Fetching) -> None:
    answers = iter([httpx.Response(429, headers={"retry-after": "0.01"}), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(answers))
    assert got.answers[0].tries == 2


@pytest.mark.parametrize("asked_for", ["3600", "Mon, 02 Nov 2026 08:00:00 GMT"])
async def test_a_wait_over_the_cap_is_not_waited_for_and_the_error_says_so(fetch: Fetching, asked_for: str) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(429, headers={"retry-after": asked_for})

    with pytest.raises(ServerError) as caught:
        await fetch(handler)
    assert len(asked) == 1
    assert caught.value.retry_after_seconds == 3600
    assert str(caught.value) == (
        "console.example/api/v1/license answered 429 (Too Many Requests). Try again later. "
        "It asks to wait 3600 seconds, longer than is waited for here; run again after that."
    )


async def test_a_wait_over_the_time_that_is_left_is_not_waited_for(fetch: Fetching) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503, headers={"retry-after": "15"})

    with pytest.raises(ServerError, match="asks to wait 15 seconds"):
        await fetch(handler, budget_seconds=10, patience=Patience())
    assert len(asked) == 1


async def test_each_wait_is_the_servers_or_else_doubles_up_to_the_longest(caplog: pytest.LogCaptureFixture) -> None:
    asked_for = iter([None, 0.05, None, 0.0, None])

    async def ask(number: int) -> Never:
        raise ServerError("busy", endpoint="license", retry_after_seconds=next(asked_for))

    patience = Patience(tries=5, first_wait_seconds=0.01, longest_wait_seconds=0.06, jitter_seconds=0)
    with pytest.raises(ServerError):
        await patiently(ask, patience, lambda: 60.0)
    assert [line.getMessage() for line in caplog.records] == [
        "Try 1 of a request failed, next in 0.01 s: busy",
        "Try 2 of a request failed, next in 0.05 s: busy",
        "Try 3 of a request failed, next in 0.04 s: busy",
        "Try 4 of a request failed, next in 0.06 s: busy",
    ]


async def test_the_number_of_the_try_is_told_from_one() -> None:
    numbers = []

    async def ask(number: int) -> str:
        numbers.append(number)
        if number < 3:
            raise NoResponse("cut", endpoint="license")
        return "answer"

    assert await patiently(ask, Patience(first_wait_seconds=0.001, jitter_seconds=0), lambda: 60.0) == "answer"
    assert numbers == [1, 2, 3]


async def test_an_error_of_another_kind_is_let_through_at_once() -> None:
    numbers = []

    async def ask(number: int) -> Never:
        numbers.append(number)
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        await patiently(ask, Patience(), lambda: 60.0)
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
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert retry_after_seconds(httpx.Headers({"Retry-After": header}), now) == seconds


def test_without_retry_after_no_wait_is_asked_for() -> None:
    assert retry_after_seconds(httpx.Headers(), datetime(2026, 11, 2, tzinfo=UTC)) is None
