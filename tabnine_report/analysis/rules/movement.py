"""How a measure moved from month to month; only whole months count, and none before the way of counting changed."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi, Series
from tabnine_report.model.month import Month

HOLIDAY_MONTHS = frozenset({8, 12})
"""August and December: who moves into one of them or out of it is also held against the year before."""


def relative(kpi: Kpi) -> float | None:
    """Give a measure's change as a share of its base; None where there is none to tell."""
    return kpi.change.relative.value if kpi.change else None


def base_of(kpi: Kpi) -> float:
    """Return the value of the month before, which the change of a measure refers to; 0 where there is no change."""
    absolute = kpi.change.absolute.value if kpi.change else None
    return 0 if absolute is None or kpi.figure.value is None else kpi.figure.value - absolute


def whole(figure: Figure) -> float | None:
    """Give the value of a whole month; None where it is partial or missing."""
    return figure.value if figure.state is State.MEASURED else None


def values(history: Series | None) -> list[float | None]:
    """Give the value of each month, oldest first; None for one that is not whole, or counted in an earlier way."""
    if history is None:
        return []
    since = max(history.breaks, default="")
    return [whole(point.figure) if point.period >= since else None for point in history.points]


def value_of(history: Series | None, month: Month) -> float | None:
    """Give the value of one month of a history; None where `values` has none, or the month is not in it."""
    points = history.points if history else ()
    told = zip(points, values(history), strict=True)
    return next((value for point, value in told if point.period == str(month)), None)


def is_counted_anew(kpi: Kpi, month: Month) -> bool:
    """Tell whether a measure is counted in another way from a month on."""
    return kpi.history is not None and str(month) in kpi.history.breaks


def steps(history: Series | None) -> list[float]:
    """Give the changes from each whole month to the next that is counted alike, oldest first."""
    return [after - before for before, after in _neighbors(history) if before is not None and after is not None]


def moves(history: Series | None) -> list[float | None]:
    """Give the changes as shares of their base, oldest first; None where `steps` has none or the base is too small."""
    return [
        (after - before) / before if before is not None and after is not None and before >= SMALLEST_BASE else None
        for before, after in _neighbors(history)
    ]


def _neighbors(history: Series | None) -> Iterator[tuple[float | None, float | None]]:
    """Give the values of each month and the next; None where a month is not whole, or the next one counted anew."""
    for before, after in pairwise(history.points if history else ()):
        joined = history is not None and after.period not in history.breaks
        yield whole(before.figure) if joined else None, whole(after.figure)


def ordinary_movement(history: Series | None, fewest_movements: int) -> float | None:
    """Give the ordinary movement before the reported month: the median of its sizes, as shares of their base.

    Args:
        history: The months; the newest is the reported one, whose own movement does not count.
        fewest_movements: How many it takes to know what is ordinary; None is given with fewer.
    """
    before = [abs(move) for move in moves(history)[:-1] if move is not None]
    return median(before) if before and len(before) >= fewest_movements else None


def crosses_holidays(month: Month) -> bool:
    """Tell whether a month or the one before it is a month of holidays, which move people by themselves."""
    return bool(HOLIDAY_MONTHS & {month.number, month.back(1).number})
