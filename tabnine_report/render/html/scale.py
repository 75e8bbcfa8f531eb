"""The size, scale and axis labels of a chart."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.series import Point
from tabnine_report.text.formats import COMPACT_FROM
from tabnine_report.text.i18n import Language

_INTERVALS = 5
"""The largest number of steps from zero to the top of a scale."""


@dataclass(frozen=True)
class Size:
    """The size of a chart and its margins, in units of its own; text is 10 or 11 units high."""

    width: float
    height: float
    left: float = 40.0
    right: float = 36.0
    top: float = 20.0
    bottom: float = 30.0


WIDE = Size(400, 210)
NAMED = Size(400, 210, right=58)
"""The size of WIDE with room for names on the right."""
SMALL = Size(220, 136, right=42, top=28, bottom=18)
SPARK = Size(160, 40, left=3, right=5, top=5, bottom=4)
EMAIL = Size(560, 210)


@dataclass(frozen=True)
class Label:
    """A word or number in a chart."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    strong: bool = False
    upright: bool = False


@dataclass(frozen=True)
class Frame:
    """Converts positions and values to coordinates."""

    size: Size
    count: int
    low: float
    high: float

    @property
    def slot(self) -> float:
        """The width of one period."""
        return (self.size.width - self.size.left - self.size.right) / max(self.count, 1)

    @property
    def middle(self) -> float:
        """The y coordinate halfway between the lowest and the highest value."""
        return round((self.y(self.low) + self.y(self.high)) / 2, 1)

    def x(self, position: float) -> float:
        """Return the x coordinate of the middle of a period."""
        return round(self.size.left + (position + 0.5) * self.slot, 1)

    def y(self, value: float) -> float:
        """Return the y coordinate of a value."""
        room = self.size.height - self.size.top - self.size.bottom
        return round(self.size.top + room * (1 - (value - self.low) / (self.high - self.low)), 1)


def scale(
    points: Sequence[Point], language: Language, size: Size, highest: float | None
) -> tuple[Frame, tuple[Label, ...]]:
    """Return the frame and the grid lines of a scale of round numbers from zero to the largest value or above."""
    top = highest if highest is not None else max((value for _, value, _ in known_points(points)), default=0.0)
    step = _step(top / _INTERVALS)
    steps = max(1, math.ceil(round(top / step, 6)))
    frame = Frame(size, len(points), 0.0, steps * step)
    # Without any value, only the line at zero is drawn.
    numbers = range(steps + 1) if top else (0,)
    grid = tuple(
        Label(size.left - 6, frame.y(number * step), _on_scale(number * step, frame.high, language), "end")
        for number in numbers
    )
    return frame, grid


def _on_scale(value: float, top: float, language: Language) -> str:
    """Return a number of the scale, shortened if the largest one is."""
    return language.compact(value, least=1000) if top >= COMPACT_FROM else language.count(value)


def _step(least: float) -> float:
    """Return the smallest round number that is at least `least` and needs no decimal in its compact form.

    Counts have no fractions, so a step is never below 1; and 2,500 would be written as 2.5K, but 25,000 is 25K.
    """
    if least <= 1:
        return 1.0
    magnitude = 10.0 ** math.floor(math.log10(least))
    steps = (1.0, 2.0, 5.0, 10.0) if math.log10(magnitude) % 3 == 0 else (1.0, 2.0, 2.5, 5.0, 10.0)
    return next(step * magnitude for step in steps if step * magnitude >= least)


def known_points(points: Sequence[Point]) -> Iterable[tuple[int, float, bool]]:
    """Yield position, value and whether it is partial for every point that has a value."""
    for at, point in enumerate(points):
        if point.figure.value is not None:
            yield at, float(point.figure.value), point.figure.state is State.PARTIAL


def ticks(points: Sequence[Point], frame: Frame, language: Language) -> tuple[Label, ...]:
    """Label the periods below the axis: every month, with its year below each January, or every seventh day."""
    if not points:
        return ()
    below = frame.size.height - frame.size.bottom + 13
    if len(points[0].period) > len("2026-10"):
        return tuple(
            Label(frame.x(at), below, str(date.fromisoformat(point.period).day))
            for at, point in enumerate(points)
            if at % 7 == 0
        )
    months = [Month.parse(point.period) for point in points]
    if frame.size.bottom < WIDE.bottom:  # no room for every month and a second row
        ends = ((0, "start"), (len(points) - 1, "end"))[: len(points)]
        edges = {"start": -0.5, "end": 0.5}
        return tuple(
            Label(frame.x(at + edges[side]), below, language.month_and_year_short(months[at]), side)
            for at, side in ends
        )
    names = [Label(frame.x(at), below, language.month_short(month)) for at, month in enumerate(months)]
    years = [
        Label(frame.x(at), below + 12, str(month.year))
        for at, month in enumerate(months)
        if at == 0 or month.number == 1
    ]
    return (*names, *years)
