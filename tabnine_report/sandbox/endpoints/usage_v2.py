"""`v2/organization/usage` and `v2/team/usage`: usage, version 2."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.activity import ANY, CHATTED
from tabnine_report.sandbox.aggregation import ModelTotals, Totals
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, ResponseModel
from tabnine_report.sandbox.usage_responses import (
    SELF_HOSTED_MODEL,
    AgentLines,
    CodeCompletions,
    Period,
    Requested,
    TeamUsageQuery,
    UsageEnvelope,
    UsageQuery,
    Window,
    agent_lines,
    code_completions,
    period,
)
from tabnine_report.sandbox.world import Granularity, World, buckets

# Version 2 identifies every model by a UUID, agent usage most of them by a name.
_SHARED_MODELS = (SELF_HOSTED_MODEL, "c7de2c5d-5a0e-4a53-8d8b-3f6b0f7f0d42")
_CHAT_MODELS = (*_SHARED_MODELS, "0f9a6c1b-2f7e-4a7f-9b57-6a1f4f0c8e93")
_AGENT_MODELS = (*_SHARED_MODELS, "e2b4d9a8-1c36-4f5d-8e70-9d2a5b7c6f14")


async def _require_version_2(service: Served) -> None:
    if service.world.cutover is None:
        raise api_errors.not_found("Path")


router = APIRouter(
    dependencies=[Depends(_require_version_2)],
    responses={404: {"description": "Installation older than 6.2, or no such team."}},
)


class ModelUsage(ResponseModel):
    """Usage of one model; only with `granularity=all`."""

    model: str
    messages: int
    unique_users: int
    input_tokens: int
    output_tokens: int


class ChatV2(ResponseModel):
    """Chat in version 2."""

    active_users: int
    messages: int
    lines_added: int
    models: list[ModelUsage] | None = None


class AgentV2(AgentLines):
    """The agent in version 2."""

    messages: int
    models: list[ModelUsage] | None = None


class BucketV2(Period):
    """Usage in one bucket, version 2."""

    active_users: int
    code_completions: CodeCompletions | None = None
    chat: ChatV2 | None = None
    agent: AgentV2 | None = None


@router.get("/api/v2/organization/usage", response_model=UsageEnvelope[BucketV2], response_model_exclude_unset=True)
async def organization_usage_v2(request: Requested, query: Annotated[UsageQuery, Query()]) -> Json:
    """Return usage of version 2, since the cutover."""
    return await request.respond(query, _buckets)


@router.get("/api/v2/team/usage", response_model=UsageEnvelope[BucketV2], response_model_exclude_unset=True)
async def team_usage_v2(request: Requested, query: Annotated[TeamUsageQuery, Query()]) -> Json:
    """Return a team's usage of version 2."""
    return await request.respond(query, _buckets, query.team_id)


def _buckets(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets without any activity before the cutover; with `all` always one, the only one with models."""
    since = window[1] if world.cutover_instant is None else world.cutover_instant
    response_buckets = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(max(start, since), min(end, now))
        if granularity == "all" or totals.people(ANY, group):
            response_buckets.append(_bucket(start, end, totals, group, with_models=granularity == "all"))
    return response_buckets


def _bucket(start: int, end: int, totals: Totals, group: int | None, *, with_models: bool) -> Json:
    chat: Json = {
        "activeUsers": totals.people(CHATTED, group),
        "messages": totals.count("chat_messages", group),
        "linesAdded": totals.count("chat_lines", group),
    }
    agent: Json = {**agent_lines(totals, group), "messages": totals.count("agent_messages", group)}
    if with_models:
        chat["models"] = _models(_CHAT_MODELS, totals.models(agent=False, group=group))
        agent["models"] = _models(_AGENT_MODELS, totals.models(agent=True, group=group))
    return {
        **period(start, end),
        "activeUsers": totals.people(ANY, group),
        "codeCompletions": code_completions(totals, group),
        "chat": chat,
        "agent": agent,
    }


def _models(names: tuple[str, ...], models: list[ModelTotals]) -> list[Json]:
    return [
        {
            "model": name,
            "messages": model.messages,
            "uniqueUsers": model.people,
            "inputTokens": model.input_tokens,
            "outputTokens": model.output_tokens,
        }
        for name, model in zip(names, models, strict=True)
        if model.people
    ]
