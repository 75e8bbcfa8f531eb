"""Remove data that is older than the profile allows.

| setting | removed | counted from |
| --- | --- | --- |
| `archive.keep_personal_data_months` | the restricted files: raw responses, list of accounts | the oldest response |
| `archive.keep_months` | all files of the bundle except its manifest | the newest response |

A tombstone records the time and the rule before the files are removed, so the next purge completes an interrupted one.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime

from upath import UPath

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.layout import MANIFEST, BundlePart, Removal
from tabnine_report.archive.sealed_bundle import Bundle
from tabnine_report.archive.storage import archive_read_errors, archive_write_errors, storage_of
from tabnine_report.model.errors import ArchiveError

_COUNTED_FROM = {BundlePart.RESTRICTED: "from", BundlePart.BUNDLE: "to"}
"""Which end of the manifest's `fetched` period a part's age is counted from.

A month that is run late may contain responses from its earlier bundle. Personal data is as old as the oldest of them.
"""


@dataclass(frozen=True)
class Retention:
    """How many months files are retained after their responses were fetched; None means forever.

    Attributes:
        personal_data_months: For files with personal data.
        bundle_months: For whole bundles, except their manifests.
    """

    personal_data_months: int | None = None
    bundle_months: int | None = None

    @property
    def removes_anything(self) -> bool:
        """Whether anything is ever removed."""
        return self.personal_data_months is not None or self.bundle_months is not None


@dataclass(frozen=True)
class PurgedBundle:
    """What was removed from one bundle, or would be removed in a dry run.

    Attributes:
        bundle: The bundle's folder.
        removal: The removed part, the time and the rule.
        files: The number of removed files.
        size: Their total size in bytes.
    """

    bundle: UPath
    removal: Removal
    files: int
    size: int


def purge(
    archive: Archive, organization: str, retention: Retention, now: datetime, *, dry_run: bool = False
) -> tuple[list[PurgedBundle], list[str]]:
    """Remove an organization's expired files, and files left by runs that died while sealing.

    Args:
        archive: The archive with the bundles.
        organization: The profile's name.
        retention: How long files are retained.
        now: The current time, UTC.
        dry_run: Whether to return only what would be removed.

    Returns:
        What was removed from each bundle, oldest first, and one sentence for each bundle that could not be purged.

    Raises:
        ArchiveError: If the archive cannot be read.
    """
    purged: list[PurgedBundle] = []
    errors: list[str] = []
    for month, revision in archive.list_revisions(organization):
        try:
            removed = _purge(archive.bundle(organization, month, revision), retention, now, dry_run=dry_run)
        except ArchiveError as error:
            errors.append(f"Revision {revision} of {month} could not be purged: {error}")
        else:
            purged += [removed] if removed else []
    if not dry_run:
        archive.remove_leftovers(organization)
    return purged, errors


def _purge(bundle: Bundle, retention: Retention, now: datetime, *, dry_run: bool) -> PurgedBundle | None:
    """Remove the expired files of a bundle; return None if there are none."""
    removal = _due_removal(bundle, retention, now)
    if removal is None:
        return None
    storage = storage_of(bundle.folder)
    with archive_read_errors(bundle.folder):
        sizes = storage.files(bundle.folder)
    names = [name for name in sizes if removal.part.contains(name)]
    if not names and removal.part in bundle.removals:
        return None
    if not dry_run:
        with archive_write_errors(bundle.folder):
            storage.add(bundle.folder, removal.part.tombstone, removal.write())
            storage.remove(bundle.folder, names)
    return PurgedBundle(bundle.folder, removal, len(names), sum(sizes[name] for name in names))


def _due_removal(bundle: Bundle, retention: Retention, now: datetime) -> Removal | None:
    """Return the largest removal that is due. A removal that has begun is completed under its original rule."""
    rules = (
        (BundlePart.BUNDLE, "archive.keep_months", retention.bundle_months),
        (BundlePart.RESTRICTED, "archive.keep_personal_data_months", retention.personal_data_months),
    )
    for part, key, months in rules:
        if part in bundle.removals:
            return bundle.removals[part]
        if not any(map(part.contains, bundle.files)) or months is None:
            continue
        if now >= _add_months(_fetched_at(bundle, part), months):
            return Removal(part, now, f"{key} = {months}")
    return None


def _fetched_at(bundle: Bundle, part: BundlePart) -> datetime:
    """Return the time from which a part's age is counted."""
    try:
        return datetime.fromisoformat(bundle.facts["fetched"][_COUNTED_FROM[part]]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"{bundle.folder / MANIFEST} does not record when the responses were fetched, so their age is unknown."
        ) from error


def _add_months(instant: datetime, months: int) -> datetime:
    """Return the same day and time some months later, or the last day of a shorter month."""
    years, month = divmod(instant.month - 1 + months, 12)
    year = instant.year + years
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
