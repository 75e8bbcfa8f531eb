"""Answer requests in the shape of a shape file: an ASGI application in place of the endpoints."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import accumulate

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tabnine_report.sandbox.api_errors import error_body
from tabnine_report.sandbox.fault_injection import TRANSPORT
from tabnine_report.sandbox.shape_file import Responses, ShapedRequest, ShapeFile
from tabnine_report.sandbox.shaped_values import Query, shaped_value
from tabnine_report.sandbox.wait_for_disconnect import wait_for_disconnect

_OTHER_BODIES = {
    "html": "<!doctype html><html><head><title>Sign in</title></head><body></body></html>",
    "text": "Not JSON.",
    "empty": "",
    "incomplete": "{}",
}
"""The bodies of the formats other than JSON."""

_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
"""The statuses that never have a body."""

_MEDIA_TYPES = {"none": None, "other": "application/octet-stream"}
_HEADERS = {"retry-after": "1", "location": "/elsewhere"}
"""The headers that decide what a client does, with their values."""


class ShapedResponses:
    """Answers every request as the most similar one in a shape file was answered.

    Args:
        shape: The shape file.
        token: The accepted bearer token.
        now: Returns the current time as an aware datetime.
    """

    def __init__(self, shape: ShapeFile, token: str, now: Callable[[], datetime]) -> None:
        self._shape = shape
        self._token = token
        self._now = now
        self._served: dict[int, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope)
        if request.headers.get("authorization") != f"Bearer {self._token}":
            await _error(HTTPStatus.UNAUTHORIZED, scope)(scope, receive, send)
            return
        try:
            query = Query.read(request.query_params, self._now().astimezone(UTC))
        except ValueError:
            await _error(HTTPStatus.BAD_REQUEST, scope)(scope, receive, send)
            return
        shaped = self._most_similar(request.url.path, request.query_params, query.months)
        if shaped is None:
            await _error(HTTPStatus.NOT_FOUND, scope)(scope, receive, send)
        else:
            await self._respond(shaped, query, scope, receive, send)

    def _most_similar(self, path: str, params: Mapping[str, str], months: int) -> ShapedRequest | None:
        """Return the request in the file that has the most in common with another one.

        It has the same path. A usage endpoint of teams that is not in the file is answered as that of the organization:
        the usage of a shape is invented, so a client may find another version in use than at the installation.
        """
        recorded = {shaped.path for shaped in self._shape.answers}
        if path not in recorded and path.endswith("usage"):
            path = path.replace("/team/", "/organization/")

        def similarity(shaped: ShapedRequest) -> tuple[bool, bool, bool]:
            same_values = all(params.get(name) == value for name, value in shaped.values.items())
            return same_values, set(shaped.parameters) == set(params), shaped.months in (None, months)

        return max((shaped for shaped in self._shape.answers if shaped.path == path), key=similarity, default=None)

    async def _respond(self, shaped: ShapedRequest, query: Query, scope: Scope, receive: Receive, send: Send) -> None:
        number = self._served.get(id(shaped), 0)
        self._served[id(shaped)] = number + 1
        responses = _responses(shaped, number)
        if responses.status is None:
            await _break_connection(scope, receive)
            return
        body_format = responses.formats[number % len(responses.formats)]
        content = "" if responses.status in _WITHOUT_BODY else _OTHER_BODIES.get(body_format)
        if content is None:
            content = json.dumps(shaped_value(responses, query))
        media_type = responses.content_types[number % len(responses.content_types)]
        response = Response(
            content,
            responses.status,
            {name: value for name, value in _HEADERS.items() if name in responses.headers},
            _MEDIA_TYPES.get(media_type, media_type),
        )
        if body_format != "incomplete":
            await response(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body[:-1], "more_body": True})
        await _break_connection(scope, receive)


def _responses(shaped: ShapedRequest, number: int) -> Responses:
    """Return the responses that follow a number of earlier ones; the last run of a status never ends."""
    ends = accumulate(run.times for run in shaped.statuses)
    run = next((run for run, end in zip(shaped.statuses, ends, strict=True) if number < end), shaped.statuses[-1])
    return next(responses for responses in shaped.responses if responses.status == run.status)


def _error(status: HTTPStatus, scope: Scope) -> Response:
    return JSONResponse(error_body(status, scope["state"]["request_id"]), status)


async def _break_connection(scope: Scope, receive: Receive) -> None:
    scope["state"][TRANSPORT].close()
    await wait_for_disconnect(receive)
