"""Lay out the numbers of the charts as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tabnine_report.model.figure import Figure
from tabnine_report.model.series import Point, Series


@dataclass(frozen=True)
class MonthTable:
    """Several series side by side.

    Attributes:
        labels: The labels of the columns.
        rows: One row for each month, newest first: the month `YYYY-MM` and the figure of each column or None.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure | None, ...]], ...]


def month_table(histories: Iterable[Series | None]) -> MonthTable:
    """Lay out series side by side, without duplicates and without those that are None or have no value.

    The first month is the first with a value.
    """
    series = list(dict.fromkeys(history for history in histories if history is not None and _has_value(history)))
    columns = [{point.period: point.figure for point in column.points} for column in series]
    first = min((point.period for column in series for point in column.points if point.figure.known), default="")
    periods = sorted({period for column in columns for period in column if period >= first}, reverse=True)
    return MonthTable(
        labels=tuple(column.label for column in series),
        rows=tuple((period, tuple(column.get(period) for column in columns)) for period in periods),
    )


def calendar_weeks(series: Series) -> tuple[tuple[Point | None, ...], ...]:
    """Lay out the days of a month as weeks from Monday, with None for days of other months.

    Without any value there are no weeks.
    """
    if not _has_value(series):
        return ()
    blanks = date.fromisoformat(series.points[0].period).weekday()
    cells: list[Point | None] = [*[None] * blanks, *series.points]
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))


def _has_value(series: Series) -> bool:
    return any(point.figure.known for point in series.points)
