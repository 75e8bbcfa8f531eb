"""POST requests to servers that do not end: each ends within its limits, and says whether it may have arrived."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.channels import http_post
from tabnine_report.deliver.channels.http_post import HttpFailure, HttpPoster, HttpResponse
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryUnconfirmed
from tabnine_report.profile.usage_api_settings import NetworkSettings

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SLOW: dict[str, Callable[[], Iterable[bytes]]] = {
    "silence": list,
    "a body byte by byte": lambda: chain([HEAD], repeat(b"1\r\nx\r\n")),
}
FAST: dict[str, Callable[[], Iterable[bytes]]] = {
    "a status without an end": lambda: chain([b"HTTP/1.1 200 "], repeat(b"O" * 10_000)),
    "headers without an end": lambda: chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"X-A: b\r\n" * 1000)),
    "a body without an end": lambda: chain([HEAD], repeat(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")),
}
ENDLESS = {
    **{kind: (parts, 1.0) for kind, parts in SLOW.items()},
    **{kind: (parts, 60.0) for kind, parts in FAST.items()},
}
"""Answers without an end, with the seconds after which a test gives them up if no other limit does."""


@asynccontextmanager
async def answering(parts: Callable[[], Iterable[bytes]]) -> AsyncIterator[str]:
    """Serve an answer part by part, then keep the connection open; yield the server's URL."""
    sessions: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        sessions.append(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            for part in parts():
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/s3cret"
    finally:
        server.close()
        await asyncio.gather(*sessions)


async def post(url: str, seconds: float, **network: object) -> HttpResponse | HttpFailure:
    return await HttpPoster(NetworkSettings.model_validate(network), seconds).post(url, b"{}", {})


@pytest.mark.parametrize("kind", ENDLESS)
async def test_an_answer_without_an_end_is_given_up(kind: str) -> None:
    parts, seconds = ENDLESS[kind]
    async with answering(parts) as url:
        failure = await post(url, seconds)

    assert isinstance(failure, HttpFailure)
    assert failure.may_have_arrived
    assert "s3cret" not in failure.reason


async def test_the_reason_names_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_post, "MAX_RESPONSE_BYTES", 100_000)
    async with answering(FAST["a body without an end"]) as url:
        assert await post(url, 60) == HttpFailure("the response is larger than 100 kB", may_have_arrived=True)


async def test_nothing_arrives_through_a_proxy_that_does_not_answer() -> None:
    async with answering(SLOW["silence"]) as proxy:
        failure = await post("https://hooks.example/s3cret", 0.2, proxy=proxy.removesuffix("/s3cret"))

    assert failure == HttpFailure("no complete response within 0.2 seconds", may_have_arrived=False)


@pytest.mark.parametrize("number", [0, 1], ids=["webhook", "bot"])
async def test_a_slack_message_without_a_complete_answer_is_unconfirmed(number: int, message: Message) -> None:
    async def no_handover() -> None:
        pass

    async with answering(FAST["headers without an end"]) as url:
        channels = (
            SlackWebhookChannel(SecretStr(url), NetworkSettings()),
            SlackBotChannel(SecretStr("xoxb-s3cret"), "C1", NetworkSettings(), api=f"{url}/"),
        )
        channel = channels[number]
        with pytest.raises(DeliveryUnconfirmed, match="may have been posted") as caught:
            await channel.send(message, channel.recipients[0], "id", no_handover)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
