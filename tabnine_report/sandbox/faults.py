"""Faults on demand: what `ENDPOINT=KIND[*COUNT]` means.

`license=503*2` refuses the first two requests to the license, `*=429:3` every request with `Retry-After: 3`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

Kind = Literal["status", "html", "truncated", "shape", "null", "reset", "timeout", "slow"]

ENDPOINTS = (
    "organization",
    "organization/teams",
    "license",
    "instance/permissions",
    "organization/account-utilizations",
    "organization/usage",
    "organization/users",
    "team/usage",
    "team/account-utilizations",
    "team/{teamId}/users",
    "v2/organization/usage",
    "v2/team/usage",
    "organization/agent-usage",
    "team/agent-usage",
)
"""Every endpoint by the name that faults use: its path behind `/api/`, and behind `v1/` where it is version 1."""

EVERY_ENDPOINT = "*"

_PLAIN_KINDS: tuple[Kind, ...] = ("html", "truncated", "shape", "null", "reset", "timeout")
_ACCEPTED_KINDS = f"an HTTP status from 400 on, 429:SECONDS, 503:SECONDS, slow:SECONDS, {', '.join(_PLAIN_KINDS)}"
_KIND = re.compile(r"(?P<word>[a-z]+|\d{3})(?::(?P<seconds>\d+(?:\.\d+)?))?(?:\*(?P<count>\d+))?")
_LOWEST_ERROR_STATUS = 400


@dataclass
class Fault:
    """One way to fail.

    Attributes:
        endpoint: One of `ENDPOINTS`, or `*` for all.
        kind: What happens.
        status: The HTTP status to answer, for the kind `status`.
        seconds: How long to wait (`slow`) or to ask the client to wait (`Retry-After`).
        remaining: For how many more requests; None for all.
    """

    endpoint: str
    kind: Kind
    status: HTTPStatus | None = None
    seconds: float | None = None
    remaining: int | None = None

    def concerns(self, endpoint: str) -> bool:
        """Whether it still is to happen at an endpoint."""
        return self.endpoint in {EVERY_ENDPOINT, endpoint} and self.remaining != 0


class Faults:
    """The faults still to come, in the order in which they were given."""

    def __init__(self, specs: Iterable[str] = ()) -> None:
        self._faults = [parse_fault(spec) for spec in specs]

    def add(self, spec: str) -> None:
        """Add one more, behind the others."""
        self._faults.append(parse_fault(spec))

    def clear(self) -> None:
        """Behave from now on."""
        self._faults.clear()

    def take(self, path: str) -> Fault | None:
        """The fault that the next request to a path meets, counted as having happened; None for none."""
        endpoint = endpoint_of(path)
        fault = next((fault for fault in self._faults if endpoint and fault.concerns(endpoint)), None)
        if fault is not None and fault.remaining is not None:
            fault.remaining -= 1
        return fault


def endpoint_of(path: str) -> str | None:
    """The name in `ENDPOINTS` of a request's path; None where it is none of the API's."""
    name = path.removeprefix("/api/").removeprefix("v1/")
    name = re.sub(r"^team/[^/]+/users$", "team/{teamId}/users", name)
    return name if name in ENDPOINTS else None


def parse_fault(spec: str) -> Fault:
    """Read `ENDPOINT=KIND[*COUNT]`.

    Raises:
        ValueError: The text is no fault; the message names what is accepted.
    """
    endpoint, equals, rest = spec.partition("=")
    endpoint = endpoint.removeprefix("v1/")
    if not equals:
        raise ValueError(f"The fault {spec!r} is not written ENDPOINT=KIND[*COUNT], as in license=503*2.")
    if endpoint != EVERY_ENDPOINT and endpoint not in ENDPOINTS:
        known = ", ".join(ENDPOINTS)
        raise ValueError(f"The fault {spec!r} names no endpoint of the API; there are {known}, and * for all.")
    match = _KIND.fullmatch(rest)
    fault = _fault(endpoint, match) if match else None
    if fault is None:
        raise ValueError(f"The fault {spec!r} is of no kind that there is: {_ACCEPTED_KINDS}; *COUNT may follow.")
    return fault


def _fault(endpoint: str, match: re.Match[str]) -> Fault | None:
    word = match["word"]
    seconds = float(match["seconds"]) if match["seconds"] else None
    remaining = int(match["count"]) if match["count"] else None
    if word == "slow" and seconds is not None:
        return Fault(endpoint, "slow", seconds=seconds, remaining=remaining)
    if word.isdigit():
        return _status_fault(endpoint, int(word), seconds, remaining)
    for kind in _PLAIN_KINDS:
        if word == kind and seconds is None:
            return Fault(endpoint, kind, remaining=remaining)
    return None


def _status_fault(endpoint: str, status: int, seconds: float | None, remaining: int | None) -> Fault | None:
    known = status >= _LOWEST_ERROR_STATUS and status in set(HTTPStatus)
    may_say_when = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    if not known or (seconds is not None and status not in may_say_when):
        return None
    return Fault(endpoint, "status", HTTPStatus(status), seconds, remaining)
