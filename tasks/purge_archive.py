"""Remove data that is older than the profile allows from the archive."""

import asyncio
import logging

from tabnine_report.model.errors import ArchiveError
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import purge_profile
from tasks import step

_log = logging.getLogger(__name__)


@step("purge-archive", "purge the archive")
async def purge_archive(profile: Profile) -> None:
    """Remove bundles, or their files with personal data, that are older than the profile allows.

    Raises:
        ArchiveError: If something could not be removed; everything else is removed.
    """
    purged, problems = await asyncio.to_thread(purge_profile, profile)
    for item in purged:
        _log.info("Purged %s (%s, files: %d)", item.bundle, item.removal.rule, item.files)
    if problems:
        raise ArchiveError(" ".join(problems))
