"""Define the files of an archive and the format of its own files.

    <location>/<organization>/<YYYY-MM>/
        r1/
            report.html, email.html, ...   published documents and sent messages
            inputs/*.json                  what the report takes from prior reports
            restricted/raw/*.json          raw API responses with names and addresses, readable by the owner only
            restricted/people.csv          accounts for the admins to review, if privacy.people is "lists"
            manifest.json                  written last: a bundle exists when its manifest does
            restricted-removed.json        written before the restricted files are removed: when, and by which rule
            bundle-removed.json            the same for all files except the manifest
        draft/                             the documents of the last draft; not a bundle

In a bucket, a month also contains the objects described in `tabnine_report.archive.bucket`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from tabnine_report.model.errors import MonthError
from tabnine_report.model.month import Month

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
RESTRICTED = "restricted/"
DRAFT = "draft"

# The ledger counts revisions in 32 bits; a folder with a larger number belongs to something else.
_REVISION = re.compile(r"r([1-9][0-9]{0,5})")
_DIGEST = "digest"


class BundlePart(StrEnum):
    """A part of a bundle that retention can remove."""

    RESTRICTED = "restricted"
    """The files with personal data."""
    BUNDLE = "bundle"
    """All files except the manifest."""

    @property
    def tombstone(self) -> str:
        """The name of the file that records the removal."""
        return f"{self}-removed.json"

    def contains(self, name: str) -> bool:
        """Return whether a file of the bundle belongs to this part."""
        if self is BundlePart.RESTRICTED:
            return name.startswith(RESTRICTED)
        return name not in NEVER_REMOVED


NEVER_REMOVED = frozenset({MANIFEST, *(part.tombstone for part in BundlePart)})
"""The files of a bundle that retention never removes."""


@dataclass(frozen=True)
class Removal:
    """When a part of a bundle was removed, and by which rule.

    Attributes:
        part: The removed part.
        at: When the removal began, UTC.
        rule: The setting that requires it, such as `archive.keep_personal_data_months = 12`.
    """

    part: BundlePart
    at: datetime
    rule: str

    def write(self) -> bytes:
        """Return the tombstone's content, with a digest that reveals later changes."""
        digest = hashlib.sha256(self._to_json()).hexdigest()
        return self._to_json(digest=digest)

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a tombstone.

        Raises:
            ValueError: If the content is not a tombstone, or was changed. KeyError and TypeError mean the same.
        """
        fields = json.loads(content)
        removal = cls(BundlePart(fields["part"]), datetime.fromisoformat(fields["at"]), str(fields["rule"]))
        if content != removal.write():
            raise ValueError("the tombstone was changed")
        return removal

    def _to_json(self, **more: str) -> bytes:
        return json.dumps({"part": self.part, "at": self.at.isoformat(), "rule": self.rule, **more}).encode()


def revision_folder(revision: int) -> str:
    """Return the name of a revision's folder, such as `r1`."""
    return f"r{revision}"


def parse_revision_folder(folder: str) -> int | None:
    """Return the revision of a folder named `r1`, `r2` and so on, or None for any other folder."""
    match = _REVISION.fullmatch(folder)
    return int(match[1]) if match else None


def parse_month_folder(folder: str) -> Month | None:
    """Return the month of a folder with a name such as `2026-10`, or None for any other folder."""
    try:
        month = Month.parse(folder)
    except MonthError:
        return None
    return month if str(month) == folder else None


def describe_file(content: bytes) -> dict[str, Any]:
    """Return what the manifest records about a file: its size in bytes and its SHA-256."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest's content, with a digest that reveals later changes."""
    digest = hashlib.sha256(_to_json(manifest)).hexdigest()
    return _to_json({**manifest, _DIGEST: digest})


def is_unchanged(content: bytes) -> bool:
    """Return whether a manifest is exactly as `write_manifest` wrote it."""
    manifest = json.loads(content)
    manifest.pop(_DIGEST, None)
    return content == write_manifest(manifest)


def _to_json(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()
