"""`tabnine-report purge`: what the profile wants kept no longer is removed from the archive."""

from cli.terminal import complain, counted, tell
from tabnine_report.archive import Part, Purged
from tabnine_report.runs.storage import purge_archive, retention_of
from tasks.read_profile import open_profile

_WHAT = {Part.RESTRICTED: "what names people", Part.BUNDLE: "all but the manifest"}


def purge(*, profile: str, dry_run: bool = False) -> int:
    """Remove what names people, or whole bundles, as archive.keep_people_months and archive.keep_months say.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        dry_run: List only what would be removed.
    """
    settings = open_profile(profile)
    if not retention_of(settings).removes_anything:
        tell(f"{settings.name} keeps everything: neither archive.keep_people_months nor archive.keep_months is set.")
    purged, troubles = purge_archive(settings, dry_run=dry_run)
    for one in purged:
        tell(_line(one, dry_run=dry_run))
    for trouble in troubles:
        complain(trouble)
    verb = "would be removed" if dry_run else "removed"
    files, bundles = counted(sum(one.files for one in purged), "file"), counted(len(purged), "bundle")
    tell(f"{files} of {bundles} {verb}.")
    return 1 if troubles else 0


def _line(one: Purged, *, dry_run: bool) -> str:
    verb = "would remove" if dry_run else "removed"
    return (
        f"{one.bundle}: {verb} {_WHAT[one.removal.part]}, {counted(one.files, 'file')}, "
        f"{one.size // 1000} kB ({one.removal.rule})"
    )
