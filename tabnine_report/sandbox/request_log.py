"""Log every request in memory, for tests to read."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID_HEADER = "X-Request-Id"


@dataclass
class LoggedRequest:
    """One request.

    Attributes:
        method, path, params: The request; of a repeated parameter, the last value.
        status: The status of the response; None if no response began.
        started, finished: Seconds on the server's monotonic clock; `finished` is None while in progress.
        request_id: The request ID in the response's header.
    """

    method: str
    path: str
    params: dict[str, str]
    started: float
    request_id: str
    status: int | None = None
    finished: float | None = None


@dataclass
class RequestLog:
    """All requests in the order of arrival, and the highest number in progress at once."""

    entries: list[LoggedRequest] = field(default_factory=list)
    most_in_flight: int = 0
    in_flight: int = 0

    def to(self, tail: str) -> list[LoggedRequest]:
        """Return the requests whose path ends with `tail`, such as `v1/organization/usage`."""
        return [entry for entry in self.entries if entry.path.endswith(f"/{tail}")]

    def begin(self, method: str, path: str, query: str, now: float) -> LoggedRequest:
        """Log a request that has arrived."""
        request_id = f"sandbox-{len(self.entries) + 1:06d}"
        entry = LoggedRequest(method, path, dict(parse_qsl(query, keep_blank_values=True)), now, request_id)
        self.entries.append(entry)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        return entry

    def finish(self, entry: LoggedRequest, now: float) -> None:
        """Log that a request has ended, with or without a response."""
        entry.finished = now
        self.in_flight -= 1


class RequestLogging:
    """ASGI middleware that writes the log and adds the request ID to every response."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        clock = asyncio.get_running_loop()
        entry = self.log.begin(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), clock.time())
        scope.setdefault("state", {})["request_id"] = entry.request_id

        async def log_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = entry.request_id
            await send(message)

        try:
            await self.app(scope, receive, log_and_send)
        finally:
            self.log.finish(entry, clock.time())
