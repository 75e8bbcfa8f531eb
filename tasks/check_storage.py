"""Check that the archive and the ledger are writable before anything is fetched."""

import asyncio
import logging

from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import archive_of, ledger_of
from tasks import step

_log = logging.getLogger(__name__)


@step("check-storage", "check archive and ledger")
async def check_storage(profile: Profile) -> None:
    """Check that a bundle and a receipt can be written.

    Raises:
        ArchiveError: If the archive is not writable.
        LedgerError: If the ledger is not writable.
    """
    await asyncio.to_thread(_check, profile)
    _log.info("The archive and the ledger are writable")


def _check(profile: Profile) -> None:
    archive_of(profile).check()
    ledger_of(profile).check()
