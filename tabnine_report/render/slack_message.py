"""The Slack message: a payload for a webhook, with every text escaped and no longer than Slack takes."""

from itertools import accumulate, takewhile
from typing import Any

from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import asked_for, not_compared, noted, revision_of
from tabnine_report.render.template_environment import organization_of
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import ELLIPSIS, at_a_word, sanitize
from tabnine_report.text.slack_markup import escape_slack

# A header holds 150 characters and a section 3,000 (https://docs.slack.dev/reference/block-kit/blocks), but a message
# of more than about 13,000 in all is refused, though no page says so. All counted after escaping.
_HEADER = 150
_SENTENCE = 1000
_LABEL = 75
_FIELD = 400
_FIELDS = 10
_FINDINGS = 3000

Block = dict[str, Any]


def payload(report: MonthlyReport, language: Language, link: str) -> dict[str, Any]:
    """Write the message: headline, figures with change, findings, what the data lack, and a button where a link is."""
    organization = organization_of(report)
    text = language.translate(
        "slack.text", issue=_issue(report, organization, language, ", "), headline=sanitize(report.headline)
    )
    blocks = [
        {"type": "header", "text": _plain_text(_title(report, organization, language), _HEADER)},
        {"type": "section", "text": _plain_text(report.headline, _SENTENCE)},
        *_figures(report, language),
        *_findings(report),
        *_revised(report),
        *_asks(report, language),
        *_note(report, language),
        {"type": "context", "elements": [_plain_text(_data(report, language), _SENTENCE)]},
        *_button(link, language),
    ]
    return {"text": escaped(text, _SENTENCE), "blocks": blocks}


def escaped(text: str, length: int) -> str:
    """Give a text as one line that Slack shows as it is, at most `length` characters long once escaped."""
    kept = at_a_word(text, length)
    while len(safe := escape_slack(kept)) > length:
        kept = at_a_word(kept, len(kept) - (len(safe) - length + 3) // 4)
    return safe


def _plain_text(text: str, length: int) -> Block:
    # Plain text, not mrkdwn: stars and underlines of a name stay what they are. Emoji words stay words.
    return {"type": "plain_text", "text": escaped(text, length), "emoji": False}


def _title(report: MonthlyReport, organization: str, language: Language) -> str:
    title = _issue(report, organization, language, " · ")
    return f"{language.translate('report.draft')} · {title}" if report.draft else title


def _issue(report: MonthlyReport, organization: str, language: Language, between: str) -> str:
    """Name organization and month, and the revision where there is an earlier one to be told from."""
    revision = revision_of(report, language) if report.revision_changes else ""
    return between.join(filter(None, (organization, sanitize(report.month_label), revision)))


def _figures(report: MonthlyReport, language: Language) -> list[Block]:
    fields = [
        {"type": "mrkdwn", "text": f"*{escaped(tile.label, _LABEL)}*\n{escaped(_said(tile, language), _FIELD)}"}
        for tile in report.page_one_kpis[:_FIELDS]
    ]
    why = [_plain_text(sentence, _SENTENCE) for sentence in not_compared(report, language)]
    return [
        *([{"type": "section", "fields": fields}] if fields else []),
        *([{"type": "context", "elements": why}] if why else []),
    ]


def _said(tile: Kpi, language: Language) -> str:
    parts = [language.qualified(tile.figure, short=True)]
    if tile.change is not None and tile.figure.known:
        parts.append(language.change(tile.change.absolute, tile.change.relative, short=True))
    if note := tile.note or tile.figure.reason:
        parts.append(sanitize(note))
    return " · ".join(parts)


def _findings(report: MonthlyReport) -> list[Block]:
    """Write as many findings as there is room for, heaviest first, and an ellipsis where some had to stay out."""
    sentences = [f"• {finding.sentence}" for finding in report.findings]
    if report.ordinary:
        sentences.insert(0, report.ordinary)
    texts = [_plain_text(sentence, _SENTENCE) for sentence in sentences]
    room = list(takewhile(_FINDINGS.__ge__, accumulate(len(text["text"]) for text in texts)))[:_FIELDS]
    kept = texts[: len(room)]
    if len(kept) < len(texts):
        kept.append(_plain_text(ELLIPSIS, 1))
    return [{"type": "section", "text": text} for text in kept]


def _asks(report: MonthlyReport, language: Language) -> list[Block]:
    """Write what is asked for, and what became of what was asked for before, under a heading of its own."""
    lines = list(asked_for(report, language))
    if not lines:
        return []
    heading = f"*{escaped(language.translate('report.what_we_ask'), _LABEL)}*"
    text = "\n".join([heading, *(escaped(line, _FIELD) for line in lines)])
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def _note(report: MonthlyReport, language: Language) -> list[Block]:
    if report.note is None:
        return []
    return [{"type": "section", "text": _plain_text(noted(report.note, language), _SENTENCE)}]


def _revised(report: MonthlyReport) -> list[Block]:
    if report.revision_changes is None:
        return []
    return [{"type": "context", "elements": [_plain_text(report.revision_changes.sentence, _SENTENCE)]}]


def _data(report: MonthlyReport, language: Language) -> str:
    if report.complete:
        return report.data_quality.summary
    return f"{language.translate('report.incomplete')} · {report.data_quality.summary}"


def _button(link: str, language: Language) -> list[Block]:
    if not link:
        return []
    button = {
        "type": "button",
        "text": _plain_text(language.translate("slack.read"), _LABEL),
        "url": link,
        "style": "primary",
    }
    return [{"type": "actions", "elements": [button]}]
