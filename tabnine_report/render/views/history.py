"""Turn series of the report into the values, positions and labels that the charts draw."""

from collections.abc import Callable, Iterable

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month
from tabnine_report.model.series import Series
from tabnine_report.render.charts.columns import AxisLabel, Value
from tabnine_report.text.i18n import Language


def values(series: Series, label: Callable[[int, Figure], str] = lambda _at, _figure: "") -> tuple[Value, ...]:
    """Return one value for each period of a series.

    Args:
        series: The series.
        label: Returns the text above a column, given its position and its figure; by default there is none.
    """
    return tuple(
        Value(point.figure.value, partial=point.figure.state is State.PARTIAL, label=label(at, point.figure))
        for at, point in enumerate(series.points)
    )


def break_positions(series: Series) -> tuple[int, ...]:
    """Return the positions of the months in which a method change takes effect, without the first month."""
    return tuple(at for at, point in enumerate(series.points) if at and point.period in series.breaks)


def quarterly(count: int) -> tuple[int, ...]:
    """Return the first and the last of a number of positions, and every third one between where there is room."""
    return tuple(at for at in range(count) if at == 0 or (at % 3 == (count - 1) % 3 and at > 1))


def month_axis(series: Series, positions: Iterable[int], language: Language) -> tuple[AxisLabel, ...]:
    """Return the labels of some months; the first one of each year also names the year."""
    labels: list[AxisLabel] = []
    year = 0
    for at in positions:
        month = Month.parse(series.points[at].period)
        named = language.month_and_year_short(month) if month.year != year else language.month_short(month)
        labels.append(AxisLabel(at, named))
        year = month.year
    return tuple(labels)


def is_partial(series: Series) -> bool:
    """Return whether a series has a partial value."""
    return any(point.figure.state is State.PARTIAL for point in series.points)


def known_from(series: Series | None) -> Series | None:
    """Return a series without the months before its first known value; None if it has no value."""
    points = series.points if series is not None else ()
    first = next((at for at, point in enumerate(points) if point.figure.known), None)
    if series is None or first is None:
        return None
    return series.model_copy(update={"points": points[first:]})
