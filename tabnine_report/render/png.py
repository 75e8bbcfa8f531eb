"""Convert our own charts to PNG, for channels that cannot show SVG. `logo.py` converts an organization's logo."""

import resvg_py

from tabnine_report.model.errors import RenderError
from tabnine_report.render.pdf.fonts import INTER

_DENSITY = 3  # the email shows a chart larger than its own size


def png(svg: str) -> bytes:
    """Return a chart as a PNG of three pixels for each unit of its drawing, on white, in the report's typeface.

    Raises:
        RenderError: If the SVG cannot be converted.
    """
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                background="#ffffff",
                dpi=96,
                skip_system_fonts=True,
                font_files=[str(path) for path in INTER],
                zoom=_DENSITY,
            )
        )
    except ValueError as error:
        raise RenderError(f"A chart could not be converted to PNG: {error}") from error
