"""Turn failed requests into errors with a clear message: HTTP library errors, error statuses and malformed bodies.

Servers and proxies have several formats for errors. Their message is passed on, shortened, without control characters
and without secrets that a server or proxy may repeat.
"""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from tabnine_report.model.errors import (
    AccessDenied,
    FeatureNotAvailable,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ResponseTooLarge,
    ServerError,
    TokenRejected,
    UntrustedCertificate,
    UsageApiError,
)
from tabnine_report.text.redaction import redact
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.response_memory import MAX_ENDPOINT_BYTES, MAX_RESPONSE_BYTES, MAX_RUN_BYTES
from tabnine_report.usage_api.retrying import SIDE_SECONDS, retry_after_seconds

_MAX_MESSAGE_LENGTH = 200
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_RENEW = (
    "Create a token with the permissions that it needs in the console's user settings, and store it where "
    "usage_api.token reads it from."
)


@dataclass(frozen=True)
class RequestTarget:
    """The target of a request, as named in error messages.

    Attributes:
        host: Host and port.
        endpoint: The endpoint.
        secrets: What must be removed from messages.
    """

    host: str
    endpoint: Endpoint
    secrets: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host}{self.endpoint.path}"


def no_response(target: RequestTarget, error: httpx.RequestError) -> NoResponse | UntrustedCertificate:
    """Return the error for a request without a response."""
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return UntrustedCertificate(
            f"No request was sent to {target}: its certificate is not trusted ({_clean(str(error), target)}). "
            "Add your certificate authority to network.ca_bundle.",
            endpoint=target.endpoint,
        )
    return NoResponse(f"{target} did not respond: {_reason(error, target)}", endpoint=target.endpoint)


def timed_out(target: RequestTarget, seconds: float, *, limit: float) -> NoResponse:
    """Return the error for an attempt that took too long.

    Args:
        target: The target of the request.
        seconds: The time that the attempt had.
        limit: The time that the settings allow for one attempt.
    """
    advice = ", or raise usage_api.timeout_seconds" if seconds >= limit else ""
    return NoResponse(
        f"{target} did not return a complete response within {seconds:.3g} seconds. Try again later{advice}.",
        endpoint=target.endpoint,
    )


def out_of_time(host: str, endpoint: Endpoint, *, sent: bool) -> NoResponse:
    """Return the error for an optional query after the time for all optional queries was used up.

    Args:
        host: The host of the API.
        endpoint: The endpoint.
        sent: Whether the query was sent before.
    """
    problem = "did not return a complete response in time" if sent else "was not queried"
    return NoResponse(
        f"{host}{endpoint.path} {problem}: the {SIDE_SECONDS / 60:g} minutes for all optional requests were used up. "
        "Try again later.",
        endpoint=endpoint,
    )


def incomplete(target: RequestTarget, status: int) -> MalformedResponse:
    """Return the error for a response that started but did not end."""
    message = f"{target} returned {_status(status)}, but the response was cut off or damaged. Try again later."
    return MalformedResponse(message, endpoint=target.endpoint, status=status)


def malformed(target: RequestTarget, response: httpx.Response, problem: str) -> MalformedResponse:
    """Return the error for a response with a problem such as "is not JSON"."""
    return MalformedResponse(
        f"{target} returned {_status(response.status_code)}, but the response {problem}. Try again later. "
        "If this persists, check for a proxy or sign-in page in between.",
        endpoint=target.endpoint,
        status=response.status_code,
        request_id=_request_id(target, response.headers, {}),
    )


def too_large(target: RequestTarget, response: httpx.Response) -> ResponseTooLarge:
    """Return the error for a response that is larger than any that a report needs."""
    return ResponseTooLarge(
        f"{target} returned {_status(response.status_code)}, but the response is larger than "
        f"{_mebibytes(MAX_RESPONSE_BYTES)}. No more of it was read. Check for a proxy or another server in between.",
        endpoint=target.endpoint,
        status=response.status_code,
    )


def too_much(target: RequestTarget) -> ResponseTooLarge:
    """Return the error for a response that arrived when there was no more room for it."""
    return ResponseTooLarge(
        f"The rest of {target} was not read: a run keeps at most {_mebibytes(MAX_ENDPOINT_BYTES)} of one endpoint and "
        f"{_mebibytes(MAX_RUN_BYTES)} of all together. Check for a proxy or another server in between.",
        endpoint=target.endpoint,
    )


def list_too_large(endpoint: Endpoint, rows: int, size: int) -> ResponseTooLarge:
    """Return the error for a list whose total shows that there is no room for it.

    Args:
        endpoint: The endpoint.
        rows: The number of rows in the list.
        size: Its size in bytes, estimated from its first page.
    """
    return ResponseTooLarge(
        f"{endpoint}: the list of {rows:,} rows was not read: it has about {_mebibytes(size)}, and a run keeps at most "
        f"{_mebibytes(MAX_ENDPOINT_BYTES)} of one endpoint.",
        endpoint=endpoint,
    )


def error_status(target: RequestTarget, response: httpx.Response, body: bytes, now: datetime) -> UsageApiError:
    """Return the error for a response with a status other than 2xx."""
    status, text = response.status_code, body.decode(errors="replace")
    document = _document(text)
    server_message = _clean(_message(document) or _plain_text(text), target)
    details: dict[str, Any] = {
        "endpoint": target.endpoint,
        "status": status,
        "request_id": _request_id(target, response.headers, document),
    }
    returned = f"{target} returned {_status(status)}" + (f': "{server_message}"' if server_message else "") + "."
    if target.endpoint.spec.is_not_offered(status, document.get("error")):
        or_gone = ", or the team no longer exists" if _may_lack_team(target, status) else ""
        return FeatureNotAvailable(f"{returned} It is not available to this organization{or_gone}.", **details)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = retry_after_seconds(response.headers, now)
        advice = f"Try again after {wait:.0f} seconds, as the server requests." if wait else "Try again later."
        return ServerError(f"{returned} {advice}", retry_after_seconds=wait, **details)
    if status == HTTPStatus.UNAUTHORIZED:
        return TokenRejected(f"The API token was rejected. {returned} {_token_advice(server_message)}", **details)
    if status == HTTPStatus.FORBIDDEN:
        advice = f"The token lacks a permission (scope), or the organization does not have this feature. {_RENEW}"
        return AccessDenied(f"{returned} {advice}", **details)
    return RequestRejected(f"{returned} {_rejection_advice(target, response)}", **details)


def _token_advice(server_message: str) -> str:
    if "invalid organization" in server_message.lower():
        return (
            "The token belongs to another organization or lacks a permission (scope), or the request had no "
            f"organization id. Check usage_api.base_url and usage_api.token. {_RENEW}"
        )
    return f"The token is wrong, revoked or expired, or it lacks a permission (scope). {_RENEW}"


def _rejection_advice(target: RequestTarget, response: httpx.Response) -> str:
    if response.has_redirect_location:
        location = _clean(_host(response.headers.get("location", "")), target) or "another address"
        return f"It redirects to {location}, and the token is not sent there. Check usage_api.base_url."
    if _may_lack_team(target, response.status_code):
        return "The team no longer exists, or this installation does not have the endpoint."
    if response.status_code == HTTPStatus.NOT_FOUND:
        return "This installation does not have the endpoint, or usage_api.base_url is not the address of the console."
    return "Retrying does not help. Check for a newer version of tabnine-report, or report this with the request id."


def _may_lack_team(target: RequestTarget, status: int) -> bool:
    return status == HTTPStatus.NOT_FOUND and target.endpoint.spec.per_team


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _reason(error: httpx.RequestError, target: RequestTarget) -> str:
    """Return the reason for an error of the HTTP library, and what to do."""
    message = _clean(str(error), target)
    detail = f" ({message})" if message else ""
    match error:
        case httpx.ConnectTimeout():
            return "the connection timed out. Check the address, the firewall and network.proxy."
        case httpx.TimeoutException():
            return "the request timed out. Try again later."
        case httpx.ProxyError():
            return f"the proxy refused the connection{detail}. Check network.proxy."
        case httpx.ConnectError() if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            advice = "Check network.proxy, and that the port in usage_api.base_url uses TLS."
            return f"no secure connection{detail}. {advice}"
        case httpx.ConnectError():
            return f"no connection{detail}. Check usage_api.base_url, the network and network.proxy."
        case _:
            return f"the connection was closed{detail}. Try again later."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}


def _message(document: Mapping[str, Any]) -> str:
    """Return the message in any of the API's error formats."""
    inner = document.get("error")
    source = inner if isinstance(inner, Mapping) else document
    errors = source.get("errors")
    listed = errors[:3] if isinstance(errors, list) else []
    parts = [
        inner,
        source.get("message"),
        *(item.get("message") if isinstance(item, Mapping) else item for item in listed),
    ]
    return "; ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part.strip()))


def _plain_text(text: str) -> str:
    """Return the words of plain text or HTML, or only the title if it has one; empty for JSON."""
    if text.lstrip()[:1] in ("{", "["):
        return ""
    title = re.search(r"<title[^>]*>(.{1,500}?)</title", text[:20_000], re.IGNORECASE | re.DOTALL)
    return unescape(title[1] if title else re.sub(r"<[^>]{0,1000}>", " ", text[:20_000]))


def _clean(text: str, target: RequestTarget) -> str:
    """Return a server's text as one short line without secrets."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text[:20_000]).split())
    words = redact(words, target.secrets)
    return words if len(words) <= _MAX_MESSAGE_LENGTH else words[: _MAX_MESSAGE_LENGTH - 1] + "…"


def _request_id(target: RequestTarget, headers: httpx.Headers, document: Mapping[str, Any]) -> str | None:
    candidates = [document.get("requestId"), *(headers.get(name) for name in _REQUEST_ID_HEADERS)]
    return next((_clean(text, target) for text in candidates if isinstance(text, str) and text.strip()), None)


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def _status(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
