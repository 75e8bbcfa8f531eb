"""Build the cells of figures: a value or the word for its state, a change, a month, an instant."""

from collections.abc import Sequence
from datetime import date, datetime

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month
from tabnine_report.render.workbook.cells import Cell, Column, Missing, TableColumn, Typed
from tabnine_report.render.workbook.number_formats import (
    change_format,
    count_format,
    figure_format,
    percent_change_format,
)
from tabnine_report.text.i18n import Language

_MONTH_PATTERN = "mmm yyyy"
_DAY_PATTERN = "yyyy-mm-dd"
_INSTANT_PATTERN = "yyyy-mm-dd hh:mm"


def value_cell(figure: Figure, language: Language, pattern: str = "", *, currency: bool = True) -> Cell:
    """Return a figure's value in a number format, by default that of its unit, or the word for its state.

    Args:
        figure: The figure.
        language: Writes the word and the format.
        pattern: Another number format.
        currency: Whether an amount of money has its currency in the cell, not in a column of its own.
    """
    if figure.value is None:
        return Missing(language.translate(f"state.{figure.state}"))
    return Typed(figure.value, pattern or figure_format(figure, language, currency=currency))


def change_cell(change: Figure, language: Language, *, currency: bool = True) -> Cell:
    """Return a change with its sign, or the word for its state; the change of a share is in points."""
    return value_cell(change, language, change_format(change, language, currency=currency))


def percent_change_cell(change: Figure, language: Language) -> Cell:
    """Return a change as a share of its base with its sign, or the word for its state."""
    return value_cell(change, language, percent_change_format(language))


def unit_of(figure: Figure) -> str:
    """Return the unit of a figure, which for an amount of money is its currency."""
    return figure.currency or str(figure.unit)


def state_word(figure: Figure, language: Language) -> str:
    """Return the word for a figure's state."""
    return language.translate(f"state.{figure.state}")


def month_cell(month: str) -> Typed:
    """Return a month `YYYY-MM` as its first day, displayed as a month."""
    return Typed(Month.parse(month).first_day, _MONTH_PATTERN)


def instant_cell(instant: datetime | None, language: Language) -> Typed | None:
    """Return an instant in the report's time zone; a blank cell for None."""
    if instant is None:
        return None
    return Typed(instant.astimezone(language.zone).replace(tzinfo=None), _INSTANT_PATTERN)


def day_cell(day: date) -> Typed:
    """Return a day."""
    return Typed(day, _DAY_PATTERN)


def count_cell(value: int, language: Language) -> Typed:
    """Return a count that is not a figure of the report, such as a number of responses."""
    return Typed(value, count_format(value, language))


def figures_and_states(
    label: str, figures: Sequence[Figure | None], cells: Sequence[Cell], language: Language
) -> list[TableColumn]:
    """Return a column of figures, and one of their states if any is partial; nothing if there is no figure.

    Args:
        label: The heading.
        figures: The figure of each row; None for a row without one.
        cells: The cells of the figures.
        language: Writes the states.
    """
    if not any(figures):
        return []
    columns: list[TableColumn] = [(Column(label, 15, right=True), cells)]
    if any(figure and figure.state is State.PARTIAL for figure in figures):
        states = [state_word(figure, language) if figure else None for figure in figures]
        columns.append((Column(language.translate("workbook.state_of", label=label), 13), states))
    return columns
