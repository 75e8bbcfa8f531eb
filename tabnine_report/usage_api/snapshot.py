"""What was fetched for a month: every answer as it came, every failure as it was.

A snapshot is kept before anything is computed from it, and building from the stored one gives the same report as
building from the live one. It holds names and addresses of people, of the admins always and of every user where the
profile asks for lists: it belongs into a bundle's restricted part, and into no log.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tabnine_report.model.errors import UsageApiError

RAW = "raw/"
"""The folder of a bundle's restricted part that a snapshot is kept in."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Response(_Kept):
    """One answer with the request that it answers.

    Attributes:
        query: Which of the endpoint's questions it answers; the pages of a list share one.
        path: The request's path, as `/api/v1/license`.
        params: The request's query parameters.
        status: The HTTP status.
        received_at: When the answer was complete, UTC.
        dated_at: When that was by the server's clock, from the header `Date`; None where it did not say.
        elapsed_seconds: From the request's first byte to then, of the try that succeeded.
        tries: How often it was asked, 1 when the first try was answered.
        body: The text as it came.
    """

    query: str
    path: str
    params: Mapping[str, str]
    status: int
    received_at: AwareDatetime
    dated_at: AwareDatetime | None = None
    elapsed_seconds: float
    tries: int = 1
    body: str = Field(repr=False)

    def json_body(self) -> Any:  # noqa: ANN401 - JSON is whatever came
        """Read the body as JSON."""
        return json.loads(self.body)


class Failure(_Kept):
    """Why an endpoint could not be fetched.

    Attributes:
        error: The error class's name in `tabnine_report.model.errors`.
        message: Its sentence.
        status: The HTTP status, or None when no answer came.
        request_id: The server's id for the answer, where it gave one.
    """

    error: str
    message: str
    status: int | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, error: UsageApiError) -> Self:
        """Keep what an error says."""
        return cls(error=type(error).__name__, message=str(error), status=error.status, request_id=error.request_id)


class Fetch(_Kept):
    """What came of fetching one endpoint: all its answers, or a failure; for teams, answers and failures side by side.

    Attributes:
        endpoint: The endpoint's name in `tabnine_report.usage_api.endpoints`.
        started_at: When its first request was made, UTC.
        ended_at: When its last answer was complete or given up, UTC.
        answers: Every answer, pages in the order of their offsets; empty when it failed.
        failure: Why there are no answers; None when there are.
        unanswered: Why single questions have no answer, by question, where each question stands for itself.
    """

    endpoint: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    answers: tuple[Response, ...] = ()
    failure: Failure | None = None
    unanswered: Mapping[str, Failure] = Field(default_factory=dict)

    def to(self, query: str) -> tuple[Response, ...]:
        """Give the answers to one question, a page each."""
        return tuple(answer for answer in self.answers if answer.query == query)


class Snapshot(_Kept):
    """Everything that was fetched for a month.

    Attributes:
        month: The month asked for, `YYYY-MM`.
        host: The host that answered, without scheme and path.
        fetches: One fetch an endpoint, by the endpoint's name.
    """

    month: str
    host: str
    fetches: Mapping[str, Fetch]

    @property
    def started_at(self) -> datetime:
        """When the first request was made, UTC."""
        return min(fetch.started_at for fetch in self.fetches.values())

    @property
    def ended_at(self) -> datetime:
        """When the last answer was complete, UTC."""
        return max(fetch.ended_at for fetch in self.fetches.values())

    def files(self) -> dict[str, bytes]:
        """Write the snapshot down by file name: `raw/teams.json` and the like, `raw/snapshot.json` for the rest."""
        head = {"month": self.month, "host": self.host, "endpoints": list(self.fetches)}
        documents = {f"{name}.json": fetch.model_dump_json(indent=1) for name, fetch in self.fetches.items()}
        documents["snapshot.json"] = json.dumps(head, indent=1)
        return {f"{RAW}{name}": text.encode() for name, text in documents.items()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Self:
        """Read back what `files` wrote.

        Raises:
            KeyError: If a file is missing.
            ValueError: If a file is not what `files` wrote.
        """
        head = json.loads(files[f"{RAW}snapshot.json"])
        fetches = {name: Fetch.model_validate_json(files[f"{RAW}{name}.json"]) for name in head["endpoints"]}
        return cls(month=head["month"], host=head["host"], fetches=fetches)
