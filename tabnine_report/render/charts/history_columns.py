"""Columns over months with labels, for a figure with a budget, a forecast, or neither."""

from collections.abc import Sequence

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Columns, Labeled, Value, highest
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

_TOP, _BOTTOM = 14.0, 14.0
_LABEL_WIDTH, _LABEL_HEIGHT = 24.0, 9.0


def history_columns(  # noqa: PLR0913 - each is one element of the chart
    values: Sequence[Value],
    title: str,
    colors: Palette,
    *,
    axis: Sequence[AxisLabel],
    breaks: Sequence[int] = (),
    forecast: Labeled | None = None,
    limit: Labeled | None = None,
    width: float = svg.HALF,
    height: float = 118.0,
) -> Markup:
    """Return columns with the labels of their values, the last one being the reported month.

    Args:
        values: One value for each month, oldest first, with a label where it is printed.
        title: The text alternative.
        colors: The palette.
        axis: The labels below the axis; the position after the last value is that of the forecast.
        breaks: The positions of the months in which a method change takes effect.
        forecast: The estimate for the next month, as a dashed column.
        limit: A budget or target, as a line.
        width: The width of the chart, in points.
        height: The height of the chart, in points.
    """
    count = len(values) + (forecast is not None)
    top = highest(*values, forecast, limit)
    columns = Columns(count, width, height - _BOTTOM, height - _BOTTOM - _TOP, top)
    current = len(values) - 1
    elements: list[Markup] = []
    if limit is not None:
        y = columns.y(limit.amount)
        elements += [
            svg.line((0, y), (width, y), Stroke(colors.ink, 0.8)),
            svg.text((0, y - 3.5), limit.label, colors.ink, strong=True),
        ]
    elements += columns.draw(values, current, colors)
    elements += columns.draw_breaks(breaks, _TOP / 2, colors)
    elements += _label_background(columns, current, values[current]) if values else []
    elements += columns.draw_values(values, current, colors)
    if forecast is not None:
        elements += [
            columns.draw_estimate(len(values), forecast.amount, colors),
            svg.text((width, columns.y(forecast.amount) - 3.5), forecast.label, colors.ink, anchor="end", strong=True),
        ]
        if limit is not None:
            y = columns.y(limit.amount)
            elements.append(svg.line((columns.left(len(values)) - 1, y), (width, y), Stroke(colors.ink, 0.8)))
    elements += [columns.draw_base(colors), *columns.draw_axis(axis, colors)]
    return svg.chart(width, height, title, elements)


def _label_background(columns: Columns, at: int, value: Value) -> list[Markup]:
    """Return a white box behind the label of the reported month, which may cross the line of the limit."""
    if not value.label or value.amount is None:
        return []
    x = min(columns.middle(at) - _LABEL_WIDTH / 2, columns.width - _LABEL_WIDTH)
    y = columns.y(value.amount) - 1.5 - _LABEL_HEIGHT
    return [svg.rect((x, y, _LABEL_WIDTH, _LABEL_HEIGHT), "#ffffff")]
