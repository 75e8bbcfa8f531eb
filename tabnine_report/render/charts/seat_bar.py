"""A bar that is divided into the uses of all seats: daily use, use in the month, accounts without use, no account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

Use = Literal["daily", "monthly", "inactive", "unassigned"]

_HATCH = "inactive-seats"
_GAP = 1.6
_STROKE = 0.8


@dataclass(frozen=True)
class Part:
    """A part of the bar: a number of seats, and what they are used for."""

    seats: float
    use: Use


def seat_bar(
    parts: Sequence[Part], title: str, colors: Palette, *, width: float = svg.FULL, height: float = 34.0
) -> Markup:
    """Return a bar whose parts are distinguishable without color: dark, medium, hatched, empty.

    Args:
        parts: The parts from left to right; a part without seats is not drawn.
        title: The text alternative.
        colors: The palette.
        width: The width of the bar, in points.
        height: The height of the bar, in points.
    """
    shown = [part for part in parts if part.seats > 0]
    total = sum(part.seats for part in shown)
    elements = [_hatch(colors)]
    left = 0.0
    for part in shown:
        right = left + width * part.seats / total
        # The gap is taken from inside the parts, so that their edges stay true to scale.
        start = left + (_GAP / 2 if part is not shown[0] else 0)
        end = right - (_GAP / 2 if part is not shown[-1] else 0)
        elements += _draw(part.use, start, end - start, height, colors)
        left = right
    return svg.chart(width, height, title, elements)


def swatch(use: Use, label: str, colors: Palette, *, size: float = 7.4) -> Markup:
    """Return a sample of a part's fill for a key, with its label, which only the PDF needs there."""
    box = (0.0, 0.0, size, size)
    match use:
        case "inactive":
            # Two lines instead of the bar's pattern, of which a sample this small would show one at most.
            lines = [((0.0, size * at), (size * at, 0.0)) for at in (0.5, 1.0)] + [
                ((size * 0.5, size), (size, size * 0.5))
            ]
            shapes = [svg.outline(box, Stroke(colors.axis, _STROKE))]
            shapes += [svg.line(start, end, Stroke(colors.axis, _STROKE)) for start, end in lines]
        case _:
            shapes = _draw(use, 0.0, size, size, colors)
    return Markup(
        '<svg class="swatch" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" aria-hidden="true">'
        "<title>{1}</title>{2}</svg>"
    ).format(svg.number(size), label, Markup("").join(shapes))


def _draw(use: Use, x: float, width: float, height: float, colors: Palette) -> list[Markup]:
    box = (x, 0.0, width, height)
    match use:
        case "daily":
            return [svg.rect(box, colors.accent)]
        case "monthly":
            return [svg.rect(box, colors.light)]
        case "inactive":
            return [svg.rect(box, f"url(#{_HATCH})"), svg.outline(box, Stroke(colors.axis, _STROKE))]
        case "unassigned":
            return [svg.outline(box, Stroke(colors.axis, _STROKE))]


def _hatch(colors: Palette) -> Markup:
    # A gradient would be blank in WeasyPrint.
    return Markup(
        '<defs><pattern id="{}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="4" stroke="{}" stroke-width="1.5"/></pattern></defs>'
    ).format(_HATCH, colors.axis)
