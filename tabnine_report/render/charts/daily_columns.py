"""The daily active users of a month as columns, with days off shaded and the average of the working days as a line."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Labeled, Value, highest, scale_lines
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

_LEFT, _TOP, _BOTTOM = 24.0, 12.0, 13.0
_COLUMN_SHARE = 0.66


def daily_columns(  # noqa: PLR0913 - each is one element of the chart
    values: Sequence[Value],
    title: str,
    colors: Palette,
    *,
    days_off: Collection[int],
    scale: Sequence[Labeled],
    average: Labeled | None,
    axis: Sequence[AxisLabel],
    width: float = svg.FULL,
    height: float = 96.0,
) -> Markup:
    """Return one column a day.

    Args:
        values: One value for each day, with a label on the busiest one.
        title: The text alternative.
        colors: The palette.
        days_off: The positions of the days that are not working days.
        scale: The lines of the scale with their labels, from zero.
        average: The average of the working days, as a dashed line; None for no line.
        axis: The labels below the axis, usually the Mondays.
        width: The width of the chart, in points.
        height: The height of the chart, in points.
    """
    base = height - _BOTTOM
    step = (width - _LEFT) / max(len(values), 1)
    column = step * _COLUMN_SHARE
    top = highest(*values, *scale, average) or 1.0

    def left(at: int) -> float:
        return _LEFT + at * step + (step - column) / 2

    def y(amount: float) -> float:
        return base - (base - _TOP) * amount / top

    elements = [svg.rect((_LEFT + at * step, _TOP - 6, step, base - _TOP + 6), colors.shade) for at in sorted(days_off)]
    elements += scale_lines(scale, y, (_LEFT, width), colors)
    for at, value in enumerate(values):
        if value.amount is not None:
            fill = colors.axis if at in days_off else colors.accent
            elements.append(svg.rect((left(at), y(value.amount), column, base - y(value.amount)), fill))
    if average is not None:
        height_of_line = y(average.amount)
        elements += [
            svg.line((_LEFT, height_of_line), (width, height_of_line), Stroke(colors.ink, 0.8, "2 1.6")),
            svg.text((_LEFT - 5, height_of_line + 2.6), average.label, colors.ink, anchor="end", strong=True),
        ]
    elements += [
        svg.text((left(at) + column / 2, y(value.amount) - 3.5), value.label, colors.ink, anchor="middle", strong=True)
        for at, value in enumerate(values)
        if value.label and value.amount is not None
    ]
    elements += [
        svg.text((left(label.at) + column / 2, base + 10), label.text, colors.quiet, anchor="middle")
        if label.at
        else svg.text((left(0), base + 10), label.text, colors.quiet)
        for label in axis
    ]
    return svg.chart(width, height, title, elements)
