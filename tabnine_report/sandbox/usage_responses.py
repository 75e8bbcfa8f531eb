"""Build what the responses of several usage endpoints share: the window, its envelope, and parts of buckets."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Generic

from fastapi import Depends, Request
from pydantic import BeforeValidator, Field, WithJsonSchema

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.activity import COMPLETED, USED_AGENT
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, Parameters, ResponseModel, Row
from tabnine_report.sandbox.time_conversion import instant_text
from tabnine_report.sandbox.wait_for_disconnect import wait_for_disconnect
from tabnine_report.sandbox.world import Granularity, World, buckets

Window = tuple[int, int]
BuildBuckets = Callable[[World, Window, Granularity, int | None, int], list[Json]]
"""Returns the buckets of a window: world, window, granularity, group of a team, and until when usage is known."""

SELF_HOSTED_MODEL = "5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01"
"""A model that has a UUID and no name in every response."""

_USAGE_LAGS_SECONDS = 60
_GRANULARITIES: Mapping[str, Granularity] = {
    "all": "all",
    **dict.fromkeys(("daily", "day"), "daily"),
    **dict.fromkeys(("weekly", "week"), "weekly"),
    **dict.fromkeys(("monthly", "month"), "monthly"),
}
"""The granularity by its current and its older name."""
_INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


def _parse_instant(text: object) -> int:
    if not isinstance(text, str) or not re.match(_INSTANT_PATTERN, text, re.ASCII):
        raise ValueError("must be a UTC time such as 2026-10-01T00:00:00Z, without a fraction of a second")
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


Instant = Annotated[
    int,
    BeforeValidator(_parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _INSTANT_PATTERN}),
]
"""A UNIX second, written `YYYY-MM-DDTHH:MM:SSZ`."""


class WindowQuery(Parameters):
    """The window of a usage request, with `from` included and `to` excluded, and the granularity of its buckets."""

    organization_id: str
    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")
    granularity: str


class UsageQuery(WindowQuery):
    """The window of a request for usage."""

    granularity: Granularity


class TeamUsageQuery(UsageQuery):
    """The window of a request for the usage of one team."""

    team_id: str


class Period(ResponseModel):
    """The first instant of a bucket and the first one after it, UTC."""

    from_: str = Field(alias="from")
    to: str


class Usage(ResponseModel, Generic[Row]):
    """The buckets of a window."""

    granularity: str
    data: list[Row]


class UsageEnvelope(Period, Generic[Row]):
    """The requested window and its buckets; `teamId` if a team was requested."""

    organization_id: str
    team_id: str | None = None
    usage: Usage[Row]


class CodeCompletions(ResponseModel):
    """Accepted completions."""

    active_users: int
    completions: int
    chars_completed: int
    keystrokes: int
    lines: int


class AgentLines(ResponseModel):
    """The agent's users and lines, the same in both versions."""

    active_users: int
    lines_added: int
    lines_added_accepted: int
    lines_removed: int
    lines_removed_accepted: int


class UsageRequest:
    """One usage request, answered with the buckets that its endpoint builds.

    Args:
        service: The world and the installation's quirks.
        request: The request.
    """

    def __init__(self, service: Served, request: Request) -> None:
        self._service = service
        self._request = request

    async def respond(self, query: WindowQuery, build_buckets: BuildBuckets, team_id: str | None = None) -> Json:
        """Return the usage of the organization or one team, known up to the last full minute."""
        service = self._service
        if query.organization_id != service.world.id:
            raise api_errors.invalid_organization()
        if query.start >= query.end:
            raise api_errors.bad_request("from: must be before to")
        group = None if team_id is None else service.team(team_id)
        window, granularity = (query.start, query.end), _GRANULARITIES[query.granularity]
        await self._delay_or_reject_long(window, granularity)
        known_until = service.at // _USAGE_LAGS_SECONDS * _USAGE_LAGS_SECONDS
        return {
            "organizationId": service.world.id,
            **({} if team_id is None else {"teamId": team_id}),
            **period(query.start, query.end),
            "usage": {
                "granularity": query.granularity,
                "data": build_buckets(service.world, window, granularity, group, known_until),
            },
        }

    async def _delay_or_reject_long(self, window: Window, granularity: Granularity) -> None:
        """Treat a window with more buckets than the installation handles well as its quirks define."""
        quirks = self._service.quirks
        most = {"daily": quirks.most_days, "monthly": quirks.most_months}.get(granularity)
        if most is None or len(buckets(*window, granularity)) <= most:
            return
        await wait_for_disconnect(self._request.receive, quirks.long_window_seconds)
        if quirks.long_window == "rejected":
            raise api_errors.bad_request(f"from: must be at most {most} buckets before to")
        if quirks.long_window == "timeout":
            raise api_errors.gateway_timeout(self._request.state.request_id)


Requested = Annotated[UsageRequest, Depends()]
"""The parameter of a route that receives its usage request."""


def period(start: int, end: int) -> Json:
    """Return the fields of `Period`."""
    return {"from": instant_text(start), "to": instant_text(end)}


def code_completions(totals: Totals, group: int | None) -> Json:
    """Return the fields of `CodeCompletions`, of one group or (`None`) of the organization."""
    return {
        "activeUsers": totals.people(COMPLETED, group),
        "completions": totals.count("completions", group),
        "charsCompleted": totals.count("completion_characters", group),
        "keystrokes": totals.count("keystrokes", group),
        "lines": totals.count("completion_lines", group),
    }


def agent_lines(totals: Totals, group: int | None) -> Json:
    """Return the fields of `AgentLines`, of one group or (`None`) of the organization."""
    return {
        "activeUsers": totals.people(USED_AGENT, group),
        "linesAdded": totals.count("agent_lines_added", group),
        "linesAddedAccepted": totals.count("agent_lines_added_accepted", group),
        "linesRemoved": totals.count("agent_lines_removed", group),
        "linesRemovedAccepted": totals.count("agent_lines_removed_accepted", group),
    }
