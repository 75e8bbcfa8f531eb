"""The data of a snapshot, read from its responses; for a failed endpoint, the failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from tabnine_report.analysis.as_of import is_late
from tabnine_report.model.errors import BuildError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS, Endpoint
from tabnine_report.usage_api.endpoints.account_utilizations import ACCOUNT_UTILIZATIONS, AccountUtilization
from tabnine_report.usage_api.endpoints.agent_usage import (
    AGENT_USAGE,
    TEAM_AGENT_USAGE,
    AgentUsageBucket,
    AgentUsageData,
)
from tabnine_report.usage_api.endpoints.license import LICENSE, License
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION, Organization
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.endpoints.team_account_utilizations import TEAM_ACCOUNT_UTILIZATIONS, TeamAccounts
from tabnine_report.usage_api.endpoints.teams import TEAMS, Team
from tabnine_report.usage_api.endpoints.usage import (
    TEAM_USAGE_V1,
    TEAM_USAGE_V2,
    USAGE_V1,
    USAGE_V2,
    UsageBucket,
    UsageData,
    Version,
)
from tabnine_report.usage_api.endpoints.users import USERS
from tabnine_report.usage_api.reading_problems import ReadingProblems, collected_problems
from tabnine_report.usage_api.response_reading import Rows, counts_rows_of_page, read_page_size
from tabnine_report.usage_api.snapshot import Failure, Snapshot

T = TypeVar("T")

USAGE_ENDPOINTS: Mapping[Version, Endpoint] = {"v1": Endpoint.USAGE_V1, "v2": Endpoint.USAGE_V2}
TEAM_USAGE_ENDPOINTS: Mapping[Version, Endpoint] = {"v1": Endpoint.TEAM_USAGE_V1, "v2": Endpoint.TEAM_USAGE_V2}


@dataclass(frozen=True)
class ApiData:
    """The data of a snapshot.

    `read` returns the data of any endpoint. The properties are short names for those that several modules use.

    Attributes:
        snapshot: The snapshot that the data is read from.
        month: The reported month.
        organization: The reported organization.
        zone: The time zone of the profile.
        settle_days: The local days after which a month that has ended is final.
    """

    snapshot: Snapshot
    month: Month
    organization: Organization
    zone: ZoneInfo
    settle_days: int
    _results: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    _problems: dict[str, ReadingProblems] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, snapshot: Snapshot, zone: ZoneInfo, settle_days: int) -> "ApiData":
        """Return the data of a snapshot.

        Args:
            snapshot: The snapshot.
            zone: The time zone of the profile.
            settle_days: The local days after which a month that has ended is final.

        Raises:
            BuildError: If `organization` failed, so that the report has no organization.
        """
        organization = _read(snapshot, ORGANIZATION)
        if isinstance(organization, Failure):
            raise BuildError(
                f"No report can be built for {snapshot.month}, because the organization is unknown. "
                f"{organization.message}"
            )
        return cls(snapshot, Month.parse(snapshot.month), organization, zone, settle_days)

    def read(self, spec: EndpointSpec[T]) -> T | Failure:
        """Return an endpoint's data, or why there is none; the responses are read once."""
        if spec.name not in self._results:
            with collected_problems() as self._problems[spec.name]:
                self._results[spec.name] = _read(self.snapshot, spec)
        return cast("T | Failure", self._results[spec.name])

    def problems(self, endpoint: Endpoint) -> ReadingProblems:
        """Return what could not be read in the responses of an endpoint."""
        self.read(endpoint.spec)
        return self._problems[endpoint]

    @property
    def teams(self) -> Rows[Team] | Failure:
        """The teams, as of the request."""
        return self.read(TEAMS)

    @property
    def license(self) -> License | Failure:
        """The license, as of the request."""
        return self.read(LICENSE)

    @property
    def accounts(self) -> Rows[AccountUtilization] | Failure:
        """The accounts of each month."""
        return self.read(ACCOUNT_UTILIZATIONS)

    @cached_property
    def usage(self) -> Mapping[Version, UsageData | Failure]:
        """The usage from both versions of the endpoint."""
        return {"v1": self.read(USAGE_V1), "v2": self.read(USAGE_V2)}

    @property
    def user_totals(self) -> Mapping[str, int | None] | Failure:
        """The number of users by query, as of the request; None if it is not known."""
        return self.read(USERS)

    @property
    def team_accounts(self) -> Mapping[str, TeamAccounts | Failure] | Failure:
        """The accounts by team id, as of the request."""
        return self.read(TEAM_ACCOUNT_UTILIZATIONS)

    @property
    def team_usage(self) -> Mapping[Version, Mapping[str, Mapping[Month, UsageBucket | Failure] | Failure] | Failure]:
        """The usage by version, team id and month; each team has the reported month and the one before."""
        return {"v1": self.read(TEAM_USAGE_V1), "v2": self.read(TEAM_USAGE_V2)}

    @property
    def agents(self) -> AgentUsageData | Failure:
        """The organization's agent usage."""
        return self.read(AGENT_USAGE)

    @property
    def team_agents(self) -> Mapping[str, Mapping[Month, AgentUsageBucket | Failure] | Failure] | Failure:
        """The agent usage by team id and month; each team has the reported month and the one before."""
        return self.read(TEAM_AGENT_USAGE)

    @property
    def requested_endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints that the report uses; those queried per team only if they were fetched."""
        return tuple(
            endpoint for endpoint in Endpoint if endpoint in self.snapshot.fetches or not endpoint.spec.per_team
        )

    @property
    def teams_requested(self) -> bool:
        """Whether single teams were queried."""
        return any(endpoint in self.snapshot.fetches for endpoint in TEAM_ENDPOINTS)

    @property
    def has_failed_queries(self) -> bool:
        """Whether a query failed without failing its endpoint, such as the query for a single team.

        Queries for additional figures do not count.
        """
        return any(
            not failed.is_not_offered and failed.query not in endpoint.spec.additional
            for endpoint in self.requested_endpoints
            if (fetch := self.snapshot.fetches.get(endpoint))
            for failed in fetch.failed_queries
        )

    @cached_property
    def month_is_open(self) -> bool:
        """Whether the month had not ended when the first request was sent."""
        return self.snapshot.started_at < self.month.end

    @property
    def failures(self) -> dict[Endpoint, Failure]:
        """The failures by endpoint; an endpoint that is not offered did not fail."""
        return {
            endpoint: failure
            for endpoint in self.requested_endpoints
            if (failure := self.failure(endpoint)) and not failure.is_not_offered
        }

    def failure(self, endpoint: Endpoint) -> Failure | None:
        """Return why an endpoint has no data; None if it has."""
        result = self.read(endpoint.spec)
        return result if isinstance(result, Failure) else None

    def row_count(self, endpoint: Endpoint) -> int | None:
        """Return the number of rows that an endpoint returned; None if it failed or does not return a list."""
        result, count_rows = self.read(endpoint.spec), endpoint.spec.count_rows
        return None if isinstance(result, Failure) or count_rows is None else count_rows(result)

    def has_uncertain_total(self, endpoint: Endpoint) -> bool:
        """Return whether a paged list has a total for each page only, so that nothing proves that it is complete."""
        fetch = self.snapshot.fetches[endpoint]
        queries = {response.query for response in fetch.responses if "offset" in response.params}
        return any(
            counts_rows_of_page(read_page_size(response, endpoint) for response in fetch.responses_to(query))
            for query in queries
        )

    @property
    def clocks(self) -> tuple[datetime, datetime] | None:
        """The API's clock and this machine's clock at the same response; None if no response had the API's time.

        Of all responses, the one with the smallest difference: a proxy may have cached the others.
        """
        responses = (response for fetch in self.snapshot.fetches.values() for response in fetch.responses)
        clocks = ((response.server_time, response.received_at) for response in responses if response.server_time)
        return min(clocks, key=lambda pair: abs(pair[0] - pair[1]), default=None)

    def received_at(self, endpoint: Endpoint) -> datetime:
        """Return when the last response of an endpoint was received: the as-of time of its data."""
        return self._received_at[endpoint]

    def is_late(self, endpoint: Endpoint) -> bool:
        """Return whether an endpoint was fetched too late for its as-of response to be shown for the month."""
        return is_late(self.snapshot.fetches[endpoint], self.month, self.zone, self.settle_days)

    @cached_property
    def _received_at(self) -> Mapping[str, datetime]:
        fetches = self.snapshot.fetches.items()
        return {
            name: max(response.received_at for response in fetch.responses)
            for name, fetch in fetches
            if fetch.responses
        }


def _read(snapshot: Snapshot, spec: EndpointSpec[T]) -> T | Failure:
    fetch = snapshot.fetches.get(spec.name)
    if fetch is None:
        return Failure(error="NotFetched", message=f"{spec.name} was not fetched.")
    if fetch.failure is not None:
        return fetch.failure
    try:
        return spec.read(fetch)
    except UsageApiError as error:
        return Failure.of(error)
