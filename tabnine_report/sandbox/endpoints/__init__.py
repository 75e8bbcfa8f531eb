"""The endpoints, one module each: parameters, schema and content of its responses. Add an endpoint by adding a module.

Every module defines a `router` with its routes. The names of the endpoints, for faults and documentation, are derived
from the paths of the routes.
"""

import re
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from tabnine_report.sandbox.route_dependencies import endpoint_name, require_token

_ROUTERS: list[APIRouter] = [
    import_module(module.name).router for module in iter_modules(__path__, prefix=f"{__name__}.")
]

router = APIRouter(
    dependencies=[Depends(require_token)],
    responses={
        400: {"description": "A parameter is missing or invalid."},
        401: {"description": "No valid token, or no valid organizationId."},
    },
)
for _router in _ROUTERS:
    router.include_router(_router)

ENDPOINTS: Mapping[str, re.Pattern[str]] = {
    endpoint_name(route.path): route.path_regex
    for endpoint in _ROUTERS
    for route in endpoint.routes
    if isinstance(route, APIRoute)
}
"""The pattern of the path of every endpoint, by the endpoint's name."""


def endpoint_of(path: str) -> str | None:
    """Return the name of the endpoint that serves a path; None if there is none."""
    return next((name for name, pattern in ENDPOINTS.items() if pattern.match(path)), None)
