"""Reserve the number of a month's next revision while a run builds it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tabnine_report.deliver.ledger.revision_numbers import RevisionInProgress, RevisionNumber
from tabnine_report.model.errors import ArchiveError, LedgerError
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.storage import archive_of, revision_numbers_of

_POLL_SECONDS = 0.5
_log = logging.getLogger(__name__)


@asynccontextmanager
async def next_revision(run: RunContext) -> AsyncIterator[int]:
    """Reserve the month's next revision number; release it if the block seals no bundle under it.

    If another run is building a revision of the month, wait for it, at most until its lease expires.

    Yields:
        The number of the revision.

    Raises:
        LedgerError: If the ledger cannot be used.
    """
    numbers = await asyncio.to_thread(revision_numbers_of, run.profile)
    archive, name = archive_of(run.profile), run.profile.name

    def sealed_revisions() -> list[int]:
        return archive.revisions(name, run.month)

    def reserve() -> RevisionNumber | RevisionInProgress:
        return numbers.reserve(name, str(run.month), max(sealed_revisions(), default=0))

    def release(number: RevisionNumber) -> None:
        numbers.finish(number, sealed=number.revision in sealed_revisions())

    is_waiting = False
    while isinstance(number := await asyncio.to_thread(reserve), RevisionInProgress):
        if not is_waiting:
            _log.info("Another run is building a revision of this month; waiting for it until %s", number.until)
            is_waiting = True
        await asyncio.sleep(_POLL_SECONDS)
    try:
        yield number.revision
    finally:
        try:
            await asyncio.to_thread(release, number)
        except (ArchiveError, LedgerError) as error:
            # Raising here would hide why the run failed. A sealed revision keeps its number without this call.
            _log.warning("Revision number %d was not released and expires automatically: %s", number.revision, error)
