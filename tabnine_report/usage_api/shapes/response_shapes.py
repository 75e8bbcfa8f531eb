"""Record the shape of every response of the API as one JSON document without any value of the tenant.

Every string in the document comes from this package or from a closed list, except the names of undocumented fields that
`published_shape` lets through. docs/sandbox.md describes the format; the sandbox serves responses of that shape.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from itertools import groupby
from typing import Any

from tabnine_report.usage_api.endpoint_checks import EndpointCheck
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.shapes.json_shape import JsonShape
from tabnine_report.usage_api.shapes.publishable_words import (
    CONTENT_TYPES,
    ERROR_CODES,
    HEADERS,
    INVALID_ORGANIZATION,
    OWN_PARAMETERS,
)
from tabnine_report.usage_api.shapes.published_shape import published_shape

SHAPE_VERSION = 1

_STEPS = (1, 2, 5)


@dataclass(frozen=True, order=True)
class _Request:
    """What distinguishes one kind of request from another.

    Attributes:
        path: The path.
        parameters: The names of the query parameters.
        values: The values of `OWN_PARAMETERS`.
        months: The number of months between `from` and `to`; None without them.
    """

    path: str
    parameters: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    months: int | None


@dataclass
class _Responses:
    """The responses to one kind of request with one status."""

    shape: JsonShape = field(default_factory=JsonShape)
    formats: set[str] = field(default_factory=set)
    content_types: set[str] = field(default_factory=set)
    headers: set[str] = field(default_factory=set)
    other_headers: bool = False
    codes: set[str] = field(default_factory=set)
    largest: int = 0
    slowest: float = 0.0

    def add(self, exchange: Exchange) -> None:
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        self.headers |= headers.keys() & HEADERS
        self.other_headers |= bool(headers.keys() - HEADERS)
        self.slowest = max(self.slowest, exchange.seconds)
        if exchange.status is None:
            return
        media_type = headers.get("content-type", "none").partition(";")[0].strip().lower()
        self.content_types.add(media_type if media_type in CONTENT_TYPES else "other")
        self.largest = max(self.largest, len(exchange.body or b""))
        body_format, document = _parsed(exchange.body)
        self.formats.add(body_format)
        if body_format == "json":
            self.shape.add(document)
            self.codes |= _codes(document)


class ResponseShapes:
    """Collects the shapes of all responses."""

    def __init__(self) -> None:
        self._responses: dict[_Request, dict[int | None, _Responses]] = {}
        self._statuses: dict[_Request, list[int | None]] = {}
        self._results: dict[str, str] = {}

    def add(self, exchange: Exchange) -> None:
        """Add one attempt of a request."""
        request = _request(exchange)
        self._statuses.setdefault(request, []).append(exchange.status)
        self._responses.setdefault(request, {}).setdefault(exchange.status, _Responses()).add(exchange)

    def add_result(self, check: EndpointCheck) -> None:
        """Add how an endpoint ended: `ok`, `partial`, `not queried` or the name of the error."""
        if check.fetch is None:
            result = "not queried"
        elif check.failure:
            result = check.failure.error
        else:
            result = "partial" if check.fetch.failed_queries or check.unreadable else "ok"
        self._results[check.endpoint.path] = result

    def document(self) -> dict[str, Any]:
        """Return the document."""
        return {
            "shape_version": SHAPE_VERSION,
            "program": f"tabnine-report {version('tabnine-report')}",
            "endpoints": self._results,
            "answers": [
                {
                    "path": request.path,
                    "parameters": list(request.parameters),
                    "values": dict(request.values),
                    "months": request.months,
                    "statuses": _runs(self._statuses[request]),
                    "responses": [_published_responses(request, status, found) for status, found in responses.items()],
                }
                for request, responses in sorted(self._responses.items())
            ],
        }


def _request(exchange: Exchange) -> _Request:
    params = exchange.params
    values = {name: params[name] for name, known in OWN_PARAMETERS.items() if params.get(name) in known}
    return _Request(exchange.endpoint.path, tuple(sorted(params)), tuple(values.items()), _months(params))


def _months(params: Mapping[str, str]) -> int | None:
    if not {"from", "to"} <= params.keys():
        return None
    start, end = (datetime.fromisoformat(params[name]) for name in ("from", "to"))
    return (end.year - start.year) * 12 + end.month - start.month


def _parsed(body: bytes | None) -> tuple[str, Any]:
    """Return the format of a body, and the JSON document if it is one."""
    if body is None:
        return "incomplete", None
    text = body.decode(errors="replace").strip()
    if not text:
        return "empty", None
    try:
        return "json", json.loads(text)
    except (ValueError, RecursionError):
        return "html" if text.startswith("<") else "text", None


def _codes(document: object) -> set[str]:
    """Return the error codes of the closed list that occur in an error response."""
    if not isinstance(document, Mapping):
        return set()
    texts = [value for value in (document.get("error"), document.get("message")) if isinstance(value, str)]
    codes = {text for text in texts if text in ERROR_CODES}
    invalid = any("invalid organization" in text.lower() for text in texts)
    return codes | ({INVALID_ORGANIZATION} if invalid else set())


def _runs(statuses: Iterable[int | None]) -> list[dict[str, int | None]]:
    """Return consecutive equal statuses as runs.

    The length of a run of successes is always 1, because it may be a number of pages.
    """
    lengths = [(status, len(list(run))) for status, run in groupby(statuses)]
    return [
        {"status": status, "times": length if status is None or status >= HTTPStatus.BAD_REQUEST else 1}
        for status, length in lengths
    ]


def _published_responses(request: _Request, status: int | None, found: _Responses) -> dict[str, Any]:
    return {
        "status": status,
        "formats": sorted(found.formats),
        "content_types": sorted(found.content_types),
        "headers": sorted(found.headers),
        "other_headers": found.other_headers,
        "codes": sorted(found.codes),
        "bytes": int(_rounded_up(found.largest)),
        "seconds": _rounded_up(max(found.slowest, 0.1)),
        "body": published_shape(found.shape, 1 if ("limit", "1") in request.values else None),
    }


def _rounded_up(number: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, 50 and so on, also below 1."""
    power = 0.01
    while number > power * _STEPS[-1]:
        power *= 10
    return 0 if not number else next(round(step * power, 2) for step in _STEPS if number <= step * power * (1 + 1e-9))
