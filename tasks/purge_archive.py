"""Removing from the archive what the profile wants kept no longer."""

import asyncio
import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.model.errors import ArchiveError
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import purge_archive

_log = logging.getLogger(__name__)


@task(name="purge-archive", task_run_name="purge the archive", cache_policy=NO_CACHE)
async def purge_bundles(profile: Profile) -> None:
    """Remove what names people, or whole bundles, once they are as old as the profile says.

    Raises:
        ArchiveError: If something could not be removed; everything else is.
    """
    purged, troubles = await asyncio.to_thread(purge_archive, profile)
    for one in purged:
        _log.info("Removed what %s removes of %s (files: %d)", one.removal.rule, one.bundle, one.files)
    if troubles:
        raise ArchiveError(" ".join(troubles))
