"""Slack's messages: the report, notices, and what is added to a message when it is sent."""

from collections.abc import Iterator, Sequence
from typing import Any

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.chat.chat_format import Button, ChatFormat, NoticeParagraph, Payload, Picture
from tabnine_report.render.chat.slack_report import escape_slack, report_payload
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import ELLIPSIS

# In characters after escaping. Slack accepts 3,000 in a section but rejects a message of about 13,000 in all.
_HEADER_LENGTH = 150
_SECTION_LENGTH = 1500
_MESSAGE_LENGTH = 12_000


class SlackFormat(ChatFormat):
    """Blocks of Block Kit: https://docs.slack.dev/block-kit."""

    def report_payload(self, report: MonthlyReport, language: Language, link: str) -> Payload:
        """Return the report's message: headline, seats, key figures, actions, highlights, note and buttons."""
        return report_payload(report, language, link)

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
