"""The Slack bot against a local server with the API methods that it calls."""

import json
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.channels import slack_bot
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.errors import DeliveryError, DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.channel_settings import SlackSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings

TOKEN = "xoxb-s3cret"
CHANNEL = "C0123456789"
PDF = Attachment("acme.pdf", "application/pdf", b"%PDF-1.7 pages")
TABLE = Attachment("acme.xlsx", "application/vnd.ms-excel", b"cells")
POST, ASK, UPLOAD, FINISH, WHO = (
    "/api/chat.postMessage",
    "/api/files.getUploadURLExternal",
    "/upload",
    "/api/files.completeUploadExternal",
    "/api/auth.test",
)


@dataclass
class Slack:
    """A server with one response for each path: a status and a body, or None to close the connection."""

    port: int = 0
    requests: list[tuple[str, bytes, str]] = field(default_factory=list)
    responses: dict[str, tuple[int, object] | None] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    release: threading.Event = field(default_factory=threading.Event)

    def response(self, path: str) -> tuple[int, object] | None:
        return self.responses.get(
            path,
            {
                POST: (200, {"ok": True, "channel": CHANNEL, "ts": "1793602800.000100"}),
                ASK: (200, {"ok": True, "file_id": "F1", "upload_url": f"http://127.0.0.1:{self.port}{UPLOAD}"}),
                UPLOAD: (200, "OK"),
                FINISH: (200, {"ok": True, "files": [{"id": "F1"}]}),
                WHO: (200, {"ok": True, "user": "reports"}),
            }[path],
        )

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]


@pytest.fixture
def slack() -> Iterator[Slack]:
    server_state = Slack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"] or 0))
            server_state.requests.append((self.path, request, self.headers["Authorization"] or ""))
            if self.path in server_state.silent:
                server_state.release.wait(30)
                self.close_connection = True
                return
            response = server_state.response(self.path)
            if response is None:
                self.close_connection = True
                return
            status, body = response
            content = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server_state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server_state
        server.shutdown()
        thread.join()


def bot(port: int) -> SlackBotChannel:
    return SlackBotChannel(
        SecretStr(TOKEN), CHANNEL, NetworkSettings(), api=f"http://127.0.0.1:{port}/api/", request_seconds=10
    )


@pytest.fixture
def report(message: Message) -> Message:
    return replace(message, payloads={"slack": {"text": "ACME", "blocks": []}}, attachments=(TABLE, PDF))


async def no_handover() -> None:
    pass


async def send(port: int, report: Message, on_handover: Callable[[], Awaitable[None]] = no_handover) -> str:
    return await bot(port).send(report, CHANNEL, "acme-2026-10-1f", on_handover)


async def test_the_message_is_posted_and_its_pdf_uploaded_into_the_thread(slack: Slack, report: Message) -> None:
    requests_before: list[int] = []

    async def record() -> None:
        requests_before.append(len(slack.requests))

    response = await send(slack.port, report, record)

    assert (response, requests_before) == ("posted 1793602800.000100 with its PDF", [0])
    assert slack.paths() == [POST, ASK, UPLOAD, FINISH]
    post, ask, upload, finish = slack.requests
    assert json.loads(post[1]) == {"channel": CHANNEL, "text": "ACME", "blocks": []}
    assert parse_qs(ask[1].decode())["length"] == [str(len(PDF.content))]
    assert upload[1] == PDF.content
    finished = parse_qs(finish[1].decode())
    assert (finished["channel_id"], finished["thread_ts"]) == ([CHANNEL], ["1793602800.000100"])
    assert [header for _, _, header in slack.requests] == [f"Bearer {TOKEN}", f"Bearer {TOKEN}", "", f"Bearer {TOKEN}"]


async def test_without_a_pdf_only_the_message_is_posted(slack: Slack, report: Message) -> None:
    response = await send(slack.port, replace(report, attachments=(TABLE,)))

    assert (response, slack.paths()) == ("posted 1793602800.000100", [POST])


@pytest.mark.parametrize(
    ("path", "answer", "without"),
    [
        (ASK, (200, {"ok": False, "error": "missing_scope"}), "without"),
        (UPLOAD, (500, "trouble"), "possibly without"),
        (FINISH, (200, {"ok": False, "error": "invalid_arguments"}), "without"),
        (FINISH, None, "possibly without"),
    ],
)
async def test_a_message_whose_upload_fails_is_sent_and_reports_it(
    slack: Slack, report: Message, path: str, answer: tuple[int, object] | None, without: str
) -> None:
    slack.responses[path] = answer

    shown = await send(slack.port, report)

    assert shown.startswith(f"posted 1793602800.000100, but {without} its PDF. ")
    assert slack.paths().count(POST) == 1
    assert TOKEN not in shown


@pytest.mark.parametrize("path", [ASK, UPLOAD, FINISH])
async def test_an_upload_that_takes_too_long_leaves_the_message_without_its_pdf(
    slack: Slack, report: Message, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_bot, "UPLOAD_SECONDS", 0.5)
    slack.silent.add(path)

    shown = await send(slack.port, report)
    slack.release.set()

    assert shown.startswith("posted 1793602800.000100, but possibly without its PDF. ")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {"ok": False, "error": "not_in_channel"}), (DeliveryRejected, "not_in_channel. Check slack.bot_token")),
        ((200, {"ok": False, "error": "internal_error"}), (DeliveryUnconfirmed, "may have been posted")),
        ((503, {"ok": False, "error": "service_unavailable"}), (DeliveryFailed, "Nothing was posted")),
        ((500, "<html>trouble</html>"), (DeliveryUnconfirmed, "may have been posted")),
        ((200, "<html>Please log in</html>"), (DeliveryUnconfirmed, "may have been posted")),
        ((302, "elsewhere"), (DeliveryUnconfirmed, "may have been posted")),
        (None, (DeliveryUnconfirmed, "may have been posted")),
    ],
    ids=str,
)
async def test_a_failure_is_posted_once_and_does_not_show_the_token(
    slack: Slack,
    report: Message,
    answer: tuple[int, object] | None,
    expected: tuple[type[DeliveryError], str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.responses[POST] = answer

    with pytest.raises(expected[0], match=expected[1]) as caught:
        await send(slack.port, report)

    assert slack.paths() == [POST]
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert TOKEN not in f"{caught.value!r} {caplog.text} {bot(slack.port)!r}"


async def test_a_lasting_rate_limit_is_a_rejection_after_two_retries(slack: Slack, report: Message) -> None:
    slack.responses[POST] = (429, {"ok": False, "error": "ratelimited"})

    with pytest.raises(DeliveryRejected, match="too many messages"):
        await send(slack.port, report)

    assert slack.paths() == [POST, POST, POST]


async def test_an_unreachable_host_is_a_failure(report: Message, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryFailed, match="Nothing was posted"):
        await send(unused_tcp_port, report)


async def test_a_probe_checks_the_token_and_posts_nothing(slack: Slack) -> None:
    await bot(slack.port).probe()
    assert slack.paths() == [WHO]

    slack.responses[WHO] = (200, {"ok": False, "error": "invalid_auth"})
    with pytest.raises(DeliveryRejected, match="invalid_auth"):
        await bot(slack.port).probe()


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"bot_token": TOKEN},
        {"channel": CHANNEL},
        {"webhook_url": "https://hooks.example/s3cret", "bot_token": TOKEN, "channel": CHANNEL},
        {"webhook_url": "https://hooks.example/s3cret", "channel": CHANNEL},
    ],
)
def test_a_profile_has_either_a_webhook_or_a_bot(table: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="needs either webhook_url, or bot_token and channel") as caught:
        SlackSettings.model_validate(table)

    assert "s3cret" not in str(caught.value)
