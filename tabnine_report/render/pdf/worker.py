"""HTML to PDF by WeasyPrint: the program `python -m tabnine_report.render.pdf.worker`, which runs in its own process.

It reads HTML from standard input and writes the PDF to standard output. What WeasyPrint says on the way goes to
standard error, a JSON object a line. `tabnine_report.render.pdf.process` starts it and sets its environment: fontconfig
reads its file once, when WeasyPrint is imported, so that is done here and nowhere else. It imports nothing of ours:
each import delays every report.
"""

import gc
import json
import logging
import resource
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

OUT_OF_MEMORY = 12
NO_LIBRARIES = 13
FORBIDDEN = 14


class _Lines(logging.Handler):
    """Writes each record as a line of JSON, so that it is still a record on the other side."""

    def emit(self, record: logging.LogRecord) -> None:
        _write_message(record.levelname, record.getMessage())


def _write_message(level: str, message: str) -> None:
    sys.stderr.write(json.dumps({"level": level, "message": message}) + "\n")


def make_pdf(html: str, stylesheet: Path) -> bytes:
    """Lay HTML out and give the PDF: tagged, as PDF/UA-1 wants it, with the same bytes for the same HTML."""
    import weasyprint  # noqa: PLC0415 - only here, after the limits are set and the libraries are known to be there

    from tabnine_report.render.pdf.structure import complete  # noqa: PLC0415 - as above

    fetcher = strict_fetcher()
    # Layout makes millions of objects and hardly any garbage: looking for it costs half as much time again.
    gc.disable()
    document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=None)
    style = weasyprint.CSS(string=stylesheet.read_text(encoding="utf-8"), url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[style], finisher=complete, pdf_variant="pdf/ua-1", pdf_tags=True)
    return pdf


def strict_fetcher() -> "URLFetcher":
    """Give a fetcher that reads nothing but `data:` addresses and ends the rendering at any other.

    A document is self-contained; an address in it that must be fetched is a mistake, or somebody's attempt to read a
    file of this machine into a report.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 - see make_pdf

    class StrictFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> "URLFetcherResponse":
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"The report asked for {url[:100]}, and may load nothing from outside.")
            return super().fetch(url, headers)

    return StrictFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


def _limit(memory_bytes: int, seconds: int) -> None:
    """Keep this process within bounds even if nobody watches it any more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _import_weasyprint() -> bool:
    """Import WeasyPrint and say what its libraries lack."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # HarfBuzz-Subset missing is said below, in words
            from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415 - see make_pdf
    except (ImportError, OSError) as error:
        _write_message("ERROR", str(error).splitlines()[0])
        return False
    if harfbuzz_subset is None:
        _write_message(
            "WARNING", "HarfBuzz-Subset is missing, so PDFs take many times longer: install libharfbuzz-subset0."
        )
    return True


def main(memory_bytes: int, seconds: int, stylesheet: Path) -> int:
    """Make one PDF from standard input to standard output and give the exit status."""
    _limit(memory_bytes, seconds)
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
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
