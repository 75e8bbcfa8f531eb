"""POST requests to servers that do not end: each ends within its limits, and says whether it may have arrived."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.channels import http_post
from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.http_post import HttpFailure, HttpPoster, HttpResponse
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryUnconfirmed
from tabnine_report.profile.usage_api_settings import NetworkSettings

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS: dict[str, Callable[[], Iterable[bytes]]] = {
    "silence": list,
    "a status that never ends": lambda: chain([b"HTTP/1.1 200 "], repeat(b"O")),
    "headers without an end": lambda: chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"X-A: b\r\n")),
    "a body byte by byte": lambda: chain([HEAD], repeat(b"1\r\nx\r\n")),
    "a fast body": lambda: chain([HEAD], repeat(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")),
}


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


async def post(url: str, **network: object) -> HttpResponse | HttpFailure:
    return await HttpPoster(NetworkSettings.model_validate(network), 0.2).post(url, b"{}", {})


@pytest.mark.parametrize("kind", ENDLESS)
async def test_an_answer_without_an_end_is_given_up(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_post, "MAX_RESPONSE_BYTES", 100_000)
    async with answering(ENDLESS[kind]) as url:
        failure = await post(url)

    assert isinstance(failure, HttpFailure)
    assert failure.may_have_arrived
    assert "s3cret" not in failure.reason


async def test_a_large_answer_is_given_up_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_post, "MAX_RESPONSE_BYTES", 100_000)
    async with answering(ENDLESS["a fast body"]) as url:
        failure = await HttpPoster(NetworkSettings(), 60).post(url, b"{}", {})

    assert failure == HttpFailure("the response is larger than 100 kB", may_have_arrived=True)


async def test_nothing_arrives_through_a_proxy_that_does_not_answer() -> None:
    async with answering(ENDLESS["silence"]) as proxy:
        failure = await post("https://hooks.example/s3cret", proxy=proxy.removesuffix("/s3cret"))

    assert failure == HttpFailure("no complete response within 0.2 seconds", may_have_arrived=False)


def slack_channels(url: str) -> list[Channel]:
    network, secret = NetworkSettings(), SecretStr(url)
    return [
        SlackWebhookChannel(secret, network, request_seconds=0.2),
        SlackBotChannel(SecretStr("xoxb-s3cret"), "C1", network, api=f"{url}/", request_seconds=0.2),
    ]


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("number", [0, 1], ids=["webhook", "bot"])
async def test_a_slack_message_without_a_complete_answer_is_unconfirmed(
    kind: str, number: int, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_handover() -> None:
        pass

    monkeypatch.setattr(http_post, "MAX_RESPONSE_BYTES", 100_000)
    async with answering(ENDLESS[kind]) as url:
        channel = slack_channels(url)[number]
        with pytest.raises(DeliveryUnconfirmed, match="may have been posted") as caught:
            await channel.send(message, channel.recipients[0], "id", no_handover)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
