"""Open the archive and the ledger of a profile, on the run's clock."""

from tabnine_report.archive import Archive, PurgedBundle, Retention, purge
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.deliver.ledger.answer_records import AnswerRecords
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.ledger.month_records import MonthRecords
from tabnine_report.deliver.ledger.release_records import ReleaseRecords
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumbers
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import ArchiveProfile, LedgerProfile
from tabnine_report.runs import clock


def archive_of(profile: ArchiveProfile) -> Archive:
    """Return the profile's archive."""
    return Archive(profile.archive.location)


def ledger_of(profile: LedgerProfile) -> Ledger:
    """Return the profile's ledger.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return Ledger(profile.archive.ledger, clock=clock.now)


def revision_numbers_of(profile: LedgerProfile) -> RevisionNumbers:
    """Return the counter of revisions in the profile's ledger.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return RevisionNumbers(profile.archive.ledger, clock=clock.now)


def release_records_of(profile: LedgerProfile) -> ReleaseRecords:
    """Return the organization's release records in the profile's ledger.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return ReleaseRecords(profile.archive.ledger, profile.name, clock=clock.now)


def month_records_of(profile: LedgerProfile) -> MonthRecords:
    """Return the records of the organization's months in the profile's ledger.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return MonthRecords(profile.archive.ledger, profile.name, clock=clock.now)


def answer_records_of(profile: LedgerProfile) -> AnswerRecords:
    """Return the records of the answers to the organization's reports in the profile's ledger.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return AnswerRecords(profile.archive.ledger, profile.name, clock=clock.now)


def retention_of(profile: ArchiveProfile) -> Retention:
    """Return how long the profile keeps bundles and their personal data."""
    return Retention(profile.archive.keep_personal_data_months, profile.archive.keep_months)


def damage_of_month(profile: ArchiveProfile, month: Month) -> tuple[str, ...]:
    """Return a sentence for each damaged bundle of a month: what is damaged, and what to do."""
    archive = archive_of(profile)
    revisions = archive.revisions(profile.name, month)
    sentences = (describe_damage(archive, profile.name, month, revision) for revision in revisions)
    return tuple(filter(None, sentences))


def purge_profile(profile: ArchiveProfile, *, dry_run: bool = False) -> tuple[list[PurgedBundle], list[str]]:
    """Remove data that is older than the profile allows; see `tabnine_report.archive.retention.purge`."""
    return purge(archive_of(profile), profile.name, retention_of(profile), clock.now(), dry_run=dry_run)
