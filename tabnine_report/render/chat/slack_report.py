"""Render the Slack message: one block for each part, with texts that are escaped and within Slack's length limits."""

from collections.abc import Iterable, Iterator
from typing import Any

from tabnine_report.model.findings import RecommendedAction
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import (
    change_text,
    doubts,
    highlights_heading,
    note_lead,
    revision_label,
    seat_lines,
    seats_title,
    status_line,
    tiles,
    uncompared_sentences,
    value_text,
)
from tabnine_report.render.template_environment import organization_name
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import ELLIPSIS, sanitize, truncate

# A header is limited to 150 characters and a section to 3,000 (https://docs.slack.dev/reference/block-kit/blocks), and
# Slack rejects a message of more than about 13,000 in total, which is undocumented. All are counted after escaping.
_HEADER = 150
_HEADLINE = 300
_SENTENCE = 600
_SUMMARY = 800
_NAME = 75
_NUMBER = 60
_NOTE = 300
_ACTIONS = 2400
_STATUSES = 2400
_HIGHLIGHTS = 2000

_BOLD_MARK, _ASTERISK = "*", "\N{ASTERISK OPERATOR}"

Block = dict[str, Any]


def report_payload(report: MonthlyReport, language: Language, link: str) -> dict[str, Any]:
    """Return the message: headline, seats, key figures, actions, highlights, note, buttons and data quality."""
    organization = organization_name(report)
    text = language.translate(
        "slack.text", issue=_report_name(report, organization, language, ", "), headline=sanitize(report.headline)
    )
    blocks = [
        {"type": "header", "text": _plain_text(_title(report, organization, language), _HEADER)},
        _section(_headline(report)),
        *_contexts([report.revision_changes.sentence] if report.revision_changes else []),
        *_seats(report, language),
        *_figures(report, language),
        *_contexts(uncompared_sentences(report, language)),
        {"type": "divider"},
        *_actions(report, language),
        *_highlights(report, language),
        *_note(report, language),
        *_buttons(link, language),
        {"type": "context", "elements": [_plain_text(report.data_quality.summary, _SUMMARY)]},
    ]
    return {"text": escaped(text, _SENTENCE), "blocks": blocks}


def escape_slack(text: str) -> str:
    """Return a text that Slack displays literally: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str, length: int) -> str:
    """Return a text as one line, escaped for Slack, of at most `length` characters after escaping."""
    kept = truncate(text, length)
    while len(safe := escape_slack(kept)) > length:
        kept = truncate(kept, len(kept) - (len(safe) - length + 3) // 4)
    return safe


def _bold(text: str, length: int) -> str:
    """Return a text in bold; an asterisk in it looks the same but does not end the bold text."""
    return f"*{escaped(text.replace(_BOLD_MARK, _ASTERISK), length)}*" if sanitize(text) else ""


def _plain_text(text: str, length: int) -> Block:
    # In plain text, unlike mrkdwn, asterisks and underscores of a name have no effect; emoji codes remain text.
    return {"type": "plain_text", "text": escaped(text, length), "emoji": False}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _contexts(sentences: Iterable[str]) -> list[Block]:
    return [{"type": "context", "elements": [_plain_text(sentence, _SENTENCE)]} for sentence in sentences]


def _title(report: MonthlyReport, organization: str, language: Language) -> str:
    """Return organization and month, after the flags of a draft or of a report with doubts."""
    draft = [language.translate("report.draft")] if report.draft else []
    return " · ".join(
        [*draft, *doubts(report, language), _report_name(report, organization, language, " · ")],
    )


def _report_name(report: MonthlyReport, organization: str, language: Language, separator: str) -> str:
    """Return organization and month, and the revision if an earlier revision exists."""
    revision = revision_label(report, language) if report.revision_changes else ""
    return separator.join(filter(None, (organization, sanitize(report.month_label), revision)))


def _headline(report: MonthlyReport) -> str:
    return "\n".join(filter(None, (_bold(report.headline, _HEADLINE), escaped(report.deck, _SENTENCE))))


def _seats(report: MonthlyReport, language: Language) -> list[Block]:
    """Return the parts of the seats, one line each."""
    title = seats_title(report, language)
    if not title:
        return []
    parts = (f"{_bold(number, _NUMBER)} {escaped(words, _NOTE)}" for number, words in seat_lines(report, language))
    return [_section("\n".join([_bold(title, _NAME), *parts]))]


def _figures(report: MonthlyReport, language: Language) -> list[Block]:
    fields = [{"type": "mrkdwn", "text": _field(kpi, language)} for kpi in tiles(report)]
    return [{"type": "section", "fields": fields}] if fields else []


def _field(kpi: Kpi, language: Language) -> str:
    """Return the value and the change of a KPI, its name, and its note or the reason for its state."""
    value, change = _bold(value_text(kpi, language), _NUMBER), escaped(change_text(kpi, language), _NUMBER)
    first = "  ".join(filter(None, (value, change)))
    return "\n".join(filter(None, (first, escaped(kpi.label, _NAME), escaped(kpi.note or kpi.figure.reason, _NOTE))))


def _actions(report: MonthlyReport, language: Language) -> list[Block]:
    """Return the recommended actions under a heading, and the status of last month's actions."""
    lines = [
        f"{language.count(number)}. {_action(action, language)}"
        for number, action in enumerate(report.recommended_actions, start=1)
    ]
    blocks = _list(language.translate("report.decisions"), lines, _ACTIONS)
    if report.last_month_actions.statuses:
        # In a section of its own, where the longest owners and comments of the admins fit.
        blocks.append(_section(escaped(status_line(report.last_month_actions, language), _STATUSES)))
    return blocks


def _action(action: RecommendedAction, language: Language) -> str:
    owner = language.translate("report.owner_and_due", owner=sanitize(action.owner), due=language.date(action.due))
    parts = (
        _bold(action.title, _HEADLINE),
        escaped(action.reason, _NOTE),
        f"{escaped(owner, _HEADLINE)}.",
        _bold(action.worth, _NUMBER),
        escaped(action.worth_note, _NOTE),
    )
    return " ".join(filter(None, parts))


def _highlights(report: MonthlyReport, language: Language) -> list[Block]:
    lines = [escaped(report.month_summary, _SENTENCE)] if report.month_summary else []
    lines += [
        f"• {_bold(finding.claim, _HEADLINE)} {escaped(finding.evidence, _SENTENCE)}" for finding in report.findings
    ]
    return _list(highlights_heading(report, language), lines, _HIGHLIGHTS)


def _list(heading: str, lines: list[str], length: int) -> list[Block]:
    """Return a heading with as many lines as fit below it, and an ellipsis if some are left out."""
    if not lines:
        return []
    return [_section("\n".join([_bold(heading, _NAME), *_fitting(lines, length)]))]


def _fitting(lines: list[str], length: int) -> Iterator[str]:
    used = 0
    for line in lines:
        used += len(line) + 1
        if used > length:
            yield ELLIPSIS
            return
        yield line


def _note(report: MonthlyReport, language: Language) -> list[Block]:
    if report.note is None:
        return []
    lead = _bold(note_lead(report.note, language), _HEADLINE)
    return [_section(f"{lead} {escaped(report.note.text, _SENTENCE)}")]


def _buttons(link: str, language: Language) -> list[Block]:
    """Return the buttons to the report and to its PDF."""
    if not link:
        return []
    urls = {"links.open_report": link, "links.open_pdf": f"{link.removesuffix('.html')}.pdf"}
    buttons = [
        {"type": "button", "text": _plain_text(language.translate(key), _NAME), "url": url} for key, url in urls.items()
    ]
    return [{"type": "actions", "elements": [buttons[0] | {"style": "primary"}, *buttons[1:]]}]
