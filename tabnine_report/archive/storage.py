"""What the archive asks of the place that it is in; a folder and a bucket do it each in their own way."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from upath import UPath

from tabnine_report.archive.bucket import Bucket
from tabnine_report.archive.folder import Folder
from tabnine_report.archive.location import is_local, place
from tabnine_report.model.errors import ArchiveError


class Storage(Protocol):
    """Files by folder and name; every method raises OSError where the place says no."""

    def check(self, location: UPath) -> None:
        """Try to write below a place, as sealing will.

        Raises:
            ArchiveError: If it can be written to, and will not do all the same.
        """

    def files(self, folder: UPath) -> dict[str, int]:
        """Give the size in bytes of every file in a folder and below, by its name; none where there is no folder."""

    def manifests(self, folder: UPath) -> list[str]:
        """Give the names of all manifests below a folder, passing over what may not be looked at."""

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Give the content of those files that are there, by name."""

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Write files into a folder of their own and the manifest last; all of them are there then, or none is sealed.

        What a dead run left there is cleared.

        Returns:
            Whether it was this call that sealed it; what is sealed already is not changed.
        """

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Write files into a folder, in the place of what stands there."""

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Write a new file.

        Returns:
            Whether it is new; one that is there already is not changed.
        """

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove files, those that are there."""

    def clear(self, month: UPath) -> None:
        """Remove what dead runs left in a month's folder, as far as it is sure that they are dead."""


def storage_of(location: UPath) -> Storage:
    """Give the storage that knows a kind of place."""
    return Folder() if is_local(location) else Bucket()


def exists(location: str) -> bool:
    """Tell whether there is any file at a place.

    Raises:
        ArchiveError: If the place may not be looked at.
    """
    folder = place(location)
    with reading(folder):
        return bool(storage_of(folder).files(folder))


def why(error: OSError) -> str:
    """Say why a place said no, in a few words."""
    return error.strerror or str(error) or type(error).__name__


@contextmanager
def writing(folder: UPath) -> Iterator[None]:
    """Turn what a place says against writing into the archive's error."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written to ({why(error)}); check archive.location, its rights and the free space."
        ) from error


@contextmanager
def reading(folder: UPath) -> Iterator[None]:
    """Turn what a place says against reading into the archive's error."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be read ({why(error)}); check its rights.") from error
