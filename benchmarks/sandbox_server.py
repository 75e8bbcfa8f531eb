"""The sandbox as a program of its own: `python benchmarks/sandbox_server.py USERS TEAMS LATENCY_SECONDS`.

Asked the same again, it gives the same answer from memory after exactly the latency: what is measured is the client,
not how long a synthetic organization takes to be worked out. Nothing in it changes meanwhile, its clock stands still.
`/asked` tells what it was asked since the last time.
"""

import asyncio
import json
import socket
import sys

import uvicorn
from scenario import AT, TOKEN
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.world import World

ASKED = "/asked"


class Remembering:
    """ASGI layer that asks the sandbox once and repeats its answers, each after the latency."""

    def __init__(self, app: ASGIApp, latency_seconds: float) -> None:
        self._app = app
        self._latency_seconds = latency_seconds
        self._answers: dict[tuple[str, bytes], list[Message]] = {}
        self._asked: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] == ASKED:
            await self._tell(send)
            return
        await asyncio.sleep(self._latency_seconds)
        question = scope["path"], scope["query_string"]
        if question not in self._answers:
            self._answers[question] = await self._work_out(scope, receive)
        answer = self._answers[question]
        self._asked.append((scope["path"], scope["query_string"].decode(), answer[0]["status"]))
        for message in answer:
            await send(message)

    async def _work_out(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages

    async def _tell(self, send: Send) -> None:
        body = json.dumps(self._asked).encode()
        self._asked.clear()
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """uvicorn that prints its address when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)


def main(users: int, teams: int, latency_seconds: float) -> None:
    """Serve until terminated."""
    app = create_app(World(users=users, teams=teams), token=TOKEN, now=lambda: AT)
    served = Remembering(app, latency_seconds)
    _Server(uvicorn.Config(served, port=0, lifespan="off", log_config=None, access_log=False)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
