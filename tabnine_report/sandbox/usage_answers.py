"""Build the API's usage answers: buckets of versions 1 and 2, and of the agent's tokens and cost.

Daily, weekly and monthly buckets without activity are left out. With `all` there is always one bucket. In version 1,
its `from` and `to` are both the window's end, as in the vendor's example.
"""

from typing import Any

from tabnine_report.sandbox.activity import ANY, CHATTED, COMPLETED, USED_AGENT
from tabnine_report.sandbox.aggregation import ModelTotals, Totals
from tabnine_report.sandbox.calendar import AGENT_LAUNCH, as_datetime
from tabnine_report.sandbox.v1_factors import automation_factor, chat_consumption_rate, productivity_factor
from tabnine_report.sandbox.world import Granularity, World, buckets

Json = dict[str, Any]
Window = tuple[int, int]

_CHAT_MODELS = ("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", "tabnine-protected-2", "claude-4-sonnet")
_AGENT_MODELS = ("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", "claude-4-sonnet", "gpt-5-codex")
# US dollars per million tokens, input and output.
_AGENT_PRICES = ((2, 8), (3, 15), (1, 10))
_MICRODOLLARS = 1_000_000


def usage_v1(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets of version 1, without any activity from the cutover on."""
    until = now if world.cutover_instant is None else min(now, world.cutover_instant)
    answers = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(start, min(end, until))
        if granularity == "all":
            answers.append(_bucket_v1(end, end, totals, group, agent_known=end > AGENT_LAUNCH))
        elif totals.people(ANY, group):
            answers.append(_bucket_v1(start, end, totals, group, agent_known=end > AGENT_LAUNCH))
    return answers


def usage_v2(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets of version 2, without any activity before the cutover; models only with `all`."""
    since = window[1] if world.cutover_instant is None else world.cutover_instant
    answers = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(max(start, since), min(end, now))
        if granularity == "all" or totals.people(ANY, group):
            answers.append(_bucket_v2(start, end, totals, group, with_models=granularity == "all"))
    return answers


def agent_usage(world: World, window: Window, granularity: Granularity, group: int | None, now: int) -> list[Json]:
    """Return buckets of the agent's tokens and cost in US dollars; the cutover does not affect them."""
    answers = []
    for start, end in buckets(*window, granularity):
        totals = world.usage(start, min(end, now))
        if granularity == "all" or totals.people(USED_AGENT, group):
            answers.append(_agent_usage_bucket(start, end, totals, group))
    return answers


def instant_text(second: int) -> str:
    """Return a UNIX second as the API writes it: `2026-10-01T00:00:00Z`."""
    return as_datetime(second).isoformat().replace("+00:00", "Z")


def _period(start: int, end: int) -> Json:
    return {"from": instant_text(start), "to": instant_text(end)}


def _bucket_v1(start: int, end: int, totals: Totals, group: int | None, *, agent_known: bool) -> Json:
    completion_characters = totals.count("completion_characters", group)
    chat_characters = totals.count("chat_characters", group)
    keystrokes = totals.count("keystrokes", group)
    bucket: Json = {
        **_period(start, end),
        "activeUsers": totals.people(ANY, group),
        "productivityFactor": productivity_factor(completion_characters, chat_characters, keystrokes),
        "instruct": {"acceptedCount": totals.count("instruct_accepted", group)},
        "codeCompletions": _without_absent(
            {
                **_completions(totals, group),
                "automationFactor": automation_factor(completion_characters, keystrokes),
            }
        ),
        "chat": _without_absent(_chat_v1(totals, group)),
    }
    if agent_known:
        bucket["agent"] = {**_agent(totals, group), "interactions": totals.count("agent_interactions", group)}
    return _without_absent(bucket)


def _chat_v1(totals: Totals, group: int | None) -> Json:
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


def _bucket_v2(start: int, end: int, totals: Totals, group: int | None, *, with_models: bool) -> Json:
    chat: Json = {
        "activeUsers": totals.people(CHATTED, group),
        "messages": totals.count("chat_messages", group),
        "linesAdded": totals.count("chat_lines", group),
    }
    agent: Json = {**_agent(totals, group), "messages": totals.count("agent_messages", group)}
    if with_models:
        chat["models"] = _models(_CHAT_MODELS, totals.models(agent=False, group=group))
        agent["models"] = _models(_AGENT_MODELS, totals.models(agent=True, group=group))
    return {
        **_period(start, end),
        "activeUsers": totals.people(ANY, group),
        "codeCompletions": _completions(totals, group),
        "chat": chat,
        "agent": agent,
    }


def _completions(totals: Totals, group: int | None) -> Json:
    return {
        "activeUsers": totals.people(COMPLETED, group),
        "completions": totals.count("completions", group),
        "charsCompleted": totals.count("completion_characters", group),
        "keystrokes": totals.count("keystrokes", group),
        "lines": totals.count("completion_lines", group),
    }


def _agent(totals: Totals, group: int | None) -> Json:
    return {
        "activeUsers": totals.people(USED_AGENT, group),
        "linesAdded": totals.count("agent_lines_added", group),
        "linesAddedAccepted": totals.count("agent_lines_added_accepted", group),
        "linesRemoved": totals.count("agent_lines_removed", group),
        "linesRemovedAccepted": totals.count("agent_lines_removed_accepted", group),
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


def _agent_usage_bucket(start: int, end: int, totals: Totals, group: int | None) -> Json:
    models = totals.models(agent=True, group=group)
    costs = [
        model.input_tokens * price_in + model.output_tokens * price_out
        for model, (price_in, price_out) in zip(models, _AGENT_PRICES, strict=True)
    ]
    tokens_in = totals.count("agent_input_tokens", group)
    tokens_out = totals.count("agent_output_tokens", group)
    return {
        **_period(start, end),
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
            for name, model, cost in zip(_AGENT_MODELS, models, costs, strict=True)
            if model.people
        ],
    }


def _without_absent(fields: Json) -> Json:
    """Return the fields that have a value: absent is neither zero nor null."""
    return {name: value for name, value in fields.items() if value is not None}
