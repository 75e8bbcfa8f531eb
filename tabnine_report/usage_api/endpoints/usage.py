"""`organization/usage` and `team/usage`, versions 1 and 2: activity by month and by day.

Version 1 stopped counting with Tabnine 6.2, version 2 counts since then. `versions.py` chooses the one for a month.
Distinct users must never be added up over time, so the reported month, the previous one and the quarter that ends with
the reported month are each requested as a single bucket. Each query stands for itself: only that of the reported month
is required, and any other leaves a gap if it fails.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import ClassVar, Literal

from tabnine_report.model.month import Month
from tabnine_report.usage_api.base_records import Period, Record
from tabnine_report.usage_api.bucket_reading import read_buckets
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Count, Share
from tabnine_report.usage_api.month_coverage import covered_months, gaps, months_by_team, requested_months
from tabnine_report.usage_api.query import HISTORY_MONTHS, QUARTER_MONTHS, Query, QueryScope
from tabnine_report.usage_api.response_reading import responses_to
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

USAGE_MONTH, USAGE_PREVIOUS, USAGE_HISTORY, USAGE_DAYS = "month", "previous", "history", "days"
USAGE_QUARTER, USAGE_WEEKS = "quarter", "weeks"

_MONTHLY = (USAGE_HISTORY, USAGE_PREVIOUS, USAGE_MONTH)
"""The queries that return whole months; of a month that several return, the last one counts."""

_ADDITIONAL = frozenset({USAGE_QUARTER, USAGE_WEEKS})
"""A server may reject these queries each month, which must not make each report incomplete."""

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
    """Chat. Version 1 counts interactions and version 2 counts messages; the two are not comparable.

    `chat_consumption_rate` (share 0..1) exists in version 1 only.
    """

    active_users: Count | None = None
    interactions: Count | None = None
    useful_chat_interactions: Count | None = None
    lines: Count | None = None
    chars_completed: Count | None = None
    messages: Count | None = None
    lines_added: Count | None = None
    chat_consumption_rate: Share | None = None


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

    active_users: Count | None = None
    productivity_factor: Share | None = None
    code_completions: CodeCompletions | None = None
    chat: Chat | None = None
    agent: Agent | None = None
    instruct: Instruct | None = None

    @property
    def has_activity(self) -> bool:
        """Whether any number in the bucket or its blocks shows activity; keystrokes alone do not."""
        if self.active_users:
            return True
        return any(number > 0 for number in _numbers(self.model_dump(exclude={"code_completions": {"keystrokes"}})))

    @property
    def is_activity_unknown(self) -> bool:
        """Whether the bucket reports no activity, but some of it could not be read or is missing."""
        return not self.has_activity and (self.active_users is None or any(self.invalid_fields()))


def _numbers(values: Mapping[str, object]) -> Iterator[int | float]:
    for value in values.values():
        if isinstance(value, Mapping):
            yield from _numbers(value)
        elif isinstance(value, int | float):
            yield value


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
        months: The reported month and the previous one from their own queries, the others from the history.
        gaps: The months that could not be fetched, with the reason.
        reported_in_history: The reported month's bucket in the history; None if the history omits it.
        days: One bucket per day that the API returned.
        day_gaps: The months whose days could not be fetched, with the reason.
        weeks: The weeks of the reported month and the previous one, as the API returned them, or why they could not be
            fetched; those at the ends of the window may be shorter.
        quarter: The bucket of the three months that end with the reported one, or why it could not be fetched; None if
            the API returned none.
    """

    months: Mapping[Month, UsageBucket]
    gaps: Mapping[Month, Failure]
    reported_in_history: UsageBucket | None
    days: Mapping[date, UsageBucket]
    day_gaps: Mapping[Month, Failure]
    weeks: Sequence[UsageBucket] | Failure = ()
    quarter: UsageBucket | Failure | None = None


_BUCKET_TYPES: Mapping[str, type[UsageBucket]] = {
    "usage-v1": UsageBucketV1,
    "usage-v2": UsageBucketV2,
    "team-usage-v1": UsageBucketV1,
    "team-usage-v2": UsageBucketV2,
}


def usage_buckets(fetch: Fetch, query: str) -> list[UsageBucket]:
    """Return the buckets that any usage endpoint returned to one query; see `read_buckets`."""
    return [bucket for response in fetch.responses_to(query) for bucket in _buckets(fetch, response)]


def usage_by_month(fetch: Fetch) -> dict[Month, UsageBucket | Failure]:
    """Return the organization's usage by UTC month; a month that could not be fetched is a failure.

    A month is absent if it had no activity or the API omitted it.
    """
    months = {bucket.month: bucket for query in _MONTHLY for bucket in usage_buckets(fetch, query)}
    return {**_month_gaps(fetch), **months}


def _month_gaps(fetch: Fetch) -> dict[Month, Failure]:
    missing = gaps(fetch, USAGE_PREVIOUS) | gaps(fetch, USAGE_HISTORY)
    covered = frozenset().union(*(covered_months(fetch, query) for query in _MONTHLY))
    return {month: failure for month, failure in missing.items() if month not in covered}


def _buckets(fetch: Fetch, response: Response) -> list[UsageBucket]:
    return read_buckets(_BUCKET_TYPES[fetch.endpoint], response, fetch.endpoint)


def _queries(scope: QueryScope) -> tuple[Query, ...]:
    month, previous, months = scope.month, scope.month.back(1), scope.month.last(HISTORY_MONTHS)
    return (
        Query(USAGE_MONTH, scope.window(month, month, "all")),
        Query(USAGE_PREVIOUS, scope.window(previous, previous, "all")),
        scope.months(USAGE_HISTORY, HISTORY_MONTHS),
        Query(
            USAGE_DAYS,
            scope.window(months[0], month, "daily"),
            pieces=tuple(Query(USAGE_DAYS, scope.window(each, each, "daily")) for each in months),
        ),
        Query(USAGE_WEEKS, scope.window(previous, month, "weekly")),
        Query(USAGE_QUARTER, scope.window(month.back(QUARTER_MONTHS - 1), month, "all")),
    )


def _read(fetch: Fetch) -> UsageData:
    (reported,) = requested_months(responses_to(fetch, USAGE_MONTH)[0].params)
    history = usage_buckets(fetch, USAGE_HISTORY)
    alone = [*usage_buckets(fetch, USAGE_PREVIOUS), *usage_buckets(fetch, USAGE_MONTH)]
    return UsageData(
        months={bucket.month: bucket for bucket in (*history, *alone)},
        gaps=_month_gaps(fetch),
        reported_in_history=next((bucket for bucket in history if bucket.month == reported), None),
        days={bucket.day: bucket for bucket in usage_buckets(fetch, USAGE_DAYS)},
        day_gaps=gaps(fetch, USAGE_DAYS),
        weeks=_failure_of(fetch, USAGE_WEEKS) or usage_buckets(fetch, USAGE_WEEKS),
        quarter=_quarter(fetch, reported),
    )


def _quarter(fetch: Fetch, reported: Month) -> UsageBucket | Failure | None:
    """Return the bucket of the quarter, or why it could not be fetched; None if the API returned another period."""
    bucket = next(iter(usage_buckets(fetch, USAGE_QUARTER)), None)
    # A day before its end, because it may end at midnight of another time zone.
    if bucket is not None and Month.of(bucket.end - timedelta(days=1)) != reported:
        return None
    return _failure_of(fetch, USAGE_QUARTER) or bucket


def _failure_of(fetch: Fetch, query: str) -> Failure | None:
    return next((failed for failed in fetch.failed_queries if failed.query == query), None)


def _validate(fetch: Fetch) -> None:
    for response in fetch.responses:
        _buckets(fetch, response)


def _read_teams(fetch: Fetch) -> Mapping[str, Mapping[Month, UsageBucket | Failure] | Failure]:
    """Return the usage by team id and month."""
    return months_by_team(fetch, lambda response: _buckets(fetch, response))


USAGE_V1 = EndpointSpec(
    name="usage-v1",
    path="/api/v1/organization/usage",
    permission="read usage",
    queries=_queries,
    read=_read,
    validate=_validate,
    required=frozenset({USAGE_MONTH}),
    additional=_ADDITIONAL,
    essential=True,
)
USAGE_V2 = EndpointSpec(
    name="usage-v2",
    path="/api/v2/organization/usage",
    permission="read usage",
    queries=_queries,
    read=_read,
    validate=_validate,
    required=frozenset({USAGE_MONTH}),
    additional=_ADDITIONAL,
    essential=True,
    # An installation older than Tabnine 6.2 has version 1 only.
    not_offered=frozenset({HTTPStatus.NOT_FOUND}),
)
TEAM_USAGE_V1 = EndpointSpec(
    name="team-usage-v1",
    path="/api/v1/team/usage",
    permission="read usage",
    queries=QueryScope.team_months,
    read=_read_teams,
    required=frozenset(),
    per_team=True,
)
TEAM_USAGE_V2 = EndpointSpec(
    name="team-usage-v2",
    path="/api/v2/team/usage",
    permission="read usage",
    queries=QueryScope.team_months,
    read=_read_teams,
    required=frozenset(),
    per_team=True,
)
