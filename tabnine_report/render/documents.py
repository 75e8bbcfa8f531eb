"""Every document of a report, from the model alone: the same model gives the same bytes."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.errors import RenderError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render import email_message as mail
from tabnine_report.render import slack_message
from tabnine_report.render.editions import edition_of
from tabnine_report.render.html.chart_svg import ReportCharts, draw_charts
from tabnine_report.render.html.page import report_html
from tabnine_report.render.pdf.process import Limits, PdfRenderer
from tabnine_report.render.png import logo_png
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.text.i18n import Language


def render_documents(
    report: MonthlyReport,
    *,
    link: str = "",
    editions: Sequence[Edition] = ("executive",),
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> dict[str, bytes]:
    """Make every document of a report.

    Args:
        report: The model; nothing else is printed.
        link: Where the report will be readable; empty when nowhere.
        editions: Those to make; their PDFs are made at the same time, each in a process of its own.
        limits: What making one PDF may take.

    Returns:
        The bytes by the document's path in the bundle. Of each edition, as `tabnine_report.model.edition` names them:
        `report.html`, `report.pdf`, `report.xlsx`, `email.html`, `email.txt`, `email.json` (what else the message is
        made of) and `slack.json`. Of all of them: `report.json`, which is the whole model, `charts/*.svg`,
        `charts/people.png` and, where there is a logo, `logo.png`.

    Raises:
        RenderError: If a document cannot be made.
    """
    language = language_of(report)
    with ExitStack() as stack:
        renderers = [stack.enter_context(PdfRenderer(limits)) for _ in editions]
        shown = [edition_of(report, edition) for edition in editions]
        templates = [Templates(one, language) for one in shown]
        charts = draw_charts(report, language, templates[0])
        documents = {
            "report.json": _json(report.model_dump(mode="json")),
            mail.PICTURE: charts.email_chart,
            **({mail.LOGO: logo_png(report.logo)} if report.logo else {}),
            **{f"charts/{name}.svg": svg.encode() for name, svg in charts.svg.items()},
        }
        pages = [report_html(one, language, t, charts, paper=True) for one, t in zip(shown, templates, strict=True)]
        with ThreadPoolExecutor(len(renderers)) as pool:
            # The PDFs take longest: their processes lay them out while the other documents are made here.
            pdfs = pool.map(lambda renderer, page: renderer.render(page), renderers, pages)
            for one, filled in zip(shown, templates, strict=True):
                documents |= _of_edition(one, language, filled, charts, _link_to(one.edition, link))
            documents |= {document_of(edition, "report.pdf"): pdf for edition, pdf in zip(editions, pdfs, strict=True)}
    return dict(sorted(documents.items()))


def _of_edition(
    report: MonthlyReport, language: Language, templates: Templates, charts: ReportCharts, link: str
) -> dict[str, bytes]:
    """Make an edition's documents but the PDF, by their path in the bundle."""
    documents = {
        "report.html": report_html(report, language, templates, charts).encode(),
        "report.xlsx": workbook(report, language),
        "slack.json": _json(slack_message.payload(report, language, link)),
        **mail.documents(report, language, templates, charts, link),
    }
    return {document_of(report.edition, name): content for name, content in documents.items()}


def _link_to(edition: Edition, link: str) -> str:
    """Give the address of an edition from that of the executive one."""
    folder, slash, name = link.rpartition("/")
    return f"{folder}{slash}{document_of(edition, name)}" if link else ""


def link_in(documents: Mapping[str, bytes]) -> str:
    """Give the address that a report's documents name, so that they come out the same again; empty for none."""
    link: str = json.loads(documents["email.json"])["link"]
    return link


def preflight() -> list[str]:
    """Try whether documents can be made here, and give what stands against it, a sentence each.

    Fonts, the system libraries and the program that makes PDFs are tried for real, on one line of text.
    """
    try:
        with PdfRenderer(Limits()) as renderer:
            renderer.render('<html lang="en"><title>Preflight</title><p>Preflight 0123456789</p></html>')
    except RenderError as error:
        return [str(error)]
    return list(renderer.warnings)


def _json(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    # Half a character, which a name can hold, is written as JSON writes it: \\ud800.
    return f"{text}\n".encode(errors="backslashreplace")
