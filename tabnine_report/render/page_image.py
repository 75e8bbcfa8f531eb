"""Show page one of the PDF as a picture, where a PDF cannot be shown: in Prefect, and in the admins' Slack notice."""

import logging

from tabnine_report.render.limited_process import ConversionError, convert

PAGE_IMAGE = "page1.png"
"""The picture's path in a bundle; there is one for all editions."""
LARGEST_BYTES = 200_000
_WORKER = "tabnine_report.render.page_image_worker"
"""Only its own process imports it, and with it the native library."""
_WIDTH = 900
"""In pixels; Prefect's UI shows up to 750."""

_log = logging.getLogger(__name__)


def page_image(pdf: bytes) -> bytes:
    """Return page one of a PDF as a PNG of about 60 kB; empty if it cannot be made, because no report depends on it."""
    try:
        png = convert(_WORKER, pdf, _WIDTH)
    except ConversionError as error:
        _log.warning("There is no picture of page one: %s.", error)
        return b""
    if len(png) > LARGEST_BYTES:
        _log.warning("There is no picture of page one: it would have %d kB.", len(png) // 1000)
        return b""
    return png
