"""Build the workbook's sheet on governance: one row for each requirement."""

from tabnine_report.model.governance import Governance, Requirement, RequirementStatus
from tabnine_report.render.workbook.cells import Cell, Column, Sheet, Text
from tabnine_report.render.workbook.figure_cells import instant_cell, value_cell
from tabnine_report.text.i18n import Language

_WIDTHS = {"part": 24, "name": 34, "value": 14, "expected": 42, "result": 14, "as_of": 17, "note": 40, "key": 24}


def governance_sheet(governance: Governance, language: Language) -> Sheet:
    """Return one row for each requirement, with numbers as numbers and settings as words."""
    parts = (("report.sign_in", governance.sign_in), ("report.admin_accounts", governance.accounts))
    return Sheet(
        name=language.translate("workbook.governance"),
        sentence=governance.title,
        columns=[
            Column(language.translate(f"workbook.{key}"), width, printed=key != "key") for key, width in _WIDTHS.items()
        ],
        rows=[
            _row(language.translate(part), requirement, language)
            for part, requirements in parts
            for requirement in requirements
        ],
        fixed=2,
    )


def _row(part: str, requirement: Requirement, language: Language) -> list[Cell]:
    result = language.translate(f"governance.{requirement.status.replace(' ', '_')}")
    return [
        *(part, requirement.label),
        value_cell(requirement.kpi.figure, language) if requirement.kpi else requirement.actual,
        requirement.expected,
        result if requirement.status is RequirementStatus.MET else Text(result, "warning"),
        instant_cell(requirement.as_of, language),
        requirement.note,
        requirement.key,
    ]
