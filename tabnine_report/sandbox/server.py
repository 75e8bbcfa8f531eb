"""Run the sandbox on this machine: in a thread for tests, in the foreground for the command line."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.fault_injection import TRANSPORT
from tabnine_report.sandbox.faults import Faults
from tabnine_report.sandbox.request_log import RequestLog
from tabnine_report.sandbox.service import Quirks
from tabnine_report.sandbox.shape_file import ShapeFile
from tabnine_report.sandbox.world import World

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - it opens only a synthetic organization

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 30.0


class RunningSandbox:
    """A sandbox that runs in its own thread from construction until `stop`.

    Attributes:
        base_url: The URL, without a trailing slash.
        world: The served organization.
        token: The accepted bearer token.
        faults: The faults; they can be changed while it runs.
        requests: The log of all requests.

    Raises:
        OSError: The port is taken.
    """

    def __init__(  # noqa: PLR0913 - as create_app, and a port
        self,
        world: World,
        *,
        now: Callable[[], datetime],
        token: str = DEFAULT_TOKEN,
        faults: Iterable[str] = (),
        latency_seconds: float = 0.0,
        quirks: Quirks | None = None,
        shape: ShapeFile | None = None,
        port: int = 0,
    ) -> None:
        self.world, self.token = world, token
        self.faults, self.requests = Faults(faults), RequestLog()
        app = create_app(
            world,
            token=token,
            now=now,
            faults=self.faults,
            requests=self.requests,
            latency_seconds=latency_seconds,
            quirks=quirks,
            shape=shape,
        )
        self._socket = _listen(port)
        self.base_url = f"http://{_LOOPBACK}:{self._socket.getsockname()[1]}"
        self._server = _Server(app)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            raise RuntimeError(f"The sandbox did not start at {self.base_url} within {_START_SECONDS:g} seconds.")

    def stop(self) -> None:
        """Close every connection, including waiting ones, and wait for the thread to end."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


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
    """Serve a world, or answers of a shape, on loopback while the block runs; port 0 selects a free port."""
    sandbox = RunningSandbox(
        world or World(),
        now=now,
        token=token,
        faults=faults,
        latency_seconds=latency_seconds,
        quirks=quirks,
        shape=shape,
        port=port,
    )
    try:
        yield sandbox
    finally:
        sandbox.stop()


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
        shape: Describes the answers to serve instead of the world's.
        port: The port to listen on; 0 selects a free port.

    Raises:
        OSError: The port is taken.
        ValueError: If a fault is invalid, or the quirks deny an endpoint that does not exist.
    """
    app = create_app(world, token=token, now=now, faults=Faults(faults), quirks=quirks, shape=shape)
    with _listen(port) as listener:
        on_start(f"http://{_LOOPBACK}:{listener.getsockname()[1]}")
        # uvicorn raises the signal again after shutdown; an interrupt needs no further handling.
        with suppress(KeyboardInterrupt):
            _Server(app).run([listener])


def _listen(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm (40 ms per answer) only if the protocol is given.
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
    """A uvicorn server that reports when it is ready and does not wait for pending answers on shutdown."""

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
