"""Inject faults as ASGI middleware in front of the application."""

import json
import socket
import struct
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabnine_report.sandbox.api_errors import error_body
from tabnine_report.sandbox.faults import Fault, Faults
from tabnine_report.sandbox.wait_for_disconnect import wait_for_disconnect

TRANSPORT = "transport"
"""The key of the request's state with the connection's transport, for faults that close it."""

_PROXY_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Company proxy</h1></body></html>"
# The first of these fields in a response, from the outside in, gets a value of the wrong type.
_CORRUPTIBLE_FIELDS = ("activeUsers", "seats", "month", "registered", "username", "id", "data")
_NO_LINGER = struct.pack("ii", 1, 0)


class FaultInjection:
    """Answers each request with the next fault for its endpoint, or passes it on if there is none."""

    def __init__(self, app: ASGIApp, faults: Faults, latency_seconds: float) -> None:
        self.app = app
        self.faults = faults
        self.latency_seconds = latency_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        fault = self.faults.take(scope["path"]) if scope["type"] == "http" else None
        delay = fault.seconds if fault and fault.kind == "slow" else None
        if self.latency_seconds or delay:
            await wait_for_disconnect(receive, self.latency_seconds + (delay or 0.0))
        if fault is None or fault.kind == "slow":
            await self.app(scope, receive, send)
        else:
            await self._fail(fault, scope, receive, send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "status" and fault.status is not None:
            headers = {} if fault.seconds is None else {"Retry-After": f"{fault.seconds:g}"}
            body = error_body(fault.status, scope["state"]["request_id"])
            await JSONResponse(body, fault.status, headers)(scope, receive, send)
        elif fault.kind == "html":
            await HTMLResponse(_PROXY_PAGE)(scope, receive, send)
        elif fault.kind == "null":
            await JSONResponse(None)(scope, receive, send)
        elif fault.kind == "shape":
            start, body_bytes = await self._real_response(scope, receive)
            await JSONResponse(corrupt_shape(json.loads(body_bytes)), start["status"])(scope, receive, send)
        elif fault.kind == "truncated":
            await self._truncate(scope, receive, send)
        elif fault.kind == "reset":
            _reset(scope)
            await wait_for_disconnect(receive)
        elif fault.kind == "timeout":
            await wait_for_disconnect(receive)

    async def _real_response(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Return the response of the application: the message that starts it, and the whole body."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        return messages[0], b"".join(message.get("body", b"") for message in messages[1:])

    async def _truncate(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await self._real_response(scope, receive)
        await send(start)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        scope["state"][TRANSPORT].close()
        await wait_for_disconnect(receive)


def corrupt_shape(body: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of a response body in which a required field has the wrong type."""
    if isinstance(body, dict):
        for name in _CORRUPTIBLE_FIELDS:
            if name in body and not (name == "data" and body[name]):
                return {**body, name: {"unexpected": body[name]}}
        return {name: corrupt_shape(value) if isinstance(value, dict | list) else value for name, value in body.items()}
    if isinstance(body, list) and body:
        return [corrupt_shape(body[0]), *body[1:]]
    return {"unexpected": body}


def _reset(scope: Scope) -> None:
    """Reset the connection instead of closing it."""
    transport = scope["state"][TRANSPORT]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
