"""Check that a bundle's files are unchanged: none modified, missing or added since it was sealed."""

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.layout import NEVER_REMOVED
from tabnine_report.archive.sealed_bundle import Bundle
from tabnine_report.archive.storage import archive_read_errors, storage_of
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month


def find_damage(bundle: Bundle) -> list[str]:
    """Return one sentence for each file that differs from the sealed bundle; none for an intact bundle.

    A file that retention removed is not damage. A file that retention should have removed but still exists is.

    Raises:
        ArchiveError: If a file cannot be read.
    """
    storage = storage_of(bundle.folder)
    with archive_read_errors(bundle.folder):
        irregular = set(storage.irregular(bundle.folder))
        names = storage.files(bundle.folder).keys() - irregular
    # The folder of missing files may be empty; each of these files is reported.
    folders = {str(folder) for name in bundle.files for folder in PurePosixPath(name).parents}
    return [
        *_changed_files(bundle, names, irregular),
        *(
            f"{name} was added after the bundle was sealed."
            for name in sorted(names - bundle.files.keys() - NEVER_REMOVED)
        ),
        *(f"{name} is a link, a device, or an empty folder that was added." for name in sorted(irregular - folders)),
    ]


def describe_damage(archive: Archive, organization: str, month: Month, revision: int) -> str:
    """Return what is damaged in a bundle and what to do; empty for an intact bundle."""
    try:
        bundle = archive.bundle(organization, month, revision)
        damage = find_damage(bundle)
    except ArchiveError as error:
        return str(error)
    if not damage:
        return ""
    return f"{bundle.folder} is damaged: {' '.join(damage)} Restore it from a backup, or move it out of the archive."


def _changed_files(bundle: Bundle, names: AbstractSet[str], irregular: AbstractSet[str]) -> Iterator[str]:
    contents = bundle.read_unverified([name for name in bundle.files if name in names])
    for name, sealed in bundle.files.items():
        removal, content = bundle.removal_of(name), contents.get(name)
        if removal is not None:
            if content is not None:
                yield f"{name} still exists, although {removal.rule} requires its removal. Run the purge again."
        elif name in irregular:
            continue
        elif content is None:
            yield f"{name} is missing."
        elif len(content) != sealed["size"]:
            yield f"{name} was changed: it has {len(content)} bytes instead of {sealed['size']}."
        elif hashlib.sha256(content).hexdigest() != sealed["sha256"]:
            yield f"{name} was changed: its SHA-256 differs from the manifest."
