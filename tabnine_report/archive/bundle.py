"""A sealed bundle: what it holds, and what was removed of it since."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from upath import UPath

from tabnine_report.archive.layout import MANIFEST, RESTRICTED, Part, Removal, is_as_written, month_of, revision_of
from tabnine_report.archive.location import place
from tabnine_report.archive.storage import reading, storage_of
from tabnine_report.model.errors import ArchiveError, ContentRemoved, MonthError
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import INPUTS, NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.snapshot import RAW, Snapshot


class Bundle:
    """A sealed bundle.

    Args:
        folder: Where it stands, on this machine or in a bucket.

    Raises:
        ArchiveError: If there is no bundle, its manifest cannot be read, or it is another month's or revision's.
    """

    def __init__(self, folder: str | Path | UPath) -> None:
        self.folder = place(folder)
        self._storage = storage_of(self.folder)
        try:
            with reading(self.folder):
                sealed = self._storage.read(self.folder, [MANIFEST])[MANIFEST]
            manifest = json.loads(sealed)
            as_written = is_as_written(sealed)
            self.organization: str = manifest["organization"]
            self.month = Month.parse(manifest["month"])
            self.revision: int = manifest["revision"]
            self.files: Mapping[str, Mapping[str, Any]] = manifest["files"]
            self.facts: Mapping[str, Any] = manifest["facts"]
        except KeyError as error:
            if error.args == (MANIFEST,):
                raise ArchiveError(
                    f"{self.folder} is no bundle: it has no {MANIFEST}; name a folder like …/2026-10/r1."
                ) from error
            raise self._strange() from error
        except (ValueError, TypeError, AttributeError, MonthError) as error:
            raise self._strange() from error
        if not as_written:
            raise self._changed(MANIFEST)
        if self._is_misplaced():
            raise ArchiveError(
                f"{self.folder} holds revision {self.revision} of {self.month}: it stands in another one's place; "
                "move it back, and restore from a backup what belongs here."
            )
        self.manifest: Mapping[str, Any] = manifest

    @property
    def program_version(self) -> str:
        """The version of the program that sealed it."""
        return str(self.facts.get("program_version", "of an unknown version"))

    @cached_property
    def removals(self) -> Mapping[Part, Removal]:
        """What was removed of it by a rule, with when and which; asked for once.

        Raises:
            ArchiveError: If that cannot be read.
        """
        with reading(self.folder):
            found = self._storage.read(self.folder, [part.tombstone for part in Part])
        return {part: self._removal(part, found[part.tombstone]) for part in Part if part.tombstone in found}

    @property
    def is_removed(self) -> bool:
        """Whether nothing but its manifest is left, by a rule."""
        return Part.BUNDLE in self.removals

    def removal_of(self, name: str) -> Removal | None:
        """Tell by which removal a file is gone; None for one that is to be there."""
        return next((removal for part, removal in self.removals.items() if part.holds(name)), None)

    def path(self, name: str) -> UPath:
        """Give the path of a file.

        Args:
            name: As in the manifest: `report.pdf`, `charts/people.png`.

        Raises:
            ArchiveError: If the bundle was sealed without it.
        """
        if name not in self.files:
            raise ArchiveError(f"The bundle {self.folder} has no {name}; {MANIFEST} lists what it has.")
        return self.folder / name

    def read(self, name: str) -> bytes:
        """Give the content of a file, as it was sealed.

        Raises:
            ArchiveError: If the bundle was sealed without it, or it is gone or changed since.
            ContentRemoved: If it was removed by a rule of the archive.
        """
        self.path(name)
        return self._read([name])[name]

    def report(self) -> MonthlyReport:
        """Give the report that the bundle was made from.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose report this one cannot read.
        """
        try:
            return MonthlyReport.model_validate_json(self.read("report.json"))
        except ValidationError as error:
            raise self._not_readable("report") from error

    def documents(self) -> dict[str, bytes]:
        """Give everything that may be shown, by name.

        Raises:
            ArchiveError: As `read`.
        """
        return self._read([name for name in self.files if not name.startswith((RESTRICTED, INPUTS))])

    def snapshot(self) -> Snapshot | None:
        """Give what was fetched for the bundle; None when all of it was removed since.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose snapshot this one cannot read.
        """
        names = [name for name in self.files if name.startswith(f"{RESTRICTED}{RAW}")]
        if self.removals or not self.content(names):
            return None
        try:
            return Snapshot.read({name.removeprefix(RESTRICTED): text for name, text in self._read(names).items()})
        except (KeyError, ValueError) as error:
            raise self._not_readable("answers") from error

    def prior_reports(self) -> PriorReports:
        """Give what the bundle's report takes from other bundles.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose inputs this one cannot read.
        """
        names = [name for name in self.files if name.startswith(INPUTS)]
        try:
            return PriorReports.read(self._read(names)) if names else NO_PRIOR_REPORTS
        except (KeyError, ValueError) as error:
            raise self._not_readable("inputs") from error

    def content(self, names: list[str]) -> dict[str, bytes]:
        """Give the files of those names that are there, whether or not they are as they were sealed.

        Raises:
            ArchiveError: If they may not be read.
        """
        with reading(self.folder):
            return self._storage.read(self.folder, names)

    def _read(self, names: list[str]) -> dict[str, bytes]:
        """Give files as they were sealed."""
        there = self.content(names)
        for name in names:
            path = self.folder / name
            if name not in there:
                if removal := self.removal_of(name):
                    raise ContentRemoved(f"{path} was removed on {removal.at:%Y-%m-%d}, by {removal.rule}.")
                raise ArchiveError(
                    f"{path} cannot be read: it is gone since it was sealed; restore it from a backup, "
                    f"or move {self.folder} out of the archive."
                )
            if hashlib.sha256(there[name]).hexdigest() != self.files[name]["sha256"]:
                raise self._changed(name)
        return there

    def _removal(self, part: Part, tombstone: bytes) -> Removal:
        try:
            return Removal.read(tombstone)
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"{self.folder / part.tombstone}, which says what was removed, was changed or cannot be read; "
                "restore it from a backup."
            ) from error

    def _is_misplaced(self) -> bool:
        """Tell whether its folder is named for another month or revision; a copy elsewhere may be called anything."""
        month, revision = month_of(self.folder.parent.name), revision_of(self.folder.name)
        return month is not None and revision is not None and (month, revision) != (self.month, self.revision)

    def _changed(self, name: str) -> ArchiveError:
        return ArchiveError(
            f"{self.folder / name} was changed after it was sealed; restore it from a backup, "
            f"or move {self.folder} out of the archive."
        )

    def _strange(self) -> ArchiveError:
        return ArchiveError(
            f"{self.folder} is no bundle: its {MANIFEST} is not one of this program's; "
            "restore it from a backup, or move the folder out of the archive."
        )

    def _not_readable(self, what: str) -> ArchiveError:
        version = self.program_version
        return ArchiveError(
            f"{self.folder} was written by tabnine-report {version}, whose {what} this version cannot read; "
            f"tabnine-report {version} in an environment of its own reads it."
        )
