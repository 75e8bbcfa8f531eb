"""`organization`: the organization and its sign-in methods."""

from fastapi import APIRouter

from tabnine_report.sandbox.names import MAIL_DOMAIN
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, ResponseModel

router = APIRouter()


class Organization(ResponseModel):
    """The organization; `id` feeds the other calls."""

    id: str
    name: str
    plan_type: str | None = None
    domains: list[str] | None = None
    saml_enabled: bool | None = None
    smtp_configured: bool | None = None
    username_password_enabled: bool | None = None
    oauth_enabled: bool | None = None
    public_key: str | None = None


@router.get("/api/v1/organization", response_model=Organization)
async def organization(service: Served) -> Json:
    """Return the organization; its `id` is the `organizationId` of the other calls."""
    return {
        "id": service.world.id,
        "name": service.world.name,
        "planType": "enterprise",
        "domains": [MAIL_DOMAIN],
        "samlEnabled": True,
        "smtpConfigured": True,
        "usernamePasswordEnabled": True,
        "oauthEnabled": False,
        "publicKey": "-----BEGIN PUBLIC KEY-----\nc2FuZGJveA==\n-----END PUBLIC KEY-----\n",
    }
