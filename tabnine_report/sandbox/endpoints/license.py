"""`license`: the license as of now."""

from fastapi import APIRouter

from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, ResponseModel

router = APIRouter()

_SEATS_CAP = 100_000


class LicenseTerms(ResponseModel):
    """The license in force; `exp` and `iat` are UNIX seconds, `seats` is the number bought."""

    seats: int
    seats_cap: int
    exp: int
    iat: int
    audience: str
    features: list[str]
    settings: dict[str, object]


class License(ResponseModel):
    """The license's envelope."""

    license: LicenseTerms


@router.get("/api/v1/license", response_model=License)
async def license_in_force(service: Served) -> Json:
    """Return the license as of now: `seats` bought, with a technical `seatsCap` far above."""
    term = service.world.license(service.at)
    return {
        "license": {
            "seats": term.seats,
            "seatsCap": _SEATS_CAP + term.seats,
            "exp": term.expires,
            "iat": term.issued,
            "audience": service.world.name,
            "features": ["code-completions", "chat", "agent", "usage-api"],
            "settings": {"telemetry": True},
        }
    }
