"""Serve the Usage Metrics API of a synthetic organization as a web application."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from tabnine_report.sandbox import api_errors, endpoints
from tabnine_report.sandbox.date_header import DateHeader
from tabnine_report.sandbox.docs_page import docs_page
from tabnine_report.sandbox.fault_injection import FaultInjection
from tabnine_report.sandbox.faults import Faults
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.request_log import RequestLog, RequestLogging
from tabnine_report.sandbox.route_dependencies import Service
from tabnine_report.sandbox.shape_file import ShapeFile
from tabnine_report.sandbox.shaped_responses import ShapedResponses
from tabnine_report.sandbox.world import World


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
    shape: ShapeFile | None = None,
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
        shape: Describes the responses to serve instead of the organization's.

    Raises:
        ValueError: If the quirks deny an endpoint that does not exist.
    """
    quirks = quirks or Quirks()
    if unknown := quirks.denied - set(endpoints.ENDPOINTS):
        known = ", ".join(sorted(endpoints.ENDPOINTS))
        raise ValueError(f"No endpoint has the name {', '.join(sorted(unknown))}. Use {known}.")
    app = FastAPI(
        title="Usage Metrics API sandbox",
        description="A synthetic organization behind the documented endpoints.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = Service(world, token, now, quirks)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    if shape is None:
        app.include_router(endpoints.router)
    else:
        app.mount("/", ShapedResponses(shape, token, now))
    api_errors.install_error_handlers(app)
    # The middleware added last is outermost, so injected faults are logged, too.
    app.add_middleware(FaultInjection, faults=faults or Faults(), latency_seconds=latency_seconds)
    app.add_middleware(RequestLogging, log=requests or RequestLog())
    app.add_middleware(DateHeader, now=now)
    return app
