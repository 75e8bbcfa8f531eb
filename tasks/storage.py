"""Where a profile keeps its bundles and its receipts."""

from pathlib import Path

from reporting.archive import Archive
from reporting.deliver.ledger import Ledger
from reporting.deliver.revision_numbers import RevisionNumbers
from reporting.settings.profile import Profile
from tasks import clock


def archive_of(profile: Profile) -> Archive:
    """Give the archive that the profile names."""
    return Archive(Path(profile.archive.location))


def ledger_of(profile: Profile) -> Ledger:
    """Give the ledger that the profile names."""
    return Ledger(profile.archive.ledger, clock=clock.now)


def revision_numbers_of(profile: Profile) -> RevisionNumbers:
    """Give what gives out the numbers of the profile's revisions."""
    return RevisionNumbers(profile.archive.ledger, clock=clock.now)
