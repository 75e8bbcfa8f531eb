"""Provide a small world, a server for it, and a client."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import httpx
import pytest

from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

Fetch = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def world() -> World:
    return World(seed=7, users=120, teams=8, cutover=date(2026, 5, 12))


@pytest.fixture(scope="session")
def sandbox(world: World) -> Iterator[RunningSandbox]:
    """A server without faults. Tests that need faults start their own server."""
    with serve_sandbox(world, now=lambda: NOW) as running:
        yield running


@pytest.fixture(scope="session")
def fetch(sandbox: RunningSandbox) -> Iterator[Fetch]:
    """A client: `fetch("v1/license")`; the token and the base URL are added."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with httpx.Client(base_url=f"{sandbox.base_url}/api/", headers=headers, timeout=30) as client:

        def get(path: str, **params: str | float | bool) -> httpx.Response:
            return client.get(path, params=httpx.QueryParams(params))

        yield get


@pytest.fixture(scope="session")
def october(world: World) -> dict[str, str]:
    """The parameters for the organization's October 2026."""
    return {"organizationId": world.id, "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


@pytest.fixture(scope="session")
def april(world: World) -> dict[str, str]:
    """The parameters for April 2026, the last whole month before the cutover."""
    return {"organizationId": world.id, "from": "2026-04-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"}
