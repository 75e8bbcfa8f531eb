"""All bundles of all organizations: finding them, and sealing new ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upath import UPath

from tabnine_report.archive.bundle import Bundle
from tabnine_report.archive.layout import (
    DRAFT,
    MANIFEST,
    MANIFEST_VERSION,
    RESTRICTED,
    describe,
    month_of,
    revision_folder,
    revision_of,
    write_manifest,
)
from tabnine_report.archive.location import place
from tabnine_report.archive.storage import reading, storage_of, writing
from tabnine_report.model.errors import AlreadySealed
from tabnine_report.model.month import Month


class Archive:
    """All bundles of all organizations.

    Args:
        location: The folder of the archive, made when missing; or a prefix in a bucket, as `s3://bucket/reports`.

    Raises:
        ArchiveError: If the location's driver is not installed.
    """

    def __init__(self, location: str | Path | UPath) -> None:
        self._location = place(location)
        self._storage = storage_of(self._location)

    def check(self) -> None:
        """Make sure that a bundle can be written, before anything is fetched for it.

        Raises:
            ArchiveError: If it cannot be written to; of a folder, if the disk is nearly full; of a bucket, if it lets
                two writers create the same object.
        """
        with writing(self._location):
            self._storage.check(self._location)

    def sealed(self, organization: str) -> list[tuple[Month, int]]:
        """Give month and revision of every bundle of an organization, oldest first, whether or not it can be read.

        Raises:
            ArchiveError: If the archive cannot be read.
        """
        folder = self._location / organization
        with reading(folder):
            names = [name.split("/") for name in self._storage.manifests(folder)]
        found = ((month_of(parts[0]), revision_of(parts[1])) for parts in names if parts[2:] == [MANIFEST])
        return sorted((month, revision) for month, revision in found if month and revision)

    def revisions(self, organization: str, month: Month) -> list[int]:
        """Give the revisions of a month that are sealed, oldest first, whether or not they can be read.

        Raises:
            ArchiveError: If the archive cannot be read.
        """
        folder = self._month(organization, month)
        with reading(folder):
            names = [name.split("/") for name in self._storage.manifests(folder)]
        found = (revision_of(parts[0]) for parts in names if parts[1:] == [MANIFEST])
        return sorted(filter(None, found))

    def bundle(self, organization: str, month: Month, revision: int) -> Bundle:
        """Give one sealed bundle.

        Raises:
            ArchiveError: If there is none, or its manifest cannot be read.
        """
        return Bundle(self._month(organization, month) / revision_folder(revision))

    def bundles(self, organization: str) -> list[Bundle]:
        """Give an organization's bundles by month and revision, oldest first; none for an unknown one.

        Raises:
            ArchiveError: If one of them cannot be read.
        """
        return [self.bundle(organization, month, revision) for month, revision in self.sealed(organization)]

    def latest(self, organization: str, month: Month) -> Bundle | None:
        """Give the newest revision of a month, or None when the month has no bundle.

        Raises:
            ArchiveError: If it cannot be read; an older revision that cannot does not matter.
        """
        revisions = self.revisions(organization, month)
        return self.bundle(organization, month, revisions[-1]) if revisions else None

    def seal(  # noqa: PLR0913, PLR0917 - a bundle's name and its content
        self,
        organization: str,
        month: Month,
        revision: int,
        documents: Mapping[str, bytes],
        restricted: Mapping[str, bytes],
        facts: Mapping[str, Any],
    ) -> Bundle:
        """Write a bundle; it exists when the manifest does, and then for good.

        Args:
            organization: The profile's name.
            month: The reported month.
            revision: From 1.
            documents: What may be shown and what was sent, by name; folders within as `charts/people.png`.
            restricted: What names people, by name in the folder `restricted/`; readable by the owner alone.
            facts: What else the manifest says, as plain data: versions, request times, the profile without secrets.

        Raises:
            ArchiveError: If it cannot be written.
            AlreadySealed: If this revision is sealed already, by whichever run.
        """
        folder = self._month(organization, month) / revision_folder(revision)
        files = {**documents, **{f"{RESTRICTED}{name}": content for name, content in restricted.items()}}
        manifest = {
            "manifest_version": MANIFEST_VERSION,
            "organization": organization,
            "month": str(month),
            "revision": revision,
            "facts": facts,
            "files": {name: describe(content) for name, content in sorted(files.items())},
        }
        with writing(folder):
            ours = self._storage.seal(folder, files, write_manifest(manifest))
        if not ours:
            raise AlreadySealed(f"{folder} is sealed already and is never changed; seal the next revision.")
        return Bundle(folder)

    def keep_draft(self, organization: str, month: Month, documents: Mapping[str, bytes]) -> UPath:
        """Write a draft's documents beside the month's bundles, in the place of an earlier draft.

        Args:
            organization: The profile's name.
            month: The reported month.
            documents: The documents, by name.

        Returns:
            Their folder, which is no bundle.

        Raises:
            ArchiveError: If it cannot be written.
        """
        folder = self._month(organization, month) / DRAFT
        with writing(folder):
            self._storage.replace(folder, documents)
        return folder

    def clear(self, organization: str) -> None:
        """Remove what dead runs left behind, which may name people, as far as it is sure that they are dead.

        Raises:
            ArchiveError: If it cannot be removed.
        """
        folder = self._location / organization
        with reading(folder):
            months = sorted({name.partition("/")[0] for name in self._storage.files(folder)})
        for month in filter(month_of, months):
            with writing(folder / month):
                self._storage.clear(folder / month)

    def _month(self, organization: str, month: Month) -> UPath:
        return self._location / organization / str(month)
