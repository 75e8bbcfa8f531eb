"""Prepare the messages that deliver a sealed report."""

import asyncio
import logging

from tabnine_report.archive import Bundle
from tabnine_report.archive.presigned import presigned_addresses
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.message_from_bundle import MESSAGE_DOCUMENTS, message_from_bundle
from tabnine_report.deliver.message_links import Links, with_links
from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.errors import ArchiveError
from tabnine_report.render.colors import palette
from tabnine_report.render.documents import render_documents
from tabnine_report.runs.context import RunContext
from tasks import run_url, step

_log = logging.getLogger(__name__)


@step("prepare-messages", "prepare the messages")
async def prepare_messages(run: RunContext, bundle: Bundle) -> dict[Edition, Message]:
    """Return the message of each edition that the profile delivers.

    Renders an edition that the bundle lacks, because it had no recipients or no such channel when it was sealed. Adds
    the links that are not archived: presigned ones, if the profile asks for them, and that of the run.

    Raises:
        ArchiveError: If the bundle cannot be read.
        RenderError: If a missing edition cannot be rendered.
    """
    return await asyncio.to_thread(_prepare, run, bundle, run_url())


def _prepare(run: RunContext, bundle: Bundle, address_of_run: str) -> dict[Edition, Message]:
    editions = run.profile.editions
    documents = bundle.documents()
    missing = [
        edition
        for edition in editions
        if any(document_of(edition, name) not in documents for name in MESSAGE_DOCUMENTS)
    ]
    if missing:
        documents = render_documents(bundle.report(), link=run.link(bundle.revision), editions=missing) | documents
    accent = palette(run.profile.report.accent).accent
    return {
        edition: with_links(
            message_from_bundle(documents, edition), _links(run, bundle, edition, address_of_run), accent, run.language
        )
        for edition in editions
    }


def _links(run: RunContext, bundle: Bundle, edition: Edition, address_of_run: str) -> Links:
    """Return the links of an edition that its archived message lacks; a report that cannot be linked is still sent."""
    days = run.profile.archive.presigned_link_days
    if days is None:
        return Links(run=address_of_run)
    report, pdf = document_of(edition, "report.html"), document_of(edition, "report.pdf")
    try:
        addresses = presigned_addresses(bundle, (report, pdf), days)
    except ArchiveError as error:
        _log.warning("The messages contain no link to the report. %s", error)
        addresses = {}
    return Links(addresses.get(report, ""), addresses.get(pdf, ""), address_of_run)
