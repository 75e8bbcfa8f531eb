"""The archive: sealed bundles, one a month and revision, never changed once they exist; see `layout` for the files."""

from reporting.archive.archive import Archive
from reporting.archive.bundle import Bundle
from reporting.archive.layout import Part, Removal
from reporting.archive.location import place
from reporting.archive.purging import Purged, Retention, purge

__all__ = ["Archive", "Bundle", "Part", "Purged", "Removal", "Retention", "place", "purge"]
