"""Convert SVG to PNG, for channels that cannot show SVG."""

import math

import resvg_py

from tabnine_report.model.errors import RenderError
from tabnine_report.model.logo import Logo
from tabnine_report.render.pdf.fonts import INTER

_LOGO_WIDTH, _LOGO_HEIGHT = 160, 36
_DENSITY = 2  # for high-resolution screens
_CHART_DENSITY = 3  # the email shows a chart larger than its own size


def png(svg: str) -> bytes:
    """Return a chart as a PNG of four pixels for each point, on white, in the report's typeface.

    Raises:
        RenderError: If the SVG cannot be converted.
    """
    return _to_png(svg, "A chart", zoom=_CHART_DENSITY)


def logo_size(logo: Logo) -> tuple[int, int]:
    """Return the width and height in pixels at which a logo is shown: as large as its space allows."""
    scale = min(_LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    return math.ceil(logo.width * scale), math.ceil(logo.height * scale)


def logo_png(logo: Logo) -> bytes:
    """Return a logo as a PNG: a PNG unchanged, an SVG at twice its size on white.

    Raises:
        RenderError: If the SVG cannot be converted.
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
                dpi=96,
                skip_system_fonts=True,
                font_files=[str(path) for path in INTER],
                zoom=zoom,
                height=height,
            )
        )
    except ValueError as error:
        raise RenderError(f"{what} could not be converted to PNG: {error}") from error
