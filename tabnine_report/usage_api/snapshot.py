"""The snapshot of a month: every response as received, and every failure.

A snapshot is stored before anything is computed from it. A report built from the stored snapshot equals one built from
the live one. It contains names and addresses: always those of the admins, and those of every user if the profile asks
for lists. It belongs in the bundle's restricted part and must not be logged.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from tabnine_report.model.errors import FeatureNotAvailable, UsageApiError

RAW = "raw/"
"""The folder of the bundle's restricted part that contains the snapshot."""


_LONGEST_INTEGER = 20
"""The number of digits of an integer; a longer one is no count or time, and Python rejects one of many digits."""


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - JSON has any type
    """Return the value of a JSON text in UTF-8, which may begin with a byte order mark.

    Raises:
        UnicodeDecodeError: If the text is not UTF-8.
        ValueError: If the text is not JSON.
        RecursionError: If it is nested too deeply.
    """
    return json.loads(body.decode().removeprefix("\ufeff"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Response(_Stored):
    """One response together with its request.

    Attributes:
        query: The name of the query; the pages of a list share one.
        path: The request's path, such as `/api/v1/license`.
        params: The request's query parameters.
        status: The HTTP status.
        received_at: When the response was complete, UTC.
        server_time: The server's clock at that time, from the header `Date`; None without the header.
        elapsed_seconds: The duration of the successful attempt, from sending the request to the complete response.
        attempts: The number of attempts, 1 if the first one succeeded.
        body: The text as received, in UTF-8: as a string, one special character can make it four times as large.
    """

    query: str
    path: str
    params: Mapping[str, str]
    status: int
    received_at: AwareDatetime
    server_time: AwareDatetime | None = None
    elapsed_seconds: float
    attempts: int = 1
    body: bytes = Field(repr=False)

    def json_body(self) -> Any:  # noqa: ANN401 - JSON has any type
        """Return the body as parsed JSON."""
        return parse_json(self.body)


class Failure(_Stored):
    """Why an endpoint, or one of its queries, could not be fetched.

    Attributes:
        error: The name of the error class in `tabnine_report.model.errors`.
        message: The error's message.
        status: The HTTP status; None without a response.
        request_id: The server's id for the request, if it sent one.
    """

    error: str
    message: str
    status: int | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, error: UsageApiError) -> Self:
        """Return the failure that describes an error."""
        return cls(error=type(error).__name__, message=str(error), status=error.status, request_id=error.request_id)

    @property
    def is_not_offered(self) -> bool:
        """Whether the organization does not have the endpoint; any other failure is one of the data source."""
        return self.error == FeatureNotAvailable.__name__


class FailedQuery(Failure):
    """Why one query, or a piece of it, could not be fetched.

    Attributes:
        query: The name of the query; its pieces share one.
        params: The query parameters of the request, without those for paging.
    """

    query: str
    params: Mapping[str, str] = Field(default_factory=dict)


class Fetch(_Stored):
    """The result of fetching one endpoint: the responses and the failed queries, or a failure.

    Attributes:
        endpoint: The endpoint's name.
        started_at: When the first request was sent, UTC.
        ended_at: When the last response was complete or the client gave up, UTC.
        responses: Every response, pages in the order of their offsets; empty after a failure.
        failure: Why the endpoint failed; None if it has responses to every query that it requires.
        failed_queries: The queries that failed without failing the endpoint.
    """

    endpoint: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    responses: tuple[Response, ...] = ()
    failure: Failure | None = None
    failed_queries: tuple[FailedQuery, ...] = ()

    def responses_to(self, query: str) -> tuple[Response, ...]:
        """Return the responses to one query: one per page of a list, or one per piece that was fetched."""
        return tuple(response for response in self.responses if response.query == query)

    def with_further_queries(self, further: Self) -> Self:
        """Return this fetch together with a later one of other queries to the same endpoint."""
        return self.model_copy(
            update={
                "ended_at": further.ended_at,
                "responses": (*self.responses, *further.responses),
                "failed_queries": (*self.failed_queries, *further.failed_queries),
            }
        )


class Snapshot(_Stored):
    """Everything that was fetched for a month.

    Attributes:
        month: The reported month, `YYYY-MM`.
        host: The host of the API, without scheme and path.
        fetches: One fetch per endpoint, by the endpoint's name.
    """

    month: str
    host: str
    fetches: Mapping[str, Fetch]

    @property
    def started_at(self) -> datetime:
        """When the first request was sent, UTC."""
        return min(fetch.started_at for fetch in self.fetches.values())

    @property
    def ended_at(self) -> datetime:
        """When the last response was complete, UTC."""
        return max(fetch.ended_at for fetch in self.fetches.values())

    def files(self) -> dict[str, bytes]:
        """Return the content of the snapshot's files by name: `raw/<endpoint>.json`, and `raw/snapshot.json`."""
        head = {"month": self.month, "host": self.host, "endpoints": list(self.fetches)}
        # Bytes at once: all responses as text would be one more copy of them.
        dump = TypeAdapter(Any).dump_json
        documents = {f"{RAW}{name}.json": dump(fetch, indent=1) for name, fetch in self.fetches.items()}
        return documents | {f"{RAW}snapshot.json": dump(head, indent=1)}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Self:
        """Return the snapshot from the content of its files.

        Raises:
            KeyError: If a file is missing.
            ValueError: If a file has another format.
        """
        head = json.loads(files[f"{RAW}snapshot.json"])
        fetches = {name: Fetch.model_validate_json(files[f"{RAW}{name}.json"]) for name in head["endpoints"]}
        return cls(month=head["month"], host=head["host"], fetches=fetches)
