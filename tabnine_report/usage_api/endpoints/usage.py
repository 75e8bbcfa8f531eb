"""`organization/usage` and `team/usage`, versions 1 and 2: activity by month and by day.

Version 1 stopped counting with Tabnine 6.2, version 2 counts since then. `versions.py` chooses the one for a month.
Distinct users must never be added up over time, so one query requests the reported month as a single bucket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import ClassVar, Literal

from tabnine_report.model.month import Month
from tabnine_report.usage_api.bucket_reading import read_buckets
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Count, Share
from tabnine_report.usage_api.query import HISTORY_MONTHS, Query, QueryScope
from tabnine_report.usage_api.record_types import Period, Record
from tabnine_report.usage_api.response_reading import read_by_team, responses_to
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

USAGE_MONTH, USAGE_HISTORY, USAGE_DAYS = "month", "history", "days"

Version = Literal["v1", "v2"]
"""A version of the usage endpoint."""


class CodeCompletions(Record):
    """Accepted completions; `automation_factor` (share 0..1) exists in version 1 only."""

    active_users: Count | None = None
    completions: Count | None = None
    chars_completed: Count | None = None
    keystrokes: Count | None = None
    lines: Count | None = None
    automation_factor: Share | None = None


class Chat(Record):
    """Chat. Version 1 counts interactions and version 2 counts messages; the two are not comparable."""

    active_users: Count | None = None
    interactions: Count | None = None
    useful_chat_interactions: Count | None = None
    lines: Count | None = None
    chars_completed: Count | None = None
    messages: Count | None = None
    lines_added: Count | None = None


class Agent(Record):
    """Agents. Version 1 counts interactions and version 2 counts messages; the two are not comparable."""

    active_users: Count | None = None
    interactions: Count | None = None
    messages: Count | None = None
    lines_added: Count | None = None
    lines_added_accepted: Count | None = None
    lines_removed: Count | None = None
    lines_removed_accepted: Count | None = None


class Instruct(Record):
    """Instructions in the editor; version 1 only."""

    accepted_count: Count | None = None


class UsageBucket(Period):
    """The activity in one period; both versions of the endpoint have the same shape.

    Attributes:
        version: The version of the endpoint that returned the bucket.
        active_users: Distinct users with at least one completion or chat interaction in the period.
        productivity_factor: Share 0..1 of characters, version 1 only.
        code_completions: None if the bucket does not have the block; likewise below.
        chat: See `code_completions`.
        agent: See `code_completions`.
        instruct: See `code_completions`.
    """

    version: ClassVar[Version]

    active_users: Count
    productivity_factor: Share | None = None
    code_completions: CodeCompletions | None = None
    chat: Chat | None = None
    agent: Agent | None = None
    instruct: Instruct | None = None

    @property
    def has_activity(self) -> bool:
        """Whether the bucket reports any activity."""
        counts = [self.active_users]
        if self.code_completions:
            counts += [self.code_completions.completions or 0]
        if self.chat:
            counts += [self.chat.interactions or 0, self.chat.messages or 0]
        if self.agent:
            counts += [self.agent.interactions or 0, self.agent.messages or 0]
        if self.instruct:
            counts += [self.instruct.accepted_count or 0]
        return any(counts)


class UsageBucketV1(UsageBucket):
    """A bucket of version 1, which stopped counting with Tabnine 6.2."""

    version: ClassVar[Version] = "v1"


class UsageBucketV2(UsageBucket):
    """A bucket of version 2, which counts since Tabnine 6.2."""

    version: ClassVar[Version] = "v2"


@dataclass(frozen=True)
class UsageData:
    """The organization's usage from one version of the endpoint.

    Attributes:
        months: The reported month from its own query, earlier months from the history.
        reported_in_history: The reported month's bucket in the history; None if the history omits it.
        days: One bucket per day that the API returned.
        requested_days: The first requested day and the first day after the last one.
    """

    months: Mapping[Month, UsageBucket]
    reported_in_history: UsageBucket | None
    days: Mapping[date, UsageBucket]
    requested_days: tuple[date, date]


_BUCKET_TYPES: Mapping[str, type[UsageBucket]] = {
    "usage-v1": UsageBucketV1,
    "usage-v2": UsageBucketV2,
    "team-usage-v1": UsageBucketV1,
    "team-usage-v2": UsageBucketV2,
}


def usage_buckets(fetch: Fetch, query: str) -> list[UsageBucket]:
    """Return the buckets of one query to any usage endpoint; see `read_buckets`."""
    return _buckets(fetch, responses_to(fetch, query)[0])


def usage_by_month(fetch: Fetch) -> dict[Month, UsageBucket]:
    """Return the organization's usage by UTC month: the reported month from its own query, the others from the history.

    A month is absent if it had no activity or the API omitted it.
    """
    buckets = [*usage_buckets(fetch, USAGE_HISTORY), *usage_buckets(fetch, USAGE_MONTH)]
    return {bucket.month: bucket for bucket in buckets}


def _buckets(fetch: Fetch, response: Response) -> list[UsageBucket]:
    return read_buckets(_BUCKET_TYPES[fetch.endpoint], response, fetch.endpoint)


def _queries(scope: QueryScope) -> tuple[Query, ...]:
    first = scope.month.back(HISTORY_MONTHS - 1)
    return (
        Query(USAGE_MONTH, scope.window(scope.month, "all")),
        Query(USAGE_HISTORY, scope.window(first, "monthly")),
        # The longest period that the API accepts for daily buckets is not documented.
        Query(
            USAGE_DAYS,
            scope.window(first, "daily"),
            fallback=Query(USAGE_DAYS, scope.window(scope.month, "daily")),
        ),
    )


def _read(fetch: Fetch) -> UsageData:
    reported = Month.of(datetime.fromisoformat(responses_to(fetch, USAGE_MONTH)[0].params["from"]))
    requested = responses_to(fetch, USAGE_DAYS)[0].params
    history = usage_buckets(fetch, USAGE_HISTORY)
    return UsageData(
        months=usage_by_month(fetch),
        reported_in_history=next((bucket for bucket in history if bucket.month == reported), None),
        days={bucket.day: bucket for bucket in usage_buckets(fetch, USAGE_DAYS)},
        requested_days=(_day(requested["from"]), _day(requested["to"])),
    )


def _validate(fetch: Fetch) -> None:
    for response in fetch.responses:
        _buckets(fetch, response)


def _team_queries(scope: QueryScope) -> tuple[Query, ...]:
    """Return one query per team for the reported month and the one before, as two buckets."""
    return scope.team_queries(scope.window(scope.month.back(1), "monthly"))


def _read_teams(fetch: Fetch) -> Mapping[str, Mapping[Month, UsageBucket] | Failure]:
    """Return the usage by team id and month."""
    return read_by_team(fetch, lambda response: {bucket.month: bucket for bucket in _buckets(fetch, response)})


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


USAGE_V1 = EndpointSpec(
    name="usage-v1",
    path="/api/v1/organization/usage",
    permission="read usage",
    queries=_queries,
    read=_read,
    validate=_validate,
)
USAGE_V2 = EndpointSpec(
    name="usage-v2",
    path="/api/v2/organization/usage",
    permission="read usage",
    queries=_queries,
    read=_read,
    validate=_validate,
    # An installation older than Tabnine 6.2 has version 1 only.
    not_offered=frozenset({HTTPStatus.NOT_FOUND}),
)
TEAM_USAGE_V1 = EndpointSpec(
    name="team-usage-v1",
    path="/api/v1/team/usage",
    permission="read usage",
    queries=_team_queries,
    read=_read_teams,
    per_team=True,
)
TEAM_USAGE_V2 = EndpointSpec(
    name="team-usage-v2",
    path="/api/v2/team/usage",
    permission="read usage",
    queries=_team_queries,
    read=_read_teams,
    per_team=True,
)
