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
_CHARACTER_WIDTH = 0.56
"""The average width of a character relative to the size of the text."""
_NEAR = 2.0
"""The distance between a name and a line below which they touch, in points."""
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
    beside_end = [labels.seats, *(range_at_end.label if range_at_end else ())]
    plot = _Plot(
        last=len(accounts) - 1,
        months=len(accounts) - 1 + (end.months_ahead if end else _WITHOUT_END),
        low=scale[0].amount,
        high=_HEADROOM * highest(*accounts, *scale, seats, range_at_end.high if range_at_end else None),
        left=_LEFT,
        right=width - max(_RIGHT, 9 + max(map(_width, beside_end))),
        base=height - _BOTTOM,
        colors=colors,
    )
    now = (accounts[-1].amount or 0.0, users[-1].amount or 0.0)
    elements = [*scale_lines(scale, plot.y, (_LEFT, plot.right), colors), *plot.axis(axis)]
    if notice is not None:
        elements += plot.deadline(notice, plot.y(now[0]), Stroke(colors.ink, 0.8, "2 1.6"), "end")
    if end is not None:
        elements += plot.deadline(end, plot.base, Stroke(colors.ink, 0.8), "start")
    if range_at_end is not None:
        elements += plot.range(now[0], range_at_end, plot.y(seats))
    elements += [
        svg.path([plot.at(plot.last, seats), plot.at(plot.months, seats)], Stroke(colors.ink, 1.4)),
        *plot.distance(seats, now[0], labels.unassigned),
        *plot.distance(now[0], now[1], labels.inactive),
        *plot.line(accounts, colors.quiet, ()),
        *plot.line(users, colors.accent, breaks),
        *plot.start_names(accounts, users, labels),
        *plot.end_names(accounts, users, labels),
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
        for label in labels:
            x = self.x(label.at)
            yield svg.line((x, self.base), (x, self.base + 2.5), Stroke(self.colors.axis, 0.6))
            yield svg.text((x, self.base + 11), label.text, self.colors.quiet, anchor="middle" if label.at else "start")

    def deadline(self, deadline: Deadline, bottom: float, stroke: Stroke, anchor: svg.Anchor) -> Iterator[Markup]:
        x = self.x(self.last + deadline.months_ahead)
        yield svg.line((x, _TOP - 3), (x, bottom), stroke)
        for row, words in enumerate(deadline.label):
            place = (x + (2 if anchor == "start" else -2), _TOP - 15 + row * _LINE_HEIGHT)
            yield svg.text(place, words, self.colors.ink, anchor=anchor, strong=True)

    def range(self, accounts: float, likely: Range, seats: float) -> Iterator[Markup]:
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
        first = (upper[1] + lower[1]) / 2 - _LINE_HEIGHT * (len(likely.label) - 1) / 2 + 2.6
        # Below the label of the seats, or above it with more accounts than seats.
        below, above = seats + 2.6 + _LINE_HEIGHT, seats + 2.6 - _LINE_HEIGHT * len(likely.label)
        first = max(first, below) if upper[1] >= seats else min(first, above)
        for row, words in enumerate(likely.label):
            yield svg.text((x + 4, first + row * _LINE_HEIGHT), words, self.colors.ink, strong=row == _MAIN_ROW)

    def distance(self, upper: float, lower: float, words: str) -> Iterator[Markup]:
        """Yield a vertical line between two values of the reported month, and its label on a white box."""
        x, top, bottom = self.x(self.last), self.y(upper) + _DOT, self.y(lower) - _DOT
        if bottom > top:
            yield svg.line((x, top), (x, bottom), Stroke(self.colors.axis, 0.7))
        if words and bottom - top > svg.TEXT_SIZE:
            middle, room = (top + bottom) / 2, _width(words)
            yield svg.rect((x - 5 - room, middle - 5, room, 10), "#ffffff")
            yield svg.text((x - 5, middle + 2.6), words, self.colors.ink, anchor="end")

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

    def start_names(self, accounts: Sequence[Value], users: Sequence[Value], labels: FanLabels) -> Iterator[Markup]:
        """Yield the names at the lines' starts: above them, but that of the users below if accounts are in the way."""
        quiet, accent = self.colors.quiet, self.colors.accent
        for values, name, color in ((accounts, labels.accounts[0], quiet), (users, labels.users[0], accent)):
            first = next(at for at, value in enumerate(values) if value.amount is not None)
            y = min(self._heights(values, first, name)) - 5
            if values is users and y - svg.TEXT_SIZE < max(self._heights(accounts, first, name)) + _NEAR:
                y = max(self._heights(users, first, name)) + 11
            yield svg.text((self.x(first) + 1, y), name, color, strong=True)

    def end_names(self, accounts: Sequence[Value], users: Sequence[Value], labels: FanLabels) -> Iterator[Markup]:
        """Yield the names at the lines' ends: right of their dots, or above and below the lines if these are near."""
        quiet, accent, x = self.colors.quiet, self.colors.accent, self.x(self.last)
        upper, lower = (self.y(values[-1].amount or 0.0) for values in (accounts, users))
        is_near = lower - upper < 2 * _LINE_HEIGHT
        room = 0.0 if is_near else self.right - x - 6
        for values, name, color, beside in (
            (accounts, labels.accounts[1], quiet, upper + _LINE_HEIGHT),
            (users, labels.users[1], accent, lower + 2.6),
        ):
            if _width(name) < room:
                yield svg.text((x + 6, beside), name, color, strong=True)
                continue
            heights = self._heights(values[::-1], 0, name)
            y = max(heights) + 11 if is_near and values is users else min(heights) - 5
            yield svg.text((x - 5, y), name, color, anchor="end", strong=True)

    def _heights(self, values: Sequence[Value], first: int, name: str) -> list[float]:
        """Return the y coordinates of a line along its name."""
        along = int(_width(name) / (self.x(1) - self.x(0))) + 2
        return [self.y(value.amount) for value in values[first : first + along] if value.amount is not None]

    def partial_label(self, values: Sequence[Value], words: str) -> Iterator[Markup]:
        for at, value in enumerate(values):
            if words and value.partial and value.amount is not None:
                x, y = self.at(at, value.amount)
                yield svg.text((x, y + 10.5), words, self.colors.quiet, anchor="middle")
                return


def _width(words: str) -> float:
    return len(words) * svg.TEXT_SIZE * _CHARACTER_WIDTH
