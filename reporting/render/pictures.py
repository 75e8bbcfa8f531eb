"""SVG to PNG, for channels that draw no SVG."""

import resvg_py

from reporting.errors import RenderError
from reporting.render.fonts import inter

_DENSITY = 2  # picture elements for each unit of the chart: sharp on today's screens


def png(svg: str) -> bytes:
    """Draw a chart as a PNG of twice its size in units, on white, with the report's own typeface.

    Raises:
        RenderError: If the SVG cannot be drawn.
    """
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg, background="#ffffff", skip_system_fonts=True, font_files=[str(inter())], zoom=_DENSITY
            )
        )
    except ValueError as error:
        raise RenderError(f"A chart could not be drawn as a picture: {error}") from error
