"""Define the storage operations that the archive needs; folders and buckets implement them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from upath import UPath

from tabnine_report.archive.bucket import Bucket
from tabnine_report.archive.folder import Folder
from tabnine_report.archive.location import is_local, resolve_location
from tabnine_report.model.errors import ArchiveError


class Storage(Protocol):
    """Files by folder and name. Every method raises OSError if the storage fails."""

    def check(self, location: UPath) -> None:
        """Write below a location as a test.

        Raises:
            ArchiveError: If the location is writable but not suitable for an archive.
        """

    def files(self, folder: UPath) -> dict[str, int]:
        """Return the size in bytes of every file in a folder and below, by name; none if the folder does not exist."""

    def irregular(self, folder: UPath) -> list[str]:
        """Return the names of all entries in a folder and below that are no files: links, devices, empty folders."""

    def manifests(self, folder: UPath) -> list[str]:
        """Return the names of all manifests below a folder, skipping folders without read permission."""

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Return the content of the files that exist, by name."""

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Write files into a new folder, the manifest last.

        Either the folder is sealed with all files or not at all. Files left by a dead run are removed first.

        Returns:
            Whether this call sealed the folder. A sealed folder is not changed.
        """

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Write files into a folder and remove all other files from it."""

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Create a file.

        Returns:
            Whether the file is new. An existing file is not changed.
        """

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove files; missing ones are ignored."""

    def remove_leftovers(self, organization: UPath) -> None:
        """Remove what dead runs left in an organization's folder. Files of runs that may be alive stay."""


def storage_of(location: UPath) -> Storage:
    """Return the storage implementation for a location."""
    return Folder() if is_local(location) else Bucket()


def exists(location: str) -> bool:
    """Return whether any file exists at a location.

    Raises:
        ArchiveError: If the location cannot be read.
    """
    folder = resolve_location(location)
    with archive_read_errors(folder):
        return bool(storage_of(folder).files(folder))


def error_reason(error: OSError) -> str:
    """Return a short reason for a storage error."""
    return error.strerror or str(error) or type(error).__name__


@contextmanager
def archive_write_errors(folder: UPath) -> Iterator[None]:
    """Raise ArchiveError for every OSError while writing to a folder."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"Cannot write to {folder}: {error_reason(error)}. Check archive.location, permissions and free disk space."
        ) from error


@contextmanager
def archive_read_errors(folder: UPath) -> Iterator[None]:
    """Raise ArchiveError for every OSError while reading a folder."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"Cannot read {folder}: {error_reason(error)}. Check its permissions.") from error
