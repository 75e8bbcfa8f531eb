"""`organization/teams`: the teams as of now."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from numpy.typing import NDArray
from pydantic import Field

from tabnine_report.sandbox.paging import page, require_limit
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, Page, Parameters, ResponseModel
from tabnine_report.sandbox.world import World

router = APIRouter()


class TeamsQuery(Parameters):
    """A page of teams; a limit of 0 means the default."""

    offset: int = Field(0, ge=0)
    limit: int = Field(50, ge=0)


class Team(ResponseModel):
    """A team as of now."""

    id: str
    name: str
    users_count: int | None = None
    is_default_team: bool | None = None
    seat_cap: int | None = None
    pending_invitations_count: int | None = None


@router.get("/api/v1/organization/teams", response_model=Page[Team], response_model_exclude_unset=True)
async def organization_teams(service: Served, query: Annotated[TeamsQuery, Query()]) -> Json:
    """Return teams as of now, in pages."""
    limit = query.limit or TeamsQuery().limit
    require_limit(limit, service.quirks.teams_limit)
    return page(_teams(service.world, service.at), query.offset, limit, list, service.quirks.last_page)


def _teams(world: World, at: int) -> list[Json]:
    """Return all teams with their current members. The default team is first and empty."""
    members = _by_team(world, world.people.team[world.people.with_account(at)])
    pending = _by_team(world, world.invitations.team[world.invitations.pending(at)])
    return [
        {
            "id": team.id,
            "name": team.name,
            "usersCount": int(members[index]),
            "isDefaultTeam": team.is_default,
            "pendingInvitationsCount": int(pending[index]),
        }
        | ({} if team.seat_cap is None else {"seatCap": team.seat_cap})
        for index, team in enumerate(world.teams)
    ]


def _by_team(world: World, team: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(team, minlength=len(world.teams) + 1)
