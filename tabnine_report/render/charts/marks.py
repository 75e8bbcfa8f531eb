"""The marks of checks and of last month's actions: one shape each, so that they can be distinguished without color."""

from typing import Literal

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

Kind = Literal["passed", "failed", "done", "open", "worse"]


def mark(kind: Kind, word: str, colors: Palette, *, size: float = 8.0) -> Markup:
    """Return a mark with its word, which only the PDF needs: on screen, the text beside or above the mark states it."""
    middle = size / 2
    match kind:
        case "passed" | "done":
            check = [(size * 0.28, size * 0.52), (size * 0.44, size * 0.68), (size * 0.74, size * 0.34)]
            shapes = [
                svg.dot((middle, middle), middle - 0.6, colors.quiet),
                svg.path(check, Stroke("#ffffff", 1.0)),
            ]
        case "open":
            shapes = [svg.dot((middle, middle), middle - 0.9, "#ffffff", Stroke(colors.quiet, 1.0))]
        case "worse":
            corners = [(middle, size * 0.1), (size * 0.95, size * 0.88), (size * 0.05, size * 0.88)]
            shapes = [svg.area(corners, colors.warning)]
        case "failed":
            near, far, cross = size * 0.3, size * 0.7, Stroke("#ffffff", 1.1)
            shapes = [
                svg.rect((0.5, 0.5, size - 1, size - 1), colors.warning),
                svg.line((near, near), (far, far), cross),
                svg.line((far, near), (near, far), cross),
            ]
    return Markup(
        '<svg class="mark" xmlns="http://www.w3.org/2000/svg" width="{0}pt" height="{0}pt" viewBox="0 0 {0} {0}" '
        'aria-hidden="true"><title>{1}</title>{2}</svg>'
    ).format(svg.number(size), word, Markup("").join(shapes))
