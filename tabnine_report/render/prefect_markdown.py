"""The report's first page in Markdown, for the run's page in Prefect."""

import re
from collections.abc import Iterator

from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import asked_for, found, not_compared, noted, revision_of, what_changed
from tabnine_report.render.template_environment import organization_of
from tabnine_report.text.i18n import Language

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def markdown_summary(report: MonthlyReport, language: Language) -> str:
    """Write headline, figures and what is missing as Markdown; names in it are data and stay so.

    What stands beside a figure in the report stands below the table here: Prefect breaks no line in a table and cuts
    what is wider than the page.
    """
    return "\n".join(
        [
            f"## {_escaped(_title(report, language))}",
            "",
            f"**{_escaped(report.headline)}**",
            "",
            *((_escaped(report.revision_changes.sentence), "") if report.revision_changes else ()),
            f"| | {_escaped(report.month_label)} | {language.translate('summary.change')} |",
            "| --- | ---: | ---: |",
            *(_row(tile, language) for tile in report.page_one_kpis),
            "",
            *(f"- {_escaped(f'{tile.label}: {tile.note}')}" for tile in report.page_one_kpis if tile.note),
            "",
            *(f"{_escaped(sentence)}\n" for sentence in not_compared(report, language)),
            f"**{_escaped(what_changed(report, language))}**",
            "",
            *(f"- {_escaped(sentence)}" for sentence in found(report)),
            "",
            *_asks(report, language),
            _escaped(f"{language.translate('report.data')} {report.data_quality.summary}"),
            "",
        ]
    )


def _title(report: MonthlyReport, language: Language) -> str:
    issue = revision_of(report, language) or language.translate("report.draft")
    partial = "" if report.complete else language.translate("report.incomplete")
    return " · ".join(filter(None, (organization_of(report), report.month_label, issue, partial)))


def _asks(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Write what is asked for and the note; nothing where there is none."""
    lines = [_escaped(line) for line in asked_for(report, language)]
    if lines:
        yield from (
            f"**{language.translate('report.recommended_actions')}**",
            "",
            *lines[: len(report.recommended_actions)],
            "",
        )
        yield from (part for line in lines[len(report.recommended_actions) :] for part in (line, ""))
    if report.note:
        yield from (_escaped(noted(report.note, language)), "")


def _row(kpi: Kpi, language: Language) -> str:
    value, change = language.qualified(kpi.figure, short=True), ""
    if kpi.change and kpi.figure.known:
        change = language.change(kpi.change.absolute, kpi.change.relative, short=True)
    cells = (kpi.label, value, change)
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Keep text from data from being read as markup or from ending a table's row."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
