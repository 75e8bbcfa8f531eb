"""`organization/agent-usage` and `team/agent-usage`: the agent's tokens and cost."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from tabnine_report.sandbox import error_bodies
from tabnine_report.sandbox.activity import USED_AGENT
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.error_bodies import NO_SUCH_TEAM
from tabnine_report.sandbox.query_parameters import UsageQuery
from tabnine_report.sandbox.schemas import Answer, Json, Period, UsageEnvelope
from tabnine_report.sandbox.service import Served, Window
from tabnine_report.sandbox.usage_buckets import period
from tabnine_report.sandbox.world import Granularity, World, buckets

_MODELS = ("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", "claude-4-sonnet", "gpt-5-codex")
# US dollars per million tokens, input and output.
_PRICES = ((2, 8), (3, 15), (1, 10))
_MICRODOLLARS = 1_000_000


async def _require_license(request: Request, service: Served) -> None:
    if not service.quirks.agent_usage_licensed:
        raise error_bodies.feature_not_available(request.state.request_id)


router = APIRouter(
    dependencies=[Depends(_require_license)],
    responses={403: {"description": "FEATURE_NOT_AVAILABLE: not in the license."}},
)


class AgentUsageQuery(UsageQuery):
    """The window of a request for tokens and cost; one bucket by default."""

    granularity: Granularity = "all"


class TeamAgentUsageQuery(AgentUsageQuery):
    """The window of a request for tokens and cost of one team."""

    team_id: str


class ModelSpend(Answer):
    """Tokens and cost of one of the agent's models."""

    model: str
    tokens_consumed: int
    input_tokens: int
    output_tokens: int
    cost: float


class AgentUsageBucket(Period):
    """The agent's tokens and cost in one bucket; the currency is not named."""

    active_users: int
    total_tokens_consumed: int
    total_input_tokens: int
    total_output_tokens: int
    total_cost: float
    model_breakdown: list[ModelSpend]


@router.get(
    "/api/v1/organization/agent-usage",
    response_model=UsageEnvelope[AgentUsageBucket],
    response_model_exclude_unset=True,
)
async def organization_agent_usage(service: Served, query: Annotated[AgentUsageQuery, Query()]) -> Json:
    """Return the agent's tokens and cost."""
    return service.usage(query, _buckets)


@router.get(
    "/api/v1/team/agent-usage",
    response_model=UsageEnvelope[AgentUsageBucket],
    response_model_exclude_unset=True,
    responses=NO_SUCH_TEAM,
)
async def team_agent_usage(service: Served, query: Annotated[TeamAgentUsageQuery, Query()]) -> Json:
    """Return the agent's tokens and cost of a team."""
    return service.usage(query, _buckets, query.team_id)


def _buckets(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets of tokens and cost in US dollars; with `all` always one. The cutover does not affect them."""
    answers = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(start, min(end, now))
        if granularity == "all" or totals.people(USED_AGENT, group):
            answers.append(_bucket(start, end, totals, group))
    return answers


def _bucket(start: int, end: int, totals: Totals, group: int | None) -> Json:
    models = totals.models(agent=True, group=group)
    costs = [
        model.input_tokens * price_in + model.output_tokens * price_out
        for model, (price_in, price_out) in zip(models, _PRICES, strict=True)
    ]
    tokens_in = totals.count("agent_input_tokens", group)
    tokens_out = totals.count("agent_output_tokens", group)
    return {
        **period(start, end),
        "activeUsers": totals.people(USED_AGENT, group),
        "totalTokensConsumed": tokens_in + tokens_out,
        "totalInputTokens": tokens_in,
        "totalOutputTokens": tokens_out,
        "totalCost": sum(costs) / _MICRODOLLARS,
        "modelBreakdown": [
            {
                "model": name,
                "tokensConsumed": model.input_tokens + model.output_tokens,
                "inputTokens": model.input_tokens,
                "outputTokens": model.output_tokens,
                "cost": cost / _MICRODOLLARS,
            }
            for name, model, cost in zip(_MODELS, models, costs, strict=True)
            if model.people
        ],
    }
