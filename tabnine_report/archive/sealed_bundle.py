"""Read a sealed bundle: its files, and what retention removed from it."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from upath import UPath

from tabnine_report.archive.layout import (
    MANIFEST,
    RESTRICTED,
    BundlePart,
    Removal,
    is_unchanged,
    parse_month_folder,
    parse_revision_folder,
)
from tabnine_report.archive.location import resolve_location
from tabnine_report.archive.storage import archive_read_errors, storage_of
from tabnine_report.model.errors import ArchiveError, ContentRemoved, MonthError
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import INPUTS, NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.snapshot import RAW, Snapshot


class Bundle:
    """A sealed bundle.

    Args:
        folder: The bundle's folder, on this machine or in a bucket.

    Raises:
        ArchiveError: If there is no bundle, its manifest cannot be read, or it belongs to another month or revision.
    """

    def __init__(self, folder: str | Path | UPath) -> None:
        self.folder = resolve_location(folder)
        self._storage = storage_of(self.folder)
        try:
            with archive_read_errors(self.folder):
                read_unverified = self._storage.read(self.folder, [MANIFEST])[MANIFEST]
            manifest = json.loads(read_unverified)
            unchanged = is_unchanged(read_unverified)
            self.organization: str = manifest["organization"]
            self.month = Month.parse(manifest["month"])
            self.revision: int = manifest["revision"]
            self.files: Mapping[str, Mapping[str, Any]] = manifest["files"]
            self.facts: Mapping[str, Any] = manifest["facts"]
            _check_types(self.revision, self.files, self.facts)
        except KeyError as error:
            if error.args == (MANIFEST,):
                raise ArchiveError(
                    f"{self.folder} is not a bundle: it has no {MANIFEST}. Enter a folder such as …/2026-10/r1."
                ) from error
            raise self._invalid_manifest() from error
        except (ValueError, TypeError, AttributeError, RecursionError, MonthError) as error:
            raise self._invalid_manifest() from error
        if not unchanged:
            raise self._changed(MANIFEST)
        if self._is_misplaced():
            raise ArchiveError(
                f"{self.folder} contains revision {self.revision} of {self.month}, so it is in the wrong folder. "
                "Move it back, and restore the bundle that belongs here from a backup."
            )
        self.manifest: Mapping[str, Any] = manifest

    @property
    def program_version(self) -> str:
        """The version of the program that sealed the bundle."""
        return str(self.facts.get("build_info", {}).get("tabnine-report", "(unknown version)"))

    @cached_property
    def removals(self) -> Mapping[BundlePart, Removal]:
        """What retention removed from the bundle, by part.

        Raises:
            ArchiveError: If a tombstone cannot be read.
        """
        with archive_read_errors(self.folder):
            tombstones = self._storage.read(self.folder, [part.tombstone for part in BundlePart])
        return {
            part: self._read_tombstone(part, tombstones[part.tombstone])
            for part in BundlePart
            if part.tombstone in tombstones
        }

    @property
    def is_removed(self) -> bool:
        """Whether retention removed everything except the manifest."""
        return BundlePart.BUNDLE in self.removals

    def removal_of(self, name: str) -> Removal | None:
        """Return the removal that covers a file, or None if the file should exist."""
        return next((removal for part, removal in self.removals.items() if part.contains(name)), None)

    def path(self, name: str) -> UPath:
        """Return the path of a file.

        Args:
            name: The name in the manifest: `report.pdf`, `charts/people.png`.

        Raises:
            ArchiveError: If the bundle was sealed without it.
        """
        if name not in self.files:
            raise ArchiveError(f"The bundle {self.folder} has no {name}. See {MANIFEST} for its files.")
        return self.folder / name

    def read(self, name: str) -> bytes:
        """Return the content of a file, verified against the manifest.

        Raises:
            ArchiveError: If the bundle was sealed without it, or it is missing or changed.
            ContentRemoved: If retention removed it.
        """
        self.path(name)
        return self._read([name])[name]

    def report(self) -> MonthlyReport:
        """Return the bundle's report.

        Raises:
            ArchiveError: As for `read`, or if this version cannot read the report.
        """
        try:
            return MonthlyReport.model_validate_json(self.read("report.json"))
        except ValidationError as error:
            raise self._not_readable("report") from error

    def documents(self) -> dict[str, bytes]:
        """Return all published documents by name.

        Raises:
            ArchiveError: As `read`.
        """
        return self._read([name for name in self.files if not name.startswith((RESTRICTED, INPUTS))])

    def snapshot(self) -> Snapshot | None:
        """Return the bundle's raw API responses, or None if they were removed.

        Raises:
            ArchiveError: As for `read`, or if this version cannot read the responses.
        """
        names = [name for name in self.files if name.startswith(f"{RESTRICTED}{RAW}")]
        if self.removals or not self.read_unverified(names):
            return None
        try:
            return Snapshot.read({name.removeprefix(RESTRICTED): text for name, text in self._read(names).items()})
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            raise self._not_readable("responses") from error

    def prior_reports(self) -> PriorReports:
        """Return the prior reports that the bundle's report was built with.

        Raises:
            ArchiveError: As for `read`, or if this version cannot read them.
        """
        names = [name for name in self.files if name.startswith(INPUTS)]
        try:
            return PriorReports.read(self._read(names)) if names else NO_PRIOR_REPORTS
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            raise self._not_readable("prior reports") from error

    def read_unverified(self, names: list[str]) -> dict[str, bytes]:
        """Return the content of the files that exist, without verifying it.

        Raises:
            ArchiveError: If they cannot be read.
        """
        with archive_read_errors(self.folder):
            return self._storage.read(self.folder, names)

    def _read(self, names: list[str]) -> dict[str, bytes]:
        """Return the content of files, verified against the manifest."""
        contents = self.read_unverified(names)
        for name in names:
            path = self.folder / name
            if name not in contents:
                if removal := self.removal_of(name):
                    raise ContentRemoved(f"{path} was removed on {removal.at:%Y-%m-%d} by {removal.rule}.")
                raise ArchiveError(
                    f"{path} is missing. Restore it from a backup, or move {self.folder} out of the archive."
                )
            if hashlib.sha256(contents[name]).hexdigest() != self.files[name]["sha256"]:
                raise self._changed(name)
        return contents

    def _read_tombstone(self, part: BundlePart, tombstone: bytes) -> Removal:
        try:
            return Removal.read(tombstone)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ArchiveError(
                f"{self.folder / part.tombstone}, which records a removal, was changed or cannot be read. "
                "Restore it from a backup."
            ) from error

    def _is_misplaced(self) -> bool:
        """Return whether the folder is named for another month or revision. A copy elsewhere may have any name."""
        month, revision = parse_month_folder(self.folder.parent.name), parse_revision_folder(self.folder.name)
        return month is not None and revision is not None and (month, revision) != (self.month, self.revision)

    def _changed(self, name: str) -> ArchiveError:
        return ArchiveError(
            f"{self.folder / name} was changed after it was sealed. Restore it from a backup, "
            f"or move {self.folder} out of the archive."
        )

    def _invalid_manifest(self) -> ArchiveError:
        return ArchiveError(
            f"{self.folder} is not a bundle: {MANIFEST} is not a manifest of this program. "
            "Restore it from a backup, or move the folder out of the archive."
        )

    def _not_readable(self, what: str) -> ArchiveError:
        version = self.program_version
        return ArchiveError(
            f"{self.folder} was written by tabnine-report {version}. This version cannot read its {what}. "
            f"Install tabnine-report {version} in a separate environment to read it."
        )


def _check_types(revision: object, files: object, facts: object) -> None:
    """Check the parts of a manifest that someone may have written by hand.

    Raises:
        TypeError: If a part has another type.
    """
    entries = files.values() if isinstance(files, dict) else [None]
    are_entries = all(isinstance(entry, dict) and isinstance(entry.get("sha256"), str) for entry in entries)
    are_facts = isinstance(facts, dict) and isinstance(facts.get("build_info", {}), dict)
    if not (isinstance(revision, int) and are_facts and are_entries):
        raise TypeError("the manifest has parts of other types")
