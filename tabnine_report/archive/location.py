"""The place that an archive's or a bundle's location names: a folder of this machine, or a prefix in a bucket."""

from pathlib import Path

from upath import UPath

from tabnine_report.model.errors import ArchiveError
from tabnine_report.profile.archive_settings import DRIVERS, scheme_of


def place(location: str | Path | UPath) -> UPath:
    """Give the place that a location names.

    Args:
        location: A path, or `s3://`, `gs://` or `az://` with bucket and path; the credentials are those that the
            driver's own environment names.

    Raises:
        ArchiveError: If the location is of another kind, or its driver is not installed.
    """
    scheme = scheme_of(str(location))
    if not scheme:
        return UPath(location)
    if scheme not in DRIVERS:
        raise ArchiveError(f"{location} is neither a folder nor one of {', '.join(f'{name}://' for name in DRIVERS)}.")
    try:
        # Other processes write there, too: what was listed a moment ago may have changed.
        found = UPath(str(location), use_listings_cache=False)
        found.fs  # noqa: B018 - the driver is imported when asked for
    except ImportError as error:
        raise ArchiveError(
            f"{location} needs the driver {DRIVERS[scheme]}, which is not installed: "
            f"pip install 'tabnine-report[{scheme}]'."
        ) from error
    return found


def is_local(location: UPath) -> bool:
    """Tell whether a place is on this machine."""
    return isinstance(location, Path)
