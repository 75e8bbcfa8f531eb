"""Slack through an incoming webhook. Its URL is a secret, which never appears in an error, a log or a receipt."""

import json
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from pydantic import SecretStr

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.http_post import REQUEST_SECONDS, HttpFailure, HttpPoster, HttpResponse
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.render.chat.chat_format import Payload

ERROR_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
"""Slack's error codes, such as `invalid_payload`; any other text may quote the webhook's URL."""

_ACCEPTED = "ok"
# Slack's response to a message without text, once it has found the webhook and its channel.
_NO_TEXT = "no_text"
_INVALID = re.compile("invalid_(blocks|attachments|payload)")
"""Slack's responses to a message with a picture that it cannot load."""


class SlackWebhookChannel(Channel):
    """Posts to one incoming webhook.

    Args:
        webhook_url: The webhook's URL.
        network: Certificate authorities and proxy.
        recipient: The word that replaces the URL in receipts and in the ledger.
        request_seconds: The time limit of one request, from connecting to the last byte of the response.

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
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        self.recipients: tuple[str, ...] = (recipient,)
        self._url = webhook_url
        self._poster = HttpPoster(network, request_seconds)

    async def send(
        self,
        message: Message,
        recipient: str,  # noqa: ARG002 - a webhook has one
        message_id: str,  # noqa: ARG002 - a webhook accepts none
        on_handover: Callable[[], Awaitable[None]],
    ) -> str:
        """Post the message's Slack payload; see `Channel.send`.

        Slack loads the pictures before it posts, and rejects the whole message if it cannot. It is then posted without
        them: nothing has arrived.
        """
        payload = message.payloads[self.name]
        await on_handover()
        try:
            return await self._post(payload)
        except DeliveryRejected as error:
            plain = _without_pictures(payload)
            if plain == payload or not _INVALID.search(str(error)):
                raise
            return await self._post(plain)

    async def probe(self) -> None:
        """Post a message without text, which Slack rejects with `no_text` if the webhook works; see `Channel.probe`."""
        try:
            await self._post({"text": ""})
        except DeliveryRejected as error:
            if _NO_TEXT not in str(error):
                raise

    async def _post(self, payload: Payload) -> str:
        content = json.dumps(payload).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        response = await self._poster.post(self._url.get_secret_value(), content, headers)
        if isinstance(response, HttpResponse):
            return _read_response(response)
        raise _explain(response)


def _without_pictures(payload: Payload) -> Payload:
    if "blocks" not in payload:
        return payload
    return {**payload, "blocks": [block for block in payload["blocks"] if block["type"] != "image"]}


def _read_response(response: HttpResponse) -> str:
    """Return Slack's response, or raise an error if it does not confirm the message."""
    body = response.body.strip()
    status = response.status
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


def _explain(failure: HttpFailure) -> DeliveryFailed | DeliveryUnconfirmed:
    """Return the delivery error that a missing response means."""
    if failure.may_have_arrived:
        return DeliveryUnconfirmed(
            f"Slack did not confirm the message ({failure.reason}). The message may have been posted. "
            "Check the channel."
        )
    return DeliveryFailed(
        f"Cannot connect to Slack ({failure.reason}). Nothing was posted. Check the webhook's URL and [network]."
    )
