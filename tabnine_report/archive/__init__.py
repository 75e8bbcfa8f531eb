"""The archive: sealed bundles, one a month and revision, never changed once they exist; see `layout` for the files."""

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.bundle import Bundle
from tabnine_report.archive.layout import Part, Removal
from tabnine_report.archive.location import place
from tabnine_report.archive.retention import Purged, Retention, purge

__all__ = ["Archive", "Bundle", "Part", "Purged", "Removal", "Retention", "place", "purge"]
