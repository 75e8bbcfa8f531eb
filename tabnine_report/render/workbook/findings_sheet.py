"""Build the workbook's sheet of findings and recommended actions, one row each, with the rule that found it."""

from collections.abc import Iterator, Mapping

from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import highlights_heading, note_line
from tabnine_report.render.workbook.figure_cells import day_cell, value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Spreadsheet
from tabnine_report.text.i18n import Language

_WIDTHS = {"part": 24, "sentence": 84, "owner": 22, "due": 12, "result": 12, "value": 15, "rule": 26}


def add_findings(book: Spreadsheet, report: MonthlyReport, language: Language) -> None:
    """Add the findings, the recommended actions, the status of last month's actions, and the note."""
    columns = [
        Column(language.translate(f"workbook.{key}"), width, printed=key != "rule") for key, width in _WIDTHS.items()
    ]
    book.add(language.translate("workbook.findings"), report.headline, columns, list(_rows(report, language)))


def _rows(report: MonthlyReport, language: Language) -> Iterator[list[Cell]]:
    translate = language.translate
    if report.month_summary:
        yield _row(part=highlights_heading(report, language), sentence=report.month_summary)
    for finding in report.findings:
        yield _row(part=highlights_heading(report, language), rule=finding.rule, sentence=finding.sentence)
    for action in report.recommended_actions:
        yield _row(
            part=translate("report.recommended_actions"),
            rule=action.rule,
            sentence=action.sentence,
            owner=action.owner,
            due=day_cell(action.due),
            value=_number(action.figures, language),
        )
    for previous in report.last_month_actions.statuses:
        yield _row(
            part=translate("report.last_month_actions"),
            rule=previous.action.rule,
            sentence=f"{previous.action.sentence} {previous.sentence}",
            owner=previous.action.owner,
            due=day_cell(previous.action.due),
            result=translate(f"report.{'not_known' if previous.state == 'unknown' else previous.state}"),
            value=_number(previous.figures, language),
        )
    if report.note:
        yield _row(part=translate("report.note_lead"), sentence=note_line(report.note, language))


def _row(**cells: Cell) -> list[Cell]:
    return [cells.get(key) for key in _WIDTHS]


def _number(figures: Mapping[str, Figure], language: Language) -> Cell:
    """Return the figure that a recommended action is about, if there is one."""
    return next((value_cell(figure, language) for figure in figures.values()), None)
