"""Serve the Usage Metrics API of a synthetic organization as a web application.

No `from __future__ import annotations` here: FastAPI reads the annotations of the routes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tabnine_report.sandbox import account_answers, error_bodies, schemas
from tabnine_report.sandbox.calendar import month_at
from tabnine_report.sandbox.date_header import DateHeader
from tabnine_report.sandbox.docs_page import docs_page
from tabnine_report.sandbox.fault_injection import FaultInjection
from tabnine_report.sandbox.faults import Faults
from tabnine_report.sandbox.paging import page
from tabnine_report.sandbox.query_parameters import (
    AccountUtilizationsQuery,
    AgentUsageQuery,
    PageQuery,
    PermissionsQuery,
    TeamAgentUsageQuery,
    TeamQuery,
    TeamsQuery,
    TeamUsageQuery,
    UsageQuery,
    UsersQuery,
)
from tabnine_report.sandbox.request_log import RequestLog, RequestLogging
from tabnine_report.sandbox.service import Quirks, Service, require_limit
from tabnine_report.sandbox.usage_answers import agent_usage, usage_v1, usage_v2
from tabnine_report.sandbox.world import World

Json = dict[str, Any]


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Served = Annotated[Service, Depends(_service)]
_bearer = HTTPBearer(auto_error=False, description="The token given to the sandbox when it was started.")


async def _require_token(
    request: Request,
    service: Served,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    if credentials is None or credentials.credentials != service.token:
        raise error_bodies.invalid_token(request.state.request_id)


async def _require_version_2(service: Served) -> None:
    if service.world.cutover is None:
        raise error_bodies.not_found("Path")


async def _require_agent_license(request: Request, service: Served) -> None:
    if not service.quirks.agent_usage_licensed:
        raise error_bodies.feature_not_available(request.state.request_id)


_CLIENT_ERRORS: dict[int | str, Json] = {
    400: {"description": "A parameter is missing or invalid."},
    401: {"description": "No valid token, or no valid organizationId."},
}
_NO_SUCH_TEAM: dict[int | str, Json] = {404: {"description": "No such team."}}
_NO_VERSION_2: dict[int | str, Json] = {404: {"description": "Installation older than 6.2, or no such team."}}
_UNLICENSED: dict[int | str, Json] = {403: {"description": "FEATURE_NOT_AVAILABLE: not in the license."}}

router = APIRouter(dependencies=[Depends(_require_token)], responses=_CLIENT_ERRORS)


@router.get("/api/v1/organization", response_model=schemas.Organization)
async def organization(service: Served) -> Json:
    """Return the organization; its `id` is the `organizationId` of the other calls."""
    return account_answers.organization(service.world)


@router.get("/api/v1/organization/teams", response_model=schemas.Page[schemas.Team], response_model_exclude_unset=True)
async def organization_teams(service: Served, query: Annotated[TeamsQuery, Query()]) -> Json:
    """Return teams as of now, in pages."""
    limit = query.limit or TeamsQuery().limit
    require_limit(limit, service.quirks.teams_limit)
    teams = account_answers.teams(service.world, service.at)
    return page(teams, query.offset, limit, list, service.quirks.last_page)


@router.get("/api/v1/license", response_model=schemas.License)
async def license_in_force(service: Served) -> Json:
    """Return the license as of now."""
    return account_answers.license_answer(service.world, service.at)


@router.get("/api/v1/instance/permissions", response_model=list[schemas.Permission])
async def instance_permissions(service: Served, query: Annotated[PermissionsQuery, Query()]) -> list[Json]:  # noqa: ARG001 - it is checked
    """Return the account's administrators."""
    return account_answers.permissions(service.world)


@router.get(
    "/api/v1/organization/account-utilizations",
    response_model=list[schemas.AccountUtilization],
    responses={422: {"description": "startDate lies in the future."}},
)
async def organization_account_utilizations(
    service: Served, query: Annotated[AccountUtilizationsQuery, Query()]
) -> list[Json]:
    """Return accounts by month; `month` counts from 0. The current month is not final."""
    at = service.at
    if query.start_date is not None and query.start_date > month_at(at):
        raise error_bodies.unprocessable("startDate: must not lie in the future")
    return account_answers.account_utilizations(service.world, query.start_date, at)


@router.get(
    "/api/v1/organization/usage",
    response_model=schemas.UsageEnvelope[schemas.BucketV1],
    response_model_exclude_unset=True,
)
async def organization_usage(service: Served, query: Annotated[UsageQuery, Query()]) -> Json:
    """Return usage of version 1, which contains nothing new since the cutover but does not report this."""
    return service.usage(query, usage_v1)


@router.get(
    "/api/v2/organization/usage",
    response_model=schemas.UsageEnvelope[schemas.BucketV2],
    response_model_exclude_unset=True,
    responses=_NO_VERSION_2,
    dependencies=[Depends(_require_version_2)],
)
async def organization_usage_v2(service: Served, query: Annotated[UsageQuery, Query()]) -> Json:
    """Return usage of version 2, since the cutover."""
    return service.usage(query, usage_v2)


@router.get("/api/v1/organization/users", response_model=schemas.Page[schemas.User], response_model_exclude_unset=True)
async def organization_users(service: Served, query: Annotated[UsersQuery, Query()]) -> Json:
    """Return users as of now, in pages: in a team or in none, active or deactivated."""
    people = account_answers.organization_users(
        service.world, service.at, in_team=query.team_member, active=query.active
    )
    return service.users_page(people.tolist(), query)


@router.get(
    "/api/v1/team/usage",
    response_model=schemas.UsageEnvelope[schemas.BucketV1],
    response_model_exclude_unset=True,
    responses=_NO_SUCH_TEAM,
)
async def team_usage(service: Served, query: Annotated[TeamUsageQuery, Query()]) -> Json:
    """Return a team's usage of version 1, frozen at the cutover like the organization's."""
    return service.usage(query, usage_v1, query.team_id)


@router.get(
    "/api/v2/team/usage",
    response_model=schemas.UsageEnvelope[schemas.BucketV2],
    response_model_exclude_unset=True,
    responses=_NO_VERSION_2,
    dependencies=[Depends(_require_version_2)],
)
async def team_usage_v2(service: Served, query: Annotated[TeamUsageQuery, Query()]) -> Json:
    """Return a team's usage of version 2."""
    return service.usage(query, usage_v2, query.team_id)


@router.get("/api/v1/team/account-utilizations", response_model=schemas.TeamAccountUtilization, responses=_NO_SUCH_TEAM)
async def team_account_utilizations(service: Served, query: Annotated[TeamQuery, Query()]) -> Json:
    """Return a team's accounts now."""
    return account_answers.team_account_utilizations(service.world, service.team(query.team_id), service.at)


@router.get(
    "/api/v1/team/{team_id}/users",
    response_model=schemas.Page[schemas.User],
    response_model_exclude_unset=True,
    responses=_NO_SUCH_TEAM,
)
async def team_users(service: Served, team_id: str, query: Annotated[PageQuery, Query()]) -> Json:
    """Return a team's members now, in pages."""
    people = account_answers.team_users(service.world, service.team(team_id), service.at)
    return service.users_page(people.tolist(), query)


@router.get(
    "/api/v1/organization/agent-usage",
    response_model=schemas.UsageEnvelope[schemas.AgentUsageBucket],
    response_model_exclude_unset=True,
    responses=_UNLICENSED,
    dependencies=[Depends(_require_agent_license)],
)
async def organization_agent_usage(service: Served, query: Annotated[AgentUsageQuery, Query()]) -> Json:
    """Return the agent's tokens and cost."""
    return service.usage(query, agent_usage)


@router.get(
    "/api/v1/team/agent-usage",
    response_model=schemas.UsageEnvelope[schemas.AgentUsageBucket],
    response_model_exclude_unset=True,
    responses=_UNLICENSED | _NO_SUCH_TEAM,
    dependencies=[Depends(_require_agent_license)],
)
async def team_agent_usage(service: Served, query: Annotated[TeamAgentUsageQuery, Query()]) -> Json:
    """Return the agent's tokens and cost of a team."""
    return service.usage(query, agent_usage, query.team_id)


async def _docs(request: Request) -> HTMLResponse:
    return HTMLResponse(docs_page(request.app.openapi()))


def create_app(  # noqa: PLR0913 - each is one independent thing that a test may want to set
    world: World,
    *,
    token: str,
    now: Callable[[], datetime],
    faults: Faults | None = None,
    requests: RequestLog | None = None,
    latency_seconds: float = 0.0,
    quirks: Quirks | None = None,
) -> FastAPI:
    """Return the ASGI application.

    Args:
        world: The organization to serve.
        token: The accepted bearer token.
        now: Returns the current time as an aware datetime. Nothing happens after it.
        faults: The faults to inject; they can be changed while it runs.
        requests: The log of all requests.
        latency_seconds: How long every request waits before it is served.
        quirks: How this installation differs from others.
    """
    app = FastAPI(
        title="Usage Metrics API sandbox",
        description="A synthetic organization behind the documented endpoints.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = Service(world, token, now, quirks or Quirks())
    app.include_router(router)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    error_bodies.install_error_handlers(app)
    # The middleware added last is outermost, so injected faults are logged, too.
    app.add_middleware(FaultInjection, faults=faults or Faults(), latency_seconds=latency_seconds)
    app.add_middleware(RequestLogging, log=requests or RequestLog())
    app.add_middleware(DateHeader, now=now)
    return app
