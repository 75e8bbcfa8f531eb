"""`organization/users` and `team/{teamId}/users`: the accounts as of now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Path, Query
from numpy.typing import NDArray
from pydantic import Field

from tabnine_report.sandbox.api_errors import NO_SUCH_TEAM
from tabnine_report.sandbox.paging import page, require_limit
from tabnine_report.sandbox.people import NEVER
from tabnine_report.sandbox.route_dependencies import Served, Service
from tabnine_report.sandbox.schemas import Json, Page, Parameters, ResponseModel
from tabnine_report.sandbox.world import Role, World

router = APIRouter()

_FRACTION_DIGITS = 3  # none, one or two
_HUNDREDTHS = 100
# Every seventh user has no `updatedAt`.
_UNDATED_EVERY = 7


class PageQuery(Parameters):
    """A page of users: both parameters are required."""

    offset: int = Field(ge=0)
    limit: int = Field(ge=1)


class UsersQuery(PageQuery):
    """Users in any team or in none, active or deactivated."""

    team_member: bool
    active: bool
    organization_id: str | None = None


class TeamOfUser(ResponseModel):
    """A user's team."""

    id: str
    name: str


class TeamUser(ResponseModel):
    """An account in the list of a team."""

    id: str
    username: str
    email: str
    role: Role
    verified: bool


class User(TeamUser):
    """An account in the list of the organization; its times have zero, one or two digits after the second."""

    team: TeamOfUser | None = None
    deactivated_at: str | None = None
    updated_at: str | None = None


@router.get("/api/v1/organization/users", response_model=Page[User], response_model_exclude_unset=True)
async def organization_users(service: Served, query: Annotated[UsersQuery, Query()]) -> Json:
    """Return users as of now, in pages: in a team or in none, active or deactivated."""
    people, no_team = service.world.people, service.world.no_team
    matching = people.with_account(service.at) if query.active else people.without_account(service.at)
    return _page_of_users(service, matching & ((people.team != no_team) == query.team_member), query, _user)


@router.get("/api/v1/team/{teamId}/users", response_model=Page[TeamUser], responses=NO_SUCH_TEAM)
async def team_users(
    service: Served, team_id: Annotated[str, Path(alias="teamId")], query: Annotated[PageQuery, Query()]
) -> Json:
    """Return a team's members now, in pages."""
    people = service.world.people
    matching = people.with_account(service.at) & (people.team == service.team(team_id))
    return _page_of_users(service, matching, query, lambda world, person, _: _team_user(world, person))


def _page_of_users(
    service: Service, matching: NDArray[np.bool_], query: PageQuery, row: Callable[[World, int, int], Json]
) -> Json:
    """Return a page of the matching people, in the order of joining."""
    require_limit(query.limit, service.quirks.users_limit)
    people: list[int] = np.flatnonzero(matching).tolist()
    return page(
        people,
        query.offset,
        query.limit,
        lambda rows: [row(service.world, person, service.at) for person in rows],
        service.quirks.last_page,
    )


def _team_user(world: World, person: int) -> Json:
    identity = world.identities[person]
    return {
        "id": identity.id,
        "username": identity.username,
        "email": identity.email,
        "role": world.roles[person],
        "verified": True,
    }


def _user(world: World, person: int, at: int) -> Json:
    """Return a user. `deactivatedAt` is included only if it happened, and `team` only if there is one."""
    team = int(world.people.team[person])
    deactivated = int(world.people.deactivated[person])
    row = _team_user(world, person)
    if team != world.no_team:
        row["team"] = {"id": world.teams[team].id, "name": world.teams[team].name}
    left = deactivated != NEVER and deactivated <= at
    if left:
        row["deactivatedAt"] = _fractional_text(deactivated, person)
    if person % _UNDATED_EVERY:
        row["updatedAt"] = _fractional_text(deactivated if left else int(world.people.joined[person]), person)
    return row


def _fractional_text(second: int, person: int) -> str:
    """Return a time with zero, one or two digits after the second, all of which the service uses."""
    digits = f"{person % _HUNDREDTHS:02d}"[: person % _FRACTION_DIGITS]
    moment = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}.{digits}Z" if digits else f"{moment}Z"
