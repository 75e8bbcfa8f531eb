"""A limited process makes a small picture of page one, and no report depends on it."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from tabnine_report.render import page_image as module
from tabnine_report.render.page_image import page_image


def pdf(pages: int = 2) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def test_it_is_a_png_of_page_one_and_the_same_each_time() -> None:
    content = pdf()
    png = page_image(content)
    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        assert picture.size == (900, 1274)
        assert picture.convert("L").getextrema() == (255, 255)
    assert page_image(content) == png


def test_a_picture_that_cannot_be_made_or_is_too_large_is_left_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page_image(b"%PDF-") == b""
    assert "There is no picture of page one: Failed to load document" in caplog.text
    monkeypatch.setattr(module, "LARGEST_BYTES", 10)
    assert page_image(pdf(1)) == b""
    assert "it would have" in caplog.text
