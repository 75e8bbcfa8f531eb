"""The parts of slack-sdk that both Slack channels use: a client without logs, redirects, or environment proxies."""

import logging
import re
from ssl import SSLContext
from typing import Any
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from tabnine_report.profile.network import tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings

TIMEOUT_SECONDS = 30
RATE_LIMIT_RETRIES = 2
LONGEST_WAIT_SECONDS = 60

ERROR_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
"""Slack's error codes, such as `invalid_payload`; any other text may quote the webhook's URL."""

# slack-sdk logs the webhook's URL. This logger has no parent, so that no configuration can enable it.
_SILENT = logging.Logger("slack_sdk", level=logging.CRITICAL)  # noqa: LOG001 - see above


def client_options(network: NetworkSettings, timeout_seconds: int) -> dict[str, Any]:
    """Return the options of a slack-sdk client: the profile's certificates, no log, retries only after a rate limit.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """
    return {
        "timeout": timeout_seconds,
        "ssl": tls_context(network),
        "logger": _SILENT,
        # The default handlers would post again after a lost response.
        "retry_handlers": [_ShortWaits(max_retry_count=RATE_LIMIT_RETRIES)],
    }


def open_request(
    request: Request, proxy: str | None, context: SSLContext | None, timeout_seconds: int
) -> dict[str, Any]:
    """Send a request through the profile's proxy, without following redirects.

    Returns:
        The response as slack-sdk represents it: `status`, `headers` and the `body` as text.
    """
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    opener = build_opener(ProxyHandler(proxies), HTTPSHandler(context=context), _NoRedirect)
    with opener.open(request, timeout=timeout_seconds) as response:
        return {
            "status": response.status,
            "headers": response.headers,
            "body": response.read().decode(errors="replace"),
        }


class _NoRedirect(HTTPRedirectHandler):
    """Returns a redirect as the response: following it would turn the POST into a GET of another page."""

    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""
        return


class _ShortWaits(RateLimitErrorRetryHandler):
    """Waits as long as Slack requests, unless that is too long."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or not super()._can_retry(state=state, request=request, response=response, error=error):
            return False
        delay = next((values[0] for name, values in response.headers.items() if name.lower() == "retry-after"), "1")
        return delay.isdecimal() and int(delay) <= LONGEST_WAIT_SECONDS
