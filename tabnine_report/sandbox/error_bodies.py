"""The error bodies of the API: several forms, as the service itself has them."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

Json = dict[str, Any]

_CODED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_WITH_REASONS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
_SERVER_ERRORS_FROM = 500


class Refusal(Exception):
    """A request that the API turns down, with the status and the body that go out."""

    def __init__(self, status: HTTPStatus, body: Json) -> None:
        super().__init__(f"{status.value} {status.phrase}")
        self.status = status
        self.body = body


def bad_request(*reasons: str) -> Refusal:
    """400: a parameter is missing or impossible."""
    return Refusal(HTTPStatus.BAD_REQUEST, _body_with_reasons(HTTPStatus.BAD_REQUEST, reasons))


def unprocessable(*reasons: str) -> Refusal:
    """422: understood, but it cannot be answered."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, _body_with_reasons(HTTPStatus.UNPROCESSABLE_ENTITY, reasons))


def invalid_token(request_id: str) -> Refusal:
    """401: no token, or a wrong one."""
    return Refusal(HTTPStatus.UNAUTHORIZED, error_body(HTTPStatus.UNAUTHORIZED, request_id))


def invalid_organization() -> Refusal:
    """401: `organizationId` was not sent, or is another organization's."""
    return Refusal(HTTPStatus.UNAUTHORIZED, _plain_body(HTTPStatus.UNAUTHORIZED, "Unauthorized: Invalid organization."))


def feature_not_available(request_id: str) -> Refusal:
    """403: the license does not include the feature."""
    return Refusal(HTTPStatus.FORBIDDEN, error_body(HTTPStatus.FORBIDDEN, request_id))


def not_found(what: str) -> Refusal:
    """404: no such path, team or version."""
    return Refusal(HTTPStatus.NOT_FOUND, _plain_body(HTTPStatus.NOT_FOUND, f"{what} not found."))


def error_body(status: HTTPStatus, request_id: str) -> Json:
    """The body that the API sends with a status, where only the status is known."""
    if status in _WITH_REASONS:
        return _body_with_reasons(status, [status.phrase])
    if status == HTTPStatus.FORBIDDEN:
        return {"error": "FEATURE_NOT_AVAILABLE", "message": "This feature is not available in your plan."}
    if status in _CODED or status >= _SERVER_ERRORS_FROM:
        return {
            "error": status.name,
            "message": status.phrase,
            "status": status.value,
            "requestId": request_id,
            "details": {},
        }
    return _plain_body(status, status.phrase)


def install(app: FastAPI) -> None:
    """Let an application answer refusals, invalid parameters and unknown paths in the API's forms."""
    app.exception_handler(Refusal)(_answer_refusal)
    app.exception_handler(RequestValidationError)(_answer_invalid_parameters)
    app.exception_handler(HTTPException)(_answer_plainly)


def _body_with_reasons(status: HTTPStatus, reasons: Sequence[str]) -> Json:
    return {"error": {"message": status.phrase, "errors": list(reasons), "status": status.value}}


def _plain_body(status: HTTPStatus, message: str) -> Json:
    return {"message": message, "status": status.value}


async def _answer_refusal(_request: Request, refusal: Refusal) -> JSONResponse:
    return JSONResponse(refusal.body, refusal.status)


async def _answer_invalid_parameters(request: Request, error: RequestValidationError) -> JSONResponse:
    problems = error.errors()
    if any(problem["loc"][-1] == "organizationId" for problem in problems):
        return await _answer_refusal(request, invalid_organization())
    reasons = [f"{problem['loc'][-1]}: {problem['msg']}" for problem in problems]
    return await _answer_refusal(request, bad_request(*reasons))


async def _answer_plainly(_request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    return JSONResponse(_plain_body(status, status.phrase), status)
