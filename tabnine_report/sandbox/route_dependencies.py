"""Provide what the routes need: a world at an instant, with an installation's quirks, for a valid token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.time_conversion import as_instant
from tabnine_report.sandbox.world import World


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
