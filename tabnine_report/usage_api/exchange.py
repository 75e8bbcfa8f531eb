"""One attempt of a request with what came back, for an observer of the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tabnine_report.usage_api.endpoints import Endpoint


@dataclass(frozen=True)
class Exchange:
    """One attempt of a request and its response, or the part of it that arrived.

    Attributes:
        endpoint: The endpoint.
        params: The request's query parameters.
        seconds: The duration of the attempt.
        status: The HTTP status; None if no response arrived.
        headers: The response's headers.
        body: The response's body; None if it did not arrive completely.
    """

    endpoint: Endpoint
    params: Mapping[str, str]
    seconds: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
