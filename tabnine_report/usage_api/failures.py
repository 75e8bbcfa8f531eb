"""What went wrong with a request, said in one sentence: from the HTTP library's errors and from answers that are none.

Servers and proxies word their refusals in several ways; the words are passed on shortened, without control characters
and without the secrets, should a server or proxy repeat them.
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
    FeatureNotAvailable,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UntrustedCertificate,
    UsageApiError,
)
from tabnine_report.text.redaction import redact
from tabnine_report.usage_api.endpoints import is_not_offered
from tabnine_report.usage_api.retrying import retry_after_seconds

_LONGEST_MESSAGE = 200
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_RENEW = "Make a new one in the console as an Admin and put it where usage_api.token says."


@dataclass(frozen=True)
class Asked:
    """Whom a request went to, for the sentences; the secrets are held to keep them out of these.

    Attributes:
        host: Host and port.
        endpoint: The endpoint's name.
        path: The request's path.
        secrets: What must never be printed.
    """

    host: str
    endpoint: str
    path: str
    secrets: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


def no_answer(asked: Asked, error: httpx.RequestError) -> NoResponse | UntrustedCertificate:
    """Say why no answer came."""
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return UntrustedCertificate(
            f"{asked} was not asked: its certificate is not trusted ({_clean(str(error), asked)}); "
            "put your certificate authority into network.ca_bundle.",
            endpoint=asked.endpoint,
        )
    return NoResponse(f"{asked} could not be asked: {_why(error, asked)}", endpoint=asked.endpoint)


def out_of_time(host: str, endpoint: str, path: str, budget_seconds: float) -> NoResponse:
    """Say that all tries together took too long."""
    return NoResponse(
        f"{host}{path} did not give a whole answer within {budget_seconds:g} seconds, all tries included; "
        "try again later, or raise usage_api.timeout_seconds.",
        endpoint=endpoint,
    )


def cut_short(asked: Asked, status: int, error: httpx.RequestError) -> UsageApiError:
    """Say why an answer that had begun did not end."""
    if isinstance(error, httpx.TimeoutException):
        message = f"{asked} began to answer {_status(status)} and then fell silent; try again later."
        return NoResponse(message, endpoint=asked.endpoint, status=status)
    message = (
        f"{asked} answered {_status(status)}, but the answer was cut short or damaged on its way; try again later."
    )
    return MalformedResponse(message, endpoint=asked.endpoint, status=status)


def garbled(asked: Asked, response: httpx.Response, what: str) -> MalformedResponse:
    """Say that an answer cannot be read, such as that it "is not JSON"."""
    return MalformedResponse(
        f"{asked} answered {_status(response.status_code)}, but the answer {what}; try again later, "
        "and if it stays so, look for a proxy or sign-in page in between.",
        endpoint=asked.endpoint,
        status=response.status_code,
        request_id=_request_id(asked, response.headers, {}),
    )


def refusal(asked: Asked, response: httpx.Response, body: bytes, now: datetime) -> UsageApiError:
    """Say what an answer other than 2xx means."""
    status, text = response.status_code, body.decode(errors="replace")
    document = _document(text)
    said = _clean(_message(document) or _plain_text(text), asked)
    facts: dict[str, Any] = {
        "endpoint": asked.endpoint,
        "status": status,
        "request_id": _request_id(asked, response.headers, document),
    }
    answered = f"{asked} answered {_status(status)}" + (f': "{said}"' if said else "") + "."
    if is_not_offered(asked.endpoint, status):
        return FeatureNotAvailable(f"{answered} It is not offered to this organization, or not just now.", **facts)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = retry_after_seconds(response.headers, now)
        return ServerError(f"{answered} Try again later.", retry_after_seconds=wait, **facts)
    if status == HTTPStatus.UNAUTHORIZED:
        return TokenRejected(f"{asked.host} refused the API token: {answered} {_about_token(said)}", **facts)
    if status == HTTPStatus.FORBIDDEN:
        advice = "The organization does not have this feature, or the token's owner may not read it: ask an Admin."
        return FeatureNotAvailable(f"{answered} {advice}", **facts)
    return RequestRejected(f"{answered} {_about_refusal(asked, response)}", **facts)


def _about_token(said: str) -> str:
    if "invalid organization" in said.lower():
        return (
            "Either the token belongs to another organization, or the organization's id did not arrive: "
            f"check usage_api.base_url and usage_api.token. {_RENEW}"
        )
    return f"It is wrong, revoked or expired. {_RENEW}"


def _about_refusal(asked: Asked, response: httpx.Response) -> str:
    if response.has_redirect_location:
        target = _clean(_host(response.headers.get("location", "")), asked) or "another address"
        return f"It redirects to {target}, where the token is not sent: check usage_api.base_url."
    if response.status_code == HTTPStatus.NOT_FOUND:
        return "This installation does not offer it, or usage_api.base_url is not the console's address."
    return "Asking again would not help; look for a newer version, or report it with the request id."


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _why(error: httpx.RequestError, asked: Asked) -> str:
    """Say in words what the HTTP library means, and what to do."""
    said = _clean(str(error), asked)
    reason = f" ({said})" if said else ""
    match error:
        case httpx.ConnectTimeout():
            return "it did not accept the connection in time; check the address, the firewall and network.proxy."
        case httpx.TimeoutException():
            return "it did not answer in time; try again later."
        case httpx.ProxyError():
            return f"the proxy refused{reason}; check network.proxy."
        case httpx.ConnectError() if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            return f"no secure connection{reason}; check that usage_api.base_url's port speaks TLS, and network.proxy."
        case httpx.ConnectError():
            return f"no connection{reason}; check usage_api.base_url, the network and network.proxy."
        case _:
            return f"the connection broke before an answer came{reason}; try again later."


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
    """Find the message in any of the bodies that the API has for errors."""
    inner = document.get("error")
    source = inner if isinstance(inner, Mapping) else document
    details = source.get("errors")
    listed = details[:3] if isinstance(details, list) else []
    parts = [inner, source.get("message"), *(one.get("message") if isinstance(one, Mapping) else one for one in listed)]
    return "; ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part.strip()))


def _plain_text(text: str) -> str:
    """Take the words out of plain text or HTML, only the title of a page that has one; other JSON says nothing."""
    if text.lstrip()[:1] in ("{", "["):
        return ""
    title = re.search(r"<title[^>]*>(.{1,500}?)</title", text[:20_000], re.IGNORECASE | re.DOTALL)
    return unescape(title[1] if title else re.sub(r"<[^>]{0,1000}>", " ", text[:20_000]))


def _clean(text: str, asked: Asked) -> str:
    """Make a foreign text printable: one line, short, without the secrets."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text[:20_000]).split())
    words = redact(words, asked.secrets)
    return words if len(words) <= _LONGEST_MESSAGE else words[: _LONGEST_MESSAGE - 1] + "…"


def _request_id(asked: Asked, headers: httpx.Headers, document: Mapping[str, Any]) -> str | None:
    named = [document.get("requestId"), *(headers.get(name) for name in _REQUEST_ID_HEADERS)]
    return next((_clean(one, asked) for one in named if isinstance(one, str) and one.strip()), None)


def _status(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
