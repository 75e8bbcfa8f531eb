"""Build the workbook's sheet on a revision: every changed figure, in the previous revision and now."""

from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.render.workbook.figure_cells import value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Spreadsheet
from tabnine_report.text.i18n import Language


def add_revision_changes(book: Spreadsheet, revision_changes: RevisionChanges, language: Language) -> None:
    """Add every figure that changed since the previous revision."""
    translate = language.translate
    columns = [
        Column(translate("report.metric"), 44),
        Column(translate("report.revised_before"), 16),
        Column(translate("workbook.state_of", label=translate("report.revised_before")), 14),
        Column(translate("report.revised_now"), 16),
        Column(translate("workbook.state_of", label=translate("report.revised_now")), 14),
        Column(translate("workbook.unit"), 14),
    ]
    rows: list[list[Cell]] = [
        [
            *(changed.label, value_cell(changed.before, language), translate(f"state.{changed.before.state}")),
            *(value_cell(changed.now, language), translate(f"state.{changed.now.state}")),
            changed.now.currency or str(changed.now.unit),
        ]
        for changed in revision_changes.figures
    ]
    number = language.count(revision_changes.revision)
    book.add(translate("workbook.revised"), translate("report.revised", number=number), columns, rows, fixed=1)
