"""The environment of a whole run on loopback: the sandbox API, a mail server, two webhooks, a Prefect server."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Self

import pytest
from aiosmtpd.smtp import SMTP
from measured_processes import COVERAGE_SETTINGS
from prefect.artifacts import acreate_markdown_artifact
from prefect.events.clients import NullEventsClient
from prefect.events.worker import EventsWorker
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_DATABASE_CONNECTION_URL,
    PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED,
    PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED,
    PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED,
    temporary_settings,
)
from prefect_database import create_database
from receivers import Mail, Webhook

from tabnine_report.render import documents
from tabnine_report.render.pdf.process import PdfRenderer
from tabnine_report.runs import clock
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api import client
from tabnine_report.usage_api.retrying import RetryPolicy
from tasks import publish_artifacts

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
"""The scheduled time of October's run: 07:00 on the 2nd in Berlin."""
UNUSED_SERVICES = (
    PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED,
    PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED,
    PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED,
)
"""Services of Prefect's server whose results no test of this folder reads."""


class DigestRenderer(PdfRenderer):
    """Returns a page's digest instead of its PDF, which takes seconds; other tests render the PDFs of whole runs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def render(self, html: str) -> bytes:
        return b"%PDF-" + sha256(html.encode()).digest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore the connections that Prefect's client leaves to the garbage collector."""
    for item in items:
        if "_prefect" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))
            item.add_marker(
                pytest.mark.filterwarnings(
                    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
                )
            )


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one Prefect server for all runs, because starting takes seconds; yield its API's address."""
    database = f"sqlite+aiosqlite:///{create_database(tmp_path_factory.mktemp('prefect'), tmp_path_factory)}"
    server = SubprocessASGIServer()
    settings = {PREFECT_SERVER_DATABASE_CONNECTION_URL: database, **dict.fromkeys(UNUSED_SERVICES, False)}
    with temporary_settings(settings), pytest.MonkeyPatch.context() as patch:
        patch.delenv(COVERAGE_SETTINGS, raising=False)
        server.start(timeout=120)
    yield server.api_url
    server.stop()


@pytest.fixture(scope="module")
def _prefect(_server: str) -> Iterator[None]:
    with (
        temporary_settings({PREFECT_API_URL: _server, PREFECT_LOGGING_TO_API_ENABLED: False}),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(documents, "PdfRenderer", DigestRenderer)
        patch.setattr(documents, "page_image", lambda pdf: b"\x89PNG" + pdf)
        # A run emits some hundred events, and this server's services do not store them.
        EventsWorker.set_client_override(NullEventsClient)
        # The default waits take seconds; tests/tabnine_report/usage_api tests them.
        patch.setattr(client, "RetryPolicy", partial(RetryPolicy, first_wait_seconds=0.001, jitter_seconds=0.0))
        yield
        EventsWorker.set_client_override(None)
    # Prefect's client leaves connections to its server to the garbage collector.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def _on_the_2nd(_prefect: None) -> Iterator[None]:
    with clock.rehearse(AT):
        yield


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[RunningSandbox]:
    """Serve a small organization: a run makes some requests for each team."""
    with serve_sandbox(World(users=200, teams=6), now=lambda: AT) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: RunningSandbox) -> RunningSandbox:
    running_sandbox.faults.clear()
    running_sandbox.requests.entries.clear()
    return running_sandbox


@pytest.fixture
def channel() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.stop()


@pytest.fixture
async def mail() -> AsyncIterator[Mail]:
    mail = Mail()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mail, hostname="localhost", loop=loop), "127.0.0.1", 0)
    mail.port = server.sockets[0].getsockname()[1]
    yield mail
    server.close()
    await server.wait_closed()


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the Markdown of the artifacts that are published from now on, oldest first."""
    texts: list[str] = []

    async def publish(*, markdown: str, **content: str) -> None:
        texts.append(markdown)
        await acreate_markdown_artifact(markdown=markdown, **content)

    monkeypatch.setattr(publish_artifacts, "acreate_markdown_artifact", publish)
    return texts


@pytest.fixture
def write_profile(
    tmp_path: Path, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> Callable[..., str]:
    """Return a function that writes the profile of an organization with every channel.

    `api` and `report` are additional lines of these tables, `more` has additional tables; `edition` is the folder's;
    `admins` replaces the table of the admins.
    """

    def write(
        *,
        token: str = sandbox.token,
        base_url: str = sandbox.base_url,
        api: str = "",
        report: str = "",
        more: str = "",
        edition: str = "executive",
        admins: str = f'[admins]\nslack_webhook_url = "{admins.url}"\nemail = ["it-tools@acme.example"]',
    ) -> str:
        path = tmp_path / "acme.toml"
        path.write_text(
            f"""
name = "acme"
time_zone = "Europe/Berlin"

[usage_api]
base_url = "{base_url}"
token = "{token}"
{api}

[report]
{report}

[email]
host = "127.0.0.1"
port = {mail.port}
security = "none"
sender = "Usage reports <reports@acme.example>"
recipients = ["cto@acme.example", "cfo@acme.example"]

[slack]
webhook_url = "{channel.url}"

[folder]
path = "outbox"
edition = "{edition}"

[archive]
ledger_durable = true

{admins}
{more}
""",
            encoding="utf-8",
        )
        return str(path)

    return write
