"""Slack through an incoming webhook, whose address is a secret: it stands in no error, log or receipt."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import InvalidURL
from ssl import SSLContext
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from pydantic import SecretStr
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.webhook import WebhookClient, WebhookResponse

from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.network import proxy_for, secrets_of, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.redaction import redact

TIMEOUT_SECONDS = 30
RATE_LIMIT_RETRIES = 2
LONGEST_WAIT_SECONDS = 60

_ACCEPTED = "ok"
# What Slack says to a message without text, after it has found the webhook and its channel.
_NOTHING_TO_POST = "no_text"
# Slack's own words for a refusal, as `invalid_payload` or `no_service`; anything else may quote the address.
SLACKS_WORD = re.compile(r"[a-z]+(_[a-z]+)*")

# slack-sdk writes the address into its log. This logger is nobody's child, so that no configuration can wake it.
_SILENT = logging.Logger("slack_sdk", level=logging.CRITICAL)  # noqa: LOG001 - see above


class SlackChannel:
    """Posts to one incoming webhook.

    Args:
        webhook_url: The webhook's address.
        network: Certificate authorities and proxy.
        recipient: The fixed word that stands for the address in receipts and the ledger.
        timeout_seconds: How long connecting, sending and each silence of the answer may take.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    name = "slack"

    def __init__(
        self,
        webhook_url: SecretStr,
        network: NetworkSettings,
        recipient: str = "webhook",
        *,
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> None:
        self.recipients: tuple[str, ...] = (recipient,)
        self._client = _Client(webhook_url.get_secret_value(), **client_options(network, timeout_seconds))
        self._client.proxy = proxy_for(webhook_url.get_secret_value(), network)
        self._secrets = (webhook_url.get_secret_value(), *secrets_of(network))

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:  # noqa: ARG002 - a webhook knows neither
        """Post the message's Slack payload; see `Channel.send`."""
        handing_over()
        outcome = await asyncio.to_thread(self._post, message.slack)
        if isinstance(outcome, WebhookResponse):
            return _read(outcome)
        raise _explained(outcome, self._secrets)

    async def probe(self) -> None:
        """Post a message without text, which Slack refuses only where the webhook works; see `Channel.probe`."""
        try:
            await self.send(Message(subject="", text="", slack={"text": ""}), self.recipients[0], "", lambda: None)
        except DeliveryRejected as error:
            if _NOTHING_TO_POST not in str(error):
                raise

    def _post(self, payload: Mapping[str, Any]) -> WebhookResponse | Exception:
        """Post once, and again only when told to wait.

        An exception is given back instead of raised: whatever is raised from it would carry it, and with it perhaps
        the address.
        """
        try:
            return self._client.send_dict(dict(payload))
        except Exception as error:  # noqa: BLE001 - any of them may hold the address
            return error


class _NoRedirect(HTTPRedirectHandler):
    """Takes a redirect for an answer: it would turn the post into a mere look at another page."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""
        return


class _Client(WebhookClient):
    """slack-sdk's client, made to take its proxy from the settings alone and to follow no redirect."""

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        answer = opened(req, self.proxy, self.ssl, self.timeout)
        return WebhookResponse(
            url=url, status_code=answer["status"], body=answer["body"], headers=dict(answer["headers"])
        )


def client_options(network: NetworkSettings, timeout_seconds: int) -> dict[str, Any]:
    """Give what every client of slack-sdk is made with: our certificates, no log, and no second post but when told.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """
    return {
        "timeout": timeout_seconds,
        "ssl": tls_context(network),
        "logger": _SILENT,
        # Not the default handlers: they post again after a lost answer.
        "retry_handlers": [_ShortWaits(max_retry_count=RATE_LIMIT_RETRIES)],
    }


def opened(request: Request, proxy: str | None, context: SSLContext | None, timeout_seconds: int) -> dict[str, Any]:
    """Make a request by the proxy of the settings alone, following no redirect.

    Returns:
        The answer as slack-sdk has it: `status`, `headers` and, as text, `body`.
    """
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    opener = build_opener(ProxyHandler(proxies), HTTPSHandler(context=context), _NoRedirect)
    with opener.open(request, timeout=timeout_seconds) as answer:
        return {"status": answer.status, "headers": answer.headers, "body": answer.read().decode(errors="replace")}


class _ShortWaits(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, unless that is too long to be waited for."""

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
        asked = next((values[0] for name, values in response.headers.items() if name.lower() == "retry-after"), "1")
        return asked.isdecimal() and int(asked) <= LONGEST_WAIT_SECONDS


def _read(answer: WebhookResponse) -> str:
    """Tell from an answer whether the message was taken."""
    body = answer.body.strip()
    status = answer.status_code
    said = f"{status} {body}" if SLACKS_WORD.fullmatch(body) else f"{status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise DeliveryRejected(f"Slack refused the message for now ({said}): too many messages; run the month again.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise DeliveryFailed(f"Slack is not available ({said}); nothing was posted: run the month again later.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DeliveryUnconfirmed(f"Slack answered {said}, so the message may have been posted; look into the channel.")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise DeliveryRejected(f"Slack refused the message: {said}; check the webhook and its channel.")
    if body != _ACCEPTED:
        raise DeliveryUnconfirmed(
            f"The webhook answered {status} but not as Slack does, so the message may not have been "
            "posted; look into the channel, and check the webhook's address and network.proxy."
        )
    return said


def _explained(error: Exception, secrets: tuple[str, ...]) -> DeliveryFailed | DeliveryUnconfirmed:
    """Tell from an exception whether the message may have been posted."""
    # urllib wraps what happens until the whole request is written, and nothing that happens later.
    if isinstance(error, URLError):
        why = redact(str(error.reason), secrets)
        return DeliveryFailed(
            f"Slack could not be reached ({why}); nothing was posted: check the webhook's host and [network]."
        )
    if isinstance(error, InvalidURL | UnicodeEncodeError):
        return DeliveryFailed("The Slack webhook's address cannot be used; nothing was posted: copy it again.")
    return DeliveryUnconfirmed(
        f"Slack fell silent after the message was posted ({type(error).__name__}); look into the channel."
    )
