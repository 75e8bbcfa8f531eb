"""The workbook's sheet on governance: a row for each thing that should be in a certain state."""

from reporting.governance import Governance, Requirement, Standing
from reporting.language import Language
from reporting.render.figure_cells import instant_cell, value_cell
from reporting.render.spreadsheet import Cell, Column, Missing

_WIDTHS = {"part": 26, "name": 36, "key": 22, "value": 14, "wanted": 46, "result": 14, "as_of": 17, "note": 70}


def governance_columns(language: Language) -> list[Column]:
    """Give the columns of the sheet."""
    return [Column(language.say(f"workbook.{key}"), width) for key, width in _WIDTHS.items()]


def governance_rows(governance: Governance, language: Language) -> list[list[Cell]]:
    """Give a row for each requirement: numbers as numbers, settings in words."""
    parts = (("report.sign_in", governance.sign_in), ("report.admin_accounts", governance.accounts))
    return [_row(language.say(part), one, language) for part, requirements in parts for one in requirements]


def _row(part: str, one: Requirement, language: Language) -> list[Cell]:
    result = language.say(f"governance.{one.standing.replace(' ', '_')}")
    return [
        *(part, one.label, one.key),
        value_cell(one.measure.figure, language) if one.measure else one.found,
        one.wanted,
        result if one.standing is Standing.MET else Missing(result),
        instant_cell(one.as_of, language) if one.as_of else None,
        one.note,
    ]
