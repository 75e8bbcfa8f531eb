"""Accounts and active users over the months, and the range of accounts that is likely until the license ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Labeled, Value, highest, scale_lines
from tabnine_report.render.charts.svg import Position, Stroke
from tabnine_report.render.colors import Palette

_LEFT, _RIGHT, _TOP, _BOTTOM = 24.0, 92.0, 24.0, 16.0
_LINE_HEIGHT = 9.0
_DOT = 3.4
"""The room for the dot at the end of a line."""
_HEADROOM = 1.04
"""The top of the scale relative to the highest value, so that the label of the seats stays below the deadlines."""
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


@dataclass(frozen=True)
class FanLabels:
    """The labels of lines and distances; an empty one is not drawn.

    Attributes:
        accounts: At the start and at the end of the line of accounts.
        users: At the start and at the end of the line of active users.
        seats: At the end of the line of seats.
        unassigned: Between seats and accounts.
        inactive: Between accounts and active users.
        partial: Below the first month whose active users are partial.
    """

    accounts: tuple[str, str]
    users: tuple[str, str]
    seats: str
    unassigned: str
    inactive: str
    partial: str = ""


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
    end: Deadline,
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
        end: The end of the license.
        notice: The last day for notice; None if there is none.
        range_at_end: The range of accounts at the license's end; None without an estimate.
        breaks: The positions of the months in which a method change of the active users takes effect.
        width: The width of the chart, in points.
        height: The height of the chart, in points.
    """
    plot = _Plot(
        last=len(accounts) - 1,
        months=len(accounts) - 1 + end.months_ahead,
        low=scale[0].amount,
        high=_HEADROOM * highest(*accounts, *scale, seats, range_at_end.high if range_at_end else None),
        width=width,
        base=height - _BOTTOM,
        colors=colors,
    )
    now = (accounts[-1].amount or 0.0, users[-1].amount or 0.0)
    elements = [*scale_lines(scale, plot.y, (_LEFT, plot.right), colors), *plot.axis(axis)]
    if notice is not None:
        elements += plot.deadline(notice, plot.y(now[0]), Stroke(colors.ink, 0.8, "2 1.6"), "middle")
    elements += plot.deadline(end, plot.base, Stroke(colors.ink, 0.8), "start")
    if range_at_end is not None:
        elements += plot.range(now[0], range_at_end)
    elements += [
        svg.path([plot.at(plot.last, seats), plot.at(plot.months, seats)], Stroke(colors.ink, 1.4)),
        *plot.distance(seats, now[0], labels.unassigned),
        *plot.distance(now[0], now[1], labels.inactive),
        *plot.line(accounts, labels.accounts, colors.quiet, ()),
        *plot.line(users, labels.users, colors.accent, breaks),
        *plot.partial_label(users, labels.partial),
        svg.text((plot.right + 9, plot.y(seats) + 2.6), labels.seats, colors.ink, strong=True),
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
        width: The width of the chart.
        base: The y coordinate of the base line.
        colors: The palette.
    """

    last: int
    months: float
    low: float
    high: float
    width: float
    base: float
    colors: Palette

    @property
    def right(self) -> float:
        return self.x(self.months)

    def x(self, month: float) -> float:
        return _LEFT + (self.width - _LEFT - _RIGHT) * month / self.months

    def y(self, amount: float) -> float:
        return self.base - (self.base - _TOP) * (amount - self.low) / (self.high - self.low)

    def at(self, month: float, amount: float) -> Position:
        return self.x(month), self.y(amount)

    def axis(self, labels: Sequence[AxisLabel]) -> Iterator[Markup]:
        for label in labels:
            x = self.x(label.at)
            yield svg.line((x, self.base), (x, self.base + 2.5), Stroke(self.colors.axis, 0.6))
            yield svg.text((x, self.base + 11), label.text, self.colors.quiet, anchor="middle" if label.at else "start")

    def deadline(self, deadline: Deadline, bottom: float, stroke: Stroke, anchor: svg.Anchor) -> Iterator[Markup]:
        x = self.x(self.last + deadline.months_ahead)
        yield svg.line((x, _TOP - 3), (x, bottom), stroke)
        for row, words in enumerate(deadline.label):
            y = _TOP - 15 + row * _LINE_HEIGHT
            yield svg.text((x, y), words, self.colors.ink, anchor=anchor, strong=True)

    def range(self, accounts: float, likely: Range) -> Iterator[Markup]:
        start, upper, lower = (
            self.at(self.last, accounts),
            self.at(self.months, likely.high),
            self.at(self.months, likely.low),
        )
        dashed = Stroke(self.colors.axis, 0.7, "2 1.6")
        yield svg.area([start, upper, lower], self.colors.past, 0.55)
        yield svg.path([start, upper], dashed)
        yield svg.path([start, lower], dashed)
        x = self.right + 5
        yield svg.line((x, upper[1]), (x, lower[1]), Stroke(self.colors.axis, 1.0))
        middle = (upper[1] + lower[1]) / 2 - _LINE_HEIGHT * (len(likely.label) - 1) / 2 + 2.6
        for row, words in enumerate(likely.label):
            yield svg.text((x + 4, middle + row * _LINE_HEIGHT), words, self.colors.ink, strong=row == _MAIN_ROW)

    def distance(self, upper: float, lower: float, words: str) -> Iterator[Markup]:
        """Yield a vertical line between two values of the reported month, and its label on a white box."""
        x, top, bottom = self.x(self.last), self.y(upper) + _DOT, self.y(lower) - _DOT
        if bottom > top:
            yield svg.line((x, top), (x, bottom), Stroke(self.colors.axis, 0.7))
        if words and bottom - top > svg.TEXT_SIZE:
            middle, room = (top + bottom) / 2, len(words) * svg.TEXT_SIZE * 0.56
            yield svg.rect((x - 5 - room, middle - 5, room, 10), "#ffffff")
            yield svg.text((x - 5, middle + 2.6), words, self.colors.ink, anchor="end")

    def line(
        self, values: Sequence[Value], names: tuple[str, str], color: str, breaks: Sequence[int]
    ) -> Iterator[Markup]:
        """Yield a line with a gap where a value is missing or partial and where a method change takes effect."""
        first, last = next(at for at, value in enumerate(values) if value.amount is not None), len(values) - 1
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
        yield svg.dot(self.at(last, values[last].amount or 0.0), 2.6, color)
        x, y = self.at(first, values[first].amount or 0.0)
        yield svg.text((x + 1, y - 12.5), names[0], color, strong=True)
        x, y = self.at(last, values[last].amount or 0.0)
        yield svg.text((x + 6, y + _LINE_HEIGHT), names[1], color, strong=True)

    def partial_label(self, values: Sequence[Value], words: str) -> Iterator[Markup]:
        for at, value in enumerate(values):
            if words and value.partial and value.amount is not None:
                x, y = self.at(at, value.amount)
                yield svg.text((x, y + 10.5), words, self.colors.quiet, anchor="middle")
                return
