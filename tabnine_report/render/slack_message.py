"""Render the Slack message: a payload whose texts are escaped and within Slack's length limits."""

from itertools import accumulate, takewhile
from typing import Any

from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import action_lines, doubts, note_line, revision_label, uncompared_sentences
from tabnine_report.render.template_environment import organization_name
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import ELLIPSIS, sanitize, truncate
from tabnine_report.text.slack_escaping import escape_slack

# A header is limited to 150 characters and a section to 3,000 (https://docs.slack.dev/reference/block-kit/blocks), and
# Slack rejects a message of more than about 13,000 in total, which is undocumented. All are counted after escaping.
_HEADER = 150
_SENTENCE = 1000
_LABEL = 75
_FIELD = 400
_FIELDS = 10
_FINDINGS = 3000

Block = dict[str, Any]


def payload(report: MonthlyReport, language: Language, link: str) -> dict[str, Any]:
    """Return the message: headline, figures with changes, findings, actions, data quality, and a button for a link."""
    organization = organization_name(report)
    text = language.translate(
        "slack.text", issue=_report_name(report, organization, language, ", "), headline=sanitize(report.headline)
    )
    blocks = [
        {"type": "header", "text": _plain_text(_title(report, organization, language), _HEADER)},
        {"type": "section", "text": _plain_text(report.headline, _SENTENCE)},
        *_figures(report, language),
        *_findings(report),
        *_revision(report),
        *_actions(report, language),
        *_note(report, language),
        {"type": "context", "elements": [_plain_text(_data(report, language), _SENTENCE)]},
        *_buttons(link, language),
    ]
    return {"text": escaped(text, _SENTENCE), "blocks": blocks}


def escaped(text: str, length: int) -> str:
    """Return a text as one line, escaped for Slack, of at most `length` characters after escaping."""
    kept = truncate(text, length)
    while len(safe := escape_slack(kept)) > length:
        kept = truncate(kept, len(kept) - (len(safe) - length + 3) // 4)
    return safe


def _plain_text(text: str, length: int) -> Block:
    # In plain text, unlike mrkdwn, asterisks and underscores of a name have no effect; emoji codes remain text.
    return {"type": "plain_text", "text": escaped(text, length), "emoji": False}


def _title(report: MonthlyReport, organization: str, language: Language) -> str:
    title = _report_name(report, organization, language, " · ")
    return f"{language.translate('report.draft')} · {title}" if report.draft else title


def _report_name(report: MonthlyReport, organization: str, language: Language, separator: str) -> str:
    """Return organization and month, and the revision if an earlier revision exists."""
    revision = revision_label(report, language) if report.revision_changes else ""
    return separator.join(filter(None, (organization, sanitize(report.month_label), revision)))


def _figures(report: MonthlyReport, language: Language) -> list[Block]:
    fields = [
        {"type": "mrkdwn", "text": f"*{escaped(tile.label, _LABEL)}*\n{escaped(_figure_text(tile, language), _FIELD)}"}
        for tile in report.page_one_kpis[:_FIELDS]
    ]
    why = [_plain_text(sentence, _SENTENCE) for sentence in uncompared_sentences(report, language)]
    return [
        *([{"type": "section", "fields": fields}] if fields else []),
        *([{"type": "context", "elements": why}] if why else []),
    ]


def _figure_text(tile: Kpi, language: Language) -> str:
    parts = [language.qualified(tile.figure, short=True, aligned=True)]
    if tile.change is not None and tile.figure.known:
        parts.append(language.change(tile.change.absolute, tile.change.relative, short=True))
    if note := tile.note or tile.figure.reason:
        parts.append(sanitize(note))
    return " · ".join(parts)


def _findings(report: MonthlyReport) -> list[Block]:
    """Return as many findings as fit, most important first, and an ellipsis if some are left out."""
    sentences = [f"• {finding.text}" for finding in report.findings]
    if report.month_summary:
        sentences.insert(0, report.month_summary)
    texts = [_plain_text(sentence, _SENTENCE) for sentence in sentences]
    room = list(takewhile(_FINDINGS.__ge__, accumulate(len(text["text"]) for text in texts)))[:_FIELDS]
    kept = texts[: len(room)]
    if len(kept) < len(texts):
        kept.append(_plain_text(ELLIPSIS, 1))
    return [{"type": "section", "text": text} for text in kept]


def _actions(report: MonthlyReport, language: Language) -> list[Block]:
    """Return the recommended actions and the status of last month's actions under a heading."""
    lines = list(action_lines(report, language))
    if not lines:
        return []
    heading = f"*{escaped(language.translate('report.recommended_actions'), _LABEL)}*"
    text = "\n".join([heading, *(escaped(line, _FIELD) for line in lines)])
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def _note(report: MonthlyReport, language: Language) -> list[Block]:
    if report.note is None:
        return []
    return [{"type": "section", "text": _plain_text(note_line(report.note, language), _SENTENCE)}]


def _revision(report: MonthlyReport) -> list[Block]:
    if report.revision_changes is None:
        return []
    return [{"type": "context", "elements": [_plain_text(report.revision_changes.sentence, _SENTENCE)]}]


def _data(report: MonthlyReport, language: Language) -> str:
    return " · ".join((*doubts(report, language), report.data_quality.summary))


def _buttons(link: str, language: Language) -> list[Block]:
    """Return the buttons to the report and to its PDF."""
    if not link:
        return []
    urls = {"links.open_report": link, "links.open_pdf": f"{link.removesuffix('.html')}.pdf"}
    buttons = [
        {"type": "button", "text": _plain_text(language.translate(key), _LABEL), "url": url}
        for key, url in urls.items()
    ]
    return [{"type": "actions", "elements": [buttons[0] | {"style": "primary"}, *buttons[1:]]}]
