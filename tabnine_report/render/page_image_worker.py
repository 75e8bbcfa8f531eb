"""Convert the first page of a PDF to PNG: the program `python -m tabnine_report.render.page_image_worker`.

It reads the PDF from standard input and writes the PNG to standard output. `page_image.py` beside it starts it.
"""

import sys
from io import BytesIO

import pypdfium2
from PIL import Image

from tabnine_report.render.process_limits import convert_standard_input

_COLORS = 64
"""The report has few colors; with a palette, a page takes 60 kB instead of 190 kB."""


def first_page(pdf: bytes, width: int) -> bytes:
    """Return the first page of a PDF as a PNG of a width in pixels; the same PDF produces the same bytes.

    Raises:
        PdfiumError: If the PDF cannot be read.
    """
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    picture = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    document.close()
    content = BytesIO()
    picture.quantize(_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(content, "PNG")
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(convert_standard_input(first_page, pypdfium2.PdfiumError))
