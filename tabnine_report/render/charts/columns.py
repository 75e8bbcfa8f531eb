"""Columns over time, which the column charts share: positions, states, base line, method change and axis labels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.svg import Anchor, Box, Position, Stroke
from tabnine_report.render.colors import Palette

_COLUMN_SHARE = 0.7
"""The width of a column relative to the distance between two."""
_LEAST_HEIGHT = 0.7
"""The height of the smallest value, so that it is visible, in points."""
LABEL_BELOW_AXIS = 10.0
"""The distance from the base line to the base of the axis labels, in points."""
BESIDE_SCALE = 5.0
"""The distance from the labels of a scale to its lines, in points."""
_LEAST_LEFT = 24.0
"""The usual room for the labels of a scale, so that charts below each other begin at the same place."""


@dataclass(frozen=True)
class Value:
    """The value of one period.

    Attributes:
        amount: The value; None if it is missing, which leaves a gap.
        partial: Whether the value covers only a part of the period; its column is hollow.
        label: The text above the column; empty for none.
    """

    amount: float | None
    partial: bool = False
    label: str = ""


@dataclass(frozen=True)
class Labeled:
    """A value with its label: a line of the scale, a limit, an average or a forecast."""

    amount: float
    label: str


@dataclass(frozen=True)
class AxisLabel:
    """The name of a period below the axis."""

    at: int
    text: str


@dataclass(frozen=True)
class Columns:
    """Places columns from a base line; the first one starts at the left edge, and the last one ends at the right edge.

    Attributes:
        count: The number of periods.
        width: The width of the chart.
        base: The y coordinate of zero.
        height: The height of the highest value.
        highest: The highest value.
    """

    count: int
    width: float
    base: float
    height: float
    highest: float

    @property
    def step(self) -> float:
        """The distance between the left edges of two columns."""
        return (self.width - self.column) / (self.count - 1) if self.count > 1 else 0.0

    @property
    def column(self) -> float:
        """The width of a column."""
        return _COLUMN_SHARE * self.width / max(self.count, 1)

    @property
    def gap(self) -> float:
        """The distance between two columns."""
        return self.step - self.column

    def left(self, at: int) -> float:
        """Return the left edge of a column."""
        return at * self.step

    def middle(self, at: int) -> float:
        """Return the middle of a column."""
        return self.left(at) + self.column / 2

    def before(self, at: int) -> float:
        """Return the middle of the gap before a column."""
        return self.left(at) - self.gap / 2

    def y(self, amount: float) -> float:
        """Return the y coordinate of a value."""
        return self.base - (self.height * amount / self.highest if self.highest else 0.0)

    def draw(self, values: Sequence[Value], current: int, colors: Palette) -> Iterator[Markup]:
        """Yield the columns: the current period in the accent color, partial values hollow, missing ones not at all."""
        for at, value in enumerate(values):
            if value.amount is None:
                continue
            height = max(self.base - self.y(value.amount), _LEAST_HEIGHT)
            place: Box = (self.left(at), self.base - height, self.column, height)
            if value.partial:
                yield svg.outline(place, Stroke(colors.axis, 0.7))
            else:
                yield svg.rect(place, colors.accent if at == current else colors.past)

    def draw_estimate(self, at: int, amount: float, colors: Palette) -> Markup:
        """Return a dashed column."""
        top = self.y(amount)
        box = (self.left(at), top, self.column, self.base - top)
        return svg.outline(box, Stroke(colors.accent, 0.9, "1.7 1.3"), fill="#ffffff")

    def draw_base(self, colors: Palette) -> Markup:
        """Return the base line."""
        return svg.line((0, self.base), (self.width, self.base), Stroke(colors.axis, 0.7))

    def draw_breaks(self, breaks: Iterable[int], top: float, colors: Palette) -> Iterator[Markup]:
        """Yield a dashed line before each period in which a method change takes effect."""
        for at in breaks:
            x = self.before(at)
            yield svg.line((x, top), (x, self.base + 3.5), Stroke(colors.axis, 0.7, "1.4 1.2"))

    def draw_axis(self, labels: Iterable[AxisLabel], colors: Palette) -> Iterator[Markup]:
        """Yield the labels below the axis; those of the first and the last column stay within the chart."""
        y = self.base + LABEL_BELOW_AXIS
        places: list[tuple[Position, str, Anchor]] = []
        for label in labels:
            if label.at == 0:
                places.append(((0.0, y), label.text, "start"))
            elif label.at == self.count - 1:
                places.append(((self.width, y), label.text, "end"))
            else:
                places.append(((self.middle(label.at), y), label.text, "middle"))
        yield from axis_labels(places, colors)

    def draw_values(self, values: Sequence[Value], current: int, colors: Palette) -> Iterator[Markup]:
        """Yield the labels above the columns, the current one strong."""
        for at, value in enumerate(values):
            if value.label and value.amount is not None:
                strong = at == current
                x, anchor = self.label_place(at, value.label)
                yield svg.text(
                    (x, self.y(value.amount) - 3.5),
                    value.label,
                    colors.ink if strong else colors.quiet,
                    anchor=anchor,
                    strong=strong,
                )

    def label_place(self, at: int, label: str) -> tuple[float, svg.Anchor]:
        """Return where the label of a column stands: over its middle, but within the chart."""
        half = svg.text_width(label) / 2
        if self.middle(at) - half < 0:
            return 0.0, "start"
        if self.middle(at) + half > self.width:
            return self.width, "end"
        return self.middle(at), "middle"


def highest(*values: Value | Labeled | float | None) -> float:
    """Return the highest of several values; 0 if none is known."""
    amounts = (value.amount if isinstance(value, Value | Labeled) else value for value in values)
    return max((amount for amount in amounts if amount is not None), default=0.0)


def axis_labels(places: Sequence[tuple[Position, str, Anchor]], colors: Palette) -> Iterator[Markup]:
    """Yield the labels below an axis without those that would touch another; the last one is always there."""
    kept: list[tuple[float, float, Markup]] = []
    for position, words, anchor in [*places[-1:], *places[:-1]]:
        left, _, width, _ = svg.text_box(position, words, anchor)
        if all(left + width < start or end < left for start, end, _ in kept):
            kept.append((left, left + width, svg.text(position, words, colors.quiet, anchor=anchor)))
    yield from (label for _, _, label in sorted(kept))


def room_for_scale(labels: Iterable[Labeled]) -> float:
    """Return the width that the labels on the left of a chart take, with their distance from the lines, in points."""
    return max([_LEAST_LEFT, *(svg.text_width(label.label) + BESIDE_SCALE for label in labels)])


def scale_lines(
    marks: Sequence[Labeled], y: Callable[[float], float], edges: tuple[float, float], colors: Palette
) -> Iterator[Markup]:
    """Yield the horizontal lines of a scale with their labels on the left; the first one is the base line."""
    left, right = edges
    for mark in marks:
        place = y(mark.amount)
        color = colors.axis if mark is marks[0] else colors.rule
        yield svg.line((left, place), (right, place), Stroke(color, 0.6))
        yield svg.text((left - BESIDE_SCALE, place + 2.6), mark.label, colors.quiet, anchor="end")
