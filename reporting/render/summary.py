"""The report's first page as a table in Markdown, for the run's page in Prefect."""

import re
from collections.abc import Iterator

from reporting.language import Language
from reporting.measure import Measure
from reporting.render.sentences import asked_for, found, not_compared, noted
from reporting.report import MonthlyReport

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def markdown_summary(report: MonthlyReport, language: Language) -> str:
    """Write headline, figures and what is missing as Markdown; names in it are data and stay so."""
    rows = [_row(measure, language) for measure in report.tiles]
    return "\n".join(
        [
            f"## {_escaped(report.organization.name)} · {_escaped(report.month_label)}",
            "",
            f"**{_escaped(report.headline)}**",
            "",
            f"| | {_escaped(report.month_label)} | {language.say('summary.change')} | |",
            "| --- | ---: | ---: | --- |",
            *rows,
            "",
            *(f"{_escaped(sentence)}\n" for sentence in not_compared(report, language)),
            *(f"- {_escaped(sentence)}" for sentence in found(report)),
            "",
            *_asks(report, language),
            _escaped(report.about.summary),
            "",
        ]
    )


def _asks(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Write what is asked for and the note; nothing where there is none."""
    lines = [_escaped(line) for line in asked_for(report, language)]
    if lines:
        yield from (f"**{language.say('report.what_we_ask')}**", "", *(f"{line}  " for line in lines), "")
    if report.note:
        yield from (_escaped(noted(report.note, language)), "")


def _row(measure: Measure, language: Language) -> str:
    value = language.qualified(measure.figure)
    change = language.change(measure.change.absolute, measure.change.relative) if measure.change else ""
    cells = (measure.label, value, change, measure.note)
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Keep text from data from being read as markup or from ending a table's row."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
