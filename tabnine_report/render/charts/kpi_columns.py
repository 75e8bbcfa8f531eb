"""The small columns below a KPI: 13 months from zero, with method change, forecast and limit."""

from collections.abc import Sequence

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import Columns, Value, highest
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

_TOP, _BOTTOM = 2.0, 4.0


def kpi_columns(  # noqa: PLR0913 - each is one element of the chart
    values: Sequence[Value],
    title: str,
    colors: Palette,
    *,
    breaks: Sequence[int] = (),
    forecast: float | None = None,
    limit: float | None = None,
    width: float = svg.QUARTER,
    height: float = 38.0,
) -> Markup:
    """Return the columns of a KPI, the last one being the reported month.

    Args:
        values: One value for each month, oldest first.
        title: The text alternative.
        colors: The palette.
        breaks: The positions of the months in which a method change takes effect.
        forecast: The estimate for the next month, as a dashed column; None for no such column.
        limit: A budget or target, as a line; None for no line.
        width: The width of the chart, in points.
        height: The height of the highest column, in points.
    """
    count = len(values) + (forecast is not None)
    columns = Columns(count, width, height + _TOP, height, highest(*values, forecast, limit))
    current = len(values) - 1
    elements = [*columns.draw(values, current, colors)]
    if forecast is not None:
        elements.append(columns.draw_estimate(len(values), forecast, colors))
    if limit is not None:
        elements.append(svg.line((0, columns.y(limit)), (width, columns.y(limit)), Stroke(colors.ink, 0.8)))
    elements += [columns.draw_base(colors), *columns.draw_breaks(breaks, 0, colors)]
    return svg.chart(width, columns.base + _BOTTOM, title, elements)
