"""Render the report's documents."""

import asyncio
import logging
from collections.abc import Sequence

from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents as render
from tasks import step

_log = logging.getLogger(__name__)


@step("render-documents", "render the documents")
async def render_documents(report: MonthlyReport, link: str, editions: Sequence[Edition]) -> dict[str, bytes]:
    """Render every document of the report.

    Args:
        report: The report.
        link: The web address of the report; empty if it has none.
        editions: The editions to render.

    Returns:
        The documents by their name in the bundle.

    Raises:
        RenderError: If a document cannot be rendered.
    """
    documents = await asyncio.to_thread(render, report, link=link, editions=editions, with_page_image=True)
    for edition in editions:
        size = len(documents[document_of(edition, "report.pdf")]) // 1000
        _log.info("Rendered the %s edition (PDF: %d kB)", edition, size)
    return documents
