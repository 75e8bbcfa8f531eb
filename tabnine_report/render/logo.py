"""Convert the organization's logo to PNG, once for all documents.

HTML, PDF and email show the same picture. If each program drew an SVG itself, the logo could look different, or be
missing, in one of them.
"""

import math

from tabnine_report.model.errors import RenderError
from tabnine_report.model.logo import Logo
from tabnine_report.render import logo_worker
from tabnine_report.render.limited_process import ConversionError, convert

_WIDTH, _HEIGHT = 160, 36
_DENSITY = 4
"""Pixels of the picture for each pixel at which it is shown: enough for paper and for high-resolution screens."""


def logo_size(logo: Logo) -> tuple[int, int]:
    """Return the width and height in pixels at which a logo is shown: as large as its space allows."""
    scale = min(_WIDTH / logo.width, _HEIGHT / logo.height)
    return math.ceil(logo.width * scale), math.ceil(logo.height * scale)


def logo_png(logo: Logo) -> bytes:
    """Return a logo as a PNG: a PNG unchanged, an SVG on white, converted by a process of its own.

    Raises:
        RenderError: If the SVG cannot be converted.
    """
    if logo.media_type == "image/png":
        return logo.content
    height = logo_size(logo)[1] * _DENSITY
    try:
        return convert(logo_worker.__name__, logo.content, height)
    except ConversionError as error:
        raise RenderError(f"The logo cannot be drawn: {error}. Simplify report.logo, or use a PNG instead.") from error
