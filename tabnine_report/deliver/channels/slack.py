"""Slack: which of its two channels a profile uses, and the form of a notice and of a preview mark."""

from collections.abc import Iterator, Sequence
from typing import Any

from tabnine_report.deliver.channels.channel import Button, Channel, ChatKind, Clock, NoticeParagraph, Picture, Route
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.message import Payload
from tabnine_report.profile.channel_settings import SlackSettings
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.escaping import escape_slack
from tabnine_report.text.sanitizing import ELLIPSIS

# In characters after escaping. Slack accepts 3,000 in a section but rejects a message of about 13,000 in all.
_HEADER_LENGTH = 150
_SECTION_LENGTH = 1500
_MESSAGE_LENGTH = 12_000


class SlackKind(ChatKind):
    """The Slack channel of `[slack]`, and the admins' webhook."""

    name = SlackWebhookChannel.name

    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:  # noqa: ARG002 - a payload has no date
        """Return the route to the Slack channel, if the profile has one."""
        if profile.slack is None:
            return []
        return [Route(_channel(profile.slack, profile.network), profile.slack.edition)]

    def admin_channels(self, profile: Profile | AdminContacts, clock: Clock) -> list[Channel]:  # noqa: ARG002 - as above
        """Return the admins' webhook, if the profile has one."""
        url = profile.admins.slack_webhook_url
        return [] if url is None else [SlackWebhookChannel(url, profile.network)]

    def notice_payload(self, subject: str, paragraphs: tuple[NoticeParagraph, ...]) -> Payload:
        """Return a notice as a header and sections; the longest paragraph is cut if the message is too long."""
        parts = [_sections(paragraph) for paragraph in paragraphs]
        _shorten(parts)
        header = _cut(escape_slack(subject), _HEADER_LENGTH)
        blocks = [
            block
            for part, paragraph in zip(parts, paragraphs, strict=True)
            for block in _blocks(part, paragraph.picture)
        ]
        return {
            "text": header,
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": header}},
                *blocks,
            ],
            "unfurl_links": False,
        }

    def add_buttons(self, payload: Payload, buttons: Sequence[Button]) -> Payload:
        """Return the payload with further buttons in its row of buttons; a new row is before the last block."""
        blocks = payload["blocks"]
        rows = [block for block in blocks if block["type"] == "actions"]
        row = rows[0] if rows else {"type": "actions", "elements": []}
        filled = {**row, "elements": [*row["elements"], *map(_button, buttons)]}
        if rows:
            return {**payload, "blocks": [filled if block is row else block for block in blocks]}
        return {**payload, "blocks": [*blocks[:-1], filled, *blocks[-1:]]}

    def mark_payload(self, payload: Payload, mark: str) -> Payload:
        """Return the payload with the mark before its text and above its blocks."""
        context: dict[str, Any] = {"type": "context", "elements": [{"type": "plain_text", "text": mark}]}
        return {
            **payload,
            "text": f"{mark}: {payload.get('text', '')}",
            "blocks": [context, *payload.get("blocks", [])],
        }


def _channel(settings: SlackSettings, network: NetworkSettings) -> Channel:
    if settings.bot_token is not None and settings.channel is not None:
        return SlackBotChannel(settings.bot_token, settings.channel, network)
    if settings.webhook_url is None:
        raise ValueError("SlackSettings has either a webhook or a bot")
    return SlackWebhookChannel(settings.webhook_url, network)


def _button(button: Button) -> dict[str, Any]:
    words = {"type": "plain_text", "text": escape_slack(button.words), "emoji": False}
    return {"type": "button", "text": words, "url": button.url}


def _blocks(sections: list[str], picture: Picture | None) -> Iterator[dict[str, Any]]:
    yield from ({"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in sections if text.strip())
    if picture is not None:
        yield {"type": "image", "image_url": picture.url, "alt_text": picture.words}


def _sections(paragraph: NoticeParagraph) -> list[str]:
    """Split a paragraph between its lines: a command whose end is cut off is useless."""
    heading = f"*{escape_slack(paragraph.heading)}*" if paragraph.heading else ""
    location = escape_slack(paragraph.location)
    text = f"{escape_slack(paragraph.text)} {f'<{location}>' if paragraph.is_link else location}".strip()
    sections = [""]
    command = f"```{escape_slack(paragraph.command)}```" if paragraph.command else ""
    for line in filter(None, (heading, text, command, *(f"• {escape_slack(bullet)}" for bullet in paragraph.bullets))):
        kept = _cut(line, _SECTION_LENGTH)
        if len(sections[-1]) + len(kept) < _SECTION_LENGTH:
            sections[-1] = f"{sections[-1]}\n{kept}".strip("\n")
        else:
            sections.append(kept)
    return sections


def _shorten(parts: list[list[str]]) -> None:
    """Remove sections from the end of the longest part until the message fits; the email has the whole text."""
    while sum(len(section) for part in parts for section in part) > _MESSAGE_LENGTH:
        longest = max(parts, key=len)
        if longest[-1] != ELLIPSIS:
            longest[-1] = ELLIPSIS
        elif len(longest) > 1:
            del longest[-2]
        else:
            return


def _cut(escaped: str, length: int) -> str:
    """Cut an escaped text to a length, but never inside an escaped character or a link."""
    if len(escaped) <= length:
        return escaped
    kept = escaped[: length - 1]
    for opening, closing in (("&", ";"), ("<", ">")):
        if kept.rfind(opening) > kept.rfind(closing):
            kept = kept[: kept.rfind(opening)]
    return f"{kept}{ELLIPSIS}"
