"""The users of one feature as columns, below a stepped line of all active users."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Columns, Value
from tabnine_report.render.charts.svg import Position, Stroke
from tabnine_report.render.colors import Palette

_TOP, _BOTTOM = 12.0, 13.0


@dataclass(frozen=True)
class Words:
    """The labels of the chart; an empty one is not drawn.

    Attributes:
        first: The label above the start of the line.
        last: The label above the end of the line.
        break_: The label beside the first method change.
    """

    first: str = ""
    last: str = ""
    break_: str = ""


def feature_columns(  # noqa: PLR0913 - each is one element of the chart
    users: Sequence[Value],
    all_users: Sequence[Value],
    title: str,
    colors: Palette,
    *,
    axis: Sequence[AxisLabel],
    highest: float,
    words: Words,
    breaks: Sequence[int] = (),
    width: float,
    height: float,
) -> Markup:
    """Return the columns of a feature's users, the last one being the reported month.

    Args:
        users: The feature's users in each month, oldest first, with a label where it is printed.
        all_users: All active users in the same months. The line has a gap where one is missing or partial, and
            where a method change takes effect.
        title: The text alternative.
        colors: The palette.
        axis: The labels below the axis.
        highest: The highest value of the scale, which several charts share.
        words: The labels.
        breaks: The positions of the months in which a method change takes effect.
        width: The width of the chart, in points.
        height: The height of the chart, in points.
    """
    base = height - _BOTTOM
    columns = Columns(len(users), width, base, base - _TOP, highest)
    current = len(users) - 1
    elements = [
        *columns.draw(users, current, colors),
        *(svg.path(steps, Stroke(colors.ink, 0.9)) for steps in _stretches(columns, all_users, breaks)),
        *columns.draw_breaks(breaks, 1 if words.break_ else _TOP - 4, colors),
        columns.draw_base(colors),
        *columns.draw_values(users, current, colors),
        *columns.draw_axis(axis, colors),
    ]
    if words.first and all_users[0].amount is not None and columns.step:
        # Above the steps that the label would cross.
        beside = all_users[: int((svg.text_width(words.first) + 4) / columns.step) + 1]
        y = columns.y(max(value.amount or 0.0 for value in beside)) - 4
        elements.append(svg.text((0, y), words.first, colors.ink, strong=True))
    if words.last and all_users[-1].amount is not None:
        y = columns.y(all_users[-1].amount) - 4
        elements.append(svg.text((width, y), words.last, colors.ink, anchor="end", strong=True))
    if words.break_ and breaks:
        # Beside the line on the right, else on the left, and always to the left of the label above the last month.
        x, room = columns.before(breaks[0]), svg.text_width(words.break_)
        right = width - svg.text_width(words.last) - 4
        fits = x + 4 + room < right
        place = (x + 4 if fits else min(x - 4, right), svg.TEXT_SIZE)
        elements.append(svg.text(place, words.break_, colors.quiet, anchor="start" if fits else "end"))
    return svg.chart(width, height, title, elements)


def _stretches(columns: Columns, values: Sequence[Value], breaks: Sequence[int]) -> Iterator[list[Position]]:
    """Yield the steps of the line, one list for each stretch of complete values without a method change in it."""
    sides = [
        (value.amount is not None and not value.partial, sum(at >= start for start in breaks))
        for at, value in enumerate(values)
    ]
    for (drawn, _), run in groupby(range(len(values)), key=sides.__getitem__):
        if drawn:
            yield [position for at in run for position in _step(columns, at, values[at].amount or 0.0)]


def _step(columns: Columns, at: int, amount: float) -> tuple[Position, Position]:
    left, right = max(columns.before(at), 0.0), min(columns.before(at + 1), columns.width)
    return (left, columns.y(amount)), (right, columns.y(amount))
