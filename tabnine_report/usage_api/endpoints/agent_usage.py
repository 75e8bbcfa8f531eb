"""`organization/agent-usage` and `team/agent-usage`: the tokens and the cost of agents."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import field_validator

from tabnine_report.model.month import Month
from tabnine_report.usage_api.base_records import Period, Record
from tabnine_report.usage_api.bucket_reading import read_buckets
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Amount, Count, Text
from tabnine_report.usage_api.month_coverage import covered_months, gaps, months_by_team
from tabnine_report.usage_api.query import HISTORY_MONTHS, Query, QueryScope
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

AGENT_MONTH, AGENT_HISTORY = "month", "history"

_OLDER_SPELLING = {"granularity": "month"}
"""The vendor's older description of this endpoint has `day`, `week` and `month`; a server may accept only those."""

COST_CURRENCY = "USD"
"""The currency of every cost. Inferred, only here: the API names no currency, and the vendor's console shows USD."""


class ModelSpend(Record):
    """The tokens and cost of one language model in a period; the name is often a UUID without a documented name."""

    model: Text | None = None
    tokens_consumed: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cost: Amount | None = None

    @property
    def is_unpriced(self) -> bool:
        """Whether the model has tokens at a cost of 0; see `AgentUsageBucket.is_unpriced`."""
        return self.cost == 0 and any((self.tokens_consumed, self.input_tokens, self.output_tokens))


class AgentUsageBucket(Period):
    """The agent usage in one period; every field may be absent.

    Attributes:
        active_users: Distinct users of agents.
        total_tokens_consumed: Input and output tokens.
        total_input_tokens: Input tokens.
        total_output_tokens: Output tokens.
        total_cost: The cost in `COST_CURRENCY`.
        model_breakdown: The same by language model; None if the bucket does not have the breakdown.
    """

    active_users: Count | None = None
    total_tokens_consumed: Count | None = None
    total_input_tokens: Count | None = None
    total_output_tokens: Count | None = None
    total_cost: Amount | None = None
    model_breakdown: tuple[ModelSpend, ...] | None = None

    @field_validator("model_breakdown")
    @classmethod
    def _merge_rows_of_a_model(cls, rows: tuple[ModelSpend, ...] | None) -> tuple[ModelSpend, ...] | None:
        return rows and tuple(_rows_by_model(rows))

    @property
    def is_unpriced(self) -> bool:
        """Whether the bucket has tokens at a cost of 0.

        The admin of an installation sets a price for each model. Until then, its cost is 0, which is not a spend of 0.
        """
        tokens = (self.total_tokens_consumed, self.total_input_tokens, self.total_output_tokens)
        return self.total_cost == 0 and (any(tokens) or bool(self.unpriced_models))

    @property
    def unpriced_models(self) -> tuple[ModelSpend, ...]:
        """The language models without a price."""
        return tuple(model for model in self.model_breakdown or () if model.is_unpriced)


def _rows_by_model(rows: Iterable[ModelSpend]) -> Iterator[ModelSpend]:
    """Yield one row per model: a server may return one per price. A missing part stays missing."""
    by_name: dict[object, list[ModelSpend]] = {}
    for number, row in enumerate(rows):
        by_name.setdefault(row.model or number, []).append(row)
    for same in by_name.values():
        if len(same) == 1:
            yield same[0]
            continue
        parts = {name: [getattr(row, name) for row in same] for name in ModelSpend.model_fields if name != "model"}
        sums = {name: None if None in numbers else sum(numbers) for name, numbers in parts.items()}
        # The row with an invalid field knows why the sum is missing.
        template = next((row for row in same if any(row.invalid_fields())), same[0])
        yield template.model_copy(update=sums)


@dataclass(frozen=True)
class AgentUsageData:
    """The organization's agent usage.

    Attributes:
        month: The reported month from its own query; None if the API returned no bucket.
        history: The months that the API returned, including the reported one.
        gaps: The months that could not be fetched, with the reason.
    """

    month: AgentUsageBucket | None
    history: Mapping[Month, AgentUsageBucket]
    gaps: Mapping[Month, Failure]


def agent_usage_buckets(fetch: Fetch, query: str) -> list[AgentUsageBucket]:
    """Return the buckets that either agent usage endpoint returned to one query; see `read_buckets`."""
    return [bucket for response in fetch.responses_to(query) for bucket in _buckets(fetch, response)]


def _buckets(fetch: Fetch, response: Response) -> list[AgentUsageBucket]:
    return read_buckets(AgentUsageBucket, response, fetch.endpoint)


def _queries(scope: QueryScope) -> tuple[Query, ...]:
    """Return a query for the month alone, which may be the only one with models, and one for the history."""
    return (
        Query(AGENT_MONTH, scope.window(scope.month, scope.month, "all")),
        scope.months(AGENT_HISTORY, HISTORY_MONTHS, respelled=_OLDER_SPELLING),
    )


def _read(fetch: Fetch) -> AgentUsageData:
    month, history = agent_usage_buckets(fetch, AGENT_MONTH), agent_usage_buckets(fetch, AGENT_HISTORY)
    covered = covered_months(fetch, AGENT_MONTH) | covered_months(fetch, AGENT_HISTORY)
    missing = gaps(fetch, AGENT_MONTH) | gaps(fetch, AGENT_HISTORY)
    return AgentUsageData(
        month[0] if month else None,
        {bucket.month: bucket for bucket in history},
        {each: failure for each, failure in missing.items() if each not in covered},
    )


def _validate(fetch: Fetch) -> None:
    for response in fetch.responses:
        _buckets(fetch, response)


def _team_queries(scope: QueryScope) -> tuple[Query, ...]:
    return scope.team_months(respelled=_OLDER_SPELLING)


def _read_teams(fetch: Fetch) -> Mapping[str, Mapping[Month, AgentUsageBucket | Failure] | Failure]:
    """Return the agent usage by team id and month."""
    return months_by_team(fetch, lambda response: _buckets(fetch, response))


# Without a license for agents the API returns 403; an older installation does not have the endpoints.
_NOT_OFFERED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

AGENT_USAGE = EndpointSpec(
    name="agent-usage",
    path="/api/v1/organization/agent-usage",
    permission="read agent usage",
    queries=_queries,
    read=_read,
    validate=_validate,
    required=frozenset(),
    not_offered=_NOT_OFFERED,
)
TEAM_AGENT_USAGE = EndpointSpec(
    name="team-agent-usage",
    path="/api/v1/team/agent-usage",
    permission="read agent usage",
    queries=_team_queries,
    read=_read_teams,
    required=frozenset(),
    per_team=True,
    not_offered=_NOT_OFFERED,
)
