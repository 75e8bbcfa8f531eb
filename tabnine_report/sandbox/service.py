"""Provide what the routes need: a world at an instant, with an installation's quirks, for a valid token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.calendar import as_instant
from tabnine_report.sandbox.paging import LastPage
from tabnine_report.sandbox.world import World

AgentPrices = Literal["all", "some", "none"]
AgentUsageVersion = Literal["current", "older"]
LongWindow = Literal["answered", "rejected", "timeout"]


@dataclass(frozen=True)
class Quirks:
    """The differences between installations, licenses and tokens.

    Attributes:
        users_limit: The largest accepted `limit` of the users endpoint; a larger one returns 400.
        teams_limit: The largest accepted `limit` of the teams endpoint; a larger one returns 400.
        last_page: Whether `meta.next` of the last page is null or absent.
        denied: Endpoints for which the token lacks permission; they return 403.
        agent_usage_licensed: Whether the license includes agent usage; if not, its endpoints return 403 with
            `FEATURE_NOT_AVAILABLE`.
        agent_usage_version: The version of the agent usage endpoints. The older one accepts the granularities `all`,
            `day`, `week` and `month`, and does not return agent types.
        agent_prices: Which of the agent's models have a price; "some" means all except the self-hosted one. A model
            without a price costs 0.
        most_days: The largest number of daily buckets in a request. Default: no limit.
        most_months: The largest number of monthly buckets in a request. Default: no limit.
        long_window: What a request above the limit returns: the usage (answered), 400 (rejected) or 504 (timeout).
        long_window_seconds: The delay in seconds before the response to a request above the limit.
    """

    users_limit: int = 1_000
    teams_limit: int = 500
    last_page: LastPage = "null"
    denied: frozenset[str] = frozenset()
    agent_usage_licensed: bool = True
    agent_usage_version: AgentUsageVersion = "current"
    agent_prices: AgentPrices = "all"
    most_days: int | None = None
    most_months: int | None = None
    long_window: LongWindow = "rejected"
    long_window_seconds: float = 0.0


@dataclass(frozen=True)
class Service:
    """The data for the routes: a world at the instant that `now` returns."""

    world: World
    token: str
    now: Callable[[], datetime]
    quirks: Quirks

    @property
    def at(self) -> int:
        """The current instant, as a UNIX second."""
        return as_instant(self.now())

    def team(self, team_id: str) -> int:
        """Return the group of a team, or raise 404."""
        group = self.world.team_group(team_id)
        if group is None:
            raise api_errors.not_found("Team")
        return group


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Served = Annotated[Service, Depends(_service)]
"""The parameter of a route that receives the service."""


def endpoint_name(path: str) -> str:
    """Return the name of an endpoint by the path of its route: what follows `/api/`, without `v1/`."""
    return path.removeprefix("/api/").removeprefix("v1/")


_bearer = HTTPBearer(auto_error=False, description="The token given to the sandbox when it was started.")


async def require_token(
    request: Request,
    service: Served,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Raise 401 for a request without the token, and 403 for an endpoint that the token has no permission for."""
    if credentials is None or credentials.credentials != service.token:
        raise api_errors.invalid_token(request.state.request_id)
    if endpoint_name(request.scope["route"].path) in service.quirks.denied:
        raise api_errors.forbidden(request.state.request_id)
