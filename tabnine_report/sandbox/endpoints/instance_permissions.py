"""`instance/permissions`: the accounts with a role, as of now."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, Parameters, ResponseModel
from tabnine_report.sandbox.world import Role

router = APIRouter()


class PermissionsQuery(Parameters):
    """Permissions by role."""

    role: Role


class Permission(ResponseModel):
    """One account with the role."""

    username: str
    organization_id: str


@router.get("/api/v1/instance/permissions", response_model=list[Permission])
async def instance_permissions(service: Served, query: Annotated[PermissionsQuery, Query()]) -> list[Json]:
    """Return the registered accounts with a role."""
    world = service.world
    return [
        {"username": world.identities[person].email, "organizationId": world.id}
        for person in np.flatnonzero(world.people.with_account(service.at)).tolist()
        if world.roles[person] == query.role
    ]
