"""Convert HTML to PDF with WeasyPrint: the program `python -m tabnine_report.render.pdf.worker`.

It reads HTML from standard input, writes the PDF to standard output, and writes WeasyPrint's log records to standard
error, one JSON object per line. `tabnine_report.render.pdf.process` starts it and sets its environment, which
fontconfig reads once, when WeasyPrint is imported. The module imports only small modules of the project, because every
import delays every report.
"""

import ctypes.util
import gc
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from tabnine_report.render.process_limits import limit_process

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

OUT_OF_MEMORY = 12
NO_LIBRARIES = 13
FORBIDDEN = 14

A4 = (210, 297)
"""The size of a sheet of paper, in mm."""
SCALES = (1.0, 0.95, 0.9, 0.85)
"""The scales at which a document is laid out until each of its pages fits on one sheet."""
_OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}


class _Lines(logging.Handler):
    """Writes each log record as a line of JSON, so that the parent process can read its level."""

    def emit(self, record: logging.LogRecord) -> None:
        _write_message(record.levelname, record.getMessage())


def _write_message(level: str, message: str) -> None:
    sys.stderr.write(json.dumps({"level": level, "message": message}) + "\n")


def make_pdf(html: str, stylesheet: Path) -> bytes:
    """Return the PDF of an HTML document, tagged as PDF/UA-1 requires; the same HTML produces the same bytes."""
    import weasyprint  # noqa: PLC0415 - only after the limits are set and the libraries have been found

    from tabnine_report.render.pdf.structure import complete  # noqa: PLC0415 - as above

    fetcher = strict_fetcher()
    source = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=None)
    sections = sum("page" in section.get("class", "").split() for section in source.etree_element.iter("section"))
    style = stylesheet.read_text(encoding="utf-8")
    for scale in SCALES:
        width, height = (f"{side / scale}mm" for side in A4)
        sheet = weasyprint.CSS(string=f"{style}\n@page {{ size: {width} {height} !important }}", url_fetcher=fetcher)
        document = source.render(stylesheets=[sheet], **_OPTIONS)
        if len(document.pages) <= sections:
            break
    pdf: bytes = document.write_pdf(finisher=complete, zoom=scale, **_OPTIONS)
    return pdf


def strict_fetcher() -> "URLFetcher":
    """Return a fetcher that reads only `data:` addresses and stops the rendering at any other.

    Documents are self-contained. Any other address is a mistake or an attempt to read a file of this machine.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 - see make_pdf

    class StrictFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> "URLFetcherResponse":
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"The report must not load external content, but requested {url[:100]}.")
            return super().fetch(url, headers)

    return StrictFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


def _import_weasyprint() -> bool:
    """Import WeasyPrint; write a message and return False if its libraries are missing."""
    if sys.platform == "linux":
        # WeasyPrint tries several names for each library. For a name like `pango-1.0`, Python starts ldconfig, gcc and
        # ld, more than 80 processes in all. A name like `libpango-1.0.so.0`, which is among them, needs no search.
        ctypes.util.find_library = lambda name: None  # noqa: ARG005 - the name that mypy requires
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a message below reports a missing HarfBuzz-Subset
            from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415 - see make_pdf
    except (ImportError, OSError) as error:
        _write_message("ERROR", str(error).splitlines()[0])
        return False
    if harfbuzz_subset is None:
        _write_message(
            "WARNING", "HarfBuzz-Subset is missing, so PDFs take many times longer. Install libharfbuzz-subset0."
        )
    return True


def main(memory_bytes: int, seconds: int, stylesheet: Path) -> int:
    """Convert HTML from standard input to a PDF on standard output and return the exit status."""
    limit_process(memory_bytes, seconds)
    # Imports and layout create millions of objects and hardly any garbage; garbage collection would take half as long
    # again.
    gc.disable()
    try:
        if not _import_weasyprint():
            return NO_LIBRARIES
        logger = logging.getLogger("weasyprint")
        logger.handlers = [_Lines(logging.WARNING)]
        from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - see make_pdf

        try:
            pdf = make_pdf(sys.stdin.buffer.read().decode(), stylesheet)
        except FatalURLFetchingError as error:
            _write_message("ERROR", str(error.__cause__ or error))
            return FORBIDDEN
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    gc.freeze()  # otherwise Python would examine every object once more before the process ends
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
