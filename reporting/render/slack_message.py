"""The Slack message: a payload for a webhook, with every text escaped and no longer than Slack takes."""

from typing import Any

from reporting.language import Language
from reporting.render.plain import at_a_word, plain
from reporting.render.templates import organization_of
from reporting.report import Measure, MonthlyReport

# https://docs.slack.dev/reference/block-kit/blocks: what each text may hold, counted after escaping.
_HEADER = 150
_SECTION = 3000
_FIELD = 2000
_FIELDS = 10
# A message of more than about 13,000 characters is refused, though no page says so.
_FINDINGS = 6000
_NOTE = 300

Block = dict[str, Any]


def payload(report: MonthlyReport, language: Language, link: str) -> dict[str, Any]:
    """Write the message: headline, figures with change, findings, what the data lack, and a button where a link is."""
    organization = organization_of(report)
    text = language.say(
        "slack.text", organization=organization, month=plain(report.month_label), headline=plain(report.headline)
    )
    blocks = [
        {"type": "header", "text": _plain_text(_title(report, organization, language), _HEADER)},
        {"type": "section", "text": _plain_text(report.headline, _SECTION)},
        *_figures(report, language),
        *_findings(report),
        {"type": "context", "elements": [_plain_text(_data(report, language), _FIELD)]},
        *_button(link, language),
    ]
    return {"text": escaped(text, _SECTION), "blocks": blocks}


def escaped(text: str, length: int) -> str:
    """Give a text as one line that Slack shows as it is, at most `length` characters long once escaped."""
    kept = at_a_word(text, length)
    while len(safe := _escape(kept)) > length:
        kept = at_a_word(kept, len(kept) - (len(safe) - length + 3) // 4)
    return safe


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain_text(text: str, length: int) -> Block:
    # Plain text, not mrkdwn: stars and underlines of a name stay what they are. Emoji words stay words.
    return {"type": "plain_text", "text": escaped(text, length), "emoji": False}


def _title(report: MonthlyReport, organization: str, language: Language) -> str:
    title = language.say("slack.title", organization=organization, month=plain(report.month_label))
    return f"{language.say('report.draft')} · {title}" if report.draft else title


def _figures(report: MonthlyReport, language: Language) -> list[Block]:
    fields = [
        {
            "type": "mrkdwn",
            "text": f"*{escaped(tile.label, _NOTE)}*\n{escaped(_said(tile, language), _FIELD - _NOTE - 4)}",
        }
        for tile in report.tiles[:_FIELDS]
    ]
    return [{"type": "section", "fields": fields}] if fields else []


def _said(tile: Measure, language: Language) -> str:
    parts = [" ".join(filter(None, (language.value(tile.figure, short=True), language.qualifier(tile.figure))))]
    if tile.change is not None and tile.figure.known:
        parts.append(language.change(tile.change.absolute, tile.change.relative, short=True))
    if note := tile.note or tile.figure.reason:
        parts.append(plain(note, _NOTE))
    return " · ".join(parts)


def _findings(report: MonthlyReport) -> list[Block]:
    sentences = [f"• {escaped(finding.sentence, _SECTION // 2)}" for finding in report.findings]
    if not sentences and report.ordinary:
        sentences = [escaped(report.ordinary, _SECTION)]
    blocks: list[Block] = []
    room = _FINDINGS
    for sentence in sentences:
        room -= len(sentence)
        if room < 0:
            break
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": sentence, "emoji": False}})
    return blocks


def _data(report: MonthlyReport, language: Language) -> str:
    if report.complete:
        return report.about.summary
    return f"{language.say('report.incomplete')} · {report.about.summary}"


def _button(link: str, language: Language) -> list[Block]:
    if not link:
        return []
    button = {"type": "button", "text": _plain_text(language.say("slack.read"), 75), "url": link, "style": "primary"}
    return [{"type": "actions", "elements": [button]}]
