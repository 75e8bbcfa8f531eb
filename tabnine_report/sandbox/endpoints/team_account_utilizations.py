"""`team/account-utilizations`: a team's accounts as of now."""

from typing import Annotated

from fastapi import APIRouter, Query

from tabnine_report.sandbox.api_errors import NO_SUCH_TEAM
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, Parameters, ResponseModel

router = APIRouter()


class TeamQuery(Parameters):
    """One team."""

    team_id: str


class TeamAccountUtilization(ResponseModel):
    """A team's accounts as of now."""

    registered: int
    deactivated: int
    invited: int


@router.get("/api/v1/team/account-utilizations", response_model=TeamAccountUtilization, responses=NO_SUCH_TEAM)
async def team_account_utilizations(service: Served, query: Annotated[TeamQuery, Query()]) -> Json:
    """Return a team's accounts now."""
    people, invitations, at = service.world.people, service.world.invitations, service.at
    team = service.team(query.team_id)
    members = people.team == team
    return {
        "registered": int((members & people.with_account(at)).sum()),
        "deactivated": int((members & people.without_account(at)).sum()),
        "invited": int(((invitations.team == team) & invitations.pending(at)).sum()),
    }
