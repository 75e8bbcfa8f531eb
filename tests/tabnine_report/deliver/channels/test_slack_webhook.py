"""The Slack webhook channel against a local receiver."""

import asyncio
import json
import logging
import ssl
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryError, DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.usage_api_settings import NetworkSettings

HOOK = "/services/T0/B0/s3cret"
DROP = "drop the connection"


async def no_handover() -> None:
    pass


@dataclass
class Response:
    """The receiver's response to a POST."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Receiver:
    """A receiver with a queue of responses, the last of which repeats."""

    responses: list[Response | str] = field(default_factory=lambda: [Response()])
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    port: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{HOOK}"

    def next_response(self) -> Response | str:
        return self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]


@contextmanager
def serving(receiver: Receiver, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.posts.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            response = receiver.next_response()
            if not isinstance(response, Response):
                if response != DROP:
                    receiver.release.wait(30)
                self.close_connection = True
                return
            self.send_response(response.status)
            for name, value in ({"Content-Length": str(len(response.body))} | response.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        def do_GET(self) -> None:
            receiver.gets.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.release.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving(Receiver()) as served:
        yield served


def channel(url: str, *, request_seconds: float = 10, **network: object) -> SlackWebhookChannel:
    settings = NetworkSettings.model_validate(network)
    return SlackWebhookChannel(SecretStr(url), settings, request_seconds=request_seconds)


async def send(
    to: SlackWebhookChannel, message: Message, on_handover: Callable[[], Awaitable[None]] = no_handover
) -> str:
    return await to.send(message, "webhook", "acme-2026-10-1f", on_handover)


def shown_by(error: BaseException | None) -> str:
    """Return everything that an error and its causes show."""
    texts = []
    while error is not None:
        texts.append(f"{error!r} {error} {vars(error)}")
        error = error.__cause__ or error.__context__
    return " ".join(texts)


async def test_the_payload_is_posted_once_after_the_handover(receiver: Receiver, message: Message) -> None:
    posts_before: list[int] = []

    async def record() -> None:
        posts_before.append(len(receiver.posts))

    response = await send(channel(receiver.url), message, record)

    ((path, body),) = receiver.posts
    assert response == "200 ok"
    assert posts_before == [0]
    assert path == HOOK
    assert json.loads(body) == message.payloads["slack"]


PICTURE = {"type": "image", "image_url": "https://intranet.example/page1.png", "alt_text": "Page one"}


@pytest.mark.parametrize(
    ("status", "code", "posts"), [(400, b"invalid_blocks", 2), (403, b"invalid_token", 1), (404, b"no_service", 1)]
)
async def test_a_message_whose_picture_slack_cannot_load_is_posted_without_it(
    receiver: Receiver, message: Message, status: int, code: bytes, posts: int
) -> None:
    receiver.responses = [Response(status, code), Response()]
    payload = message.payloads["slack"]
    blocks = payload.get("blocks", [])
    pictured = replace(message, payloads={"slack": {**payload, "blocks": [*blocks, PICTURE]}})

    if posts == 1:
        with pytest.raises(DeliveryRejected, match=code.decode()):
            await send(channel(receiver.url), pictured)
    else:
        await send(channel(receiver.url), pictured)
        assert json.loads(receiver.posts[-1][1]) == {**payload, "blocks": blocks}
    assert len(receiver.posts) == posts


@pytest.mark.parametrize("payload", [{"text": "Hello"}, {"text": "Hello", "blocks": []}])
async def test_a_rejected_message_without_a_picture_is_not_repeated(
    receiver: Receiver, message: Message, payload: dict[str, object]
) -> None:
    receiver.responses = [Response(400, b"invalid_blocks")]
    with pytest.raises(DeliveryRejected):
        await send(channel(receiver.url), replace(message, payloads={"slack": payload}))
    assert len(receiver.posts) == 1


async def test_a_lost_response_is_unconfirmed_and_not_retried(receiver: Receiver, message: Message) -> None:
    receiver.responses = [DROP]

    with pytest.raises(DeliveryUnconfirmed, match="Check the channel"):
        await send(channel(receiver.url), message)

    assert len(receiver.posts) == 1


async def test_a_late_response_is_unconfirmed(receiver: Receiver, message: Message) -> None:
    receiver.responses = ["send nothing"]

    with pytest.raises(DeliveryUnconfirmed):
        await send(channel(receiver.url, request_seconds=1), message)

    assert len(receiver.posts) == 1


async def test_a_truncated_response_is_unconfirmed(receiver: Receiver, message: Message) -> None:
    receiver.responses = [Response(headers={"Content-Length": "100"})]

    with pytest.raises(DeliveryUnconfirmed):
        await send(channel(receiver.url), message)


@pytest.mark.parametrize(
    ("status", "word"),
    [(400, "invalid_payload"), (403, "action_prohibited"), (404, "no_service"), (410, "channel_is_archived")],
)
async def test_an_error_code_is_a_rejection(receiver: Receiver, message: Message, status: int, word: str) -> None:
    receiver.responses = [Response(status, word.encode())]

    with pytest.raises(DeliveryRejected, match=rf"^Slack rejected the message: {status} {word}\."):
        await send(channel(receiver.url), message)

    assert len(receiver.posts) == 1


async def test_a_rate_limit_is_retried_after_the_requested_wait(receiver: Receiver, message: Message) -> None:
    receiver.responses = [Response(429, b"rate_limited", {"Retry-After": "0"}), Response()]

    assert await send(channel(receiver.url), message) == "200 ok"
    assert len(receiver.posts) == 2


@pytest.mark.parametrize("retry_after", ["3600", "Mon, 02 Nov 2026 07:00:00 GMT", "-1"])
async def test_a_long_wait_is_not_waited_for(receiver: Receiver, message: Message, retry_after: str) -> None:
    receiver.responses = [Response(429, b"rate_limited", {"Retry-After": retry_after})]

    with pytest.raises(DeliveryRejected, match="429 rate_limited"):
        await send(channel(receiver.url), message)

    assert len(receiver.posts) == 1


async def test_a_lasting_rate_limit_is_a_rejection_after_two_retries(receiver: Receiver, message: Message) -> None:
    receiver.responses = [Response(429, b"rate_limited", {"Retry-After": "0"})]

    with pytest.raises(DeliveryRejected):
        await send(channel(receiver.url), message)

    assert len(receiver.posts) == 3


@pytest.mark.parametrize(
    ("status", "error"), [(500, DeliveryUnconfirmed), (502, DeliveryUnconfirmed), (503, DeliveryFailed)]
)
async def test_a_server_error_is_unconfirmed_unless_slack_is_unavailable(
    receiver: Receiver, message: Message, status: int, error: type[DeliveryError]
) -> None:
    receiver.responses = [Response(status, b"<html>trouble</html>")]

    with pytest.raises(error):
        await send(channel(receiver.url), message)

    assert len(receiver.posts) == 1


async def test_a_response_that_is_not_slacks_is_unconfirmed(receiver: Receiver, message: Message) -> None:
    receiver.responses = [Response(200, b"<html>Please log in to the guest network</html>")]

    with pytest.raises(DeliveryUnconfirmed, match="not Slack's confirmation"):
        await send(channel(receiver.url), message)


async def test_a_redirect_is_not_followed(receiver: Receiver, message: Message) -> None:
    receiver.responses = [Response(302, b"", {"Location": "/elsewhere"})]

    with pytest.raises(DeliveryRejected, match="302"):
        await send(channel(receiver.url), message)

    assert receiver.gets == []


async def test_an_unreachable_host_is_a_failure(message: Message, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryFailed, match="Nothing was posted"):
        await send(channel(f"http://127.0.0.1:{unused_tcp_port}{HOOK}"), message)


async def test_the_proxy_comes_from_the_settings_and_not_from_the_environment(
    receiver: Receiver, message: Message, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    here = f"http://127.0.0.1:{receiver.port}"

    await send(channel(receiver.url), message)
    await send(channel(f"http://localhost:1{HOOK}", proxy=here), message)
    await send(channel(receiver.url, proxy=f"http://127.0.0.1:{unused_tcp_port}", no_proxy=("127.0.0.1",)), message)

    assert [path for path, _ in receiver.posts] == [HOOK, f"http://localhost:1{HOOK}", HOOK]


async def test_a_password_that_the_proxy_quotes_is_not_in_the_error(message: Message) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 You are u and s3cret\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        url = f"http://u:s3cret@127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        with pytest.raises(DeliveryFailed, match=r"407 You are u and \[secret\]") as caught:
            await send(channel(f"https://hooks.example{HOOK}", proxy=url), message)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


async def test_only_the_configured_authorities_are_trusted(
    authority: trustme.CA, ca_bundle: Path, message: Message
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(Receiver(), context) as receiver:
        url = f"https://127.0.0.1:{receiver.port}{HOOK}"
        assert await send(channel(url, ca_bundle=ca_bundle), message) == "200 ok"
        with pytest.raises(DeliveryFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await send(channel(url), message)

    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Response(),
        Response(400, b"invalid_payload"),
        Response(404, f"no {HOOK} here".encode()),
        Response(200, f"<a href='{HOOK}'>".encode()),
        Response(500, HOOK.encode()),
        Response(429, HOOK.encode(), {"Retry-After": "0"}),
        DROP,
    ],
    ids=str,
)
async def test_the_url_is_in_no_log_error_or_repr(
    receiver: Receiver, message: Message, answer: Response | str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.responses = [answer]
    webhook = channel(receiver.url)

    try:
        shown = await send(webhook, message)
    except DeliveryError as error:
        shown = shown_by(error)

    assert shown
    for text in (shown, caplog.text, repr(webhook)):
        assert "s3cret" not in text
        assert HOOK not in text


@pytest.mark.parametrize("hook", ["/services/ s3cret", "/services/s3crét", "/services/\x01s3cret"])
async def test_an_invalid_url_is_not_shown(
    message: Message, hook: str, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(DeliveryFailed, match="URL is not valid") as caught:
        await send(channel(f"http://127.0.0.1:{unused_tcp_port}{hook}"), message)

    assert "s3cr" not in shown_by(caught.value) + caplog.text


async def test_a_probe_accepts_a_working_webhook_and_posts_no_text(receiver: Receiver) -> None:
    receiver.responses = [Response(400, b"no_text")]
    await channel(receiver.url).probe()
    assert [json.loads(body) for _, body in receiver.posts] == [{"text": ""}]


async def test_a_probe_rejects_a_deleted_webhook(receiver: Receiver) -> None:
    receiver.responses = [Response(404, b"no_service")]
    with pytest.raises(DeliveryRejected, match="no_service"):
        await channel(receiver.url).probe()
