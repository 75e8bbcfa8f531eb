"""What a snapshot answers, read once: records and frames, and for what is missing the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from tabnine_report.model.errors import BuildError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.usage_api import endpoints, reading, records
from tabnine_report.usage_api.agent_records import AgentUsageBucket
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS, Endpoint
from tabnine_report.usage_api.records import UsageBucket, Version
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot

T = TypeVar("T")

USAGE_ENDPOINTS: Mapping[Version, Endpoint] = {"v1": Endpoint.USAGE_V1, "v2": Endpoint.USAGE_V2}
TEAM_USAGE_ENDPOINTS: Mapping[Version, Endpoint] = {"v1": Endpoint.TEAM_USAGE_V1, "v2": Endpoint.TEAM_USAGE_V2}

_USER_QUERIES = (
    endpoints.USERS_REGISTERED_IN_TEAMS,
    endpoints.USERS_REGISTERED_WITHOUT_TEAM,
    endpoints.USERS_DEACTIVATED_IN_TEAMS,
    endpoints.USERS_DEACTIVATED_WITHOUT_TEAM,
)


@dataclass(frozen=True)
class UsageAnswers:
    """What one version of the usage endpoint told.

    Attributes:
        months: The months before from the history, the reported month from the question about it alone.
        reported_in_history: The reported month's bucket in the history; None when the history leaves it out.
        days: One bucket for each day that the API tells of.
        days_asked: The first day that was asked about and the first one after.
    """

    months: Mapping[Month, UsageBucket]
    reported_in_history: UsageBucket | None
    days: Mapping[date, UsageBucket]
    days_asked: tuple[date, date]


@dataclass(frozen=True)
class AgentAnswers:
    """What agents of the organization took.

    Attributes:
        month: The reported month, asked for alone; None where the answer has no bucket.
        history: The months that the API tells of, the reported one among them.
    """

    month: AgentUsageBucket | None
    history: Mapping[Month, AgentUsageBucket]


@dataclass(frozen=True)
class Answers:
    """Everything that a snapshot answers; an endpoint that gave nothing is a `Failure` in its place.

    Attributes:
        snapshot: Where it was read from.
        month: The reported month.
        organization: Whose month it is.
        teams: The teams of now.
        license: The license of now.
        admins: The admins of now.
        accounts: The accounts of each month.
        usage: The two versions of usage.
        user_totals: How many users each question of `users` found.
        team_accounts: The accounts of now, by the team's id.
        team_usage: By the team's id, its use of the month and the one before in the two versions of usage.
        agents: What agents took.
        team_agents: By the team's id, what its agents took in the month and the one before.
    """

    snapshot: Snapshot
    month: Month
    organization: records.Organization
    teams: list[records.Team] | Failure
    license: records.License | Failure
    admins: list[records.Admin] | Failure
    accounts: list[records.AccountUtilization] | Failure
    usage: Mapping[Version, UsageAnswers | Failure]
    user_totals: Mapping[str, int] | Failure
    team_accounts: Mapping[str, records.TeamAccounts | Failure] | Failure
    team_usage: Mapping[Version, Mapping[str, Mapping[Month, UsageBucket] | Failure] | Failure]
    agents: AgentAnswers | Failure
    team_agents: Mapping[str, Mapping[Month, AgentUsageBucket] | Failure] | Failure

    @property
    def asked(self) -> tuple[Endpoint, ...]:
        """The endpoints that a report asks: those of teams only where there were teams to ask about.

        What agents cost was not asked when the oldest snapshots were taken.
        """
        may_be_unasked = (*TEAM_ENDPOINTS, Endpoint.AGENT_USAGE)
        asked = self.snapshot.fetches
        return tuple(endpoint for endpoint in Endpoint if endpoint in asked or endpoint not in may_be_unasked)

    @property
    def teams_asked(self) -> bool:
        """Whether anything was asked about single teams."""
        return any(endpoint in self.snapshot.fetches for endpoint in TEAM_ENDPOINTS)

    @property
    def teams_unanswered(self) -> bool:
        """Whether an endpoint that is asked about every team did not answer about all of them."""
        return any(
            not endpoints.is_not_offered(endpoint, failure.status)
            for endpoint, fetch in self.snapshot.fetches.items()
            for failure in fetch.unanswered.values()
        )

    @property
    def month_is_open(self) -> bool:
        """Whether the month was not over when the first of its figures was asked for."""
        return self.snapshot.started_at < self.month.end

    @property
    def failures(self) -> dict[Endpoint, Failure]:
        """The endpoints that failed; one that an older installation does not offer is none of them."""
        return {
            endpoint: failure
            for endpoint in self.asked
            if (failure := self.failure(endpoint)) and not endpoints.is_not_offered(endpoint, failure.status)
        }

    def failure(self, endpoint: Endpoint) -> Failure | None:
        """Give why an endpoint gave nothing to build on; None when it did."""
        by_endpoint: dict[Endpoint, object] = {
            Endpoint.TEAMS: self.teams,
            Endpoint.LICENSE: self.license,
            Endpoint.PERMISSIONS: self.admins,
            Endpoint.ACCOUNT_UTILIZATIONS: self.accounts,
            Endpoint.USAGE_V1: self.usage["v1"],
            Endpoint.USAGE_V2: self.usage["v2"],
            Endpoint.USERS: self.user_totals,
            Endpoint.TEAM_ACCOUNTS: self.team_accounts,
            Endpoint.TEAM_USAGE_V1: self.team_usage["v1"],
            Endpoint.TEAM_USAGE_V2: self.team_usage["v2"],
            Endpoint.AGENT_USAGE: self.agents,
            Endpoint.TEAM_AGENT_USAGE: self.team_agents,
        }
        told = by_endpoint.get(endpoint)
        return told if isinstance(told, Failure) else None

    @property
    def clocks(self) -> tuple[datetime, datetime] | None:
        """When an answer came by the API's clock and by this machine's; None where the API's was never told.

        Of all answers the one where they differ least: a proxy may have kept the others for a while.
        """
        answers = (answer for fetch in self.snapshot.fetches.values() for answer in fetch.answers)
        told = ((answer.dated_at, answer.received_at) for answer in answers if answer.dated_at)
        return min(told, key=lambda clocks: abs(clocks[0] - clocks[1]), default=None)

    def received_at(self, endpoint: Endpoint) -> datetime:
        """Give when an endpoint that answered was done answering: the instant that its figures stand for."""
        return self._received_at[endpoint]

    @cached_property
    def _received_at(self) -> Mapping[str, datetime]:
        fetches = self.snapshot.fetches.items()
        return {name: max(answer.received_at for answer in fetch.answers) for name, fetch in fetches if fetch.answers}


def read(snapshot: Snapshot) -> Answers:
    """Read a snapshot.

    Raises:
        BuildError: If `organization` is missing, without which it is not known whose month it is.
    """
    month = Month.parse(snapshot.month)
    organization = _read(snapshot, Endpoint.ORGANIZATION, reading.organization)
    if isinstance(organization, Failure):
        raise BuildError(f"No report can be built for {month}: whose it is, is not known. {organization.message}")
    return Answers(
        snapshot=snapshot,
        month=month,
        organization=organization,
        teams=_read(snapshot, Endpoint.TEAMS, reading.teams),
        license=_read(snapshot, Endpoint.LICENSE, reading.license),
        admins=_read(snapshot, Endpoint.PERMISSIONS, reading.admins),
        accounts=_read(snapshot, Endpoint.ACCOUNT_UTILIZATIONS, reading.account_utilizations),
        usage={
            version: _read(snapshot, endpoint, lambda fetch: _usage(fetch, month))
            for version, endpoint in USAGE_ENDPOINTS.items()
        },
        user_totals=_read(snapshot, Endpoint.USERS, _user_totals),
        team_accounts=_read(snapshot, Endpoint.TEAM_ACCOUNTS, lambda fetch: _by_team(fetch, reading.team_accounts)),
        team_usage={
            version: _read(snapshot, endpoint, lambda fetch: _by_team(fetch, _team_months))
            for version, endpoint in TEAM_USAGE_ENDPOINTS.items()
        },
        agents=_read(snapshot, Endpoint.AGENT_USAGE, _agents),
        team_agents=_read(snapshot, Endpoint.TEAM_AGENT_USAGE, lambda fetch: _by_team(fetch, _team_agent_months)),
    )


def _read(snapshot: Snapshot, endpoint: Endpoint, read_fetch: Callable[[Fetch], T]) -> T | Failure:
    fetch = snapshot.fetches.get(endpoint)
    if fetch is None:
        return Failure(error="NotFetched", message=f"{endpoint} was not fetched.")
    if fetch.failure is not None:
        return fetch.failure
    try:
        return read_fetch(fetch)
    except UsageApiError as error:
        return Failure.of(error)


def _usage(fetch: Fetch, month: Month) -> UsageAnswers:
    history = reading.usage(fetch, endpoints.USAGE_HISTORY)
    days = reading.usage(fetch, endpoints.USAGE_DAYS)
    asked = fetch.to(endpoints.USAGE_DAYS)[0].params
    return UsageAnswers(
        months=reading.usage_by_month(fetch),
        reported_in_history=next((bucket for bucket in history if bucket.month == month), None),
        days={bucket.day: bucket for bucket in days},
        days_asked=(_day(asked["from"]), _day(asked["to"])),
    )


def _by_team(fetch: Fetch, read_team: Callable[[Fetch, str], T]) -> Mapping[str, T | Failure]:
    """Read what each team's own question got; the question's name is the team's id."""
    told: dict[str, T | Failure] = dict(fetch.unanswered)
    for answer in fetch.answers:
        told[answer.query] = read_team(fetch.model_copy(update={"answers": (answer,)}), answer.query)
    return told


def _team_months(fetch: Fetch, team_id: str) -> Mapping[Month, UsageBucket]:
    return {bucket.month: bucket for bucket in reading.usage(fetch, team_id)}


def _agents(fetch: Fetch) -> AgentAnswers:
    alone = reading.agent_usage(fetch, endpoints.USAGE_MONTH)
    history = reading.agent_usage(fetch, endpoints.USAGE_HISTORY)
    return AgentAnswers(alone[0] if alone else None, {bucket.month: bucket for bucket in history})


def _team_agent_months(fetch: Fetch, team_id: str) -> Mapping[Month, AgentUsageBucket]:
    return {bucket.month: bucket for bucket in reading.agent_usage(fetch, team_id)}


def _user_totals(fetch: Fetch) -> Mapping[str, int]:
    return {query: reading.user_total(fetch, query) for query in _USER_QUERIES}


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()
