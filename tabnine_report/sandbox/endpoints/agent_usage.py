"""`organization/agent-usage` and `team/agent-usage`: the agent's tokens and cost."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from numpy.typing import NDArray

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.activity import AGENT_TYPE_BITS, AGENT_TYPES, USED_AGENT
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.api_errors import NO_SUCH_TEAM
from tabnine_report.sandbox.quirks import AgentPrices, AgentUsageVersion
from tabnine_report.sandbox.route_dependencies import Served, Service
from tabnine_report.sandbox.schemas import Json, ResponseModel
from tabnine_report.sandbox.usage_responses import (
    SELF_HOSTED_MODEL,
    AgentLines,
    Period,
    Requested,
    UsageEnvelope,
    Window,
    WindowQuery,
    period,
)
from tabnine_report.sandbox.world import Granularity, World, buckets

_MODELS = (SELF_HOSTED_MODEL, "claude-sonnet-4-20250514", "gpt-5-codex")
# US dollars per million tokens (microdollars per token): input and output of each model.
_PRICES: Mapping[AgentPrices, NDArray[np.int64]] = {
    "all": np.array([(2, 3, 1), (8, 15, 10)]),
    "some": np.array([(0, 3, 1), (0, 15, 10)]),
    "none": np.zeros((2, len(_MODELS)), np.int64),
}
_MICRODOLLARS = 1_000_000
_GRANULARITIES: Mapping[AgentUsageVersion, tuple[str, ...]] = {
    "current": ("all", "daily", "weekly", "monthly"),
    "older": ("all", "day", "week", "month"),
}


async def _require_license(request: Request, service: Served) -> None:
    if not service.quirks.agent_usage_licensed:
        raise api_errors.feature_not_available(request.state.request_id)


router = APIRouter(
    dependencies=[Depends(_require_license)],
    responses={403: {"description": "FEATURE_NOT_AVAILABLE: not in the license; or the token has no permission."}},
)


class AgentUsageQuery(WindowQuery):
    """The window of a request for tokens and cost; one bucket by default."""

    granularity: str = "all"


class TeamAgentUsageQuery(AgentUsageQuery):
    """The window of a request for tokens and cost of one team."""

    team_id: str


class ModelSpend(ResponseModel):
    """Tokens and cost of one of the agent's models."""

    model: str
    tokens_consumed: int
    input_tokens: int
    output_tokens: int
    cost: float


class AgentTypeUsage(AgentLines):
    """Usage, tokens and cost of one type of agent, such as that of the command line."""

    agent_type: str
    interactions: int
    user_initiated_messages: int
    tokens_consumed: int
    input_tokens: int
    output_tokens: int
    cost: float
    model_breakdown: list[ModelSpend]


class AgentUsageBucket(Period):
    """The agent's tokens and cost in one bucket; the currency is not named."""

    active_users: int
    total_tokens_consumed: int
    total_input_tokens: int
    total_output_tokens: int
    total_cost: float
    model_breakdown: list[ModelSpend]
    agent_type_breakdown: list[AgentTypeUsage] | None = None


@router.get(
    "/api/v1/organization/agent-usage",
    response_model=UsageEnvelope[AgentUsageBucket],
    response_model_exclude_unset=True,
)
async def organization_agent_usage(
    request: Requested, service: Served, query: Annotated[AgentUsageQuery, Query()]
) -> Json:
    """Return the agent's tokens and cost."""
    return await _respond(request, service, query)


@router.get(
    "/api/v1/team/agent-usage",
    response_model=UsageEnvelope[AgentUsageBucket],
    response_model_exclude_unset=True,
    responses=NO_SUCH_TEAM,
)
async def team_agent_usage(request: Requested, service: Served, query: Annotated[TeamAgentUsageQuery, Query()]) -> Json:
    """Return the agent's tokens and cost of a team."""
    return await _respond(request, service, query, query.team_id)


async def _respond(request: Requested, service: Service, query: AgentUsageQuery, team_id: str | None = None) -> Json:
    version, prices = service.quirks.agent_usage_version, _PRICES[service.quirks.agent_prices]
    accepted = _GRANULARITIES[version]
    if query.granularity not in accepted:
        raise api_errors.bad_request(f"granularity: must be one of {', '.join(accepted)}")
    response = await request.respond(query, partial(_buckets, prices=prices), team_id)
    if version == "older":
        for bucket in response["usage"]["data"]:
            del bucket["agentTypeBreakdown"]
    return response


def _buckets(  # noqa: PLR0913 - as BuildBuckets, and the prices
    world: World,
    window: Window,
    granularity: Granularity,
    group: int | None,
    now: int,
    *,
    prices: NDArray[np.int64],
) -> list[Json]:
    """Return buckets of tokens and cost in US dollars; with `all` always one. The cutover does not affect them."""
    response_buckets = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(start, min(end, now))
        if granularity == "all" or totals.people(USED_AGENT, group):
            response_buckets.append(_bucket(start, end, totals, group, prices))
    return response_buckets


def _bucket(start: int, end: int, totals: Totals, group: int | None, prices: NDArray[np.int64]) -> Json:
    # Input and output tokens, by type of agent and model.
    tokens = np.stack([totals.agent_counts(f"agent_{way}_tokens", group) for way in ("input", "output")])
    spend = _spend(tokens.sum(axis=1), prices)
    return {
        **period(start, end),
        "activeUsers": totals.people(USED_AGENT, group),
        "totalTokensConsumed": spend["tokensConsumed"],
        "totalInputTokens": spend["inputTokens"],
        "totalOutputTokens": spend["outputTokens"],
        "totalCost": spend["cost"],
        "modelBreakdown": spend["modelBreakdown"],
        "agentTypeBreakdown": [
            {
                "agentType": name,
                "activeUsers": totals.people(bit, group),
                **_counts(totals, kind, group),
                **_spend(tokens[:, kind], prices),
            }
            for kind, (name, bit) in enumerate(zip(AGENT_TYPES, AGENT_TYPE_BITS, strict=True))
            if totals.people(bit, group)
        ],
    }


def _counts(totals: Totals, kind: int, group: int | None) -> Json:
    """Return the counts of one type of agent."""
    fields = {
        "interactions": "agent_interactions",
        "userInitiatedMessages": "agent_messages",
        "linesAdded": "agent_lines_added",
        "linesAddedAccepted": "agent_lines_added_accepted",
        "linesRemoved": "agent_lines_removed",
        "linesRemovedAccepted": "agent_lines_removed_accepted",
    }
    return {field: int(totals.agent_counts(name, group)[kind].sum()) for field, name in fields.items()}


def _spend(tokens: NDArray[np.int64], prices: NDArray[np.int64]) -> Json:
    """Return tokens and cost in total and by model, from input and output tokens by model."""
    costs = (tokens * prices).sum(axis=0).tolist()
    tokens_in, tokens_out = tokens.tolist()
    return {
        **_tokens(sum(tokens_in), sum(tokens_out), sum(costs)),
        "modelBreakdown": [
            {"model": name, **_tokens(of_input, of_output, cost)}
            for name, of_input, of_output, cost in zip(_MODELS, tokens_in, tokens_out, costs, strict=True)
            if of_input + of_output
        ],
    }


def _tokens(tokens_in: int, tokens_out: int, microdollars: int) -> Json:
    return {
        "tokensConsumed": tokens_in + tokens_out,
        "inputTokens": tokens_in,
        "outputTokens": tokens_out,
        "cost": microdollars / _MICRODOLLARS,
    }
