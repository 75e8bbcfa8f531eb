"""`v2/organization/usage` and `v2/team/usage`: usage, version 2."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tabnine_report.sandbox import error_bodies
from tabnine_report.sandbox.activity import ANY, CHATTED
from tabnine_report.sandbox.aggregation import ModelTotals, Totals
from tabnine_report.sandbox.query_parameters import TeamUsageQuery, UsageQuery
from tabnine_report.sandbox.schemas import Answer, Json, Period, UsageEnvelope
from tabnine_report.sandbox.service import Served, Window
from tabnine_report.sandbox.usage_buckets import AgentLines, CodeCompletions, agent_lines, code_completions, period
from tabnine_report.sandbox.world import Granularity, World, buckets

_CHAT_MODELS = ("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", "tabnine-protected-2", "claude-4-sonnet")
_AGENT_MODELS = ("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", "claude-4-sonnet", "gpt-5-codex")


async def _require_version_2(service: Served) -> None:
    if service.world.cutover is None:
        raise error_bodies.not_found("Path")


router = APIRouter(
    dependencies=[Depends(_require_version_2)],
    responses={404: {"description": "Installation older than 6.2, or no such team."}},
)


class ModelUsage(Answer):
    """Usage of one model; only with `granularity=all`."""

    model: str
    messages: int
    unique_users: int
    input_tokens: int
    output_tokens: int


class ChatV2(Answer):
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
async def organization_usage_v2(service: Served, query: Annotated[UsageQuery, Query()]) -> Json:
    """Return usage of version 2, since the cutover."""
    return service.usage(query, _buckets)


@router.get("/api/v2/team/usage", response_model=UsageEnvelope[BucketV2], response_model_exclude_unset=True)
async def team_usage_v2(service: Served, query: Annotated[TeamUsageQuery, Query()]) -> Json:
    """Return a team's usage of version 2."""
    return service.usage(query, _buckets, query.team_id)


def _buckets(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets without any activity before the cutover; with `all` always one, the only one with models."""
    since = window[1] if world.cutover_instant is None else world.cutover_instant
    answers = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(max(start, since), min(end, now))
        if granularity == "all" or totals.people(ANY, group):
            answers.append(_bucket(start, end, totals, group, with_models=granularity == "all"))
    return answers


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
