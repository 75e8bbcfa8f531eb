"""`instance/permissions`: the accounts with a role."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from tabnine_report.sandbox.query_parameters import Parameters
from tabnine_report.sandbox.schemas import Answer, Json
from tabnine_report.sandbox.service import Served

router = APIRouter()


class Permission(Answer):
    """One administrator of the account."""

    username: str
    organization_id: str


class PermissionsQuery(Parameters):
    """Permissions by role."""

    role: Literal["Admin"]


@router.get("/api/v1/instance/permissions", response_model=list[Permission])
async def instance_permissions(service: Served, query: Annotated[PermissionsQuery, Query()]) -> list[Json]:  # noqa: ARG001 - it is checked
    """Return the account's administrators."""
    world = service.world
    return [
        {"username": person.email, "organizationId": world.id} for person in world.identities[: world.administrators]
    ]
