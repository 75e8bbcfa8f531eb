"""The daily active users of a month as columns, with days off shaded and the average of the working days as a line."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import (
    BESIDE_SCALE,
    LABEL_BELOW_AXIS,
    AxisLabel,
    Labeled,
    Value,
    axis_labels,
    highest,
    room_for_scale,
    scale_lines,
)
from tabnine_report.render.charts.svg import Anchor, Position, Stroke
from tabnine_report.render.colors import Palette

_TOP, _BOTTOM = 12.0, 13.0
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
    plot_left = room_for_scale([*scale, *([average] if average else [])])
    step = (width - plot_left) / max(len(values), 1)
    column = step * _COLUMN_SHARE
    top = highest(*values, *scale, average) or 1.0

    def left(at: int) -> float:
        return plot_left + at * step + (step - column) / 2

    def y(amount: float) -> float:
        return base - (base - _TOP) * amount / top

    elements = [
        svg.rect((plot_left + at * step, _TOP - 6, step, base - _TOP + 6), colors.shade) for at in sorted(days_off)
    ]
    elements += scale_lines(scale, y, (plot_left, width), colors)
    for at, value in enumerate(values):
        if value.amount is not None:
            fill = colors.axis if at in days_off else colors.accent
            elements.append(svg.rect((left(at), y(value.amount), column, base - y(value.amount)), fill))
    if average is not None:
        height_of_line = y(average.amount)
        elements += [
            svg.line((plot_left, height_of_line), (width, height_of_line), Stroke(colors.ink, 0.8, "2 1.6")),
            svg.text(
                (plot_left - BESIDE_SCALE, height_of_line + 2.6), average.label, colors.ink, anchor="end", strong=True
            ),
        ]
    elements += [
        svg.text((left(at) + column / 2, y(value.amount) - 3.5), value.label, colors.ink, anchor="middle", strong=True)
        for at, value in enumerate(values)
        if value.label and value.amount is not None
    ]
    names: list[tuple[Position, str, Anchor]] = [
        ((left(label.at) + column / 2, base + LABEL_BELOW_AXIS), label.text, "middle")
        if label.at
        else ((left(0), base + LABEL_BELOW_AXIS), label.text, "start")
        for label in axis
    ]
    elements += axis_labels(names, colors)
    return svg.chart(width, height, title, elements)
