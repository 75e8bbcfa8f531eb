"""The elements of an SVG chart.

Colors and type are presentation attributes, because the CSS of a page does not reach into SVG in WeasyPrint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

QUARTER, THIRD, HALF, TWO_THIRDS, FULL = 113.39, 156.84, 243.78, 330.72, 504.57
"""The widths of the page's columns, in points."""

TEXT_SIZE = 7.2
"""The size of the text in all charts, in points."""

_ASCENT, _DESCENT = 5.6, 1.7
"""The heights of text above and below its base line, in points."""
_WIDTHS = {
    **dict.fromkeys("ijlI!,.:;'|` \u00a0\u202f", 0.31),
    **dict.fromkeys("ftr1()[]{}/-", 0.42),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ+<=>~\u2212≥≤", 0.72),
    **dict.fromkeys("mwMW@%▲▼", 1.0),
}
"""The widths of characters relative to the size of the text; the others have the usual one."""
_USUAL_WIDTH = 0.61

Anchor = Literal["start", "middle", "end"]
Position = tuple[float, float]
Box = tuple[float, float, float, float]
"""The left and upper edge of a rectangle, its width and its height."""


def number(value: float) -> str:
    """Return a length with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Stroke:
    """A line's color, width in points, and dashes; no dashes draw a solid line."""

    color: str
    width: float
    dash: str = ""


def rect(box: Box, fill: str) -> Markup:
    """Return a filled rectangle."""
    x, y, width, height = box
    return _element(
        "rect", x=number(x), y=number(y), width=number(max(width, 0.0)), height=number(max(height, 0.0)), fill=fill
    )


def outline(box: Box, stroke: Stroke, fill: str = "none") -> Markup:
    """Return a rectangle whose stroke lies within its edges, so that it covers the same area as a filled one."""
    x, y, width, height = box
    inset = stroke.width / 2
    return _element(
        "rect",
        x=number(x + inset),
        y=number(y + inset),
        width=number(max(width - stroke.width, 0.0)),
        height=number(max(height - stroke.width, 0.0)),
        fill=fill,
        **_stroke(stroke),
    )


def line(start: Position, end: Position, stroke: Stroke) -> Markup:
    """Return a straight line."""
    (x1, y1), (x2, y2) = start, end
    return _element("line", x1=number(x1), y1=number(y1), x2=number(x2), y2=number(y2), **_stroke(stroke))


def path(points: Iterable[Position], stroke: Stroke) -> Markup:
    """Return a line through several points."""
    course = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return _element("path", d=f"M{course}", fill="none", stroke_linejoin="round", **_stroke(stroke))


def area(points: Iterable[Position], fill: str, opacity: float = 1.0) -> Markup:
    """Return a filled polygon."""
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return _element("polygon", points=corners, fill=fill, fill_opacity=number(opacity))


def dot(center: Position, radius: float, fill: str, stroke: Stroke | None = None) -> Markup:
    """Return a circle."""
    x, y = center
    return _element("circle", cx=number(x), cy=number(y), r=number(radius), fill=fill, **_stroke(stroke))


def text(position: Position, content: str, fill: str, *, anchor: Anchor = "start", strong: bool = False) -> Markup:
    """Return a label: numbers and words of the catalog only, because SVG text cannot write every script."""
    x, y = position
    weight = {"font_weight": "600"} if strong else {}
    return _element("text", content, x=number(x), y=number(y), fill=fill, text_anchor=anchor, **weight)


def text_width(content: str) -> float:
    """Return the approximate width of a label, in points."""
    return TEXT_SIZE * sum(_WIDTHS.get(character, _USUAL_WIDTH) for character in content)


def text_box(position: Position, content: str, anchor: Anchor = "start") -> Box:
    """Return the rectangle that a label covers."""
    (x, y), width = position, text_width(content)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - _ASCENT, width, _ASCENT + _DESCENT


def chart(width: float, height: float, title: str, elements: Sequence[Markup], name: str = "chart") -> Markup:
    """Return an SVG image.

    Args:
        width: The width in points.
        height: The height in points.
        title: The text alternative, with the numbers that matter.
        elements: The elements, from back to front.
        name: The CSS class.
    """
    return Markup(
        '<svg class="{name}" xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        'viewBox="0 0 {width} {height}" role="img" font-family="Inter, sans-serif" font-size="{size}">\n'
        "<title>{title}</title>\n{body}\n</svg>"
    ).format(
        name=name,
        width=number(width),
        height=number(height),
        size=TEXT_SIZE,
        title=title,
        body=Markup("\n").join(elements),
    )


def _stroke(stroke: Stroke | None) -> dict[str, str]:
    if stroke is None:
        return {}
    dash = {"stroke_dasharray": stroke.dash} if stroke.dash else {}
    return {"stroke": stroke.color, "stroke_width": number(stroke.width)} | dash


def _element(name: str, content: str = "", **attributes: str) -> Markup:
    """Return an element; underscores in the names of attributes become hyphens."""
    written = Markup("").join(
        Markup(' {}="{}"').format(attribute.replace("_", "-"), value) for attribute, value in attributes.items()
    )
    if not content:
        return Markup("<{}{}/>").format(Markup(name), written)  # noqa: S704 - the names are constants
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, escape(content))  # noqa: S704 - as above
