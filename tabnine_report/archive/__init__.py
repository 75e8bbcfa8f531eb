"""Store sealed report bundles, one folder per month and revision; `layout` lists the files."""

from tabnine_report.archive.archive import Archive
from tabnine_report.archive.layout import BundlePart, Removal
from tabnine_report.archive.location import resolve_location
from tabnine_report.archive.retention import PurgedBundle, Retention, purge
from tabnine_report.archive.sealed_bundle import Bundle

__all__ = ["Archive", "Bundle", "BundlePart", "PurgedBundle", "Removal", "Retention", "purge", "resolve_location"]
