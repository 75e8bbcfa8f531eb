"""Find and seal the bundles of all organizations."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upath import UPath

from tabnine_report.archive.layout import (
    DRAFT,
    MANIFEST,
    MANIFEST_VERSION,
    RESTRICTED,
    describe_file,
    parse_month_folder,
    parse_revision_folder,
    revision_folder,
    write_manifest,
)
from tabnine_report.archive.location import resolve_location
from tabnine_report.archive.sealed_bundle import Bundle
from tabnine_report.archive.storage import archive_read_errors, archive_write_errors, storage_of
from tabnine_report.model.errors import AlreadySealed
from tabnine_report.model.month import Month


class Archive:
    """The bundles of all organizations in one location.

    Args:
        location: The archive's folder, created if it is missing, or a bucket prefix such as `s3://bucket/reports`.

    Raises:
        ArchiveError: If the location's driver is not installed.
    """

    def __init__(self, location: str | Path | UPath) -> None:
        self._location = resolve_location(location)
        self._storage = storage_of(self._location)

    def check(self) -> None:
        """Check that a bundle can be written; call this before fetching anything.

        Raises:
            ArchiveError: If the location is not writable, the disk is nearly full, or the bucket allows two writers to
                create the same object.
        """
        with archive_write_errors(self._location):
            self._storage.check(self._location)

    def list_revisions(self, organization: str) -> list[tuple[Month, int]]:
        """Return the month and revision of every bundle of an organization, oldest first, including unreadable ones.

        Raises:
            ArchiveError: If the archive cannot be read.
        """
        folder = self._location / organization
        with archive_read_errors(folder):
            paths = [name.split("/") for name in self._storage.manifests(folder)]
        parsed = (
            (parse_month_folder(path[0]), parse_revision_folder(path[1])) for path in paths if path[2:] == [MANIFEST]
        )
        return sorted((month, revision) for month, revision in parsed if month and revision)

    def revisions(self, organization: str, month: Month) -> list[int]:
        """Return the sealed revisions of a month, oldest first, including unreadable ones.

        Raises:
            ArchiveError: If the archive cannot be read.
        """
        folder = self._month_folder(organization, month)
        with archive_read_errors(folder):
            paths = [name.split("/") for name in self._storage.manifests(folder)]
        parsed = (parse_revision_folder(path[0]) for path in paths if path[1:] == [MANIFEST])
        return sorted(filter(None, parsed))

    def bundle(self, organization: str, month: Month, revision: int) -> Bundle:
        """Return one sealed bundle.

        Raises:
            ArchiveError: If it does not exist, or its manifest cannot be read.
        """
        return Bundle(self._month_folder(organization, month) / revision_folder(revision))

    def bundles(self, organization: str) -> list[Bundle]:
        """Return an organization's bundles by month and revision, oldest first; none for an unknown organization.

        Raises:
            ArchiveError: If one of them cannot be read.
        """
        return [self.bundle(organization, month, revision) for month, revision in self.list_revisions(organization)]

    def seal(  # noqa: PLR0913, PLR0917 - a bundle's name and its content
        self,
        organization: str,
        month: Month,
        revision: int,
        documents: Mapping[str, bytes],
        restricted: Mapping[str, bytes],
        facts: Mapping[str, Any],
    ) -> Bundle:
        """Write a bundle. The manifest is written last; once it exists, the bundle never changes.

        Args:
            organization: The profile's name.
            month: The reported month.
            revision: The revision number, from 1.
            documents: Published documents and sent messages by name; names may contain folders (`charts/people.png`).
            restricted: Files with personal data by name in the folder `restricted/`; readable by the owner only.
            facts: Further manifest entries as plain data: versions, request times, the profile without secrets.

        Raises:
            ArchiveError: If it cannot be written.
            AlreadySealed: If this revision is already sealed.
        """
        folder = self._month_folder(organization, month) / revision_folder(revision)
        files = {**documents, **{f"{RESTRICTED}{name}": content for name, content in restricted.items()}}
        manifest = {
            "manifest_version": MANIFEST_VERSION,
            "organization": organization,
            "month": str(month),
            "revision": revision,
            "facts": facts,
            "files": {name: describe_file(content) for name, content in sorted(files.items())},
        }
        with archive_write_errors(folder):
            sealed = self._storage.seal(folder, files, write_manifest(manifest))
        if not sealed:
            raise AlreadySealed(
                f"{folder} is already sealed and never changes. Probably another run with another ledger has just "
                "sealed it. Set the same archive.ledger wherever this archive is used. Then run the month again."
            )
        return Bundle(folder)

    def save_draft(self, organization: str, month: Month, documents: Mapping[str, bytes]) -> UPath:
        """Write a draft's documents next to the month's bundles and replace an earlier draft.

        Args:
            organization: The profile's name.
            month: The reported month.
            documents: The documents, by name.

        Returns:
            The draft's folder, which is not a bundle.

        Raises:
            ArchiveError: If it cannot be written.
        """
        folder = self._month_folder(organization, month) / DRAFT
        with archive_write_errors(folder):
            self._storage.replace(folder, documents)
        return folder

    def remove_leftovers(self, organization: str) -> None:
        """Remove files left by runs that died while sealing; they may contain personal data.

        Raises:
            ArchiveError: If they cannot be removed.
        """
        folder = self._location / organization
        with archive_write_errors(folder):
            self._storage.remove_leftovers(folder)

    def _month_folder(self, organization: str, month: Month) -> UPath:
        return self._location / organization / str(month)
