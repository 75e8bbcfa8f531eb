"""Faults of the channels and of the other services of a run, and what happens to a message or to the run."""

import asyncio
import functools
import json
import os
import socket
import tempfile
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

from misbehaving_server import Behavior, answering, refusing, reset, serve, silent
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from profile_file import write_profile
from pydantic import SecretStr
from sample_report import sample_report
from scripted_relay import DROP, SILENCE, ScriptedRelay, serving
from upath import UPath

from tabnine_report.archive import Archive, bucket
from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.email import EmailChannel
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.delivery import send_without_ledger
from tabnine_report.deliver.ledger import database
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.errors import ArchiveError, LedgerError
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.i18n import Language
from tasks import publish_artifacts
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
STEP_SECONDS = 0.5
MESSAGE = Message(
    subject="412 people used Tabnine in October",
    text="412 people used Tabnine in October.",
    html="<html><body><p>412 people</p></body></html>",
    pictures={},
    attachments=(Attachment("acme.pdf", "application/pdf", b"%PDF-1.7"),),
    payloads={"slack": {"text": "412 people", "blocks": []}},
)


def _http(status: str, body: bytes = b"{}") -> Behavior:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return answering(head.encode() + body)


_HTTP_FAULTS: Mapping[str, Behavior] = {
    "no connection": refusing,
    "silence": silent,
    "connection reset": reset,
    "403": _http("403 Forbidden"),
    "404": _http("404 Not Found", b"no_service"),
    "500": _http("500 Internal Server Error"),
    "503": _http("503 Service Unavailable"),
    "a web page": _http("200 OK", b"<html><title>Sign in</title></html>"),
    "an endless response": answering(b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 2**16] * 40),
    "one byte at a time": answering(
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b" "] * 900, pause_seconds=0.05
    ),
}
_TCP_FAULTS: Mapping[str, Behavior] = {
    "no connection": refusing,
    "silence": silent,
    "connection reset": reset,
    "an endless response": answering(b"x" * 1000, pause_seconds=0.001, repeated=True),
}
_RELAY_FAULTS: Mapping[str, Mapping[str, str]] = {
    "silence": {"hello": SILENCE},
    "connection lost": {"hello": DROP},
    "421": {"hello": "421 busy"},
    "554": {"hello": "554 no service"},
    "silence after the recipient": {"RCPT": SILENCE},
    "450 to the recipient": {"RCPT": "450 try later"},
    "550 to the recipient": {"RCPT": "550 no such user"},
    "connection lost before the content": {"DATA": DROP},
    "connection lost after the content": {".": DROP},
    "silence after the content": {".": SILENCE},
    "554 after the content": {".": "554 rejected"},
}

_FAILS = "the run fails"
_NOTHING_SENT = "the run fails; nothing is sent"
_CONTINUES = "the run continues without artifacts"
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "email": {
        "no connection": "failed",
        "silence": "failed",
        "connection lost": "failed",
        "421": "rejected",
        "554": "failed",
        "silence after the recipient": "failed",
        "450 to the recipient": "rejected",
        "550 to the recipient": "rejected",
        "connection lost before the content": "failed",
        "connection lost after the content": "unconfirmed",
        "silence after the content": "unconfirmed",
        "554 after the content": "rejected",
    },
    "Slack webhook": {
        "no connection": "failed",
        "silence": "unconfirmed",
        "connection reset": "unconfirmed",
        "403": "rejected",
        "404": "rejected",
        "500": "unconfirmed",
        "503": "failed",
        "a web page": "unconfirmed",
        "an endless response": "unconfirmed",
        "one byte at a time": "unconfirmed",
    },
    "Slack bot": {
        "no connection": "failed",
        "silence": "unconfirmed",
        "connection reset": "unconfirmed",
        "403": "unconfirmed",
        "404": "unconfirmed",
        "500": "unconfirmed",
        "503": "unconfirmed",
        "a web page": "unconfirmed",
        "an endless response": "unconfirmed",
        "one byte at a time": "unconfirmed",
    },
    "upload of the PDF to Slack": dict.fromkeys(_HTTP_FAULTS, "sent, without its PDF"),
    "bucket": dict.fromkeys(_HTTP_FAULTS, _FAILS),
    "ledger in PostgreSQL": dict.fromkeys(_TCP_FAULTS, _NOTHING_SENT),
    "artifacts in Prefect": dict.fromkeys(_HTTP_FAULTS, _CONTINUES),
}


async def observe(target: str, fault: str) -> str:
    """Return the state of a message, or what becomes of the run."""
    if target == "email" and fault in _RELAY_FAULTS:
        answers = _RELAY_FAULTS[fault]
        async with serving(ScriptedRelay(answer=lambda word, _argument, _number: answers.get(word))) as relay:
            return await _OBSERVERS[target](relay.port)
    behavior = (_TCP_FAULTS if target == "ledger in PostgreSQL" else _HTTP_FAULTS)[fault]
    if target == "upload of the PDF to Slack":
        behavior = _slack_with_upload(behavior)
    with serve(behavior) as port:
        return await _OBSERVERS[target](port)


async def _send(channel: Channel) -> str:
    (receipt,) = await send_without_ledger(channel, MESSAGE, message_id="acme-1f", revision=1, clock=lambda: AT)
    await channel.close()
    without_pdf = "without its PDF" in receipt.detail
    return f"{receipt.state}, without its PDF" if without_pdf else str(receipt.state)


async def _email(port: int) -> str:
    settings = EmailSettings(
        host="127.0.0.1", port=port, security="none", sender="reports@acme.example", recipients=("cto@acme.example",)
    )
    language = Language("en", ZoneInfo("Europe/Berlin"))
    channel = EmailChannel(
        settings,
        NetworkSettings(),
        settings.recipients,
        language=language,
        clock=lambda: AT,
        step_seconds=STEP_SECONDS,
    )
    return await _send(channel)


async def _webhook(port: int) -> str:
    url = SecretStr(f"http://127.0.0.1:{port}/services/T0/B0/s3cret")
    return await _send(SlackWebhookChannel(url, NetworkSettings(), request_seconds=STEP_SECONDS))


async def _bot(port: int) -> str:
    api = f"http://127.0.0.1:{port}/api/"
    channel = SlackBotChannel(SecretStr("xoxb-1"), "C1", NetworkSettings(), api=api, request_seconds=STEP_SECONDS)
    with patch("tabnine_report.deliver.channels.slack_bot.UPLOAD_SECONDS", STEP_SECONDS):
        return await _send(channel)


def _slack_with_upload(upload: Behavior) -> Behavior:
    """Return Slack's API, whose address for uploads misbehaves."""

    def serve_one(connection: socket.socket, stopped: threading.Event) -> None:
        path = connection.recv(4096, socket.MSG_PEEK).split(b" ")[1]
        address = f"http://127.0.0.1:{connection.getsockname()[1]}/upload"
        answers = {
            b"/api/chat.postMessage": {"ok": True, "channel": "C1", "ts": "1793602800.000100"},
            b"/api/files.getUploadURLExternal": {"ok": True, "file_id": "F1", "upload_url": address},
        }
        if path in answers:
            _http("200 OK", json.dumps(answers[path]).encode())(connection, stopped)
        elif upload is not refusing:
            upload(connection, stopped)

    return serve_one


async def _bucket(port: int) -> str:
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }
    with patch.dict(os.environ, environment), patch.object(bucket, "OPERATION_SECONDS", STEP_SECONDS):
        archive = Archive(f"s3://reports-{uuid4().hex}/acme")
        try:
            await asyncio.to_thread(archive.check)
        except ArchiveError:
            return _FAILS
        finally:
            type(archive._location.fs).clear_instance_cache()
    return "no error"


async def _ledger(port: int) -> str:
    with (
        patch.object(database, "CONNECTION_TIMEOUT_SECONDS", 3),
        patch.object(database, "RECONNECT_TIMEOUT_SECONDS", 0.05),
    ):
        ledger = Ledger(f"postgresql+psycopg://reports:hush@127.0.0.1:{port}/ledger", lambda: AT)
        try:
            await asyncio.to_thread(ledger.check)
        except LedgerError:
            return _NOTHING_SENT
    return "no error"


async def _artifacts(port: int) -> str:
    run = await asyncio.to_thread(_run)
    result = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(sample_report(), UPath(), ""))
    with (
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api", PREFECT_CLIENT_MAX_RETRIES: 0}),
        patch.object(publish_artifacts, "TIME_LIMIT_SECONDS", STEP_SECONDS),
    ):
        problem = await publish_artifacts.publish_artifacts.fn(run, result)
    return _CONTINUES if problem.startswith("The artifacts could not be published") else "no error"


@functools.cache
def _run() -> RunContext:
    return open_run(write_profile(Path(tempfile.mkdtemp(prefix="faults-"))), "2026-10", draft=False, at=AT)


_OBSERVERS: Mapping[str, Callable[[int], Awaitable[str]]] = {
    "email": _email,
    "Slack webhook": _webhook,
    "Slack bot": _bot,
    "upload of the PDF to Slack": _bot,
    "bucket": _bucket,
    "ledger in PostgreSQL": _ledger,
    "artifacts in Prefect": _artifacts,
}
