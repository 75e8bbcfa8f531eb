"""Render page one as Markdown, for the artifact of the run in Prefect's UI."""

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
from tabnine_report.text.escaping import escape_markdown
from tabnine_report.text.i18n import Language


def markdown_summary(report: MonthlyReport, language: Language) -> str:
    """Return headline, figures, highlights and actions as Markdown, with all data escaped.

    Notes are below the table, because Prefect does not wrap lines in a table and cuts wide ones.
    """
    return "\n".join(
        [
            f"## {escape_markdown(_title(report, language))}",
            "",
            f"**{escape_markdown(report.headline)}**",
            "",
            *((escape_markdown(report.deck), "") if report.deck else ()),
            *((escape_markdown(report.revision_changes.sentence), "") if report.revision_changes else ()),
            *_seats(report, language),
            f"| | {escape_markdown(report.month_label)} | {language.translate('summary.change')} |",
            "| --- | ---: | ---: |",
            *(_row(tile, language) for tile in tiles(report)),
            "",
            *(f"- {escape_markdown(f'{tile.label}: {tile.note}')}" for tile in tiles(report) if tile.note),
            "",
            *(f"{escape_markdown(sentence)}\n" for sentence in uncompared_sentences(report, language)),
            *_actions(report, language),
            f"**{escape_markdown(highlights_heading(report, language))}**",
            "",
            *(f"- {escape_markdown(sentence)}" for sentence in highlights(report)),
            "",
            *((escape_markdown(note_line(report.note, language)), "") if report.note else ()),
            escape_markdown(f"{language.translate('report.data')} {report.data_quality.summary}"),
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
        sentences = (escape_markdown(" ".join(action_sentences(action, language))) for action in actions)
        numbered = (f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
        yield from (f"**{language.translate('report.decisions')}**", "", *numbered, "")
    if report.last_month_actions.statuses:
        yield from (escape_markdown(status_line(report.last_month_actions, language)), "")


def _seats(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the parts of the seats, one line each."""
    title = seats_title(report, language)
    if title:
        lines = (f"- {escape_markdown(f'{number}: {words}')}" for number, words in seat_lines(report, language))
        yield from (f"**{escape_markdown(title)}**", "", *lines, "")


def _row(kpi: Kpi, language: Language) -> str:
    cells = (kpi.label, value_text(kpi, language), change_text(kpi, language))
    return f"| {' | '.join(escape_markdown(cell) for cell in cells)} |"
