"""Prepare the messages that deliver a sealed report."""

import asyncio

from tabnine_report.archive import Bundle
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.message_from_bundle import MESSAGE_DOCUMENTS, message_from_bundle
from tabnine_report.model.edition import Edition, document_of
from tabnine_report.render.documents import render_documents
from tabnine_report.runs.context import RunContext
from tasks import step


@step("prepare-messages", "prepare the messages")
async def prepare_messages(run: RunContext, bundle: Bundle) -> dict[Edition, Message]:
    """Return the message of each edition that the profile delivers.

    Renders an edition that the bundle lacks, because it had no recipients or no such channel when it was sealed.

    Raises:
        ArchiveError: If the bundle cannot be read.
        RenderError: If a missing edition cannot be rendered.
    """
    return await asyncio.to_thread(_prepare, run, bundle)


def _prepare(run: RunContext, bundle: Bundle) -> dict[Edition, Message]:
    editions = run.profile.editions
    documents = bundle.documents()
    missing = [
        edition
        for edition in editions
        if any(document_of(edition, name) not in documents for name in MESSAGE_DOCUMENTS)
    ]
    if missing:
        documents = render_documents(bundle.report(), link=run.link(bundle.revision), editions=missing) | documents
    return {edition: message_from_bundle(documents, edition) for edition in editions}
