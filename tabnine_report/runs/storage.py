"""Where a profile keeps its bundles and its receipts."""

from tabnine_report.archive import Archive, Purged, Retention, purge
from tabnine_report.archive.integrity import damage
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumbers
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.runs import clock


def archive_of(profile: Profile) -> Archive:
    """Give the archive that the profile names."""
    return Archive(profile.archive.location)


def damages_of_month(profile: Profile, month: Month) -> tuple[str, ...]:
    """Say what is damaged of a month's bundles, a sentence for each that is not whole, and what to do."""
    archive = archive_of(profile)
    found = (damage(archive, profile.name, month, revision) for revision in archive.revisions(profile.name, month))
    return tuple(filter(None, found))


def retention_of(profile: Profile) -> Retention:
    """Give how long the profile wants things kept."""
    return Retention(profile.archive.keep_people_months, profile.archive.keep_months)


def purge_archive(profile: Profile, *, dry_run: bool = False) -> tuple[list[Purged], list[str]]:
    """Remove from the archive what the profile wants kept no longer; see `tabnine_report.archive.retention.purge`."""
    return purge(archive_of(profile), profile.name, retention_of(profile), clock.now(), dry_run=dry_run)


def ledger_of(profile: Profile) -> Ledger:
    """Give the ledger that the profile names."""
    return Ledger(profile.archive.ledger, clock=clock.now)


def revision_numbers_of(profile: Profile) -> RevisionNumbers:
    """Give what gives out the numbers of the profile's revisions."""
    return RevisionNumbers(profile.archive.ledger, clock=clock.now)
