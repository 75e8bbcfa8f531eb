"""The specification of one endpoint: everything that the project knows about it, in one value."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from tabnine_report.usage_api.query import Query, QueryScope
from tabnine_report.usage_api.snapshot import Fetch

T_co = TypeVar("T_co", covariant=True)

_FEATURE_NOT_AVAILABLE = "FEATURE_NOT_AVAILABLE"


@dataclass(frozen=True, kw_only=True)
class EndpointSpec(Generic[T_co]):
    """One endpoint of the API.

    The catalog has the endpoint's display name under `endpoint.<name>`. If the endpoint has `not_offered` statuses, the
    catalog also has the explanation under `endpoint_not_offered.<name>`.

    Attributes:
        name: The name in snapshots, errors and the report.
        path: The path from the base URL.
        permission: What a token must be permitted to do, as in "read the license". Inferred from the endpoint's data,
            because the vendor publishes no list of permissions by endpoint.
        queries: Returns the queries for a report.
        read: Reads the endpoint's data from a complete fetch; raises `UnexpectedResponse` if a response has another
            shape.
        validate: Reads the responses of an incomplete fetch, only for the error; `read` if not given.
        required: The names of the queries without which the endpoint has no data: it fails if one of them fails. The
            others may fail and leave gaps. None: every query is required. Empty: at least one query has to succeed.
        additional: The names of the queries for additional figures: if one fails, only these figures are missing, and
            the report is still complete.
        essential: Whether the report needs the required queries, so that a run waits for them.
        as_of: Whether the data describes the time of the request, whichever month is reported.
        per_team: Whether the endpoint is queried once per team, after the teams are known.
        not_offered: The statuses that mean that the organization does not have the endpoint; of 403, only with the
            error code `FEATURE_NOT_AVAILABLE`. They are not failures and are not retried.
        count_rows: Returns the number of rows in the data, for an endpoint that returns a list; None if not known.
    """

    name: str
    path: str
    permission: str
    queries: Callable[[QueryScope], tuple[Query, ...]]
    read: Callable[[Fetch], T_co]
    validate: Callable[[Fetch], object] | None = None
    required: frozenset[str] | None = None
    additional: frozenset[str] = frozenset()
    essential: bool = False
    as_of: bool = False
    per_team: bool = False
    not_offered: frozenset[HTTPStatus] = frozenset()
    count_rows: Callable[[Any], int | None] | None = None

    def requires(self, query: str) -> bool:
        """Return whether the endpoint has no data without a query."""
        return self.required is None or query in self.required

    def is_essential(self, query: str) -> bool:
        """Return whether a report needs a query; all other queries are optional."""
        return self.essential and self.requires(query)

    def check(self, fetch: Fetch) -> None:
        """Read every response of a fetch and discard the result.

        Raises:
            UnexpectedResponse: If a response has another shape.
        """
        (self.validate or self.read)(fetch)

    def is_not_offered(self, status: int, code: object) -> bool:
        """Return whether an error response proves that the organization does not have the endpoint.

        A 403 with another error code may be a missing permission of the token.

        Args:
            status: The HTTP status.
            code: The value of `error` in the body, which is an error code in one of the API's formats.
        """
        return status in self.not_offered and (status != HTTPStatus.FORBIDDEN or code == _FEATURE_NOT_AVAILABLE)
