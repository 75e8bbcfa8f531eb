"""Provide what the routes need: a world at an instant, with an installation's quirks, for a valid token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tabnine_report.sandbox import error_bodies
from tabnine_report.sandbox.calendar import as_instant, instant_text
from tabnine_report.sandbox.paging import LastPage
from tabnine_report.sandbox.query_parameters import UsageQuery
from tabnine_report.sandbox.schemas import Json
from tabnine_report.sandbox.world import Granularity, World

Window = tuple[int, int]
Buckets = Callable[[World, Window, Granularity, int | None, int], list[Json]]
"""Returns the buckets of a window: world, window, granularity, group of a team, and until when usage is known."""

_USAGE_LAGS_SECONDS = 60


@dataclass(frozen=True)
class Quirks:
    """The differences between installations.

    Attributes:
        users_limit: The largest accepted `limit` for users; above it 400.
        teams_limit: The largest accepted `limit` for teams; above it 400.
        last_page: Whether the last page's `next` is null or absent.
        agent_usage_licensed: Whether agent usage is answered; otherwise 403.
    """

    users_limit: int = 1_000
    teams_limit: int = 500
    last_page: LastPage = "null"
    agent_usage_licensed: bool = True


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

    def usage(self, query: UsageQuery, buckets: Buckets, team_id: str | None = None) -> Json:
        """Return the usage of the organization or one team, known up to the last full minute."""
        if query.organization_id != self.world.id:
            raise error_bodies.invalid_organization()
        if query.start >= query.end:
            raise error_bodies.bad_request("from: must be before to")
        group = None if team_id is None else self.team(team_id)
        known_until = self.at // _USAGE_LAGS_SECONDS * _USAGE_LAGS_SECONDS
        data = buckets(self.world, query.window, query.granularity, group, known_until)
        return {
            "organizationId": self.world.id,
            **({} if team_id is None else {"teamId": team_id}),
            "from": instant_text(query.start),
            "to": instant_text(query.end),
            "usage": {"granularity": query.granularity, "data": data},
        }

    def team(self, team_id: str) -> int:
        """Return the group of a team, or raise 404."""
        group = self.world.team_group(team_id)
        if group is None:
            raise error_bodies.not_found("Team")
        return group


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Served = Annotated[Service, Depends(_service)]
"""The parameter of a route that receives the service."""

_bearer = HTTPBearer(auto_error=False, description="The token given to the sandbox when it was started.")


async def require_token(
    request: Request,
    service: Served,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Raise 401 for a request without the token."""
    if credentials is None or credentials.credentials != service.token:
        raise error_bodies.invalid_token(request.state.request_id)
