"""The workbook's sheet on what a revision changed: every figure, as the revision before has it and as it is now."""

from tabnine_report.model.data_quality import Revised
from tabnine_report.render.workbook.figure_cells import value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Spreadsheet
from tabnine_report.text.i18n import Language


def add_revised(book: Spreadsheet, revised: Revised, language: Language) -> None:
    """Add every figure that changed since the revision before."""
    say = language.say
    columns = [
        Column(say("report.measure"), 44),
        Column(say("report.revised_before"), 16),
        Column(say("workbook.state_of", label=say("report.revised_before")), 14),
        Column(say("report.revised_now"), 16),
        Column(say("workbook.state_of", label=say("report.revised_now")), 14),
        Column(say("workbook.unit"), 14),
    ]
    rows: list[list[Cell]] = [
        [
            *(changed.label, value_cell(changed.before, language), say(f"state.{changed.before.state}")),
            *(value_cell(changed.now, language), say(f"state.{changed.now.state}")),
            changed.now.currency or str(changed.now.unit),
        ]
        for changed in revised.figures
    ]
    number = language.count(revised.revision)
    book.add(say("workbook.revised"), say("report.revised", number=number), columns, rows, fixed=1)
