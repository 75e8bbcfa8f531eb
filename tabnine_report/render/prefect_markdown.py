"""Render page one as Markdown, for the artifact of the run in Prefect's UI."""

import re
from collections.abc import Iterator

from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import (
    action_sentences,
    change_text,
    doubts,
    highlights,
    highlights_heading,
    note_line,
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

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def markdown_summary(report: MonthlyReport, language: Language) -> str:
    """Return headline, figures, highlights and actions as Markdown, with all data escaped.

    Notes are below the table, because Prefect does not wrap lines in a table and cuts wide ones.
    """
    return "\n".join(
        [
            f"## {escaped(_title(report, language))}",
            "",
            f"**{escaped(report.headline)}**",
            "",
            *((escaped(report.deck), "") if report.deck else ()),
            *((escaped(report.revision_changes.sentence), "") if report.revision_changes else ()),
            *_seats(report, language),
            f"| | {escaped(report.month_label)} | {language.translate('summary.change')} |",
            "| --- | ---: | ---: |",
            *(_row(tile, language) for tile in tiles(report)),
            "",
            *(f"- {escaped(f'{tile.label}: {tile.note}')}" for tile in tiles(report) if tile.note),
            "",
            *(f"{escaped(sentence)}\n" for sentence in uncompared_sentences(report, language)),
            *_actions(report, language),
            f"**{escaped(highlights_heading(report, language))}**",
            "",
            *(f"- {escaped(sentence)}" for sentence in highlights(report)),
            "",
            *((escaped(note_line(report.note, language)), "") if report.note else ()),
            escaped(f"{language.translate('report.data')} {report.data_quality.summary}"),
            "",
        ]
    )


def _title(report: MonthlyReport, language: Language) -> str:
    issue = revision_label(report, language) or language.translate("report.draft")
    return " · ".join((organization_name(report), report.month_label, issue, *doubts(report, language)))


def _actions(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the recommended actions, and the status of last month's actions."""
    actions = report.recommended_actions
    if actions:
        sentences = (escaped(" ".join(action_sentences(action, language))) for action in actions)
        numbered = (f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
        yield from (f"**{language.translate('report.decisions')}**", "", *numbered, "")
    if report.last_month_actions.statuses:
        yield from (escaped(status_line(report.last_month_actions, language)), "")


def _seats(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the parts of the seats, one line each."""
    title = seats_title(report, language)
    if title:
        lines = (f"- {escaped(f'{number}: {words}')}" for number, words in seat_lines(report, language))
        yield from (f"**{escaped(title)}**", "", *lines, "")


def _row(kpi: Kpi, language: Language) -> str:
    cells = (kpi.label, value_text(kpi, language), change_text(kpi, language))
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """Return text in which neither markup nor a line break of the data has an effect."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
