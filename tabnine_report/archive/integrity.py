"""Whether a bundle's files are those that were sealed: none changed, gone or added."""

import hashlib
from collections.abc import Iterator

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.bundle import Bundle
from tabnine_report.archive.layout import STAYS
from tabnine_report.archive.storage import reading, storage_of
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month


def damages(bundle: Bundle) -> list[str]:
    """Name every file that is not as it was sealed, a sentence each; none for a bundle that is whole.

    What a rule of the archive removed is not missed; what it should have removed and is there still is named.

    Raises:
        ArchiveError: If a file may not be read.
    """
    with reading(bundle.folder):
        there = storage_of(bundle.folder).files(bundle.folder)
    return [*_of_files(bundle, there), *_added(bundle, there)]


def damage(archive: Archive, organization: str, month: Month, revision: int) -> str:
    """Say in words what is damaged of a bundle, and what to do; empty for one that is whole."""
    try:
        bundle = archive.bundle(organization, month, revision)
        found = damages(bundle)
    except ArchiveError as error:
        return str(error)
    if not found:
        return ""
    return f"{bundle.folder} is damaged: {' '.join(found)} Restore it from a backup, or move it out of the archive."


def _of_files(bundle: Bundle, there: dict[str, int]) -> Iterator[str]:
    contents = bundle.content([name for name in bundle.files if name in there])
    for name, sealed in bundle.files.items():
        removal, content = bundle.removal_of(name), contents.get(name)
        if removal is not None:
            if content is not None:
                yield f"{name} is there still, though {removal.rule} removes it: purge again."
        elif content is None:
            yield f"{name} is missing."
        elif len(content) != sealed["size"]:
            yield f"{name} was changed: it has {len(content)} bytes and had {sealed['size']} when sealed."
        elif hashlib.sha256(content).hexdigest() != sealed["sha256"]:
            yield f"{name} was changed: its SHA-256 is not the one that it had when sealed."


def _added(bundle: Bundle, there: dict[str, int]) -> Iterator[str]:
    for name in sorted(there.keys() - bundle.files.keys() - STAYS):
        yield f"{name} was added: the bundle was sealed without it."
