"""SVG to PNG, for channels that draw no SVG."""

import math

import resvg_py

from tabnine_report.model.errors import RenderError
from tabnine_report.model.logo import Logo
from tabnine_report.render.pdf.fonts import inter

_LOGO_WIDTH, _LOGO_HEIGHT = 160, 36
_DENSITY = 2  # picture elements for each unit of the chart: sharp on today's screens


def png(svg: str) -> bytes:
    """Draw a chart as a PNG of twice its size in units, on white, with the report's own typeface.

    Raises:
        RenderError: If the SVG cannot be drawn.
    """
    return _to_png(svg, "A chart", zoom=_DENSITY)


def logo_size(logo: Logo) -> tuple[int, int]:
    """Give the width and height in pixels at which a logo is shown: as large as its place, never beyond it."""
    scale = min(_LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    return math.ceil(logo.width * scale), math.ceil(logo.height * scale)


def logo_png(logo: Logo) -> bytes:
    """Give a logo as a PNG: one that is a PNG as it is, one that is an SVG drawn at twice its size on white.

    Raises:
        RenderError: If the SVG cannot be drawn.
    """
    if logo.media_type == "image/png":
        return logo.content
    return _to_png(logo.content.decode(), "The logo", height=logo_size(logo)[1] * _DENSITY)


def _to_png(svg: str, what: str, *, zoom: int | None = None, height: int | None = None) -> bytes:
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                background="#ffffff",
                skip_system_fonts=True,
                font_files=[str(inter())],
                zoom=zoom,
                height=height,
            )
        )
    except ValueError as error:
        raise RenderError(f"{what} could not be drawn as a picture: {error}") from error
