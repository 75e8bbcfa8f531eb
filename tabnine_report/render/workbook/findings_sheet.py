"""The workbook's sheet of findings and asks: a row each, with the rule that spoke."""

from collections.abc import Iterator, Mapping

from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.page_one_text import highlights_heading, note_line
from tabnine_report.render.workbook.figure_cells import day_cell, value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Spreadsheet
from tabnine_report.text.i18n import Language

_WIDTHS = {"part": 24, "sentence": 84, "owner": 22, "due": 12, "result": 12, "value": 15, "rule": 26}


def add_findings(book: Spreadsheet, report: MonthlyReport, language: Language) -> None:
    """Add what was found, what is asked for, what became of what was asked for before, and the note."""
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
    for one in report.last_month_actions.statuses:
        yield _row(
            part=translate("report.last_month_actions"),
            rule=one.action.rule,
            sentence=f"{one.action.sentence} {one.sentence}",
            owner=one.action.owner,
            due=day_cell(one.action.due),
            result=translate(f"report.{'not_known' if one.state == 'unknown' else one.state}"),
            value=_number(one.figures, language),
        )
    if report.note:
        yield _row(part=translate("report.note_lead"), sentence=note_line(report.note, language))


def _row(**cells: Cell) -> list[Cell]:
    return [cells.get(key) for key in _WIDTHS]


def _number(figures: Mapping[str, Figure], language: Language) -> Cell:
    """Give the figure that an ask is about, if it is about one."""
    return next((value_cell(figure, language) for figure in figures.values()), None)
