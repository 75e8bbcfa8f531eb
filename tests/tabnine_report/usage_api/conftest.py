"""Shared fixtures: a client with short waits, a way to fetch an endpoint, stored fetches and loopback servers."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import NetworkSettings, People, UsageApiSettings
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, queries
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Fetch, Response

TOKEN = "t0ken-that-must-stay-secret"
NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OCTOBER = Month(2026, 10)
SHORT_WAITS = RetryPolicy(first_wait_seconds=0.001, max_wait_seconds=0.002, jitter_seconds=0, chain_seconds=5)

Handler = Callable[[httpx.Request], httpx.Response] | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
Connected = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_api() -> Callable[..., UsageApi]:
    """Return a factory of clients with short waits; keywords are those of the settings and the client."""

    def make(
        base_url: str = "https://console.example",
        *,
        handler: Handler | None = None,
        network: NetworkSettings | None = None,
        attempt_seconds: float | None = None,
        retry_policy: RetryPolicy = SHORT_WAITS,
        max_concurrency: int = 8,
        token: str = TOKEN,
    ) -> UsageApi:
        return UsageApi(
            UsageApiSettings(base_url=base_url, token=token, max_concurrency=max_concurrency),
            network or NetworkSettings(),
            clock=lambda: NOW,
            attempt_seconds=attempt_seconds,
            retry_policy=retry_policy,
            transport=httpx.MockTransport(handler) if handler else None,
        )

    return make


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """Return the module's `running` sandbox, without faults and without recorded requests."""
    running.faults.clear()
    running.requests.entries.clear()
    return running


@pytest.fixture
async def api(make_api: Callable[..., UsageApi], sandbox: RunningSandbox) -> AsyncIterator[UsageApi]:
    async with make_api(sandbox.base_url, token=sandbox.token) as opened:
        yield opened


@pytest.fixture
def fetch(make_api: Callable[..., UsageApi]) -> Callable[..., Awaitable[Fetch]]:
    """Return a function that fetches an endpoint, by default the license, for a report on October 2026."""

    async def fetch(
        handler: Handler | None = None,
        endpoint: Endpoint = Endpoint.LICENSE,
        *,
        sent: Sequence[Query] | None = None,
        people: People = "counts",
        within_seconds: float | None = None,
        **options: object,
    ) -> Fetch:
        async with make_api(handler=handler, **options) as api:
            ends_at = None if within_seconds is None else asyncio.get_running_loop().time() + within_seconds
            return await api.fetch(endpoint, sent or queries(endpoint, OCTOBER, "org-1", people), ends_at=ends_at)

    return fetch


@pytest.fixture
def stored() -> Callable[..., Fetch]:
    """Return a factory of fetches as read from a stored snapshot, from the bodies of the responses to one query.

    Buckets are requested for 13 months unless the parameters have another window.
    """

    def stored(endpoint: Endpoint, *bodies: object, query: str = "", **params: str) -> Fetch:
        if "granularity" in params:
            params = {"from": "2025-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", **params}
        responses = [
            Response(
                query=query or str(endpoint),
                path="/api",
                params=params,
                status=200,
                received_at=NOW,
                elapsed_seconds=0.1,
                body=json.dumps(body),
            )
            for body in bodies
        ]
        return Fetch(endpoint=endpoint, started_at=NOW, ended_at=NOW, responses=tuple(responses))

    return stored


@pytest.fixture
def loopback() -> Callable[..., contextlib.AbstractAsyncContextManager[str]]:
    """Return a context manager that serves on a loopback port, one request per connection; it yields host and port."""

    @asynccontextmanager
    async def serve(connected: Connected, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
        tasks: set[asyncio.Task[Any]] = set()

        async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            tasks.add(task)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                head = await reader.readuntil(b"\r\n\r\n")
                await connected(head.decode(), reader, writer)
                await writer.drain()
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            tasks.discard(task)

        server = await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=tls)
        try:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()

    return serve
