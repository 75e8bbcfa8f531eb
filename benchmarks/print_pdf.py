"""Print an HTML document as a PDF, as a run does: `python benchmarks/print_pdf.py HTML PDF`.

The program prints as JSON the seconds and the processor time from the start of the PDF process to its end.
"""

import json
import resource
import sys
import time
from pathlib import Path

from tabnine_report.render.pdf.process import Limits, PdfRenderer


def render_pdf(html: str) -> bytes:
    """Return the PDF, rendered in a new process."""
    with PdfRenderer(Limits()) as renderer:
        return renderer.render(html)


def main(html: Path, pdf: Path) -> None:
    """Render the PDF, write it, and print the seconds."""
    page = html.read_text(encoding="utf-8")
    started_at = time.perf_counter()
    content = render_pdf(page)
    seconds = time.perf_counter() - started_at
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    pdf.write_bytes(content)
    print(json.dumps({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
