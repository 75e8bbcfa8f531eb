"""Serve the sandbox with cached answers: `python benchmarks/sandbox_server.py USERS TEAMS LATENCY_SECONDS`.

The server repeats its first answer to a request from memory, after exactly the given latency. The benchmarks thus
measure the client, and not the generation of synthetic data. The server's clock does not advance, so answers never
change. `/requests` returns the requests since it was last called.
"""

import asyncio
import json
import socket
import sys

import uvicorn
from scenario import SCHEDULED_AT, TOKEN
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.world import World

REQUESTS_PATH = "/requests"


class CachingMiddleware:
    """ASGI middleware that repeats the sandbox's answers from memory, each after the latency."""

    def __init__(self, app: ASGIApp, latency_seconds: float) -> None:
        self._app = app
        self._latency_seconds = latency_seconds
        self._api_data: dict[tuple[str, bytes], list[Message]] = {}
        self._requests: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] == REQUESTS_PATH:
            await self._send_requests(send)
            return
        await asyncio.sleep(self._latency_seconds)
        key = scope["path"], scope["query_string"]
        if key not in self._api_data:
            self._api_data[key] = await self._compute_answer(scope, receive)
        answer = self._api_data[key]
        self._requests.append((scope["path"], scope["query_string"].decode(), answer[0]["status"]))
        for message in answer:
            await send(message)

    async def _compute_answer(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        return messages

    async def _send_requests(self, send: Send) -> None:
        body = json.dumps(self._requests).encode()
        self._requests.clear()
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """A uvicorn server that prints its address when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)


def main(users: int, teams: int, latency_seconds: float) -> None:
    """Serve until terminated."""
    app = create_app(World(users=users, teams=teams), token=TOKEN, now=lambda: SCHEDULED_AT)
    cached_app = CachingMiddleware(app, latency_seconds)
    _Server(
        uvicorn.Config(cached_app, port=0, lifespan="off", log_config=None, access_log=False, date_header=False)
    ).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
