"""Render all documents of a report from the model alone; the same model produces the same bytes."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from pydantic import TypeAdapter

from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.errors import RenderError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render import email_message as mail
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.colors import palette
from tabnine_report.render.editions import edition_of
from tabnine_report.render.email_chart import EmailChart, email_chart
from tabnine_report.render.html.document import report_html
from tabnine_report.render.logo import logo_png
from tabnine_report.render.page_image import PAGE_IMAGE, page_image
from tabnine_report.render.pdf.process import Limits, PdfRenderer
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.text.i18n import Language


def render_documents(
    report: MonthlyReport,
    *,
    link: str = "",
    editions: Sequence[Edition] = ("executive",),
    with_page_image: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> dict[str, bytes]:
    """Render all documents of a report.

    Args:
        report: The model, the only source of what is printed.
        link: The address at which the report will be available; empty if there is none.
        editions: The editions to render. Their PDFs are made in parallel, each in a process of its own.
        with_page_image: Whether to also make the picture of page one.
        limits: The limits for making one PDF.

    Returns:
        The bytes by the document's path in the bundle. For each edition, as `tabnine_report.model.edition` names them:
        `report.html`, `report.pdf`, `report.xlsx`, `email.html`, `email.txt`, `email.json` (subject, pictures,
        attachments and link) and `<channel>.json` for each chat channel. Once for all editions: `report.json`, which
        is the whole model, if there are enough months `charts/email.png`, if there is a logo, `logo.png`, and, if it
        is wanted and can be made, `page1.png`.

    Raises:
        RenderError: If a document cannot be rendered.
    """
    language = language_of(report)
    with ExitStack() as stack:
        renderers = [stack.enter_context(PdfRenderer(limits)) for _ in editions]
        reports = [edition_of(report, edition) for edition in editions]
        templates = [Templates(shown, language) for shown in reports]
        chart = email_chart(report, language, palette(report.accent))
        logo = logo_png(report.logo) if report.logo else None
        documents = {
            "report.json": _json(report),
            **({mail.PICTURE: chart.content} if chart else {}),
            **({mail.LOGO: logo} if logo else {}),
        }
        with ThreadPoolExecutor(len(renderers) + 1) as pool:
            # The PDFs take longest, so their processes work while the other documents are rendered here.
            pdfs = [
                pool.submit(renderer.render, report_html(shown, language, filled, logo=logo, paper=True))
                for renderer, shown, filled in zip(renderers, reports, templates, strict=True)
            ]
            picture = pool.submit(lambda: page_image(pdfs[0].result())) if with_page_image else None
            for shown, filled in zip(reports, templates, strict=True):
                html = report_html(shown, language, filled, logo=logo)
                documents[document_of(shown.edition, "report.html")] = html.encode()
                documents |= _edition_documents(shown, language, filled, chart, _link_to(shown.edition, link))
            for edition, pdf in zip(editions, pdfs, strict=True):
                documents[document_of(edition, "report.pdf")] = pdf.result()
    if picture and (png := picture.result()):
        documents[PAGE_IMAGE] = png
    return dict(sorted(documents.items()))


def _edition_documents(
    report: MonthlyReport,
    language: Language,
    templates: Templates,
    chart: EmailChart | None,
    link: str,
) -> dict[str, bytes]:
    """Render the documents of an edition except the HTML and the PDF, by their path in the bundle."""
    payloads = {channel: chat.report_payload(report, language, link) for channel, chat in CHAT_FORMATS.items()}
    documents = {
        "report.xlsx": workbook(report, language),
        **{f"{channel}.json": _json(payload) for channel, payload in payloads.items()},
        **mail.documents(report, language, templates, chart, link),
    }
    return {document_of(report.edition, name): content for name, content in documents.items()}


def _link_to(edition: Edition, link: str) -> str:
    """Return the address of an edition, given that of the executive edition."""
    folder, slash, name = link.rpartition("/")
    return f"{folder}{slash}{document_of(edition, name)}" if link else ""


def link_in(documents: Mapping[str, bytes]) -> str:
    """Return the link that the documents contain, so that rendering them again produces the same bytes."""
    link: str = json.loads(documents["email.json"])["link"]
    return link


def preflight() -> list[str]:
    """Check that documents can be rendered on this machine and return the problems, one sentence each.

    The check makes a PDF of one line, which needs the fonts, the system libraries and the PDF process.
    """
    try:
        with PdfRenderer(Limits()) as renderer:
            renderer.render('<html lang="en"><title>Preflight</title><p>Preflight 0123456789</p></html>')
    except RenderError as error:
        return [str(error)]
    return list(renderer.warnings)


def _json(content: MonthlyReport | Mapping[str, Any]) -> bytes:
    return TypeAdapter(Any).dump_json(content, indent=2) + b"\n"
