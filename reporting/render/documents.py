"""Every document of a report, from the model alone: the same model gives the same bytes."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reporting.errors import RenderError
from reporting.render import mail, slack_message
from reporting.render.drawings import draw
from reporting.render.page import report_html
from reporting.render.printing import Limits, Printer
from reporting.render.templates import Templates, language_of
from reporting.render.workbook import workbook
from reporting.report import MonthlyReport


def render_documents(report: MonthlyReport, *, link: str = "", limits: Limits = Limits()) -> dict[str, bytes]:  # noqa: B008 - frozen
    """Make every document of a report.

    Args:
        report: The model; nothing else is printed.
        link: Where the report will be readable; empty when nowhere.
        limits: What making the PDF may take.

    Returns:
        The bytes by the document's path in the bundle: `report.html`, `report.pdf`, `report.xlsx`,
        `report.json`, `email.html`, `email.txt`, `email.json` (what else the message is made of), `slack.json`,
        `charts/*.svg` and `charts/people.png`.

    Raises:
        RenderError: If a document cannot be made.
    """
    language = language_of(report)
    templates = Templates(report, language)
    with Printer(limits) as printer, ThreadPoolExecutor(max_workers=1) as waiting:
        drawings = draw(report, language, templates)
        # The PDF takes longest: its process lays it out while the other documents are made here.
        pdf = waiting.submit(printer.print, report_html(report, language, templates, drawings, paper=True))
        documents = {
            "report.html": report_html(report, language, templates, drawings).encode(),
            "report.xlsx": workbook(report, language),
            "report.json": _json(report.model_dump(mode="json")),
            "slack.json": _json(slack_message.payload(report, language, link)),
            **mail.documents(report, language, templates, drawings, link),
            **{f"charts/{name}.svg": svg.encode() for name, svg in drawings.charts.items()},
        }
        documents["report.pdf"] = pdf.result()
    return dict(sorted(documents.items()))


def preflight() -> list[str]:
    """Try whether documents can be made here, and give what stands against it, a sentence each.

    Fonts, the system libraries and the program that makes PDFs are tried for real, on one line of text.
    """
    try:
        with Printer(Limits()) as printer:
            printer.print('<html lang="en"><title>Preflight</title><p>Preflight 0123456789</p></html>')
    except RenderError as error:
        return [str(error)]
    return list(printer.complaints)


def _json(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    # Half a character, which a name can hold, is written as JSON writes it: \\ud800.
    return f"{text}\n".encode(errors="backslashreplace")
