"""Resolve an archive's or a bundle's location: a folder on this machine, or a prefix in a bucket."""

from pathlib import Path

from upath import UPath

from tabnine_report.model.errors import ArchiveError
from tabnine_report.profile.archive_settings import DRIVERS, scheme_of


def resolve_location(location: str | Path | UPath) -> UPath:
    """Return the path object for a location.

    Args:
        location: A path, or `s3://`, `gs://` or `az://` with bucket and path. Credentials come from the storage
            driver's own environment variables.

    Raises:
        ArchiveError: If the scheme is not supported, or its driver is not installed.
    """
    scheme = scheme_of(str(location))
    if not scheme:
        return UPath(location)
    if scheme not in DRIVERS:
        supported = ", ".join(f"{name}://" for name in DRIVERS)
        raise ArchiveError(f"The archive location {location} is not supported. Use a folder or one of {supported}.")
    try:
        # Listings are not cached, because other processes write to the bucket, too.
        path = UPath(str(location), use_listings_cache=False)
        path.fs  # noqa: B018 - this imports the driver
    except ImportError as error:
        raise ArchiveError(
            f"{location} needs the driver {DRIVERS[scheme]}, which is not installed. "
            f"Install the project's extra {scheme}: .venv/bin/pip install -c constraints.txt -e '.[{scheme}]'"
        ) from error
    return path


def is_local(location: UPath) -> bool:
    """Return whether a location is on this machine."""
    return isinstance(location, Path)
