"""Find a disk that is nearly full: of the archive, or of a ledger that is a file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tabnine_report.profile.archive_settings import scheme_of
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.text.i18n import Language
from tabnine_report.watchdog.problem import Problem, ProblemKind

CHECK = "disk"
ALWAYS_SCARCE = 200_000_000
"""Less free space than this is scarce on any disk."""
NEVER_SCARCE = 5_000_000_000
"""More free space than this is never scarce."""
SCARCE_SHARE = 0.05
"""Otherwise, less than this share of the disk is scarce."""


def disk_problems(ledger: LedgerProfile, language: Language) -> Iterator[Problem]:
    """Yield each disk of the organization that is nearly full; a folder that does not exist is on its parent's disk."""
    archive = ledger.archive
    folders = [] if scheme_of(archive.location) else [Path(archive.location)]
    folders += [archive.ledger_file] if archive.ledger_file else []
    disks = {_mount_point(folder) for folder in folders}
    for disk in sorted(disks):
        usage = shutil.disk_usage(disk)
        if usage.free < max(ALWAYS_SCARCE, min(NEVER_SCARCE, usage.total * SCARCE_SHARE)):
            free = language.count(usage.free // 1_000_000)
            reason = language.translate("watch.disk", disk=str(disk), megabytes=free)
            yield Problem(
                ProblemKind.DISK_NEARLY_FULL, f"{CHECK} {disk}", reason, language.translate("watch.free_disk")
            )


def _mount_point(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.is_mount())
