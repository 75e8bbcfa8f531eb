"""The bar of a row of a table: its share of the largest one."""

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.colors import Palette

_WIDTH, _HEIGHT = 40.0, 8.0
_LEAST = 0.7
"""The width of the smallest bar, so that it is visible, in points."""


def share_bar(part: float, largest: float, colors: Palette, *, strong: bool) -> Markup:
    """Return a bar without a text alternative, because its number stands beside it.

    Args:
        part: The number of the row.
        largest: The largest number of the column, whose bar has the full width.
        colors: The palette.
        strong: Whether the bar has the accent color.
    """
    width = max(_WIDTH * part / largest, _LEAST) if largest > 0 else _LEAST
    bar = svg.rect((0.0, 0.0, width, _HEIGHT), colors.accent if strong else colors.past)
    return Markup(
        '<svg class="share" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" aria-hidden="true">{2}</svg>'
    ).format(svg.number(_WIDTH), svg.number(_HEIGHT), bar)
