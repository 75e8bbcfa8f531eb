"""Slack through a bot: a message in a channel, and the PDF in the message's thread. The bot's token is a secret."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.http_post import REQUEST_SECONDS, HttpFailure, HttpPoster
from tabnine_report.deliver.channels.slack_webhook import ERROR_CODE
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.errors import DeliveryError, DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.usage_api_settings import NetworkSettings

API = "https://slack.com/api/"
UPLOAD_SECONDS = 120.0
"""The time limit of all requests that upload the PDF together: the message is posted already."""

# After these, the message may have been posted: https://docs.slack.dev/reference/methods/chat.postMessage
_UNCONFIRMED = frozenset({"internal_error", "fatal_error", "request_timeout"})
_NOT_POSTED = frozenset({"service_unavailable", "team_added_to_org"})


class SlackBotChannel(Channel):
    """Posts to one channel with `chat.postMessage`, then uploads the message's PDF to its thread.

    Args:
        bot_token: The bot's token, with the scopes `chat:write` and `files:write`.
        channel: The channel's ID, which is also the recipient in receipts and in the ledger.
        network: Certificate authorities and proxy.
        api: The base URL of Slack's API.
        request_seconds: The time limit of one request, from connecting to the last byte of the response.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    name = "slack"

    def __init__(
        self,
        bot_token: SecretStr,
        channel: str,
        network: NetworkSettings,
        *,
        api: str = API,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        self.recipients: tuple[str, ...] = (channel,)
        self._token = bot_token
        self._api = api
        secrets = (bot_token.get_secret_value(),)
        self._poster = HttpPoster(network, request_seconds, secrets)
        self._uploader = HttpPoster(network, UPLOAD_SECONDS, secrets)

    async def send(
        self,
        message: Message,
        recipient: str,
        message_id: str,  # noqa: ARG002 - Slack accepts none
        on_handover: Callable[[], Awaitable[None]],
    ) -> str:
        """Post the message's Slack payload, then upload its PDF; see `Channel.send`.

        If the upload fails, the message counts as sent, and the returned text states that the PDF is missing.
        """
        await on_handover()
        posted = await self._call(
            "chat.postMessage", {"channel": recipient, **message.payloads[self.name]}, as_json=True
        )
        pdf = next((file for file in message.attachments if file.media_type == "application/pdf"), None)
        if pdf is None:
            return f"posted {posted['ts']}"
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                await self._upload(pdf, posted)
        except TimeoutError:
            return f"posted {posted['ts']}, but possibly without its PDF. Slack did not respond in time."
        except DeliveryError as error:
            without = "possibly without" if isinstance(error, DeliveryUnconfirmed) else "without"
            return f"posted {posted['ts']}, but {without} its PDF. {error}"
        return f"posted {posted['ts']} with its PDF"

    async def probe(self) -> None:
        """Check the token with `auth.test`; see `Channel.probe`."""
        await self._call("auth.test", {})

    async def _upload(self, pdf: Attachment, posted: Mapping[str, Any]) -> None:
        """Upload a file into the thread of a message."""
        place = await self._call("files.getUploadURLExternal", {"filename": pdf.name, "length": str(len(pdf.content))})
        uploaded = await self._uploader.post(str(place.get("upload_url")), pdf.content, {})
        if isinstance(uploaded, HttpFailure):
            raise _explain_failure(uploaded)
        if uploaded.status != HTTPStatus.OK:
            raise DeliveryUnconfirmed(f"Slack returned {uploaded.status}. Check the channel.")
        files = json.dumps([{"id": place.get("file_id"), "title": pdf.name}])
        thread = {"channel_id": str(posted["channel"]), "thread_ts": str(posted["ts"])}
        await self._call("files.completeUploadExternal", {"files": files, **thread})

    async def _call(self, method: str, fields: Mapping[str, Any], *, as_json: bool = False) -> Mapping[str, Any]:
        """Call a method of Slack's API and return its response.

        Raises:
            DeliveryError: If the method failed.
        """
        content = json.dumps(fields) if as_json else urlencode(fields)
        media_type = "application/json" if as_json else "application/x-www-form-urlencoded"
        headers = {
            "Authorization": f"Bearer {self._token.get_secret_value()}",
            "Content-Type": f"{media_type}; charset=utf-8",
        }
        response = await self._poster.post(f"{self._api}{method}", content.encode(), headers)
        if isinstance(response, HttpFailure):
            raise _explain_failure(response)
        document = _document(response.body)
        if response.status != HTTPStatus.OK or document.get("ok") is not True:
            raise _explain_response(response.status, document)
        return document


def _document(body: str) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}


def _explain_failure(failure: HttpFailure) -> DeliveryError:
    """Return the delivery error that a missing response means."""
    if failure.may_have_arrived:
        return DeliveryUnconfirmed(
            f"Slack did not respond ({failure.reason}). It may have been posted. Check the channel."
        )
    return DeliveryFailed(f"Cannot connect to Slack ({failure.reason}). Nothing was posted. Check [network].")


def _explain_response(status: int, document: Mapping[str, Any]) -> DeliveryError:
    """Return the delivery error that an unsuccessful response means."""
    error = document.get("error")
    code = error if isinstance(error, str) and ERROR_CODE.fullmatch(error) else f"{status}"
    if code in _NOT_POSTED:
        return DeliveryFailed(f"Slack is not available ({code}). Nothing was posted. Run the month again later.")
    if code == "ratelimited":
        return DeliveryRejected(f"Slack rejected the request ({code}): too many messages. Run the month again later.")
    if code in _UNCONFIRMED or code != error:
        return DeliveryUnconfirmed(f"Slack returned {code}. It may have been posted. Check the channel.")
    return DeliveryRejected(f"Slack rejected the request: {code}. Check slack.bot_token, its scopes and slack.channel.")
