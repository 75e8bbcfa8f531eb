"""Slack through an incoming webhook. Its URL is a secret, which never appears in an error, a log or a receipt."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from http.client import InvalidURL
from urllib.error import URLError
from urllib.request import Request

from pydantic import SecretStr
from slack_sdk.webhook import WebhookClient, WebhookResponse

from tabnine_report.deliver.channels.slack_transport import ERROR_CODE, TIMEOUT_SECONDS, client_options, open_request
from tabnine_report.deliver.message import Message, Payload
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.network import proxy_for, secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.redaction import redact

_ACCEPTED = "ok"
# Slack's response to a message without text, once it has found the webhook and its channel.
_NO_TEXT = "no_text"


class SlackWebhookChannel:
    """Posts to one incoming webhook.

    Args:
        webhook_url: The webhook's URL.
        network: Certificate authorities and proxy.
        recipient: The word that replaces the URL in receipts and in the ledger.
        timeout_seconds: How long connecting, sending and each wait for the response may take.

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

    async def send(
        self,
        message: Message,
        recipient: str,  # noqa: ARG002 - a webhook has one
        message_id: str,  # noqa: ARG002 - a webhook accepts none
        on_handover: Callable[[], Awaitable[None]],
    ) -> str:
        """Post the message's Slack payload; see `Channel.send`."""
        await on_handover()
        return await self._post(message.payloads[self.name])

    async def probe(self) -> None:
        """Post a message without text, which Slack rejects with `no_text` if the webhook works; see `Channel.probe`."""
        try:
            await self._post({"text": ""})
        except DeliveryRejected as error:
            if _NO_TEXT not in str(error):
                raise

    async def _post(self, payload: Payload) -> str:
        response = await asyncio.to_thread(self._response, payload)
        if isinstance(response, WebhookResponse):
            return _read_response(response)
        raise _explain(response, self._secrets)

    def _response(self, payload: Payload) -> WebhookResponse | Exception:
        """Post once, and again only after a rate limit.

        An exception is returned instead of raised: an error raised from it would carry the URL along.
        """
        try:
            return self._client.send_dict(dict(payload))
        except Exception as error:  # noqa: BLE001 - any exception may contain the URL
            return error


class _Client(WebhookClient):
    """slack-sdk's client, which uses only the profile's proxy and follows no redirect."""

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        response = open_request(req, self.proxy, self.ssl, self.timeout)
        return WebhookResponse(
            url=url, status_code=response["status"], body=response["body"], headers=dict(response["headers"])
        )


def _read_response(response: WebhookResponse) -> str:
    """Return Slack's response, or raise an error if it does not confirm the message."""
    body = response.body.strip()
    status = response.status_code
    shown = f"{status} {body}" if ERROR_CODE.fullmatch(body) else f"{status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise DeliveryRejected(f"Slack rejected the message ({shown}): too many messages. Run the month again later.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise DeliveryFailed(f"Slack is not available ({shown}). Nothing was posted. Run the month again later.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DeliveryUnconfirmed(f"Slack returned {shown}. The message may have been posted. Check the channel.")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise DeliveryRejected(f"Slack rejected the message: {shown}. Check the webhook and its channel.")
    if body != _ACCEPTED:
        raise DeliveryUnconfirmed(
            f"The webhook returned {status}, but not Slack's confirmation, so the message may not have been posted. "
            "Check the channel, the webhook's URL and network.proxy."
        )
    return shown


def _explain(error: Exception, secrets: tuple[str, ...]) -> DeliveryFailed | DeliveryUnconfirmed:
    """Return the delivery error that an exception means."""
    # urllib wraps what happens until the whole request is written, and nothing that happens later.
    if isinstance(error, URLError):
        reason = redact(str(error.reason), secrets)
        return DeliveryFailed(
            f"Cannot connect to Slack ({reason}). Nothing was posted. Check the webhook's host and [network]."
        )
    if isinstance(error, InvalidURL | UnicodeEncodeError):
        return DeliveryFailed("The URL of the Slack webhook is not valid. Nothing was posted. Copy the URL again.")
    return DeliveryUnconfirmed(
        f"Slack did not respond after the message was sent ({type(error).__name__}). "
        "The message may have been posted. Check the channel."
    )
