"""How a measure moved from month to month; only whole months count."""

from itertools import pairwise
from statistics import median

from reporting.build.changes import SMALLEST_BASE
from reporting.figure import Figure, State
from reporting.measure import Measure, Series


def relative(measure: Measure) -> float | None:
    """Give a measure's change as a share of its base; None where there is none to tell."""
    return measure.change.relative.value if measure.change else None


def whole(figure: Figure) -> float | None:
    """Give the value of a whole month; None where it is partial or missing."""
    return figure.value if figure.state is State.MEASURED else None


def values(history: Series | None) -> list[float | None]:
    """Give the value of each month, oldest first; None for a month that is not whole."""
    return [whole(point.figure) for point in history.points] if history else []


def steps(history: Series | None) -> list[float]:
    """Give the changes from each whole month to the next, oldest first."""
    return [after - before for before, after in pairwise(values(history)) if before is not None and after is not None]


def moves(history: Series | None) -> list[float | None]:
    """Give the changes as shares of their base, oldest first; None where that is too small, or a month not whole."""
    return [
        (after - before) / before if before is not None and after is not None and before >= SMALLEST_BASE else None
        for before, after in pairwise(values(history))
    ]


def ordinary_movement(history: Series | None, fewest_movements: int) -> float | None:
    """Give the ordinary movement before the reported month: the median of its sizes, as shares of their base.

    Args:
        history: The months; the newest is the reported one, whose own movement does not count.
        fewest_movements: How many it takes to know what is ordinary; None is given with fewer.
    """
    before = [abs(move) for move in moves(history)[:-1] if move is not None]
    return median(before) if before and len(before) >= fewest_movements else None
