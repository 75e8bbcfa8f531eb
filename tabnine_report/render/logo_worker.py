"""Convert an SVG logo to PNG: the program `python -m tabnine_report.render.logo_worker`.

It reads the SVG from standard input and writes the PNG to standard output; if that is not possible, it writes a
sentence to standard error. `tabnine_report.render.logo` starts it. A drawing can exhaust the stack, the memory or the
time of the process that converts it, so this process has limits of its own and no secrets.
"""

import sys
from io import BytesIO

from PIL import Image
from resvg_py import svg_to_bytes

from tabnine_report.render.process_limits import limit_process

_WHITE = (255, 255)
"""The darkest and the lightest shade of a white picture."""


def draw(svg: str, height: int) -> bytes:
    """Return an SVG as a PNG on white; without fonts, because a checked logo contains no text.

    Raises:
        ValueError: If it cannot be drawn, or nothing of it is visible.
    """
    png = bytes(svg_to_bytes(svg_string=svg, background="#ffffff", height=height, skip_system_fonts=True))
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        if image.convert("L").getextrema() == _WHITE:
            raise ValueError("nothing of it is visible on a white background")
    return png


def main(memory_bytes: int, seconds: int, height: int) -> int:
    """Convert an SVG to a PNG of a height in pixels and return the exit status."""
    limit_process(memory_bytes, seconds)
    try:
        png = draw(sys.stdin.buffer.read().decode("utf-8-sig"), height)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
