"""Taking a revision's number for as long as it is made."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tabnine_report.deliver.ledger.revision_numbers import UnderWay
from tabnine_report.model.errors import ArchiveError, LedgerError
from tabnine_report.runs.storage import archive_of, revision_numbers_of
from tasks.run import Run

_LOOK_AGAIN_SECONDS = 0.5
_log = logging.getLogger(__name__)


@asynccontextmanager
async def next_revision(run: Run) -> AsyncIterator[int]:
    """Give the number of the month's next revision, and give it back where none is sealed inside the block.

    While another run makes a revision of the month, this one waits for it: at most as long as that one's lease.

    Raises:
        LedgerError: If the ledger cannot be used.
    """
    numbers, archive, name = revision_numbers_of(run.profile), archive_of(run.profile), run.profile.name

    def sealed() -> list[int]:
        return archive.revisions(name, run.month)

    waiting = False
    while isinstance(
        taken := await asyncio.to_thread(lambda: numbers.take(name, str(run.month), max(sealed(), default=0))), UnderWay
    ):
        if not waiting:
            _log.info("Another run is making a revision of the month; waiting for it, until %s", taken.until)
            waiting = True
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    try:
        yield taken.revision
    finally:
        try:
            numbers.end(taken, sealed=taken.revision in sealed())
        except (ArchiveError, LedgerError) as error:
            # Raised here, it would hide why nothing was made; and what was sealed needs no end.
            _log.warning("The number %d could not be given back and lapses by itself: %s", taken.revision, error)
