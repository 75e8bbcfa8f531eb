"""Slack through a bot, whose token is a secret: a message in a channel, and the PDF in the message's thread."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from tabnine_report.deliver.channels.slack_webhook import SLACKS_WORD, TIMEOUT_SECONDS, client_options, opened
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.errors import DeliveryError, DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.network import proxy_for, secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.redaction import redact

API = "https://slack.com/api/"

# After these Slack does not say that nothing was done: https://docs.slack.dev/reference/methods/chat.postMessage
_MAY_BE_DONE = frozenset({"internal_error", "fatal_error", "request_timeout"})
_NOT_DONE = frozenset({"service_unavailable", "team_added_to_org"})


class SlackBotChannel:
    """Posts to one channel by `chat.postMessage`, then uploads the message's PDF into its thread.

    Args:
        bot_token: The bot's token, with the scopes `chat:write` and `files:write`.
        channel: The channel's id, which also stands for it in receipts and the ledger.
        network: Certificate authorities and proxy.
        api: Where Slack's API is.
        timeout_seconds: How long connecting, sending and each silence of the answer may take.

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

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:  # noqa: ARG002 - Slack takes no id of ours
        """Post the message's Slack payload, then upload its PDF; see `Channel.send`.

        An upload that fails leaves the message sent: what Slack said then tells that the PDF is missing.
        """
        handing_over()
        posted = await self._ask(lambda: self._client.chat_postMessage(channel=recipient, **message.slack))
        if isinstance(posted, DeliveryError):
            raise posted
        pdf = next((file for file in message.attachments if file.media_type == "application/pdf"), None)
        if pdf is None:
            return f"posted {posted['ts']}"
        uploaded = await self._ask(lambda: self._upload(pdf, posted))
        if isinstance(uploaded, DeliveryError):
            without = "perhaps without" if isinstance(uploaded, DeliveryUnconfirmed) else "without"
            return f"posted {posted['ts']}, but {without} its PDF. {uploaded}"
        return f"posted {posted['ts']} with its PDF"

    async def probe(self) -> None:
        """Ask Slack who the token belongs to (`auth.test`); see `Channel.probe`."""
        answer = await self._ask(self._client.auth_test)
        if isinstance(answer, DeliveryError):
            raise answer

    def _upload(self, pdf: Attachment, posted: Mapping[str, Any]) -> Any:  # noqa: ANN401 - slack-sdk's answer
        return self._client.files_upload_v2(
            filename=pdf.name, title=pdf.name, content=pdf.content, channel=posted["channel"], thread_ts=posted["ts"]
        )

    async def _ask(self, call: Callable[[], Any]) -> Any | DeliveryError:  # noqa: ANN401 - slack-sdk's answer
        """Make one call and give the answer, or what its failure means.

        The error is given back, not raised where the failure is at hand: that holds the token.
        """
        return await asyncio.to_thread(_answered, call, self._secrets)


class _Client(WebClient):
    """slack-sdk's client, made to take its proxy from the settings alone and to follow no redirect."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - slack-sdk's
        return opened(req, self.proxy, self.ssl, self.timeout)

    def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:  # noqa: ANN401 - slack-sdk's
        request = Request(url, data, method="POST")  # noqa: S310 - Slack names the address
        answer = opened(request, self.proxy, self.ssl, self.timeout)
        return FileUploadV2Result(status=answer["status"], body=answer["body"])


def _answered(call: Callable[[], Any], secrets: tuple[str, ...]) -> Any | DeliveryError:  # noqa: ANN401 - slack-sdk's answer
    try:
        return call()
    except SlackApiError as error:
        return _refusal(error.response)
    except HTTPError as error:
        return DeliveryUnconfirmed(f"Slack answered {error.code}, so it may have been posted; look into the channel.")
    except URLError as error:
        # urllib wraps what happens until the whole request is written, and nothing that happens later.
        why = redact(str(error.reason), secrets)
        return DeliveryFailed(f"Slack could not be reached ({why}); nothing was posted: check [network].")
    except Exception as error:  # noqa: BLE001 - any of them may hold the token
        return DeliveryUnconfirmed(
            f"Slack fell silent ({type(error).__name__}), so it may have been posted; look there."
        )


def _refusal(answer: Any) -> DeliveryError:  # noqa: ANN401 - slack-sdk's answer, or its plain data
    """Tell from an answer that is no success whether the message may have been posted."""
    status = getattr(answer, "status_code", None) or answer.get("status", "")
    word = answer.get("error") or ""
    said = word if isinstance(word, str) and SLACKS_WORD.fullmatch(word) else f"{status}"
    if said in _NOT_DONE:
        return DeliveryFailed(f"Slack is not available ({said}); nothing was posted: run the month again later.")
    if said == "ratelimited":
        return DeliveryRejected(f"Slack refused it for now ({said}): too many messages; run the month again.")
    if said in _MAY_BE_DONE or said != word:
        return DeliveryUnconfirmed(f"Slack answered {said}, so it may have been posted; look into the channel.")
    return DeliveryRejected(f"Slack refused it: {said}; check slack.bot_token, its scopes, and slack.channel.")
