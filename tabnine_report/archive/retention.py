"""Removing what the profile wants kept no longer: what names people, or whole bundles but for their manifests.

A tombstone is written first and says when and by which rule; then the files are removed. A purge that is cut off has
said what it wants, and the next one finishes it. Nothing that is kept is touched.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime

from upath import UPath

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.bundle import Bundle
from tabnine_report.archive.layout import MANIFEST, Part, Removal
from tabnine_report.archive.storage import reading, storage_of, writing
from tabnine_report.model.errors import ArchiveError

_COUNTS_FROM = {Part.RESTRICTED: "from", Part.BUNDLE: "to"}


@dataclass(frozen=True)
class Retention:
    """How long things are kept, in months after their answers were fetched; None for good.

    Attributes:
        people_months: What names people.
        bundle_months: Whole bundles, but for their manifests.
    """

    people_months: int | None = None
    bundle_months: int | None = None

    @property
    def removes_anything(self) -> bool:
        """Whether anything is ever removed."""
        return self.people_months is not None or self.bundle_months is not None


@dataclass(frozen=True)
class Purged:
    """What was removed of one bundle, or would be.

    Attributes:
        bundle: Where the bundle is.
        removal: What goes, when and by which rule.
        files: How many files.
        size: Their bytes together.
    """

    bundle: UPath
    removal: Removal
    files: int
    size: int


def purge(
    archive: Archive, organization: str, retention: Retention, now: datetime, *, dry_run: bool = False
) -> tuple[list[Purged], list[str]]:
    """Remove what an organization's bundles are to keep no longer, and what dead runs left behind.

    Args:
        archive: Where the bundles are.
        organization: The profile's name.
        retention: How long things are kept.
        now: The instant, UTC.
        dry_run: Whether to tell only what would be removed.

    Returns:
        What was removed of each bundle, oldest first; and a sentence for each bundle that could not be purged.

    Raises:
        ArchiveError: If the archive cannot be read.
    """
    purged: list[Purged] = []
    troubles: list[str] = []
    for month, revision in archive.sealed(organization):
        try:
            one = _purge(archive.bundle(organization, month, revision), retention, now, dry_run=dry_run)
        except ArchiveError as error:
            troubles.append(f"Revision {revision} of {month} could not be purged: {error}")
        else:
            purged += [one] if one else []
    if retention.removes_anything and not dry_run:
        archive.clear(organization)
    return purged, troubles


def _purge(bundle: Bundle, retention: Retention, now: datetime, *, dry_run: bool) -> Purged | None:
    """Remove what a bundle has come to lose; None when that is nothing, or gone already."""
    removal = _due(bundle, retention, now)
    if removal is None:
        return None
    storage = storage_of(bundle.folder)
    with reading(bundle.folder):
        there = storage.files(bundle.folder)
    names = [name for name in there if removal.part.holds(name)]
    if not names and removal.part in bundle.removals:
        return None
    if not dry_run:
        with writing(bundle.folder):
            storage.add(bundle.folder, removal.part.tombstone, removal.write())
            storage.remove(bundle.folder, names)
    return Purged(bundle.folder, removal, len(names), sum(there[name] for name in names))


def _due(bundle: Bundle, retention: Retention, now: datetime) -> Removal | None:
    """Give the removal that a bundle has come to, the larger one; one that was begun before is finished as it began."""
    rules = (
        (Part.BUNDLE, "archive.keep_months", retention.bundle_months),
        (Part.RESTRICTED, "archive.keep_people_months", retention.people_months),
    )
    for part, key, months in rules:
        if part in bundle.removals:
            return bundle.removals[part]
        if not any(map(part.holds, bundle.files)) or months is None:
            continue
        if now >= _months_after(_fetched_at(bundle, part), months):
            return Removal(part, now, f"{key} = {months}")
    return None


def _fetched_at(bundle: Bundle, part: Part) -> datetime:
    """Give the instant from which a part's age counts: for what names people, when its oldest answer was asked for.

    A month that is run late may hold answers of its earlier bundle.
    """
    try:
        return datetime.fromisoformat(bundle.facts["fetched"][_COUNTS_FROM[part]]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(f"{bundle.folder}/{MANIFEST} does not say when its answers were fetched.") from error


def _months_after(instant: datetime, months: int) -> datetime:
    """Give the same day and time some months later, or the last day of a month that has no such day."""
    years, month = divmod(instant.month - 1 + months, 12)
    year = instant.year + years
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
