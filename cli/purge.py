"""`tabnine-report purge`: removes data that is older than the profile allows from the archive."""

from math import ceil
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import print_error, print_line
from tabnine_report.archive import BundlePart, PurgedBundle
from tabnine_report.runs.storage import purge_profile, retention_of
from tabnine_report.text.counted import counted
from tasks.read_profile import open_archive_profile

_CONTENT = {BundlePart.RESTRICTED: "the files with personal data", BundlePart.BUNDLE: "everything except the manifest"}


def purge(*, profile: str, dry_run: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Remove bundles, or their files with personal data, that are older than the profile allows.

    The settings are archive.keep_personal_data_months and archive.keep_months.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        dry_run: List what would be removed without removing it.
    """
    settings = open_archive_profile(profile)
    if not retention_of(settings).removes_anything:
        print_line(
            f"{settings.name} keeps everything. "
            "Neither archive.keep_personal_data_months nor archive.keep_months is set."
        )
    purged, problems = purge_profile(settings, dry_run=dry_run)
    for item in purged:
        print_line(_line(item, dry_run=dry_run))
    for problem in problems:
        print_error(problem)
    verb = "would be removed" if dry_run else "removed"
    files, bundles = counted(sum(item.files for item in purged), "file"), counted(len(purged), "bundle")
    print_line(f"{files} of {bundles} {verb}.")
    return 1 if problems else 0


def _line(item: PurgedBundle, *, dry_run: bool) -> str:
    verb = "would remove" if dry_run else "removed"
    return (
        f"{item.bundle}: {verb} {_CONTENT[item.removal.part]}, {counted(item.files, 'file')}, "
        f"{ceil(item.size / 1000)} kB ({item.removal.rule})"
    )
