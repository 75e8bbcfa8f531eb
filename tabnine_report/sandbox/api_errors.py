"""Build the error responses of the API, in the several formats that the service uses."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tabnine_report.sandbox.schemas import Json

NO_SUCH_TEAM: dict[int | str, Json] = {404: {"description": "No such team."}}
"""The description of the error of an endpoint that is queried for a team, for `/openapi.json`."""

_STATUSES_WITH_CODE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_STATUSES_WITH_REASONS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
_SERVER_ERRORS_FROM = 500


class ApiError(Exception):
    """An error response of the API, with its status and body."""

    def __init__(self, status: HTTPStatus, body: Json) -> None:
        super().__init__(f"{status.value} {status.phrase}")
        self.status = status
        self.body = body


def bad_request(*reasons: str) -> ApiError:
    """Return 400: a parameter is missing or invalid."""
    return ApiError(HTTPStatus.BAD_REQUEST, _body_with_reasons(HTTPStatus.BAD_REQUEST, reasons))


def unprocessable(*reasons: str) -> ApiError:
    """Return 422: the request is valid but cannot be processed."""
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, _body_with_reasons(HTTPStatus.UNPROCESSABLE_ENTITY, reasons))


def invalid_token(request_id: str) -> ApiError:
    """Return 401: the token is missing or wrong."""
    return ApiError(HTTPStatus.UNAUTHORIZED, error_body(HTTPStatus.UNAUTHORIZED, request_id))


def invalid_organization() -> ApiError:
    """Return 401: `organizationId` is missing or belongs to another organization."""
    return ApiError(
        HTTPStatus.UNAUTHORIZED, _plain_body(HTTPStatus.UNAUTHORIZED, "Unauthorized: Invalid organization.")
    )


def forbidden(request_id: str) -> ApiError:
    """Return 403: the token has no permission for the endpoint."""
    status = HTTPStatus.FORBIDDEN
    return ApiError(status, _body_with_code(status, request_id, "Insufficient permissions"))


def gateway_timeout(request_id: str) -> ApiError:
    """Return 504: the service took too long."""
    return ApiError(HTTPStatus.GATEWAY_TIMEOUT, error_body(HTTPStatus.GATEWAY_TIMEOUT, request_id))


def feature_not_available(request_id: str) -> ApiError:
    """Return 403: the license does not include the feature."""
    return ApiError(HTTPStatus.FORBIDDEN, error_body(HTTPStatus.FORBIDDEN, request_id))


def not_found(what: str) -> ApiError:
    """Return 404: no such path, team or version."""
    return ApiError(HTTPStatus.NOT_FOUND, _plain_body(HTTPStatus.NOT_FOUND, f"{what} not found."))


def error_body(status: HTTPStatus, request_id: str) -> Json:
    """Return the API's body for a status of which nothing else is known."""
    if status in _STATUSES_WITH_REASONS:
        return _body_with_reasons(status, [status.phrase])
    if status == HTTPStatus.FORBIDDEN:
        return {"error": "FEATURE_NOT_AVAILABLE", "message": "This feature is not available in your plan."}
    if status in _STATUSES_WITH_CODE or status >= _SERVER_ERRORS_FROM:
        return _body_with_code(status, request_id, status.phrase)
    return _plain_body(status, status.phrase)


def install_error_handlers(app: FastAPI) -> None:
    """Make an application respond to errors, invalid parameters and unknown paths in the API's formats."""
    app.exception_handler(ApiError)(_api_error_response)
    app.exception_handler(RequestValidationError)(_invalid_parameters_response)
    app.exception_handler(HTTPException)(_http_error_response)


def _body_with_reasons(status: HTTPStatus, reasons: Sequence[str]) -> Json:
    return {"error": {"message": status.phrase, "errors": list(reasons), "status": status.value}}


def _body_with_code(status: HTTPStatus, request_id: str, message: str) -> Json:
    return {
        "error": status.name,
        "message": message,
        "status": status.value,
        "requestId": request_id,
        "details": {},
    }


def _plain_body(status: HTTPStatus, message: str) -> Json:
    return {"message": message, "status": status.value}


async def _api_error_response(_request: Request, error: ApiError) -> JSONResponse:
    return JSONResponse(error.body, error.status)


async def _invalid_parameters_response(request: Request, error: RequestValidationError) -> JSONResponse:
    problems = error.errors()
    if any(problem["loc"][-1] == "organizationId" for problem in problems):
        return await _api_error_response(request, invalid_organization())
    reasons = [f"{problem['loc'][-1]}: {problem['msg']}" for problem in problems]
    return await _api_error_response(request, bad_request(*reasons))


async def _http_error_response(_request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    return JSONResponse(_plain_body(status, status.phrase), status)
