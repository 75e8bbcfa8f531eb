"""The sandbox as a running server on this machine: in a thread for tests, in the foreground for the command line."""

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
from tabnine_report.sandbox.world import World

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - it opens nothing but a synthetic organization

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 30.0


class RunningSandbox:
    """A sandbox that answers in a thread of its own, from construction until `stop`.

    Attributes:
        base_url: Where it answers, without a slash at the end.
        world: What it tells about.
        token: The bearer token that it accepts.
        faults: How it fails; may be changed while it runs.
        requests: What it was asked.

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
        )
        self._socket = _listen(port)
        self.base_url = f"http://{_LOOPBACK}:{self._socket.getsockname()[1]}"
        self._server = _Server(app)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            raise RuntimeError(f"The sandbox did not start at {self.base_url} within {_START_SECONDS:g} seconds.")

    def stop(self) -> None:
        """Close every connection, also those that wait for an answer, and wait for the thread to end."""
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
    port: int = 0,
) -> Iterator[RunningSandbox]:
    """Serve a world (the default one if none is given) on loopback while the block runs; port 0 takes a free one."""
    sandbox = RunningSandbox(
        world or World(), now=now, token=token, faults=faults, latency_seconds=latency_seconds, quirks=quirks, port=port
    )
    try:
        yield sandbox
    finally:
        sandbox.stop()


def run_forever(  # noqa: PLR0913 - as serve_sandbox, and whom to tell
    world: World,
    *,
    now: Callable[[], datetime],
    on_start: Callable[[str], None],
    token: str = DEFAULT_TOKEN,
    faults: Iterable[str] = (),
    port: int = 0,
) -> None:
    """Serve a world on loopback until the process is interrupted or terminated.

    Args:
        world: What to serve.
        now: The present.
        on_start: Called with the base URL once the port is held and requests will be answered.
        token: The bearer token to accept.
        faults: Faults as `ENDPOINT=KIND[*COUNT]`.
        port: The port to listen at; 0 takes a free one.

    Raises:
        OSError: The port is taken.
        ValueError: A fault is not understood.
    """
    app = create_app(world, token=token, now=now, faults=Faults(faults))
    with _listen(port) as listener:
        on_start(f"http://{_LOOPBACK}:{listener.getsockname()[1]}")
        # The signal that ended the server is raised again behind it; an interrupt has done its work by then.
        with suppress(KeyboardInterrupt):
            _Server(app).run([listener])


def _listen(port: int) -> socket.socket:
    # The protocol is named, because asyncio turns the delay of small packets off (40 ms an answer) only where it is.
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
    """uvicorn that says when it is ready, and that on its way out does not wait for answers that never come."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            # The application says what time it is in its world.
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
    """HTTP over a connection that the requests can get at, so that faults can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}
