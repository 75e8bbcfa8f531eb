"""The workbook's sheet on governance: a row for each thing that should be in a certain state."""

from tabnine_report.model.governance import Governance, Requirement, RequirementStatus
from tabnine_report.render.workbook.figure_cells import instant_cell, value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Missing, Spreadsheet
from tabnine_report.text.i18n import Language

_WIDTHS = {"part": 24, "name": 34, "value": 14, "expected": 42, "result": 14, "as_of": 17, "note": 40, "key": 24}


def add_governance(book: Spreadsheet, governance: Governance, language: Language) -> None:
    """Add a row for each requirement: numbers as numbers, settings in words."""
    columns = [
        Column(language.translate(f"workbook.{key}"), width, printed=key != "key") for key, width in _WIDTHS.items()
    ]
    parts = (("report.sign_in", governance.sign_in), ("report.admin_accounts", governance.accounts))
    rows = [_row(language.translate(part), one, language) for part, requirements in parts for one in requirements]
    book.add(language.translate("workbook.governance"), governance.title, columns, rows, fixed=2)


def _row(part: str, one: Requirement, language: Language) -> list[Cell]:
    result = language.translate(f"governance.{one.status.replace(' ', '_')}")
    return [
        *(part, one.label),
        value_cell(one.kpi.figure, language) if one.kpi else one.actual,
        one.expected,
        result if one.status is RequirementStatus.MET else Missing(result),
        instant_cell(one.as_of, language) if one.as_of else None,
        one.note,
        one.key,
    ]
