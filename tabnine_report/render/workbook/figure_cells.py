"""Build the cells of a figure: its value or the word for its state, its unit, reasons and source."""

from datetime import date, datetime

from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.render.workbook.number_formats import change_format, figure_format, percent_change_format
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Missing, Typed
from tabnine_report.text.i18n import Language

MONTH_PATTERN = "mmm yyyy"
DAY_PATTERN = "yyyy-mm-dd"
INSTANT_PATTERN = "yyyy-mm-dd hh:mm"

_PRINTED = {
    "part": 20,
    "metric": 30,
    "value": 15,
    "unit": 11,
    "state": 12,
    "change": 14,
    "percent_change": 10,
    "since": 11,
    "note": 42,
    "reason": 34,
    "about_the_change": 22,
    "as_of": 17,
}
_SOURCE = {"key": 20, "endpoint": 36, "field": 26, "formula": 36, "period": 10}
"""The source of a figure: on screen only; in print, the sheet of definitions has it."""
_WIDTHS = _PRINTED | _SOURCE
FIXED = 2
"""The number of frozen columns, which identify the rows of a table of figures."""


def figure_columns(language: Language) -> list[Column]:
    """Return the columns of a table of figures, the same on every sheet."""
    return [
        Column(language.translate(f"workbook.{key}"), width, printed=key in _PRINTED) for key, width in _WIDTHS.items()
    ]


def text_row(part: str, label: str, *, value: str = "", note: str = "") -> list[Cell]:
    """Return a row of text in a table of figures."""
    cells = dict.fromkeys(_WIDTHS, None) | {"part": part, "metric": label, "value": value, "note": note}
    return [cell or None for cell in cells.values()]


def kpi_row(part: str, kpi: Kpi, language: Language) -> list[Cell]:
    """Return the row of a KPI: its figure, its change, its note, and the reasons for their states."""
    cells = _cells(part, kpi.label, kpi.figure, kpi.note, language)
    cells["key"] = kpi.key
    if kpi.change is not None:
        absolute, relative = kpi.change.absolute, kpi.change.relative
        cells["change"] = change_cell(absolute, language)
        cells["percent_change"] = percent_change_cell(relative, language)
        cells["since"] = month_cell(kpi.change.since)
        cells["about_the_change"] = " ".join(dict.fromkeys(filter(None, (absolute.reason, relative.reason))))
    return list(cells.values())


def figure_row(part: str, label: Cell, figure: Figure, language: Language, *, note: str = "") -> list[Cell]:
    """Return the row of a figure that is not a KPI and so has neither key nor change."""
    return list(_cells(part, label, figure, note, language).values())


def value_cell(figure: Figure, language: Language, pattern: str = "") -> Cell:
    """Return a figure's value in a number format, by default that of its unit, or the word for its state."""
    if figure.value is None:
        return Missing(language.translate(f"state.{figure.state}"))
    return Typed(figure.value, pattern or figure_format(figure, language))


def change_cell(change: Figure, language: Language) -> Cell:
    """Return a change with its sign, or the word for its state; the change of a share is in points."""
    return value_cell(change, language, change_format(change, language))


def percent_change_cell(change: Figure, language: Language) -> Cell:
    """Return a change as a share of its base with its sign, or the word for its state."""
    return value_cell(change, language, percent_change_format(language))


def month_cell(month: str) -> Typed:
    """Return a month `YYYY-MM` as its first day, displayed as a month."""
    return Typed(Month.parse(month).first_day, MONTH_PATTERN)


def instant_cell(instant: datetime, language: Language) -> Typed:
    """Return an instant in the report's time zone."""
    return Typed(instant.astimezone(language.zone).replace(tzinfo=None), INSTANT_PATTERN)


def day_cell(day: date) -> Typed:
    """Return a day."""
    return Typed(day, DAY_PATTERN)


def _cells(part: str, label: Cell, figure: Figure, note: str, language: Language) -> dict[str, Cell]:
    cells: dict[str, Cell] = dict.fromkeys(_WIDTHS, None)
    cells |= {
        "part": part,
        "metric": label,
        "value": value_cell(figure, language),
        "unit": figure.currency or str(figure.unit),
        "state": language.translate(f"state.{figure.state}"),
        "note": note,
        "reason": figure.reason,
        "as_of": instant_cell(figure.as_of, language) if figure.as_of else None,
    }
    if figure.source is not None:
        cells |= {name: getattr(figure.source, name) for name in ("endpoint", "field", "formula", "period")}
    return cells
