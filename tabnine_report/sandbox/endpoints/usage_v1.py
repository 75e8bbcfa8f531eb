"""`organization/usage` and `team/usage`: usage, version 1."""

from typing import Annotated

from fastapi import APIRouter, Query

from tabnine_report.sandbox.activity import ANY, CHATTED
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.api_errors import NO_SUCH_TEAM
from tabnine_report.sandbox.calendar import AGENT_LAUNCH
from tabnine_report.sandbox.schemas import Json, ResponseModel
from tabnine_report.sandbox.usage_responses import (
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
from tabnine_report.sandbox.v1_ratios import automation_factor, chat_consumption_rate, productivity_factor
from tabnine_report.sandbox.world import Granularity, World, buckets

router = APIRouter()


class Instruct(ResponseModel):
    """Instructions whose result was accepted."""

    accepted_count: int


class CodeCompletionsV1(CodeCompletions):
    """Accepted completions in version 1."""

    automation_factor: float | None = None


class ChatV1(ResponseModel):
    """Chat in version 1."""

    active_users: int
    interactions: int
    useful_chat_interactions: int
    lines: int
    chars_completed: int
    chat_consumption_rate: float | None = None


class AgentV1(AgentLines):
    """The agent in version 1."""

    interactions: int


class BucketV1(Period):
    """Usage in one bucket, version 1."""

    active_users: int
    productivity_factor: float | None = None
    instruct: Instruct | None = None
    code_completions: CodeCompletionsV1 | None = None
    chat: ChatV1 | None = None
    agent: AgentV1 | None = None


@router.get("/api/v1/organization/usage", response_model=UsageEnvelope[BucketV1], response_model_exclude_unset=True)
async def organization_usage(request: Requested, query: Annotated[UsageQuery, Query()]) -> Json:
    """Return usage of version 1, which contains nothing new since the cutover but does not report this."""
    return await request.respond(query, _buckets)


@router.get(
    "/api/v1/team/usage",
    response_model=UsageEnvelope[BucketV1],
    response_model_exclude_unset=True,
    responses=NO_SUCH_TEAM,
)
async def team_usage(request: Requested, query: Annotated[TeamUsageQuery, Query()]) -> Json:
    """Return a team's usage of version 1, frozen at the cutover like the organization's."""
    return await request.respond(query, _buckets, query.team_id)


def _buckets(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets without any activity from the cutover on.

    With `all` there is always one bucket. Its `from` and `to` are both the window's end, as in the vendor's example.
    """
    until = now if world.cutover_instant is None else min(now, world.cutover_instant)
    response_buckets = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(start, min(end, until))
        if granularity == "all":
            response_buckets.append(_bucket(end, end, totals, group))
        elif totals.people(ANY, group):
            response_buckets.append(_bucket(start, end, totals, group))
    return response_buckets


def _bucket(start: int, end: int, totals: Totals, group: int | None) -> Json:
    completion_characters = totals.count("completion_characters", group)
    chat_characters = totals.count("chat_characters", group)
    keystrokes = totals.count("keystrokes", group)
    bucket: Json = {
        **period(start, end),
        "activeUsers": totals.people(ANY, group),
        "productivityFactor": productivity_factor(completion_characters, chat_characters, keystrokes),
        "instruct": {"acceptedCount": totals.count("instruct_accepted", group)},
        "codeCompletions": _without_absent(
            {
                **code_completions(totals, group),
                "automationFactor": automation_factor(completion_characters, keystrokes),
            }
        ),
        "chat": _without_absent(_chat(totals, group)),
    }
    if end > AGENT_LAUNCH:
        bucket["agent"] = {**agent_lines(totals, group), "interactions": totals.count("agent_interactions", group)}
    return _without_absent(bucket)


def _chat(totals: Totals, group: int | None) -> Json:
    interactions = totals.count("chat_interactions", group)
    useful = totals.count("useful_chat_interactions", group)
    return {
        "activeUsers": totals.people(CHATTED, group),
        "interactions": interactions,
        "usefulChatInteractions": useful,
        "lines": totals.count("chat_lines", group),
        "charsCompleted": totals.count("chat_characters", group),
        "chatConsumptionRate": chat_consumption_rate(useful, interactions),
    }


def _without_absent(fields: Json) -> Json:
    """Return the fields that have a value: absent is neither zero nor null."""
    return {name: value for name, value in fields.items() if value is not None}
