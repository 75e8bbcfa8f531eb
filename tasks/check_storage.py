"""Seeing that the archive and the ledger can be written, before anything is fetched."""

import asyncio
import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import archive_of, ledger_of

_log = logging.getLogger(__name__)


@task(name="check-storage", task_run_name="check archive and ledger", cache_policy=NO_CACHE)
async def check_storage(profile: Profile) -> None:
    """See that a bundle and a receipt can be written.

    Raises:
        ArchiveError, LedgerError: If not; nothing was asked and nobody was told yet.
    """
    await asyncio.to_thread(archive_of(profile).check)
    await asyncio.to_thread(ledger_of(profile).check)
    _log.info("Archive and ledger can be written")
