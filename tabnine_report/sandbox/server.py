"""Run the sandbox on this machine: in a thread for tests, in the foreground for the command line."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.fault_injection import TRANSPORT
from tabnine_report.sandbox.faults import Faults
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.request_log import RequestLog
from tabnine_report.sandbox.shape_file import ShapeFile
from tabnine_report.sandbox.world import World

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - it opens only a synthetic organization

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 30.0


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that runs in its own thread.

    Attributes:
        base_url: The URL, without a trailing slash.
        world: The served organization.
        token: The accepted bearer token.
        faults: The faults; they can be changed while it runs.
        requests: The log of all requests.
    """

    base_url: str
    world: World
    token: str
    faults: Faults
    requests: RequestLog


@contextmanager
def serve_sandbox(  # noqa: PLR0913 - as create_app, and a port
    world: World | None = None,
    *,
    now: Callable[[], datetime],
    token: str = DEFAULT_TOKEN,
    faults: Iterable[str] = (),
    latency_seconds: float = 0.0,
    quirks: Quirks | None = None,
    shape: ShapeFile | None = None,
    port: int = 0,
) -> Iterator[RunningSandbox]:
    """Serve a world, or responses of a shape, on loopback while the block runs; port 0 selects a free port.

    At the end of the block, every connection is closed, including waiting ones.

    Raises:
        OSError: The port is taken.
        ValueError: If a fault is invalid, or the quirks deny an endpoint that does not exist.
    """
    world, injected, log = world or World(), Faults(faults), RequestLog()
    server = _Server(
        create_app(
            world,
            token=token,
            now=now,
            faults=injected,
            requests=log,
            latency_seconds=latency_seconds,
            quirks=quirks,
            shape=shape,
        )
    )
    with _listen(port) as listener:
        sandbox = RunningSandbox(_url(listener), world, token, injected, log)
        thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
        thread.start()
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError(f"The sandbox did not start at {sandbox.base_url} within {_START_SECONDS:g} seconds.")
        try:
            yield sandbox
        finally:
            server.should_exit = True
            thread.join()


def run_forever(  # noqa: PLR0913 - as serve_sandbox, and a callback
    world: World,
    *,
    now: Callable[[], datetime],
    on_start: Callable[[str], None],
    token: str = DEFAULT_TOKEN,
    faults: Iterable[str] = (),
    quirks: Quirks | None = None,
    shape: ShapeFile | None = None,
    port: int = 0,
) -> None:
    """Serve a world on loopback until the process is interrupted or terminated.

    Args:
        world: The organization to serve.
        now: Returns the current time as an aware datetime.
        on_start: Called with the base URL when the server is ready.
        token: The accepted bearer token.
        faults: Faults as `ENDPOINT=KIND[*COUNT]`.
        quirks: How this installation differs from others.
        shape: Describes the responses to serve instead of the world's.
        port: The port to listen on; 0 selects a free port.

    Raises:
        OSError: The port is taken.
        ValueError: If a fault is invalid, or the quirks deny an endpoint that does not exist.
    """
    app = create_app(world, token=token, now=now, faults=Faults(faults), quirks=quirks, shape=shape)
    with _listen(port) as listener:
        on_start(_url(listener))
        # uvicorn raises the signal again after shutdown; an interrupt needs no further handling.
        with suppress(KeyboardInterrupt):
            _Server(app).run([listener])


def _url(listener: socket.socket) -> str:
    return f"http://{_LOOPBACK}:{listener.getsockname()[1]}"


def _listen(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm (40 ms per response) only if the protocol is given.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server that reports when it is ready and does not wait for pending responses on shutdown."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            # The application sets the date of its world.
            date_header=False,
        )
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


class _Protocol(H11Protocol):
    """An HTTP protocol that exposes its transport to the application, so that faults can close it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}
