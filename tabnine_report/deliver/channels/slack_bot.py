"""Slack through a bot: a message in a channel, and the PDF in the message's thread. The bot's token is a secret."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from tabnine_report.deliver.channels.slack_transport import ERROR_CODE, TIMEOUT_SECONDS, client_options, open_request
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.errors import DeliveryError, DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.network import proxy_for, secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.redaction import redact

API = "https://slack.com/api/"

# After these, the message may have been posted: https://docs.slack.dev/reference/methods/chat.postMessage
_UNCONFIRMED = frozenset({"internal_error", "fatal_error", "request_timeout"})
_NOT_POSTED = frozenset({"service_unavailable", "team_added_to_org"})


class SlackBotChannel:
    """Posts to one channel with `chat.postMessage`, then uploads the message's PDF to its thread.

    Args:
        bot_token: The bot's token, with the scopes `chat:write` and `files:write`.
        channel: The channel's ID, which is also the recipient in receipts and in the ledger.
        network: Certificate authorities and proxy.
        api: The base URL of Slack's API.
        timeout_seconds: How long connecting, sending and each wait for the response may take.

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
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> None:
        self.recipients: tuple[str, ...] = (channel,)
        self._client = _Client(
            bot_token.get_secret_value(),
            base_url=api,
            **client_options(network, timeout_seconds),
        )
        self._client.proxy = proxy_for(api, network)
        self._secrets = (bot_token.get_secret_value(), *secrets_of(network))

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
        payload = message.payloads[self.name]
        posted = await self._call(lambda: self._client.chat_postMessage(channel=recipient, **payload))
        if isinstance(posted, DeliveryError):
            raise posted
        pdf = next((file for file in message.attachments if file.media_type == "application/pdf"), None)
        if pdf is None:
            return f"posted {posted['ts']}"
        uploaded = await self._call(lambda: self._upload(pdf, posted))
        if isinstance(uploaded, DeliveryError):
            without = "possibly without" if isinstance(uploaded, DeliveryUnconfirmed) else "without"
            return f"posted {posted['ts']}, but {without} its PDF. {uploaded}"
        return f"posted {posted['ts']} with its PDF"

    async def probe(self) -> None:
        """Check the token with `auth.test`; see `Channel.probe`."""
        response = await self._call(self._client.auth_test)
        if isinstance(response, DeliveryError):
            raise response

    def _upload(self, pdf: Attachment, posted: Mapping[str, Any]) -> Any:  # noqa: ANN401 - slack-sdk's response
        return self._client.files_upload_v2(
            filename=pdf.name, title=pdf.name, content=pdf.content, channel=posted["channel"], thread_ts=posted["ts"]
        )

    async def _call(self, call: Callable[[], Any]) -> Any | DeliveryError:  # noqa: ANN401 - slack-sdk's response
        """Call one method and return the response, or the error that a failure means.

        The error is returned, not raised: the exception that it would be raised from contains the token.
        """
        return await asyncio.to_thread(_response, call, self._secrets)


class _Client(WebClient):
    """slack-sdk's client, which uses only the profile's proxy and follows no redirect."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - slack-sdk's
        return open_request(req, self.proxy, self.ssl, self.timeout)

    def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:  # noqa: ANN401 - slack-sdk's
        request = Request(url, data, method="POST")  # noqa: S310 - Slack returned the URL
        response = open_request(request, self.proxy, self.ssl, self.timeout)
        return FileUploadV2Result(status=response["status"], body=response["body"])


def _response(call: Callable[[], Any], secrets: tuple[str, ...]) -> Any | DeliveryError:  # noqa: ANN401 - slack-sdk's response
    try:
        return call()
    except SlackApiError as error:
        return _explain(error.response)
    except HTTPError as error:
        return DeliveryUnconfirmed(f"Slack returned {error.code}. It may have been posted. Check the channel.")
    except URLError as error:
        # urllib wraps what happens until the whole request is written, and nothing that happens later.
        reason = redact(str(error.reason), secrets)
        return DeliveryFailed(f"Cannot connect to Slack ({reason}). Nothing was posted. Check [network].")
    except Exception as error:  # noqa: BLE001 - any exception may contain the token
        return DeliveryUnconfirmed(
            f"Slack did not respond ({type(error).__name__}). It may have been posted. Check the channel."
        )


def _explain(response: Any) -> DeliveryError:  # noqa: ANN401 - slack-sdk's response, or its plain data
    """Return the delivery error that an unsuccessful response means."""
    status = getattr(response, "status_code", None) or response.get("status", "")
    error = response.get("error") or ""
    code = error if isinstance(error, str) and ERROR_CODE.fullmatch(error) else f"{status}"
    if code in _NOT_POSTED:
        return DeliveryFailed(f"Slack is not available ({code}). Nothing was posted. Run the month again later.")
    if code == "ratelimited":
        return DeliveryRejected(f"Slack rejected the request ({code}): too many messages. Run the month again later.")
    if code in _UNCONFIRMED or code != error:
        return DeliveryUnconfirmed(f"Slack returned {code}. It may have been posted. Check the channel.")
    return DeliveryRejected(f"Slack rejected the request: {code}. Check slack.bot_token, its scopes and slack.channel.")
