"""The numbers behind the charts, laid out as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tabnine_report.model.figure import Figure
from tabnine_report.model.series import Point, Series


@dataclass(frozen=True)
class Months:
    """Several series side by side.

    Attributes:
        labels: A label a column.
        rows: A row a month, newest first: the month `YYYY-MM`, and the figure of each column or None.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure | None, ...]], ...]


def months(histories: Iterable[Series | None]) -> Months:
    """Lay series over months side by side; one that is None, there already or without any number is left out.

    The months begin with the first that has a number.
    """
    series = list(dict.fromkeys(history for history in histories if history is not None and _has_number(history)))
    columns = [{point.period: point.figure for point in one.points} for one in series]
    first = min((point.period for one in series for point in one.points if point.figure.known), default="")
    periods = sorted({period for column in columns for period in column if period >= first}, reverse=True)
    return Months(
        labels=tuple(one.label for one in series),
        rows=tuple((period, tuple(column.get(period) for column in columns)) for period in periods),
    )


def weeks(series: Series) -> tuple[tuple[Point | None, ...], ...]:
    """Lay the days of a month out as a calendar: weeks from Monday, None where the month has no such day.

    Without any number there is no calendar.
    """
    if not _has_number(series):
        return ()
    before = date.fromisoformat(series.points[0].period).weekday()
    cells: list[Point | None] = [*[None] * before, *series.points]
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))


def _has_number(series: Series) -> bool:
    return any(point.figure.known for point in series.points)
