"""Accounts and active users over the months, and the range of accounts that is likely until the license ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import (
    AxisLabel,
    Labeled,
    Value,
    axis_labels,
    highest,
    room_for_scale,
    scale_lines,
)
from tabnine_report.render.charts.fan_labels import FanLabels, FanLines, fan_labels
from tabnine_report.render.charts.svg import Position, Stroke
from tabnine_report.render.colors import Palette

_TOP, _BOTTOM = 24.0, 16.0
_LINE_HEIGHT = 9.0
_BESIDE_END = 9.0
"""The distance between the license's end and the labels beside it, in points."""
_DOT = 3.4
"""The room for the dot at the end of a line."""
_HEADROOM = 1.04
"""The top of the scale relative to the highest value, so that the label of the seats stays below the deadlines."""
_TO_MIDDLE = 2.6
"""The distance from the middle of a line of text to its base line, in points."""
_WITHOUT_END = 0.5
"""The months after the reported one to which the line of seats runs if no deadline ends it."""
_MAIN_ROW = 1
"""The row of the range's label that is strong: the seats that would be free."""


@dataclass(frozen=True)
class Deadline:
    """A day after the reported month, in months after its end, with a label of two lines."""

    months_ahead: float
    label: tuple[str, str]


@dataclass(frozen=True)
class Range:
    """The lowest and the highest number of accounts at the license's end, with the lines of its label."""

    low: float
    high: float
    label: Sequence[str]


def accounts_fan(  # noqa: PLR0913 - each is one element of the chart
    accounts: Sequence[Value],
    users: Sequence[Value],
    seats: float,
    title: str,
    colors: Palette,
    *,
    scale: Sequence[Labeled],
    axis: Sequence[AxisLabel],
    labels: FanLabels,
    end: Deadline | None,
    notice: Deadline | None,
    range_at_end: Range | None,
    breaks: Sequence[int] = (),
    width: float = svg.FULL,
    height: float = 204.0,
) -> Markup:
    """Return the two lines, the seats from the reported month on, and the range of accounts at the license's end.

    Args:
        accounts: Accounts at the end of each month, oldest first; the last one is the reported month and known.
        users: Active users of the same months; the last one is known.
        seats: The seats as of now. They have no history, so their line begins in the reported month.
        title: The text alternative.
        colors: The palette.
        scale: The horizontal lines with their labels; the first one is the base line, which may lie above zero.
        axis: The labels below the axis.
        labels: The labels of lines and distances.
        end: The end of the license; None if the chart should end with the reported month.
        notice: The last day for notice, before the end; None if there is none.
        range_at_end: The range of accounts at the license's end; None without an estimate.
        breaks: The positions of the months in which a method change of the active users takes effect.
        width: The width of the chart, in points.
        height: The height of the chart, in points.
    """
    beside_end = [labels.seats, *(range_at_end.label if range_at_end else ()), *(end.label if end else ())]
    plot = _Plot(
        last=len(accounts) - 1,
        months=len(accounts) - 1 + (end.months_ahead if end else _WITHOUT_END),
        low=scale[0].amount,
        high=_HEADROOM * highest(*accounts, *scale, seats, range_at_end.high if range_at_end else None),
        left=room_for_scale(scale),
        right=width - _BESIDE_END - max(svg.text_width(words) for words in beside_end),
        base=height - _BOTTOM,
        colors=colors,
    )
    now = (accounts[-1].amount or 0.0, users[-1].amount or 0.0)
    elements = [*scale_lines(scale, plot.y, (plot.left, plot.right), colors), *plot.axis(axis)]
    if notice is not None:
        elements += plot.deadline(notice, plot.y(now[0]), Stroke(colors.ink, 0.8, "2 1.6"), "end")
    if end is not None:
        elements += plot.deadline(end, plot.base, Stroke(colors.ink, 0.8), "start")
    if range_at_end is not None:
        elements += plot.range(now[0], range_at_end)
    elements += [
        svg.path([plot.at(plot.last, seats), plot.at(plot.months, seats)], Stroke(colors.ink, 1.4)),
        plot.distance(seats, now[0]),
        plot.distance(now[0], now[1]),
        *fan_labels(labels, plot.lines(accounts, users, seats, notice, range_at_end), plot.y(seats), colors),
        *plot.line(accounts, colors.quiet, ()),
        *plot.line(users, colors.accent, breaks),
        *plot.beside_end(seats, labels.seats, range_at_end),
    ]
    return svg.chart(width, height, title, elements)


@dataclass(frozen=True)
class _Plot:
    """Places months and amounts, and draws the elements.

    Attributes:
        last: The position of the reported month.
        months: The position of the license's end.
        low: The amount of the base line.
        high: The amount at the top.
        left: The x coordinate of the first month.
        right: The x coordinate of the license's end.
        base: The y coordinate of the base line.
        colors: The palette.
    """

    last: int
    months: float
    low: float
    high: float
    left: float
    right: float
    base: float
    colors: Palette

    def x(self, month: float) -> float:
        return self.left + (self.right - self.left) * month / self.months

    def y(self, amount: float) -> float:
        return self.base - (self.base - _TOP) * (amount - self.low) / (self.high - self.low)

    def at(self, month: float, amount: float) -> Position:
        return self.x(month), self.y(amount)

    def axis(self, labels: Sequence[AxisLabel]) -> Iterator[Markup]:
        places: list[tuple[Position, str, svg.Anchor]] = []
        for label in labels:
            x = self.x(label.at)
            yield svg.line((x, self.base), (x, self.base + 2.5), Stroke(self.colors.axis, 0.6))
            places.append(((x, self.base + 11), label.text, "middle" if label.at else "start"))
        yield from axis_labels(places, self.colors)

    def deadline(self, deadline: Deadline, bottom: float, stroke: Stroke, anchor: svg.Anchor) -> Iterator[Markup]:
        x = self.x(self.last + deadline.months_ahead)
        yield svg.line((x, _TOP - 3), (x, bottom), stroke)
        for row, words in enumerate(deadline.label):
            place = (x + (2 if anchor == "start" else -2), _TOP - 15 + row * _LINE_HEIGHT)
            yield svg.text(place, words, self.colors.ink, anchor=anchor, strong=True)

    def range(self, accounts: float, likely: Range) -> Iterator[Markup]:
        start, upper, lower = self.fan(accounts, likely)
        dashed = Stroke(self.colors.axis, 0.7, "2 1.6")
        yield svg.area([start, upper, lower], self.colors.past, 0.55)
        yield svg.path([start, upper], dashed)
        yield svg.path([start, lower], dashed)
        x = self.right + 5
        yield svg.line((x, upper[1]), (x, lower[1]), Stroke(self.colors.axis, 1.0))

    def fan(self, accounts: float, likely: Range) -> tuple[Position, Position, Position]:
        """Return the corners of the range: the reported month, and the highest and the lowest value at the end."""
        return self.at(self.last, accounts), self.at(self.months, likely.high), self.at(self.months, likely.low)

    def beside_end(self, seats: float, name: str, likely: Range | None) -> Iterator[Markup]:
        """Yield the labels of seats and range, one below the other in the order of their heights."""
        x, y = self.right + _BESIDE_END, self.y(seats) + _TO_MIDDLE
        if likely is not None:
            room = _LINE_HEIGHT * len(likely.label)
            middle = (self.y(likely.high) + self.y(likely.low)) / 2
            first = middle - (room - _LINE_HEIGHT) / 2 + _TO_MIDDLE
            if likely.high <= seats:
                first = max(first, y + _LINE_HEIGHT)
            else:
                # Not so high that the label touches that of the license's end.
                first = max(min(first, y - room), _TOP + _TO_MIDDLE)
                y = max(y, first + room)
            for row, words in enumerate(likely.label):
                yield svg.text((x, first + row * _LINE_HEIGHT), words, self.colors.ink, strong=row == _MAIN_ROW)
        yield svg.text((x, y), name, self.colors.ink, strong=True)

    def distance(self, upper: float, lower: float) -> Markup:
        """Return a vertical line between two values of the reported month; nothing if they are too near."""
        x, top, bottom = self.x(self.last), self.y(upper) + _DOT, self.y(lower) - _DOT
        return svg.line((x, top), (x, bottom), Stroke(self.colors.axis, 0.7)) if bottom > top else Markup()

    def line(self, values: Sequence[Value], color: str, breaks: Sequence[int]) -> Iterator[Markup]:
        """Yield a line with a gap where a value is missing or partial and where a method change takes effect."""
        sides = [
            (value.amount is not None and not value.partial, sum(at >= start for start in breaks))
            for at, value in enumerate(values)
        ]
        for (drawn, _), run in groupby(range(len(values)), key=sides.__getitem__):
            if drawn:
                yield svg.path([self.at(at, values[at].amount or 0.0) for at in run], Stroke(color, 1.5))
        for at, value in enumerate(values):
            if value.partial and value.amount is not None:
                yield svg.dot(self.at(at, value.amount), 2.0, "#ffffff", Stroke(color, 0.9))
        if not values[-1].partial:
            yield svg.dot(self.at(self.last, values[-1].amount or 0.0), 2.6, color)

    def lines(
        self,
        accounts: Sequence[Value],
        users: Sequence[Value],
        seats: float,
        notice: Deadline | None,
        likely: Range | None,
    ) -> FanLines:
        """Return what the labels must not cover."""
        course, user_course = (
            [self.at(at, value.amount) for at, value in enumerate(values) if value.amount is not None]
            for values in (accounts, users)
        )
        partial = (self.at(at, value.amount) for at, value in enumerate(users) if value.partial and value.amount)
        seat_line = [self.at(self.last, seats), self.at(self.months, seats)]
        areas = [(seat_line, seat_line)]
        if notice is not None:
            x = self.x(self.last + notice.months_ahead)
            areas.append(([(x - 1, _TOP), (x + 1, _TOP)], [(x - 1, course[-1][1]), (x + 1, course[-1][1])]))
        if likely is not None:
            start, upper, lower = self.fan(accounts[-1].amount or 0.0, likely)
            areas.append(([start, upper], [start, lower]))
        return FanLines(
            bounds=(self.left + 1, _TOP - 4, self.right - self.left - 3, self.base - _TOP + 3),
            accounts=course,
            users=user_course,
            partial=next(partial, None),
            areas=areas,
        )
