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
    ServerError,
    SettingsError,
    TokenRejected,
    UnexpectedResponse,
    UsageApiError,
)
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, PageSelection, Query
from tabnine_report.usage_api.retrying import Patience
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]
Loopback = Callable[..., AbstractAsyncContextManager[str]]
Handler = Callable[[httpx.Request], httpx.Response]

LICENSE = {"license": {"seats": 520}}


def answering(body: object) -> Handler:
    return lambda request: httpx.Response(200, json=body)


class Endless(httpx.AsyncByteStream):
    """A body that goes on and on, a part at a time."""

    def __init__(self, part: bytes, pause_seconds: float) -> None:
        self.part, self.pause_seconds = part, pause_seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield self.part
            await asyncio.sleep(self.pause_seconds)


async def test_an_answer_is_kept_as_it_came_with_the_request_that_it_answers(fetch: Fetching) -> None:
    text = '{"license":  {"seats": 520, "unknown": "é"}}'
    dated = {"Date": "Mon, 02 Nov 2026 06:58:00 GMT"}
    got = await fetch(lambda request: httpx.Response(200, content=text.encode(), headers=dated))
    (answer,) = got.answers
    assert answer.body == text
    assert answer.dated_at == datetime(2026, 11, 2, 6, 58, tzinfo=UTC)
    assert (answer.query, answer.path, dict(answer.params)) == ("license", "/api/v1/license", {})
    assert (answer.status, answer.tries) == (200, 1)
    assert answer.received_at == got.started_at == got.ended_at == datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert got.failure is None


async def test_a_request_carries_the_token_the_wish_for_json_and_who_asks(fetch: Fetching, token: str) -> None:
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


async def test_all_questions_of_an_endpoint_are_answered_in_their_order(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        granularity = request.url.params["granularity"]
        return httpx.Response(200, json={"usage": {"granularity": granularity, "data": []}})

    got = await fetch(handler, Endpoint.USAGE_V2)
    assert [answer.query for answer in got.answers] == ["month", "history", "days"]
    assert [answer.json_body()["usage"]["granularity"] for answer in got.answers] == ["all", "monthly", "daily"]


async def test_one_question_that_fails_fails_the_endpoint_with_its_own_error(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params["granularity"] == "daily":
            return httpx.Response(404, json={"message": "Not Found", "status": 404})
        return httpx.Response(200, json={"usage": {"data": []}})

    with pytest.raises(RequestRejected) as caught:
        await fetch(handler, Endpoint.USAGE_V2)
    assert caught.value.status == 404


async def test_never_more_requests_are_under_way_than_the_settings_allow(fetch: Fetching) -> None:
    under_way, most = 0, 0

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        offset, limit = int(request.url.params["offset"]), min(int(request.url.params["limit"]), 10)
        rows = [{"id": str(n), "name": "x"} for n in range(offset, min(offset + limit, 200))]
        return httpx.Response(200, json={"data": rows, "meta": {"total": 200}})

    got = await fetch(handler, Endpoint.TEAMS, max_concurrency=3)
    assert len(got.answers) == 20
    assert most == 3


async def test_an_answer_of_another_shape_names_endpoint_and_field(fetch: Fetching) -> None:
    with pytest.raises(UnexpectedResponse, match=r"^license: license\.seats is not an integer") as caught:
        await fetch(answering({"license": {"seats": "many"}}))
    assert (caught.value.endpoint, caught.value.status) == ("license", 200)


async def test_a_shape_that_is_wrong_is_not_asked_for_again(fetch: Fetching) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[1])

    with pytest.raises(UnexpectedResponse, match="the answer is not an object"):
        await fetch(handler)
    assert len(asked) == 1


@pytest.mark.parametrize("kind", ["silent", "trickling"])
async def test_all_tries_of_an_endpoint_end_within_the_budget(fetch: Fetching, kind: str) -> None:
    """However the server wastes time: saying nothing, or a byte at a time."""

    async def handler(request: httpx.Request) -> httpx.Response:
        if kind == "silent":
            await asyncio.Event().wait()
        return httpx.Response(200, stream=Endless(b" ", pause_seconds=0.01))

    with pytest.raises(NoResponse) as caught:
        await asyncio.wait_for(fetch(handler, budget_seconds=0.1, patience=Patience(first_wait_seconds=60)), timeout=30)
    assert str(caught.value) == (
        "console.example/api/v1/license did not give a whole answer within 0.1 seconds, all tries included; "
        "try again later, or raise usage_api.timeout_seconds."
    )


async def test_no_try_is_waited_for_that_the_budget_has_no_time_for(fetch: Fetching) -> None:
    """What the server said is worth more than the word that time ran out."""
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503)

    with pytest.raises(ServerError, match="answered 503"):
        await fetch(handler, budget_seconds=0.1, patience=Patience(first_wait_seconds=60, longest_wait_seconds=60))
    assert len(asked) == 1


async def test_pages_and_waits_share_one_budget(fetch: Fetching) -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        row = {"id": request.url.params["offset"], "name": "x"}
        return httpx.Response(200, json={"data": [row], "meta": {"next": {"offset": int(row["id"]) + 1}}})

    with pytest.raises(NoResponse, match=r"organization/teams did not give a whole answer within 0\.2 seconds"):
        await asyncio.wait_for(fetch(handler, Endpoint.TEAMS, budget_seconds=0.2), timeout=30)


async def test_an_answer_without_end_is_given_up(fetch: Fetching) -> None:
    with pytest.raises(MalformedResponse, match="the answer is larger than 64 MiB"):
        await fetch(
            lambda request: httpx.Response(200, stream=Endless(b" " * 2**22, pause_seconds=0)),
            patience=Patience(tries=1),
        )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<html><title>Sign in</title></html>", "is not JSON"),
        (b"", "is not JSON"),
        (b'{"license": {"seats": 5', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"license": "\xe9"}', "is not UTF-8"),
    ],
    ids=["html", "empty", "cut", "deep", "latin-1"],
)
async def test_what_is_not_json_is_garbled(fetch: Fetching, body: bytes, what: str) -> None:
    with pytest.raises(MalformedResponse, match=what) as caught:
        await fetch(lambda request: httpx.Response(200, content=body, headers={"x-request-id": "r-1"}))
    assert caught.value.request_id == "r-1"


async def test_a_body_that_cannot_be_unpacked_is_garbled(fetch: Fetching) -> None:
    with pytest.raises(MalformedResponse, match="cut short or damaged"):
        await fetch(
            lambda request: httpx.Response(
                200, headers={"content-encoding": "gzip"}, stream=Endless(b"no gzip", pause_seconds=0)
            )
        )


@pytest.mark.parametrize("packing", ["br", "gzip, gzip"])
async def test_an_answer_packed_as_nobody_asked_for_is_not_unpacked(fetch: Fetching, packing: str) -> None:
    packed = Endless(b"no such packing", pause_seconds=0)

    def answering(status: int) -> Callable[[httpx.Request], httpx.Response]:
        return lambda request: httpx.Response(status, headers={"content-encoding": packing}, stream=packed)

    with pytest.raises(MalformedResponse, match="is packed in a way that was not asked for"):
        await fetch(answering(200))
    with pytest.raises(RequestRejected, match=r"answered 404 \(Not Found\)\."):
        await fetch(answering(404))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_refused_and_the_token_does_not_follow_it(fetch: Fetching, status: int) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://login.example/oauth?next=1"})

    with pytest.raises(RequestRejected, match=r"redirects to login\.example, where the token is not sent") as caught:
        await fetch(handler)
    assert asked == ["console.example"]
    assert caught.value.status == status


async def test_a_list_that_is_only_counted_costs_one_request_of_one_row(fetch: Fetching) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.params["offset"], request.url.params["limit"]))
        return httpx.Response(200, json={"data": [{"id": "u1"}], "meta": {"total": 447}})

    got = await fetch(handler, Endpoint.USERS)
    assert asked == [("0", "1")] * 4
    assert len(got.answers) == 4


async def test_a_question_keeps_its_own_parameters_on_every_page(fetch: Fetching) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        assert params["teamMember"] == "true"
        rows = [{"id": params["offset"]}]
        return httpx.Response(200, json={"data": rows, "meta": {"total": 3}})

    got = await fetch(handler, Endpoint.USERS, asked=[Query("q", "/u", {"teamMember": "true"}, PageSelection.ALL)])
    assert [answer.params["offset"] for answer in got.answers] == ["0", "1", "2"]


def _echo(token: str) -> Iterator[Handler]:
    """Servers that repeat the token wherever they can."""
    says = f"bad token {token} {token}"
    yield lambda request: httpx.Response(401, json={"message": says})
    yield lambda request: httpx.Response(403, json={"error": says, "requestId": token})
    yield lambda request: httpx.Response(404, text=says)
    yield lambda request: httpx.Response(422, json={"error": {"message": "x" * 195 + token}})
    yield lambda request: httpx.Response(503, html=f"<title>{says}</title>", headers={"x-request-id": token})
    yield lambda request: httpx.Response(302, headers={"location": f"https://{token}/?{token}"})
    yield lambda request: httpx.Response(200, text=says)
    yield answering({"license": {"seats": token}})


async def test_the_token_stands_in_no_error_no_log_and_no_repr(
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
        texts += [repr(api), repr(vars(api)), *(repr(client.headers) for client in api._clients)]
    assert "Try 1 of a request failed" in caplog.text
    assert token not in caplog.text
    assert token not in "".join(texts)


async def test_no_traceback_quotes_what_a_server_wrote_in_the_place_of_an_answer(
    fetch: Fetching, loopback: Loopback, token: str
) -> None:
    async def echoes(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {token}\r\n\r\n".encode())

    async with loopback(echoes) as address:
        with pytest.raises(NoResponse, match=r"illegal status line: .*\[secret\]") as caught:
            await fetch(base_url=f"http://{address}")
    assert token not in "".join(traceback.format_exception(caught.value))


async def test_a_token_that_no_header_can_hold_is_not_quoted(fetch: Fetching) -> None:
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.raw)
        return httpx.Response(401)

    token = "geh\u00e9im"
    with pytest.raises(TokenRejected) as caught:
        await fetch(handler, token=token)
    assert dict(seen[0])[b"Authorization"] == f"Bearer {token}".encode()
    assert token not in "".join(traceback.format_exception(caught.value))


async def test_retries_are_logged_as_one_plain_line_each(fetch: Fetching, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    answers = iter([httpx.Response(503), httpx.Response(200, json=LICENSE)])
    got = await fetch(lambda request: next(answers))
    assert got.answers[0].tries == 2
    (line,) = [record for record in caplog.records if record.name.startswith("tabnine_report")]
    assert line.levelname == "WARNING"
    assert line.getMessage() == (
        "Try 1 of a request failed, next in 0.00 s: console.example/api/v1/license answered 503 (Service Unavailable). "
        "Try again later."
    )


def test_a_file_without_certificates_is_refused_before_the_first_request(
    make_api: Callable[..., UsageApi], tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("nothing")
    with pytest.raises(SettingsError, match=r"network\.ca_bundle.*contains no readable certificates"):
        make_api(network=NetworkSettings(ca_bundle=path))


async def test_an_error_survives_being_sent_to_another_process(fetch: Fetching) -> None:
    with pytest.raises(UsageApiError) as caught:
        await fetch(lambda request: httpx.Response(429, headers={"retry-after": "600"}, json={"requestId": "r-9"}))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))
    assert (again.endpoint, again.status, again.request_id, again.retry_after_seconds) == ("license", 429, "r-9", 600)


async def test_json_is_read_whatever_the_content_type_says(fetch: Fetching) -> None:
    got = await fetch(lambda request: httpx.Response(200, text=json.dumps(LICENSE)))
    assert got.answers[0].json_body() == LICENSE


async def test_a_refused_question_is_asked_smaller_where_there_is_a_smaller_one(fetch: Fetching) -> None:
    """The window that was answered stands in the answer's parameters."""
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["window"])
        return httpx.Response(400) if asked[-1] == "year" else httpx.Response(200, json=LICENSE)

    smaller = Query("license", "/api/v1/license", {"window": "month"})
    query = Query("license", "/api/v1/license", {"window": "year"}, instead=smaller)
    (answer,) = (await fetch(handler, asked=[query])).answers
    assert asked == ["year", "month"]
    assert answer.params == {"window": "month"}


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_question_refused_for_another_reason_is_not_asked_smaller(fetch: Fetching, status: int) -> None:
    smaller = Query("license", "/api/v1/license", {"window": "month"})
    query = Query("license", "/api/v1/license", {"window": "year"}, instead=smaller)
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status)

    with pytest.raises(RequestRejected):
        await fetch(handler, asked=[query])
    assert len(asked) == 1
