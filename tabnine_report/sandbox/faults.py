"""Parse and select faults: `ENDPOINT=KIND[*COUNT]`.

`license=503*2` fails the first two requests for the license, `*=429:3` every request with `Retry-After: 3`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from tabnine_report.sandbox.endpoints import ENDPOINTS, endpoint_of

Kind = Literal["status", "html", "truncated", "shape", "null", "reset", "timeout", "slow"]

EVERY_ENDPOINT = "*"

_KINDS_WITHOUT_SECONDS: tuple[Kind, ...] = ("html", "truncated", "shape", "null", "reset", "timeout")
_ACCEPTED_KINDS = (
    f"an HTTP status from 400 on, 429:SECONDS, 503:SECONDS, slow:SECONDS, {', '.join(_KINDS_WITHOUT_SECONDS)}"
)
_KIND = re.compile(r"(?P<word>[a-z]+|\d{3})(?::(?P<seconds>\d+(?:\.\d+)?))?(?:\*(?P<count>\d+))?")
_LOWEST_ERROR_STATUS = 400


@dataclass
class Fault:
    """A fault.

    Attributes:
        endpoint: The name of an endpoint, or `*` for all.
        kind: The kind of fault.
        status: The HTTP status, for the kind `status`.
        seconds: The delay (`slow`), or the value of `Retry-After`.
        remaining: The number of requests still to fail; None for all.
    """

    endpoint: str
    kind: Kind
    status: HTTPStatus | None = None
    seconds: float | None = None
    remaining: int | None = None

    def applies_to(self, endpoint: str) -> bool:
        """Return whether the fault still applies to an endpoint."""
        return self.endpoint in {EVERY_ENDPOINT, endpoint} and self.remaining != 0


class Faults:
    """The remaining faults, in the order in which they were added."""

    def __init__(self, specs: Iterable[str] = ()) -> None:
        self._faults = [parse_fault(spec) for spec in specs]

    def add(self, spec: str) -> None:
        """Add a fault after the others."""
        self._faults.append(parse_fault(spec))

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def take(self, path: str) -> Fault | None:
        """Return the fault for the next request to a path and count it as used; None if there is none."""
        endpoint = endpoint_of(path)
        fault = next((fault for fault in self._faults if endpoint and fault.applies_to(endpoint)), None)
        if fault is not None and fault.remaining is not None:
            fault.remaining -= 1
        return fault


def parse_fault(spec: str) -> Fault:
    """Parse `ENDPOINT=KIND[*COUNT]`.

    Raises:
        ValueError: If the text is not a fault; the message lists what is accepted.
    """
    endpoint, equals, rest = spec.partition("=")
    endpoint = endpoint.removeprefix("v1/")
    if not equals:
        raise ValueError(f"The fault {spec!r} is invalid. Use ENDPOINT=KIND[*COUNT], for example license=503*2.")
    if endpoint != EVERY_ENDPOINT and endpoint not in ENDPOINTS:
        known = ", ".join(sorted(ENDPOINTS))
        raise ValueError(f"The fault {spec!r} has an unknown endpoint. Use one of {known}, or * for all.")
    match = _KIND.fullmatch(rest)
    fault = _fault(endpoint, match) if match else None
    if fault is None:
        raise ValueError(f"The fault {spec!r} has an unknown kind. Use one of {_ACCEPTED_KINDS}; *COUNT may follow.")
    return fault


def _fault(endpoint: str, match: re.Match[str]) -> Fault | None:
    name = match["word"]
    seconds = float(match["seconds"]) if match["seconds"] else None
    remaining = int(match["count"]) if match["count"] else None
    if name == "slow" and seconds is not None:
        return Fault(endpoint, "slow", seconds=seconds, remaining=remaining)
    if name.isdigit():
        return _status_fault(endpoint, int(name), seconds, remaining)
    for kind in _KINDS_WITHOUT_SECONDS:
        if name == kind and seconds is None:
            return Fault(endpoint, kind, remaining=remaining)
    return None


def _status_fault(endpoint: str, status: int, seconds: float | None, remaining: int | None) -> Fault | None:
    known = status >= _LOWEST_ERROR_STATUS and status in set(HTTPStatus)
    with_retry_after = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    if not known or (seconds is not None and status not in with_retry_after):
        return None
    return Fault(endpoint, "status", HTTPStatus(status), seconds, remaining)
