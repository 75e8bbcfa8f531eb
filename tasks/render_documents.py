"""Rendering the report's documents."""

import asyncio
import logging
from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents

_log = logging.getLogger(__name__)


@task(name="render-documents", task_run_name="render the documents", cache_policy=NO_CACHE)
async def render_report(report: MonthlyReport, link: str, editions: Sequence[Edition]) -> dict[str, bytes]:
    """Make every document of the report.

    Args:
        report: The report.
        link: Where it will be readable; empty when nowhere.
        editions: The editions to make.

    Returns:
        The documents' bytes by their name in the bundle.

    Raises:
        RenderError: If a document cannot be made.
    """
    documents = await asyncio.to_thread(render_documents, report, link=link, editions=editions)
    for edition in editions:
        size = len(documents[document_of(edition, "report.pdf")]) // 1000
        _log.info("Rendered the %s edition; its PDF has %d kB", edition, size)
    return documents
