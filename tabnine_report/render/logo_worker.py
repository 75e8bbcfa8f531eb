"""Convert an SVG logo to PNG: the program `python -m tabnine_report.render.logo_worker`.

It reads the SVG from standard input and writes the PNG to standard output; if that is not possible, it writes a
sentence to standard error. `tabnine_report.render.logo` starts it. A drawing can exhaust the stack, the memory or the
time of the process that converts it, so this process has limits of its own and no secrets.
"""

import sys
from io import BytesIO

from PIL import Image
from resvg_py import svg_to_bytes

from tabnine_report.render.process_limits import convert_standard_input

_WHITE = (255, 255)
"""The darkest and the lightest shade of a white picture."""


def draw(content: bytes, height: int) -> bytes:
    """Return an SVG as a PNG of a height in pixels on white; without fonts, because a checked logo contains no text.

    Raises:
        ValueError: If it cannot be drawn, or nothing of it is visible.
    """
    svg = content.decode("utf-8-sig")
    png = bytes(svg_to_bytes(svg_string=svg, background="#ffffff", height=height, skip_system_fonts=True))
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        if image.convert("L").getextrema() == _WHITE:
            raise ValueError("nothing of it is visible on a white background")
    return png


if __name__ == "__main__":
    sys.exit(convert_standard_input(draw, ValueError))
